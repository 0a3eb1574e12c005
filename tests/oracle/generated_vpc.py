"""VPCs, subnets and interfaces of the generated world."""

import ipaddress

ACCOUNT = "123456789012"


class Interface:
    def __init__(self, interface_id, kind, vpc, subnet):
        self.id, self.type, self.vpc, self.subnet = interface_id, kind, vpc, subnet
        self.addresses, self.prefixes, self.groups = [], [], []
        self.instance = self.trunk = None

    def document(self):
        four = [a for a in self.addresses if a.version == 4]
        document = {
            "NetworkInterfaceId": self.id,
            "InterfaceType": self.type,
            "OwnerId": ACCOUNT,
            "VpcId": self.vpc.id,
            "SubnetId": self.subnet.id,
            "Status": "in-use",
            "PrivateIpAddress": str(four[0]),
            "PrivateIpAddresses": [
                {"Primary": a is four[0], "PrivateIpAddress": str(a)} for a in four
            ],
            "Ipv6Addresses": [{"Ipv6Address": str(a)} for a in self.addresses if a.version == 6],
            "TagSet": (
                [{"Key": "vpcresources.k8s.aws/trunk-eni-id", "Value": self.trunk}]
                if self.trunk
                else []
            ),
        }
        # Of some that have none it is not told.
        if self.groups or sum(self.id.encode()) % 3:
            document["Groups"] = [{"GroupId": g, "GroupName": g} for g in self.groups]
        for version in (4, 6):
            prefixes = [p for p in self.prefixes if p.version == version]
            if prefixes:
                document[f"Ipv{version}Prefixes"] = [
                    {f"Ipv{version}Prefix": str(p)} for p in prefixes
                ]
        if self.instance:
            document["Attachment"] = {
                "InstanceId": self.instance,
                "DeviceIndex": 0,
                "Status": "attached",
            }
        return document

    def any_address(self, rng, version):
        """One of its addresses of that family, or one from a delegated prefix."""
        known = [a for a in self.addresses if a.version == version]
        known += [p[rng.randrange(4)] for p in self.prefixes if p.version == version]
        if not known:
            return None
        return known[0] if rng.random() < 0.5 else rng.choice(known)

    def primary(self, version):
        return next((a for a in self.addresses if a.version == version), None)


class Subnet:
    def __init__(self, subnet_id, vpc, four, six):
        self.id, self.vpc = subnet_id, vpc
        self.four, self.six = ipaddress.ip_network(four), ipaddress.ip_network(six)
        self.next_host, self.next_prefix = 4, 0

    def host(self):
        self.next_host += 1
        return self.four[self.next_host]

    def host6(self):
        self.next_host += 1
        return self.six[self.next_host]

    def prefix(self):
        self.next_prefix += 1
        return list(self.four.subnets(new_prefix=28))[3 + self.next_prefix]

    def prefix6(self):
        self.next_prefix += 1
        return ipaddress.ip_network((int(self.six[0]) + (self.next_prefix << 48), 80))

    def unused(self, version):
        return self.four[62] if version == 4 else self.six[0xFFFE]


class Vpc:
    def __init__(self, vpc_id, number):
        self.id = vpc_id
        self.subnets = [
            Subnet(
                f"subnet-{vpc_id[-1]}{i}",
                self,
                f"10.{number}.0.{128 * i}/25",
                f"2001:db8:{number}:{i}::/64",
            )
            for i in range(2)
        ]
        self.interfaces = []
