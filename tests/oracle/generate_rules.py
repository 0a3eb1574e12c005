"""Groups and their rules, as SecurityGroupRules or as permissions."""

from generated_vpc import ACCOUNT

PORT_RANGES = (
    (22, 22),
    (53, 53),
    (80, 80),
    (443, 443),
    (0, 1023),
    (1024, 65535),
    (5432, 8080),
    (32768, 65535),
    (0, 65535),
    (0, 65534),
    (1, 65535),
    (443, 8080),
    (0, 0),
)
RULE_PROTOCOLS = (
    ("tcp",) * 9
    + ("6",)
    + ("udp",) * 3
    + ("17",)
    + ("-1",) * 4
    + ("icmp", "icmp", "1", "icmpv6", "icmpv6", "58", "47", "50", "132")
)
LISTS = ("pl-entries", "pl-cidrs", "pl-empty", "pl-unread", "pl-beside", "pl-lacking")


def add_groups_and_rules(world, document):
    rng = world.dice.rng
    rows, count = [], 0
    permissions = {}
    for group in world.with_rules:
        rules = [any_rule(world, False) for _ in range(rng.choice((0, 1, 2, 3, 4, 6, 8)))]
        if world.dice.chance(0.45):
            everything = {"IsEgress": True, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1}
            rules.append(dict(everything, CidrIpv4="0.0.0.0/0"))
            if world.dice.chance(0.5):
                rules.append(dict(everything, CidrIpv6="::/0"))
        else:
            rules += [any_rule(world, True) for _ in range(rng.choice((0, 1, 2, 4, 8)))]
        if group not in world.described or not world.dice.chance(0.25, "permissions"):
            for rule in rules:
                count += 1
                rows.append(
                    {
                        "SecurityGroupRuleId": f"sgr-{count:02}",
                        "GroupId": group,
                        "GroupOwnerId": ACCOUNT,
                        **rule,
                        "Tags": [],
                    }
                )
            # printed by describe-security-groups as well; not to be read then
            if rules and world.dice.chance(0.3, "permissions"):
                permissions[group] = rules
        else:
            permissions[group] = rules
    rng.shuffle(rows)
    document["SecurityGroupRules"] = rows
    document["SecurityGroups"] = []
    for group in sorted(world.described):
        entry = {
            "GroupId": group,
            "GroupName": group,
            "Description": "",
            "OwnerId": ACCOUNT,
            "VpcId": world.group_vpcs[group],
        }
        if group in permissions:
            entry.update(as_permissions(world, permissions[group]))
        document["SecurityGroups"].append(entry)
    rng.shuffle(document["SecurityGroups"])


def any_rule(world, egress):
    """Protocol, ports and source, as SecurityGroupRules has them."""
    rng = world.dice.rng
    protocol = rng.choice(RULE_PROTOCOLS)
    if protocol in ("tcp", "udp", "6", "17"):
        ports = rng.choice(PORT_RANGES)
    elif protocol in ("icmp", "icmpv6", "1", "58"):
        ports = rng.choice(((-1, -1), (8, 0), (3, -1), (128, 0)))
    else:
        ports = (-1, -1)
    rule = {
        "IsEgress": egress,
        "IpProtocol": protocol,
        "FromPort": ports[0],
        "ToPort": ports[1],
    }
    kind = rng.random()
    if kind < 0.35:
        rule["CidrIpv4"] = str(world.any_network(4))
    elif kind < 0.5:
        rule["CidrIpv6"] = str(world.any_network(6))
    elif kind < 0.65:
        rule["PrefixListId"] = rng.choice(LISTS)
    else:
        rule["ReferencedGroupInfo"] = any_reference(world)
    return rule


def any_reference(world):
    rng = world.dice.rng
    group = rng.choice(world.main_groups * 2 + world.second_groups * 2 + world.targets)
    reference = {"GroupId": group, "UserId": ACCOUNT}
    home = world.group_vpcs.get(group)
    if home != "vpc-a" and home and world.dice.chance(0.6):
        reference["VpcId"] = home
    elif group == "sg-lacking" and world.dice.chance(0.3, "uncovered"):
        reference["VpcId"] = "vpc-d"
    if home != "vpc-a":
        status = rng.choice(
            (
                "active",
                "active",
                "deleted",
                "pending-acceptance",
                "pending-acceptance",
                None,
                None,
            )
        )
        if status:
            reference["VpcPeeringConnectionId"] = "pcx-1"
            reference["PeeringStatus"] = status
    return reference


def as_permissions(world, rules):
    found = {"IpPermissions": [], "IpPermissionsEgress": []}
    for rule in rules:
        permissions = found["IpPermissionsEgress" if rule["IsEgress"] else "IpPermissions"]
        if permissions and world.dice.chance(0.3, "several-sources"):
            permission = permissions[-1]  # its source joins the one before
        else:
            permission = {
                "IpProtocol": rule["IpProtocol"],
                "IpRanges": [],
                "Ipv6Ranges": [],
                "PrefixListIds": [],
                "UserIdGroupPairs": [],
            }
            if rule["IpProtocol"] != "-1":
                permission["FromPort"] = rule["FromPort"]
                permission["ToPort"] = rule["ToPort"]
            permissions.append(permission)
        if "CidrIpv4" in rule:
            permission["IpRanges"].append({"CidrIp": rule["CidrIpv4"]})
        elif "CidrIpv6" in rule:
            permission["Ipv6Ranges"].append({"CidrIpv6": rule["CidrIpv6"]})
        elif "PrefixListId" in rule:
            permission["PrefixListIds"].append({"PrefixListId": rule["PrefixListId"]})
        else:
            permission["UserIdGroupPairs"].append(rule["ReferencedGroupInfo"])
    return found
