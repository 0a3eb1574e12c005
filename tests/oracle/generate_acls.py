"""Network ACLs and the subnets under them."""

import ipaddress

from generate_rules import PORT_RANGES
from generated_vpc import ACCOUNT


def add_acls_and_subnets(world, document):
    rng = world.dice.rng
    document["NetworkAcls"], document["Subnets"] = [], []
    for vpc in world.vpcs:
        default = None
        if world.dice.chance(0.8):
            default = any_acl(world, vpc, f"acl-{vpc.id[-1]}", True)
            document["NetworkAcls"].append(default)
        for index, subnet in enumerate(vpc.subnets):
            if world.dice.chance(0.6):
                own = any_acl(world, vpc, f"acl-{vpc.id[-1]}{index}", False)
                own["Associations"].append(association(own, subnet))
                document["NetworkAcls"].append(own)
                if default and world.dice.chance(0.07, "two-acls"):
                    default["Associations"].append(association(default, subnet))
            elif default and world.dice.chance(0.4):
                default["Associations"].append(association(default, subnet))
            if world.dice.chance(0.7):
                document["Subnets"].append(
                    {
                        "SubnetId": subnet.id,
                        "VpcId": vpc.id,
                        "CidrBlock": str(subnet.four),
                        "Ipv6CidrBlockAssociationSet": [
                            {
                                "Ipv6CidrBlock": str(subnet.six),
                                "Ipv6CidrBlockState": {"State": "associated"},
                            }
                        ],
                    }
                )
    rng.shuffle(document["NetworkAcls"])


def association(acl, subnet):
    return {
        "NetworkAclAssociationId": f"aclassoc-{acl['NetworkAclId'][4:]}-{subnet.id[7:]}",
        "NetworkAclId": acl["NetworkAclId"],
        "SubnetId": subnet.id,
    }


def any_acl(world, vpc, acl_id, is_default):
    rng, entries = world.dice.rng, []
    for egress in (False, True):
        numbers = rng.sample(range(1, 300), 4)
        for number in numbers[: rng.choice((0, 0, 1, 2, 4))]:
            entries.append(any_acl_entry(world, egress, number))
        for version, probability, number in ((4, 0.8, 1000), (6, 0.7, 1001)):
            if world.dice.chance(probability):
                entries.append(
                    acl_entry(
                        egress,
                        number,
                        "-1",
                        "allow",
                        ipaddress.ip_network("0.0.0.0/0" if version == 4 else "::/0"),
                    )
                )
            if world.dice.chance(0.6):
                entries.append(
                    acl_entry(
                        egress,
                        32767 if version == 4 else 32768,
                        "-1",
                        "deny",
                        ipaddress.ip_network("0.0.0.0/0" if version == 4 else "::/0"),
                    )
                )
    rng.shuffle(entries)
    return {
        "NetworkAclId": acl_id,
        "VpcId": vpc.id,
        "OwnerId": ACCOUNT,
        "IsDefault": is_default,
        "Associations": [],
        "Entries": entries,
    }


def any_acl_entry(world, egress, number):
    rng = world.dice.rng
    protocol = rng.choice(("-1", "6", "6", "6", "17", "17", "1", "58", "47"))
    network = world.any_network(6 if protocol == "58" else None)
    entry = acl_entry(egress, number, protocol, rng.choice(("allow", "deny", "deny")), network)
    if protocol in ("6", "17"):
        ports = rng.choice(PORT_RANGES)
        entry["PortRange"] = {"From": ports[0], "To": ports[1]}
    if protocol in ("1", "58"):
        kind = rng.choice(((-1, -1), (8, 0), (128, -1)))
        entry["IcmpTypeCode"] = {"Type": kind[0], "Code": kind[1]}
    return entry


def acl_entry(egress, number, protocol, action, network):
    return {
        "Egress": egress,
        "RuleNumber": number,
        "Protocol": protocol,
        "RuleAction": action,
        "CidrBlock" if network.version == 4 else "Ipv6CidrBlock": str(network),
    }
