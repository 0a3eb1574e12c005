"""Who is there: few addresses and groups, so that things collide."""

import ipaddress

from generated_vpc import Interface, Vpc


class World:
    """Three VPCs, their groups and who carries them."""

    def __init__(self, dice):
        self.dice = dice
        self.main, self.second = Vpc("vpc-a", 0), Vpc("vpc-b", 1)
        third = Vpc("vpc-c", 0 if dice.chance(0.6, "same-addresses") else 2)
        self.vpcs = [self.main, self.second, third]
        self.counter = 0
        self.choose_groups()
        for vpc, count in ((self.main, 7), (self.second, 3), (third, 2)):
            for _ in range(count):
                self.add_interface(vpc, self.choose_type(vpc))
        if dice.chance(0.5, "branches"):
            self.add_trunk()
        self.interfaces = [i for vpc in self.vpcs for i in vpc.interfaces]
        if dice.chance(0.3):  # one group in two VPCs
            dice.rng.choice(self.second.interfaces).groups.append(self.main_groups[0])

    def choose_groups(self):
        self.main_groups = [f"sg-a{i}" for i in range(4)]
        self.second_groups = ["sg-b0", "sg-b1"]
        self.third_groups = ["sg-c0"]
        self.group_vpcs = {
            g: f"vpc-{g[3]}" for g in self.main_groups + self.second_groups + self.third_groups
        }
        self.group_vpcs["sg-nobody"] = "vpc-a"
        if "uncovered" not in self.dice.skip:
            self.group_vpcs["sg-far"] = "vpc-d"
        self.with_rules = list(self.main_groups + self.second_groups + self.third_groups)
        self.described = set(self.group_vpcs)
        self.described.discard("sg-a3")  # rules, but no SecurityGroups entry
        if self.dice.chance(0.5):
            self.with_rules.remove("sg-a2")  # described, no rules
        if self.dice.chance(0.5):
            self.with_rules.append("sg-rules")  # owns rules and nothing else
        self.targets = self.with_rules + ["sg-nobody", "sg-lacking", "sg-rules"]
        if "uncovered" not in self.dice.skip:
            self.targets += ["sg-far"]

    def choose_type(self, vpc):
        kinds = ["interface"] * 10 + [
            "lambda",
            "vpc_endpoint",
            "nat_gateway",
            "gateway_load_balancer_endpoint",
        ]
        if "balancers" not in self.dice.skip:
            kinds += ["network_load_balancer"] * 2
        return self.dice.rng.choice(kinds)

    def add_interface(self, vpc, kind):
        rng = self.dice.rng
        self.counter += 1
        subnet = rng.choice(vpc.subnets)
        new = Interface(f"eni-{vpc.id[-1]}{self.counter}", kind, vpc, subnet)
        new.addresses.append(subnet.host())
        if self.dice.chance(0.35):
            new.addresses.append(subnet.host())
        if self.dice.chance(0.5):
            new.addresses.append(subnet.host6())
        if self.dice.chance(0.25, "delegated-prefixes") and subnet.next_prefix < 3:
            new.prefixes.append(subnet.prefix())
        if self.dice.chance(0.15, "delegated-prefixes") and subnet.next_prefix < 3:
            new.prefixes.append(subnet.prefix6())
        if kind not in ("nat_gateway", "gateway_load_balancer_endpoint"):
            groups = {"a": self.main_groups, "b": self.second_groups, "c": self.third_groups}[
                vpc.id[-1]
            ]
            count = min(len(groups), rng.choice((0, 1, 1, 1, 2, 2, 3)))
            new.groups = rng.sample(groups, count)
            if self.dice.chance(0.1, "undescribed"):
                new.groups.append("sg-undescribed")
        if kind == "interface" and self.dice.chance(0.7):
            new.instance = f"i-{self.counter - self.counter % 2}"
        vpc.interfaces.append(new)
        return new

    def add_trunk(self):
        trunk = self.add_interface(self.main, "trunk")
        trunk.instance = "i-trunk"
        for tag in (trunk.id, None, "eni-other-trunk"):
            if self.dice.chance(0.7):
                branch = self.add_interface(self.main, "branch")
                branch.trunk = tag

    def any_network(self, version=None):
        rng = self.dice.rng
        version = version or rng.choice((4, 4, 6))
        if version == 4:
            return ipaddress.ip_network(
                rng.choice(
                    ["0.0.0.0/0"] * 3
                    + [
                        "10.0.0.0/8",
                        "10.0.0.0/25",
                        "10.0.0.128/25",
                        "10.1.0.0/24",
                        "198.51.100.0/24",
                        "198.51.100.7/32",
                        "203.0.113.0/24",
                    ]
                    + [str(self.known_address(4))]
                )
            )
        return ipaddress.ip_network(
            rng.choice(
                ["::/0"] * 3
                + [
                    "2001:db8::/32",
                    "2001:db8:0:1::/64",
                    "2001:db8:ffff::/48",
                    "2001:db8:ffff::7/128",
                ]
                + [str(self.known_address(6))]
            )
        )

    def known_address(self, version):
        known = [a for i in self.interfaces for a in i.addresses if a.version == version]
        return self.dice.rng.choice(known) if known else ipaddress.ip_address("2001:db8::1")
