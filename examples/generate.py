#!/usr/bin/env python3
"""Makes inventory.json and flow.log: one small VPC and ten minutes of its traffic.

The same bytes every time. README.md tells the stories; each is one function here.
Usage: examples/generate.py [FOLDER]   (default: the folder of this file)
"""

import hashlib
import json
import pathlib
import random
import sys
from dataclasses import dataclass, field

ACCOUNT = "111122223333"
REGION = "eu-west-1"
BEGIN = 1767225600  # 2026-01-01T00:00:00Z
MINUTES = 10

FIELDS = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr "
    "region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service "
    "flow-direction traffic-path"
).split()

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
FIN, SYN, ACK = 1, 2, 16

OFFICE = "203.0.113.10"
VISITORS = [f"203.0.113.{last}" for last in (21, 34, 57, 88, 104, 139, 172, 201)]
VISITORS_IPV6 = ["2001:db8:ffff:1::1f", "2001:db8:ffff:2::ab", "2001:db8:ffff:3::7"]
SCANNERS = [f"198.51.100.{last}" for last in (7, 23, 61, 142, 219)]
BANNED = "198.51.100.66"
S3 = ["192.0.2.5", "192.0.2.36"]
TIME_SERVERS = ["192.0.2.140", "192.0.2.197"]


def identifier(kind: str, name: str) -> str:
    """As AWS's look: the kind and 17 hexadecimal digits."""
    return f"{kind}-0{hashlib.sha256(f'{kind} {name}'.encode()).hexdigest()[:16]}"


VPC = identifier("vpc", "example")
S3_LIST = identifier("pl", "s3")


@dataclass
class Subnet:
    name: str
    block: str
    ipv6_block: str
    zone: str

    @property
    def id(self) -> str:
        return identifier("subnet", self.name)


PUBLIC = Subnet("public", "10.0.0.0/24", "2001:db8:1::/64", "euw1-az1")
PRIVATE = Subnet("private", "10.0.1.0/24", "2001:db8:1:1::/64", "euw1-az1")
DATA = Subnet("data", "10.0.2.0/24", "2001:db8:1:2::/64", "euw1-az2")


@dataclass
class Interface:
    name: str
    subnet: Subnet
    address: str
    groups: list[str]
    kind: str = "interface"
    requester: str = ""
    ipv6: str = ""
    public: str = ""

    @property
    def id(self) -> str:
        return identifier("eni", self.name)

    @property
    def instance(self) -> str:
        return "-" if self.requester else identifier("i", self.name)


LOAD_BALANCER = Interface(
    "load-balancer", PUBLIC, "10.0.0.10", ["load-balancer"],
    requester="amazon-elb", ipv6="2001:db8:1::10", public="203.0.113.250",
)  # fmt: skip
NAT = Interface(
    "nat", PUBLIC, "10.0.0.20", [],
    kind="nat_gateway", requester="amazon-vpc", public="203.0.113.251",
)  # fmt: skip
BASTION = Interface("bastion", PUBLIC, "10.0.0.30", ["bastion"], public="203.0.113.252")
WEB = [
    Interface("web-1", PRIVATE, "10.0.1.11", ["web", "base"], ipv6="2001:db8:1:1::11"),
    Interface("web-2", PRIVATE, "10.0.1.12", ["web", "base"], ipv6="2001:db8:1:1::12"),
]
APPLICATION = Interface("application-1", PRIVATE, "10.0.1.21", ["application", "base"])
# Launched with the web tier's group by mistake.
MISTAKEN = Interface("application-2", PRIVATE, "10.0.1.22", ["web", "base"])
REPORT = Interface(
    "report-function", PRIVATE, "10.0.1.40", ["function"],
    kind="lambda", requester="AROAEXAMPLE:report",
)  # fmt: skip
DATABASE = Interface("database", DATA, "10.0.2.10", ["database"], requester="amazon-rds")

INTERFACES = [
    LOAD_BALANCER, NAT, BASTION, *WEB, APPLICATION, MISTAKEN, REPORT, DATABASE,
]  # fmt: skip


# Inventory


ANYWHERE = {"CidrIpv4": "0.0.0.0/0"}
ANYWHERE_IPV6 = {"CidrIpv6": "::/0"}


def carrying(group: str) -> dict:
    return {"ReferencedGroupInfo": {"GroupId": identifier("sg", group), "UserId": ACCOUNT}}


# Group, direction, protocol, ports (ICMP: type and code), source, description.
RULES = [
    ("load-balancer", "ingress", "tcp", (443, 443), ANYWHERE, "visitors"),
    ("load-balancer", "ingress", "tcp", (443, 443), ANYWHERE_IPV6, "visitors"),
    ("load-balancer", "ingress", "tcp", (80, 80), ANYWHERE, "sent on to 443"),
    ("load-balancer", "ingress", "icmpv6", (128, -1), ANYWHERE_IPV6, "ping"),
    ("load-balancer", "egress", "tcp", (8080, 8081), carrying("web"), "requests and health checks"),
    ("web", "ingress", "tcp", (8080, 8081), carrying("load-balancer"), "requests, health checks"),
    ("web", "egress", "tcp", (9000, 9000), carrying("application"), "application"),
    ("web", "egress", "tcp", (5432, 5432), {"CidrIpv4": DATA.block}, "left from a migration"),
    ("application", "ingress", "tcp", (9000, 9000), carrying("web"), "web tier"),
    ("application", "egress", "tcp", (5432, 5432), carrying("database"), "database"),
    ("database", "ingress", "tcp", (5432, 5432), carrying("application"), "application tier"),
    ("database", "ingress", "tcp", (5432, 5432), carrying("function"), "reports"),
    ("function", "egress", "-1", (-1, -1), ANYWHERE, ""),
    ("function", "egress", "-1", (-1, -1), ANYWHERE_IPV6, ""),
    ("bastion", "ingress", "tcp", (22, 22), {"CidrIpv4": f"{OFFICE}/32"}, "office"),
    ("bastion", "ingress", "icmp", (8, -1), {"CidrIpv4": "203.0.113.0/24"}, "ping"),
    ("bastion", "egress", "tcp", (22, 22), {"CidrIpv4": "10.0.0.0/16"}, "all machines"),
    ("base", "ingress", "tcp", (22, 22), carrying("bastion"), "administration"),
    ("base", "egress", "udp", (123, 123), ANYWHERE, "time"),
    ("base", "egress", "tcp", (443, 443), {"PrefixListId": S3_LIST}, "S3 through its endpoint"),
]
GROUPS = [
    "load-balancer", "web", "application", "database", "function", "bastion", "base", "retired",
]  # fmt: skip


def described_interface(interface: Interface) -> dict:
    described = {
        "NetworkInterfaceId": interface.id,
        "InterfaceType": interface.kind,
        "Description": interface.name,
        "OwnerId": ACCOUNT,
        "VpcId": VPC,
        "SubnetId": interface.subnet.id,
        "Status": "in-use",
        "PrivateIpAddress": interface.address,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": interface.address}],
        "Ipv6Addresses": [{"Ipv6Address": interface.ipv6}] if interface.ipv6 else [],
        "Groups": [
            {"GroupId": identifier("sg", group), "GroupName": group} for group in interface.groups
        ],
        "RequesterManaged": bool(interface.requester),
    }
    if interface.requester:
        described["RequesterId"] = interface.requester
    else:
        described["Attachment"] = {"InstanceId": interface.instance, "DeviceIndex": 0}
    if interface.public:
        described["Association"] = {"PublicIp": interface.public}
    return described


def described_rule(number: int, rule: tuple) -> dict:
    group, direction, protocol, (first, last), source, description = rule
    described = {
        "SecurityGroupRuleId": identifier("sgr", f"{number} {group}"),
        "GroupId": identifier("sg", group),
        "GroupOwnerId": ACCOUNT,
        "IsEgress": direction == "egress",
        "IpProtocol": protocol,
        "FromPort": first,
        "ToPort": last,
        **source,
    }
    if description:
        described["Description"] = description
    return described


def described_acl(name: str, subnets: list[Subnet], denied: list[str]) -> dict:
    entries = []
    for number, address in enumerate(denied):
        entries.append(acl_entry(50 + number, False, "deny", CidrBlock=f"{address}/32"))
    for egress in (False, True):
        entries.append(acl_entry(100, egress, "allow", CidrBlock="0.0.0.0/0"))
        entries.append(acl_entry(101, egress, "allow", Ipv6CidrBlock="::/0"))
        entries.append(acl_entry(32767, egress, "deny", CidrBlock="0.0.0.0/0"))
        entries.append(acl_entry(32768, egress, "deny", Ipv6CidrBlock="::/0"))
    acl_id = identifier("acl", name)
    return {
        "NetworkAclId": acl_id,
        "VpcId": VPC,
        "OwnerId": ACCOUNT,
        "IsDefault": not denied,
        "Entries": entries,
        "Associations": [
            {
                "NetworkAclAssociationId": identifier("aclassoc", subnet.name),
                "NetworkAclId": acl_id,
                "SubnetId": subnet.id,
            }
            for subnet in subnets
        ],
    }


def acl_entry(number: int, egress: bool, action: str, **block: str) -> dict:
    return {
        "RuleNumber": number,
        "Protocol": "-1",
        "RuleAction": action,
        "Egress": egress,
        **block,
    }


def inventory() -> dict:
    return {
        "NetworkInterfaces": [described_interface(interface) for interface in INTERFACES],
        "SecurityGroups": [
            {
                "GroupId": identifier("sg", group),
                "GroupName": group,
                "Description": f"the {group} tier",
                "OwnerId": ACCOUNT,
                "VpcId": VPC,
            }
            for group in GROUPS
        ],
        "SecurityGroupRules": [described_rule(number, rule) for number, rule in enumerate(RULES)],
        "PrefixLists": [
            {
                "PrefixListId": S3_LIST,
                "PrefixListName": f"com.amazonaws.{REGION}.s3",
                "Cidrs": ["192.0.2.0/27", "192.0.2.32/27"],
            }
        ],
        "NetworkAcls": [
            described_acl("public", [PUBLIC], denied=[BANNED]),
            described_acl("default", [PRIVATE, DATA], denied=[]),
        ],
        "Subnets": [
            {
                "SubnetId": subnet.id,
                "VpcId": VPC,
                "CidrBlock": subnet.block,
                "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": subnet.ipv6_block}],
                "AvailabilityZoneId": subnet.zone,
                "OwnerId": ACCOUNT,
            }
            for subnet in (PUBLIC, PRIVATE, DATA)
        ],
    }


# Flow log


@dataclass
class Flow:
    """One direction of one conversation in one minute, at one interface."""

    interface: Interface
    direction: str
    source: str
    destination: str
    ports: tuple[int, int] = (0, 0)
    protocol: int = TCP
    flags: int = 0
    packets: int = 1
    size: int = 60
    action: str = "ACCEPT"
    packet_source: str = ""
    packet_destination: str = ""
    source_service: str = "-"
    destination_service: str = "-"
    path: int | None = None


@dataclass
class Log:
    """The records so far, and the chance that varies them."""

    chance: random.Random
    records: list[tuple[int, str]] = field(default_factory=list)

    def below(self, limit: int) -> int:
        # random() alone gives the same numbers in every version of Python.
        return int(self.chance.random() * limit)

    def one_of(self, choices: list):
        return choices[self.below(len(choices))]

    def client_port(self) -> int:
        return 32768 + self.below(28000)

    def write(self, minute: int, flow: Flow) -> None:
        start = BEGIN + minute * 60 + self.below(20)
        outbound = flow.direction == "egress"
        self.add(
            flow.interface,
            start,
            start + 30 + self.below(25),
            {
                "srcaddr": flow.source,
                "dstaddr": flow.destination,
                "srcport": flow.ports[0],
                "dstport": flow.ports[1],
                "protocol": flow.protocol,
                "packets": flow.packets,
                "bytes": flow.size,
                "action": flow.action,
                "tcp-flags": flow.flags,
                "type": "IPv6" if ":" in flow.source else "IPv4",
                "pkt-srcaddr": flow.packet_source or flow.source,
                "pkt-dstaddr": flow.packet_destination or flow.destination,
                "pkt-src-aws-service": flow.source_service,
                "pkt-dst-aws-service": flow.destination_service,
                "flow-direction": flow.direction,
                "traffic-path": (flow.path or 1) if outbound else "-",
            },
        )

    def write_silence(self, minute: int, interface: Interface, status: str) -> None:
        start = BEGIN + minute * 60
        self.add(interface, start, start + 59, {"log-status": status})

    def add(self, interface: Interface, start: int, end: int, values: dict) -> None:
        known = {
            "version": 5,
            "account-id": ACCOUNT,
            "interface-id": interface.id,
            "start": start,
            "end": end,
            "log-status": "OK",
            "vpc-id": VPC,
            "subnet-id": interface.subnet.id,
            "instance-id": interface.instance,
            "region": REGION,
            "az-id": interface.subnet.zone,
            **values,
        }
        self.records.append((end, " ".join(str(known.get(name, "-")) for name in FIELDS)))

    def lines(self) -> list[str]:
        """By their end, as the files that AWS delivers are cut."""
        return [line for _, line in sorted(self.records, key=lambda record: record[0])]


def connection(log, minute, client, server, port, packets=6, outsider="", path=None, ipv6=False):
    """A whole short TCP connection at the interfaces that see it.

    A client or a server outside is given as text in `outsider`, its interface as None.
    """
    client_address = (client.ipv6 if ipv6 else client.address) if client else outsider
    server_address = (server.ipv6 if ipv6 else server.address) if server else outsider
    client_port = log.client_port()
    request, reply = packets * 180 + log.below(400), packets * 900 + log.below(4000)
    there = {
        "source": client_address,
        "destination": server_address,
        "ports": (client_port, port),
        "flags": SYN | FIN,
        "packets": packets,
        "size": request,
    }
    back = {
        "source": server_address,
        "destination": client_address,
        "ports": (port, client_port),
        "flags": SYN | ACK | FIN,
        "packets": packets,
        "size": reply,
    }
    if client:
        log.write(minute, Flow(client, "egress", path=path, **there))
        log.write(minute, Flow(client, "ingress", **back))
    if server:
        log.write(minute, Flow(server, "ingress", **there))
        log.write(minute, Flow(server, "egress", path=path, **back))


def visitors_are_served(log: Log, minute: int) -> None:
    for _ in range(2):
        connection(log, minute, None, LOAD_BALANCER, 443, 14, log.one_of(VISITORS), path=8)
    web = log.one_of(WEB)
    connection(log, minute, LOAD_BALANCER, web, 8080, 12)
    if minute % 2 == 0:
        connection(log, minute, web, APPLICATION, 9000, 8)
        connection(log, minute, APPLICATION, DATABASE, 5432, 16)
    if minute % 3 == 0:
        connection(log, minute, None, LOAD_BALANCER, 80, 4, log.one_of(VISITORS), path=8)
    if minute % 3 == 1:
        visitor = log.one_of(VISITORS_IPV6)
        connection(log, minute, None, LOAD_BALANCER, 443, 14, visitor, path=8, ipv6=True)


def health_is_checked(log: Log, minute: int) -> None:
    for web in WEB:
        connection(log, minute, LOAD_BALANCER, web, 8081, 5)


def ssh_is_scanned(log: Log, minute: int) -> None:
    for _ in range(2):
        probe = Flow(
            BASTION, "ingress", log.one_of(SCANNERS), BASTION.address,
            (log.client_port(), 22), flags=SYN, size=44, action="REJECT",
        )  # fmt: skip
        log.write(minute, probe)
    if minute % 2:
        port = log.one_of([23, 445, 3389, 5900, 6379, 8443])
        probe = Flow(
            LOAD_BALANCER, "ingress", log.one_of(SCANNERS), LOAD_BALANCER.address,
            (log.client_port(), port), flags=SYN, size=40, action="REJECT",
        )  # fmt: skip
        log.write(minute, probe)


def banned_address_is_kept_out_by_the_acl(log: Log, minute: int) -> None:
    if minute % 3 == 2:
        request = Flow(
            LOAD_BALANCER, "ingress", BANNED, LOAD_BALANCER.address,
            (log.client_port(), 443), flags=SYN, packets=3, size=180, action="REJECT",
        )  # fmt: skip
        log.write(minute, request)


def administrator_comes_from_the_office(log: Log, minute: int) -> None:
    if minute == 1:
        ping = {"protocol": ICMP, "packets": 3, "size": 252}
        log.write(minute, Flow(BASTION, "ingress", OFFICE, BASTION.address, **ping))
        log.write(minute, Flow(BASTION, "egress", BASTION.address, OFFICE, path=8, **ping))
    if minute in (2, 6):
        connection(log, minute, None, BASTION, 22, 40, OFFICE, path=8)
        connection(log, minute, BASTION, MISTAKEN if minute == 6 else WEB[0], 22, 38)


def application_2_carries_the_wrong_group(log: Log, minute: int) -> None:
    """Its packets get out, the database refuses them; the web tier is not let in either."""
    ports = (log.client_port(), 5432)
    attempt = {"ports": ports, "flags": SYN, "packets": 3, "size": 180}
    out = Flow(MISTAKEN, "egress", MISTAKEN.address, DATABASE.address, **attempt)
    refused = Flow(DATABASE, "ingress", out.source, out.destination, action="REJECT", **attempt)
    log.write(minute, out)
    log.write(minute, refused)
    if minute % 2 == 0:
        web = log.one_of(WEB)
        attempt = {"ports": (log.client_port(), 9000), "flags": SYN, "packets": 3, "size": 180}
        refused = {"action": "REJECT", **attempt}
        log.write(minute, Flow(web, "egress", web.address, MISTAKEN.address, **refused))


def reports_are_read_by_a_function(log: Log, minute: int) -> None:
    if minute % 4 == 0:
        connection(log, minute, REPORT, DATABASE, 5432, 24)


def files_go_to_s3(log: Log, minute: int) -> None:
    if minute % 2:
        machine, bucket = log.one_of([*WEB, APPLICATION]), log.one_of(S3)
        ports = (log.client_port(), 443)
        put = Flow(
            machine, "egress", machine.address, bucket, ports, flags=SYN | FIN,
            packets=40, size=52000 + log.below(9000), destination_service="S3", path=7,
        )  # fmt: skip
        answer = Flow(
            machine, "ingress", bucket, machine.address, ports[::-1], flags=SYN | ACK | FIN,
            packets=22, size=3100 + log.below(500), source_service="S3",
        )  # fmt: skip
        log.write(minute, put)
        log.write(minute, answer)


def clocks_are_set_through_the_nat_gateway(log: Log, minute: int) -> None:
    if minute % 3 == 0:
        machine, server = log.one_of([*WEB, APPLICATION, MISTAKEN]), log.one_of(TIME_SERVERS)
        packet = {"protocol": UDP, "size": 76}
        asked, answered = (log.client_port(), 123), None
        answered = asked[::-1]
        translated = (log.client_port(), 123)
        inside, outside = machine.address, NAT.address
        log.write(minute, Flow(machine, "egress", inside, server, asked, **packet))
        log.write(
            minute,
            Flow(NAT, "ingress", inside, outside, asked, packet_destination=server, **packet),
        )
        log.write(
            minute,
            Flow(NAT, "egress", outside, server, translated, path=8, **packet),
        )
        log.write(minute, Flow(NAT, "ingress", server, outside, translated[::-1], **packet))
        log.write(
            minute,
            Flow(NAT, "egress", outside, inside, answered, packet_source=server, **packet),
        )
        log.write(minute, Flow(machine, "ingress", server, inside, answered, **packet))


def ipv6_ping_is_answered(log: Log, minute: int) -> None:
    if minute == 5:
        visitor, packet = VISITORS_IPV6[0], {"protocol": ICMPV6, "packets": 4, "size": 416}
        log.write(minute, Flow(LOAD_BALANCER, "ingress", visitor, LOAD_BALANCER.ipv6, **packet))
        log.write(
            minute, Flow(LOAD_BALANCER, "egress", LOAD_BALANCER.ipv6, visitor, path=8, **packet)
        )


def silence_is_logged_too(log: Log, minute: int) -> None:
    if minute not in (0, 4, 8):
        log.write_silence(minute, REPORT, "NODATA")
    if minute == 7:
        log.write_silence(minute, LOAD_BALANCER, "SKIPDATA")


def an_interface_is_gone_meanwhile(log: Log, minute: int) -> None:
    """Deleted before the inventory was taken: nothing is known of it."""
    if minute == 3:
        gone = Interface("deleted", PRIVATE, "10.0.1.77", [])
        connection(log, minute, gone, None, 443, 9, S3[0], path=7)


STORIES = [
    visitors_are_served,
    health_is_checked,
    ssh_is_scanned,
    banned_address_is_kept_out_by_the_acl,
    administrator_comes_from_the_office,
    application_2_carries_the_wrong_group,
    reports_are_read_by_a_function,
    files_go_to_s3,
    clocks_are_set_through_the_nat_gateway,
    ipv6_ping_is_answered,
    silence_is_logged_too,
    an_interface_is_gone_meanwhile,
]


def flow_log() -> str:
    log = Log(random.Random(5))
    for minute in range(MINUTES):
        for story in STORIES:
            story(log, minute)
    return "\n".join([" ".join(FIELDS), *log.lines()]) + "\n"


def main() -> None:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    (folder / "inventory.json").write_text(json.dumps(inventory(), indent=1) + "\n")
    (folder / "flow.log").write_text(flow_log())


if __name__ == "__main__":
    main()
