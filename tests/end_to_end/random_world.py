"""Seeded inventories and the records that could come from them, in shapes AWS really makes.

Everything hangs on the seed, so a failing case can be run again by its number.
"""

import ipaddress
import random
from dataclasses import dataclass

import flow_fields

PREFIX_LISTS = ["pl-63a5400a", "pl-0123456789abcdef0"]
OUTSIDERS = [
    *(f"192.0.2.{last}" for last in (1, 77, 255)),
    *(f"203.0.113.{last}" for last in (9, 200)),
    "2001:db8:ffff::1",
    "2001:db8:ffff::abcd:0:1",
]
# Names that no version has yet; a header carries them through as text.
NAMES_OF_TOMORROW = ["cipher-suite", "vpc-lattice-service", "x-round-trip"]
ODD_TEXTS = [
    'a"quote',
    "back\\slash",
    "caf\u00e9",
    "\U0001f600",
    "a,b",
    "a%20b",
    "a{}",
    "\u2028",
    "tab%09",
    "del\x7f",
]


@dataclass
class World:
    documents: list[dict]
    fields: list[str]
    records: list[dict[str, str]]

    def lines(self) -> list[str]:
        return [" ".join(record[name] for name in self.fields) for record in self.records]

    def text(self) -> bytes:
        return "".join(line + "\n" for line in self.lines()).encode()

    def text_with_header(self) -> bytes:
        return (" ".join(self.fields) + "\n").encode() + self.text()

    def has_unknown_fields(self) -> bool:
        return any(name in NAMES_OF_TOMORROW for name in self.fields)


def make_world(seed: int, record_count: int = 120) -> World:
    chance = random.Random(seed)
    groups = [f"sg-{chance.randrange(16**16):017x}" for _ in range(chance.randrange(1, 7))]
    interfaces = [_interface(chance, number, groups) for number in range(chance.randrange(1, 9))]
    document = {
        "NetworkInterfaces": interfaces,
        "SecurityGroups": [],
        "SecurityGroupRules": [],
        "Unheard": {"Of": [1, 2.5, None]},
    }
    for group in groups:
        _describe_group(chance, document, group, groups)
    fields = _fields(chance)
    records = [_record(chance, fields, interfaces) for _ in range(record_count)]
    return World(_split(chance, document), fields, records)


def _interface(chance: random.Random, number: int, groups: list[str]) -> dict:
    primary = f"10.0.{number}.{chance.randrange(4, 120)}"
    secondary = [f"10.0.{number}.{chance.randrange(120, 200)}"] if chance.random() < 0.4 else []
    carried = chance.sample(groups, chance.randrange(0, min(len(groups), 5) + 1))
    interface = {
        "NetworkInterfaceId": f"eni-{chance.randrange(16**16):017x}",
        "InterfaceType": chance.choice(["interface", "lambda", "nat_gateway", "vpc_endpoint"]),
        "OwnerId": "111122223333",
        "VpcId": "vpc-0123456789abcdef0",
        "SubnetId": f"subnet-0000000000000000{number}",
        "PrivateIpAddress": primary,
        "PrivateIpAddresses": [
            {"Primary": address == primary, "PrivateIpAddress": address}
            for address in [primary, *secondary]
        ],
        "Groups": [{"GroupId": group, "GroupName": f"name of {group}"} for group in carried],
        "Description": "words \u00e9 \U0001f600",
    }
    if chance.random() < 0.5:
        interface["Ipv6Addresses"] = [{"Ipv6Address": f"2001:db8:0:{number}::{number + 1:x}"}]
    if chance.random() < 0.2:
        interface["Ipv4Prefixes"] = [{"Ipv4Prefix": f"10.0.{number}.208/28"}]
    if chance.random() < 0.2:
        interface["Ipv6Prefixes"] = [{"Ipv6Prefix": f"2001:db8:0:{number}:1::/80"}]
    if chance.random() < 0.5:
        interface["Attachment"] = {"InstanceId": f"i-{chance.randrange(16**16):017x}"}
    return interface


def _describe_group(chance: random.Random, document: dict, group: str, groups: list[str]) -> None:
    """Listed rules, permissions, both (the listed ones count) or nothing."""
    described = {"GroupId": group, "GroupName": "x", "VpcId": "vpc-0123456789abcdef0"}
    way = chance.choice(["listed", "listed", "permissions", "both", "neither"])
    if way in ("permissions", "both"):
        for key in ("IpPermissions", "IpPermissionsEgress"):
            described[key] = [_permission(chance, groups) for _ in range(chance.randrange(0, 4))]
    document["SecurityGroups"].append(described)
    if way in ("listed", "both"):
        for _ in range(chance.randrange(1, 9)):
            document["SecurityGroupRules"].append(_listed_rule(chance, group, groups))
    chance.shuffle(document["SecurityGroupRules"])


# People's tools write for AWS's names and addresses what means the same.
OTHER_SPELLINGS = {
    "tcp": ["6", "TCP"],
    "udp": ["17", "Udp"],
    "icmp": ["1", "ICMP"],
    "icmpv6": ["58", "ICMPv6"],
}


def _protocol_and_ports(chance: random.Random) -> dict:
    protocol = chance.choice(["tcp", "tcp", "tcp", "udp", "icmp", "icmpv6", "-1", "50", "47"])
    if protocol in ("tcp", "udp"):
        first, last = chance.choice(
            [(443, 443), (0, 65535), (1024, 65535), (0, 0), (65535, 65535), (21, 22)]
        )
    elif protocol in ("icmp", "icmpv6"):
        first, last = chance.choice([(-1, -1), (8, -1), (8, 0), (3, 4), (128, 0)])
    else:
        first, last = -1, -1
    if chance.random() < 0.2:
        protocol = chance.choice(OTHER_SPELLINGS.get(protocol, [protocol]))
    return {"IpProtocol": protocol, "FromPort": first, "ToPort": last}


def _ipv4_block(chance: random.Random) -> str:
    address = (
        f"{chance.choice([10, 172, 192, 203])}.{chance.randrange(256)}.{chance.randrange(256)}.0"
    )
    block = f"{address}/{chance.randrange(0, 33)}"
    if chance.random() < 0.1:
        return block  # maybe with bits behind its length
    return str(ipaddress.ip_network(block, strict=False))


def _ipv6_block(chance: random.Random) -> str:
    block = f"2001:db8:{chance.randrange(16**4):x}::/{chance.randrange(0, 49)}"
    if chance.random() < 0.2:
        return chance.choice([block, block.upper(), block.replace(":db8:", ":0DB8:")])
    return str(ipaddress.ip_network(block, strict=False))


def _listed_rule(chance: random.Random, group: str, groups: list[str]) -> dict:
    source = chance.choice(
        [
            {"CidrIpv4": _ipv4_block(chance)},
            {"CidrIpv6": _ipv6_block(chance)},
            {"PrefixListId": chance.choice(PREFIX_LISTS)},
            {"ReferencedGroupInfo": {"GroupId": chance.choice(groups), "UserId": "111122223333"}},
        ]
    )
    return {
        "SecurityGroupRuleId": f"sgr-{chance.randrange(16**16):017x}",
        "GroupId": group,
        "GroupOwnerId": "111122223333",
        "IsEgress": chance.random() < 0.5,
        **_protocol_and_ports(chance),
        **source,
        "Description": 'a "described" rule',
        "Tags": [],
    }


def _permission(chance: random.Random, groups: list[str]) -> dict:
    permission = _protocol_and_ports(chance)
    if permission["FromPort"] == permission["ToPort"] == -1 and permission["IpProtocol"] == "-1":
        del permission["FromPort"], permission["ToPort"]
    permission["IpRanges"] = [
        {"CidrIp": _ipv4_block(chance)} for _ in range(chance.randrange(0, 3))
    ]
    permission["Ipv6Ranges"] = [
        {"CidrIpv6": _ipv6_block(chance)} for _ in range(chance.randrange(0, 2))
    ]
    permission["PrefixListIds"] = [
        {"PrefixListId": each} for each in chance.sample(PREFIX_LISTS, chance.randrange(0, 3))
    ]
    # A permission without any source does not exist at AWS.
    if not any(permission[kind] for kind in ("IpRanges", "Ipv6Ranges", "PrefixListIds")):
        permission["UserIdGroupPairs"] = [
            {"GroupId": chance.choice(groups), "UserId": "111122223333"}
        ]
    return permission


def _split(chance: random.Random, document: dict) -> list[dict]:
    """One file, or interfaces apart from groups, or interfaces inside reservations."""
    way = chance.choice(["one", "two", "reservations", "instances"])
    if way == "one":
        return [document]
    interfaces = document.pop("NetworkInterfaces")
    if way == "two":
        return [{"NetworkInterfaces": interfaces}, document]
    instances = [{"InstanceId": "i-0123456789abcdef0", "NetworkInterfaces": interfaces}]
    if way == "instances":
        return [document, {"Instances": instances}]
    return [{"Reservations": [{"ReservationId": "r-1", "Instances": instances}]}, document]


def _fields(chance: random.Random) -> list[str]:
    if chance.random() < 0.4:
        name = chance.choice([each for each in flow_fields.PRESETS if each != "v6"])
        return list(flow_fields.PRESETS[name])
    pool = list(flow_fields.VERSION_11)
    if chance.random() < 0.3:
        pool += NAMES_OF_TOMORROW
    fields = chance.sample(pool, chance.randrange(5, len(pool) + 1))
    if "interface-id" not in fields and chance.random() < 0.8:
        fields.insert(chance.randrange(len(fields)), "interface-id")
    return fields


def _record(chance: random.Random, fields: list[str], interfaces: list[dict]) -> dict[str, str]:
    interface = chance.choice(interfaces)
    status = chance.choice(["OK"] * 8 + ["NODATA", "SKIPDATA"])
    mine, direction = _local_address(chance, interface), chance.choice(["ingress", "egress"])
    other = chance.choice([*OUTSIDERS, mine, "10.0.200.1"])
    source, destination = (other, mine) if direction == "ingress" else (mine, other)
    values = {
        "version": chance.choice(["2", "5", "11"]),
        "account-id": chance.choice(["111122223333", "011122223333", "000000000000", "unknown"]),
        "interface-id": interface["NetworkInterfaceId"],
        "start": "1767225600",
        "end": "1767225659",
        "log-status": status,
        "vpc-id": "vpc-0123456789abcdef0",
        "subnet-id": interface["SubnetId"],
    }
    if status == "OK":
        values |= {
            "srcaddr": source,
            "dstaddr": destination,
            "pkt-srcaddr": source,
            "pkt-dstaddr": destination,
            "srcport": str(chance.choice([0, 22, 443, 65535])),
            "dstport": str(chance.randrange(65536)),
            "protocol": str(chance.choice([1, 6, 17, 58, 255])),
            "packets": str(chance.randrange(1, 2**40)),
            "bytes": str(chance.choice([40, 2**31, 2**53 + 1, 2**63 - 1])),
            "action": chance.choice(["ACCEPT", "REJECT"]),
            "tcp-flags": str(chance.choice([0, 2, 3, 18, 19, 7])),
            "type": "IPv6" if ":" in source else "IPv4",
            "flow-direction": direction,
            "traffic-path": chance.choice(["-", "1", "8"]),
            "encryption-status": chance.choice(["-", "0", "3"]),
            "region": "eu-west-1",
            "az-id": "euw1-az3",
            "pkt-src-aws-service": chance.choice(["-", "S3", "SOMETHING_NEW"]),
            "ecs-task-arn": "arn:aws:ecs:eu-west-1:111122223333:task/web/0123456789abcdef",
            "instance-tag": chance.choice(ODD_TEXTS),
            "asg-tag-2": chance.choice(ODD_TEXTS),
            "cipher-suite": chance.choice([*ODD_TEXTS, "-", "12"]),
            "vpc-lattice-service": chance.choice(["svc-1", "-"]),
        }
    if chance.random() < 0.1:
        values["interface-id"] = chance.choice(["-", "eni-0fffffffffffffff9"])
    if chance.random() < 0.15:
        values["flow-direction"] = "-"
    return {name: values.get(name, "-") for name in fields}


def _local_address(chance: random.Random, interface: dict) -> str:
    addresses = [each["PrivateIpAddress"] for each in interface["PrivateIpAddresses"]]
    addresses += [each["Ipv6Address"] for each in interface.get("Ipv6Addresses", [])]
    for key, member in (("Ipv4Prefixes", "Ipv4Prefix"), ("Ipv6Prefixes", "Ipv6Prefix")):
        for prefix in interface.get(key, []):
            addresses.append(str(ipaddress.ip_network(prefix[member])[5]))
    return chance.choice(addresses)
