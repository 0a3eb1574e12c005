"""An account's EC2 configuration in one Region, made up: of any size, and the same each time. What
it has is as the AWS CLI prints it."""

import ipaddress
from dataclasses import dataclass, field

ANYWHERE = "0.0.0.0/0"
ANYWHERE_IPV6 = "::/0"


@dataclass
class SyntheticAccount:
    account_id: str = "111122223333"
    region: str = "eu-west-1"
    interfaces: list[dict] = field(default_factory=list)
    groups: list[dict] = field(default_factory=list)
    rules: list[dict] = field(default_factory=list)
    prefix_lists: list[dict] = field(default_factory=list)
    entries: dict[str, list[dict]] = field(default_factory=dict)  # by prefix list
    acls: list[dict] = field(default_factory=list)
    subnets: list[dict] = field(default_factory=list)

    def described(self) -> dict[str, list[dict]]:
        """By the key that the CLI has for each."""
        return {
            "NetworkInterfaces": self.interfaces,
            "SecurityGroups": self.groups,
            "SecurityGroupRules": self.rules,
            "PrefixLists": self.prefix_lists,
            "NetworkAcls": self.acls,
            "Subnets": self.subnets,
        }

    def reservations(self) -> list[dict]:
        """One for each instance, which has one interface."""
        return [
            {
                "OwnerId": self.account_id,
                "ReservationId": one["Attachment"]["InstanceId"].replace("i-", "r-"),
                "Instances": [
                    {
                        "InstanceId": one["Attachment"]["InstanceId"],
                        "InstanceType": "t3.micro",
                        "NetworkInterfaces": [one],
                        "PrivateIpAddress": one["PrivateIpAddress"],
                        "SecurityGroups": one["Groups"],
                        "State": {"Code": 16, "Name": "running"},
                        "SubnetId": one["SubnetId"],
                        "Tags": one["TagSet"],
                        "VpcId": one["VpcId"],
                    }
                ],
            }
            for one in self.interfaces
            if "Attachment" in one
        ]

    def interface(self, id: str) -> dict:
        return next(one for one in self.interfaces if one["NetworkInterfaceId"] == id)


def make_account(
    account_id: str = "111122223333",
    region: str = "eu-west-1",
    interfaces: int = 40,
    groups: int = 12,
    vpcs: int = 2,
    prefix_lists: int = 3,
    entries: int = 150,
) -> SyntheticAccount:
    maker = _Maker(SyntheticAccount(account_id, region))
    for _ in range(vpcs):
        maker.add_vpc()
    for number in range(prefix_lists):
        maker.add_prefix_list(entries if number == 0 else 2)
    maker.add_aws_prefix_list()
    for number in range(groups):
        maker.add_group(number)
    maker.fill_permissions()
    for number in range(interfaces):
        maker.add_interface(number)
    return maker.account


class _Maker:
    def __init__(self, account: SyntheticAccount):
        self.account = account
        # Ids of two accounts or Regions are never the same.
        self.mark = f"{int(account.account_id) % 0xFFFF:04x}{sum(map(ord, account.region)):04x}"
        self.vpcs: list[str] = []
        self.groups_of: dict[str, list[dict]] = {}  # by VPC

    def id(self, kind: str, number: int) -> str:
        return f"{kind}-0{self.mark}{number:08x}"

    def tags(self, **tags: str) -> list[dict]:
        return [{"Key": key, "Value": value} for key, value in tags.items()]

    def add_vpc(self) -> None:
        number = len(self.vpcs)
        vpc = self.id("vpc", number)
        self.vpcs.append(vpc)
        acl, other = self.id("acl", 2 * number), self.id("acl", 2 * number + 1)
        subnets = [self.id("subnet", 3 * number + i) for i in range(3)]
        for i, subnet in enumerate(subnets):
            self.account.subnets.append(
                {
                    "AvailabilityZone": f"{self.account.region}a",
                    "AvailableIpAddressCount": 16_000,
                    "CidrBlock": f"10.{number}.{64 * i}.0/18",
                    "DefaultForAz": False,
                    "Ipv6CidrBlockAssociationSet": [
                        {
                            "AssociationId": f"subnet-cidr-assoc-{number}{i}",
                            "Ipv6CidrBlock": f"2001:db8:{number}:{i}::/64",
                            "Ipv6CidrBlockState": {"State": "associated"},
                        }
                    ],
                    "MapPublicIpOnLaunch": i == 0,
                    "OwnerId": self.account.account_id,
                    "State": "available",
                    "SubnetId": subnet,
                    "Tags": self.tags(Name=f'subnet {i} of <{vpc}> & "more"'),
                    "VpcId": vpc,
                }
            )
        self.account.acls += [
            self.acl(acl, vpc, True, subnets[1:], "allow"),
            self.acl(other, vpc, False, subnets[:1], "deny"),
        ]

    def acl(self, id: str, vpc: str, default: bool, subnets: list[str], first: str) -> dict:
        def entry(number: int, egress: bool, action: str, **source) -> dict:
            return {
                "Egress": egress,
                "Protocol": "-1",
                "RuleAction": action,
                "RuleNumber": number,
                **source,
            }

        entries = []
        for egress in (True, False):
            entries += [
                {**entry(90, egress, first, CidrBlock="198.51.100.0/24"), "Protocol": "6",
                 "PortRange": {"From": 22, "To": 22}},
                entry(100, egress, "allow", CidrBlock=ANYWHERE),
                entry(101, egress, "allow", Ipv6CidrBlock=ANYWHERE_IPV6),
                entry(32767, egress, "deny", CidrBlock=ANYWHERE),
                entry(32768, egress, "deny", Ipv6CidrBlock=ANYWHERE_IPV6),
            ]  # fmt: skip
        return {
            "Associations": [
                {
                    "NetworkAclAssociationId": f"aclassoc-{subnet[7:]}",
                    "NetworkAclId": id,
                    "SubnetId": subnet,
                }
                for subnet in subnets
            ],
            "Entries": entries,
            "IsDefault": default,
            "NetworkAclId": id,
            "OwnerId": self.account.account_id,
            "Tags": [],
            "VpcId": vpc,
        }

    def add_prefix_list(self, entries: int) -> None:
        number = len(self.account.prefix_lists)
        self.add_list(self.id("pl", number), f"list {number}", self.account.account_id)
        self.account.entries[self.id("pl", number)] = [
            {"Cidr": f"192.0.{2 + i // 256}.{i % 256}/32", "Description": f"host {i}"}
            for i in range(entries)
        ]

    # The same in each account of a Region.
    def add_aws_prefix_list(self) -> None:
        region = self.account.region
        id = f"pl-{sum(map(ord, region)):08x}"
        self.add_list(id, f"com.amazonaws.{region}.s3", "AWS")
        self.account.entries[id] = [{"Cidr": "52.92.0.0/20"}, {"Cidr": "3.5.64.0/21"}]

    def add_list(self, id: str, name: str, owner: str) -> None:
        self.account.prefix_lists.append(
            {
                "AddressFamily": "IPv4",
                "MaxEntries": 1000,
                "OwnerId": owner,
                "PrefixListArn": f"arn:aws:ec2:{self.account.region}:{owner}:prefix-list/{id}",
                "PrefixListId": id,
                "PrefixListName": name,
                "State": "create-complete",
                "Tags": [],
                "Version": 1,
            }
        )

    # Every fifth lets nothing in.
    def add_group(self, number: int) -> None:
        id = self.id("sg", number)
        self.account.groups.append(
            {
                "Description": f"group {number}, «quoted»",
                "GroupId": id,
                "GroupName": f"group-{number}",
                "OwnerId": self.account.account_id,
                "Tags": self.tags(Name=f"group {number}"),
                "VpcId": self.vpcs[number % len(self.vpcs)],
            }
        )
        group = self.account.groups[-1]
        self.groups_of.setdefault(group["VpcId"], []).append(group)
        self.add_rule(id, True, "-1", -1, -1, CidrIpv4=ANYWHERE)
        if number % 5 == 4:
            return
        self.add_rule(id, False, "tcp", 443, 443, CidrIpv4=ANYWHERE, Description="HTTPS")
        self.add_rule(id, False, "tcp", 443, 443, CidrIpv6=ANYWHERE_IPV6)
        self.add_rule(id, False, "icmp", 8, 0, CidrIpv4="10.0.0.0/8")
        if self.account.prefix_lists:
            lists = self.account.prefix_lists
            list_id = lists[number % len(lists)]["PrefixListId"]
            self.add_rule(id, False, "udp", 53, 53, PrefixListId=list_id)
        other = self.id("sg", number - len(self.vpcs) if number >= len(self.vpcs) else number)
        reference = {"GroupId": other, "UserId": self.account.account_id}
        self.add_rule(id, False, "tcp", 5432, 5432, ReferencedGroupInfo=reference)

    def add_rule(self, group, egress, protocol, from_port, to_port, **source) -> None:
        self.account.rules.append(
            {
                "FromPort": from_port,
                "GroupId": group,
                "GroupOwnerId": self.account.account_id,
                "IpProtocol": protocol,
                "IsEgress": egress,
                "SecurityGroupRuleId": self.id("sgr", len(self.account.rules)),
                "Tags": [],
                "ToPort": to_port,
                **source,
            }
        )

    def fill_permissions(self) -> None:
        by_group: dict[str, list[dict]] = {}
        for rule in self.account.rules:
            by_group.setdefault(rule["GroupId"], []).append(rule)
        for group in self.account.groups:
            rules = by_group.get(group["GroupId"], [])
            group["IpPermissions"] = [permission(r) for r in rules if not r["IsEgress"]]
            group["IpPermissionsEgress"] = [permission(r) for r in rules if r["IsEgress"]]

    def add_interface(self, number: int) -> None:
        subnet = self.account.subnets[number % len(self.account.subnets)]
        groups = self.groups_of.get(subnet["VpcId"], [])
        chosen = (
            [groups[(number + i) % len(groups)] for i in range(1 + number % 2)] if groups else []
        )
        if number % 10 == 7:  # a NAT gateway
            chosen = []
        host = number // len(self.account.subnets) + 10
        address = str(ipaddress.ip_network(subnet["CidrBlock"])[host])
        interface = {
            "AvailabilityZone": subnet["AvailabilityZone"],
            "Description": f"interface {number} <&>",
            "Groups": [
                {"GroupId": id, "GroupName": name}
                for id, name in {g["GroupId"]: g["GroupName"] for g in chosen}.items()
            ],
            "InterfaceType": "interface" if number % 10 != 7 else "nat_gateway",
            "Ipv6Addresses": [],
            "MacAddress": "02:00:5e:10:01:01",
            "NetworkInterfaceId": self.id("eni", number),
            "OwnerId": self.account.account_id,
            "PrivateIpAddress": address,
            "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": address}],
            "RequesterManaged": number % 10 == 7,
            "SourceDestCheck": True,
            "Status": "in-use",
            "SubnetId": subnet["SubnetId"],
            "TagSet": self.tags(Name=f"eni {number}"),
            "VpcId": subnet["VpcId"],
        }
        if number % 10 != 7:
            interface["Attachment"] = {
                "AttachTime": "2026-01-02T03:04:05.000Z",
                "AttachmentId": self.id("eni-attach", number),
                "DeleteOnTermination": True,
                "DeviceIndex": 0,
                "InstanceId": self.id("i", number),
                "InstanceOwnerId": self.account.account_id,
                "Status": "attached",
            }
        if number % 4 == 1:
            block = ipaddress.ip_network(subnet["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])
            interface["Ipv6Addresses"] = [{"Ipv6Address": str(block[host])}]
        if number % 10 == 3:  # of EKS Auto Mode: hidden unless asked for
            principal = "eks.amazonaws.com"
            interface["Operator"] = {
                "Managed": True,
                "Principal": principal,
                "HiddenByDefault": True,
            }
            interface["Ipv4Prefixes"] = [{"Ipv4Prefix": f"{address}/32"}]
        self.account.interfaces.append(interface)


def permission(rule: dict) -> dict:
    """A rule as IpPermissions have it."""
    described = {
        "IpProtocol": rule["IpProtocol"],
        "IpRanges": [],
        "Ipv6Ranges": [],
        "PrefixListIds": [],
        "UserIdGroupPairs": [],
    }
    if rule["IpProtocol"] != "-1":
        described |= {"FromPort": rule["FromPort"], "ToPort": rule["ToPort"]}
    text = {"Description": rule["Description"]} if "Description" in rule else {}
    if "CidrIpv4" in rule:
        described["IpRanges"] = [{"CidrIp": rule["CidrIpv4"], **text}]
    elif "CidrIpv6" in rule:
        described["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **text}]
    elif "PrefixListId" in rule:
        described["PrefixListIds"] = [{"PrefixListId": rule["PrefixListId"], **text}]
    else:
        described["UserIdGroupPairs"] = [{**rule["ReferencedGroupInfo"], **text}]
    return described
