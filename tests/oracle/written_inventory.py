"""What the stories' inventories are made of, a word for each part."""

# The local interface of every story, and one neighbour in the other subnet.
WEB = {
    "NetworkInterfaceId": "eni-web",
    "VpcId": "vpc-1",
    "SubnetId": "subnet-1",
    "PrivateIpAddress": "10.0.0.5",
    "PrivateIpAddresses": [
        {"Primary": True, "PrivateIpAddress": "10.0.0.5"},
        {"Primary": False, "PrivateIpAddress": "10.0.0.6"},
    ],
    "Ipv6Addresses": [{"Ipv6Address": "2001:db8::5"}],
    "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.64/28"}],
    "Attachment": {"InstanceId": "i-web"},
    "Groups": [{"GroupId": "sg-web"}],
}


def interface(
    name,
    address,
    groups="",
    vpc="vpc-1",
    subnet="subnet-2",
    kind="interface",
    six=None,
    secondary=None,
    prefix=None,
    instance=None,
    trunk=None,
):
    document = {
        "NetworkInterfaceId": name,
        "VpcId": vpc,
        "SubnetId": subnet,
        "InterfaceType": kind,
        "PrivateIpAddress": address,
        "Groups": [{"GroupId": group} for group in groups.split()],
    }
    if six:
        document["Ipv6Addresses"] = [{"Ipv6Address": six}]
    if secondary:
        document["PrivateIpAddresses"] = [{"PrivateIpAddress": secondary}]
    if prefix:
        document["Ipv4Prefixes"] = [{"Ipv4Prefix": prefix}]
    if instance:
        document["Attachment"] = {"InstanceId": instance}
    if trunk:
        document["TagSet"] = [{"Key": "vpcresources.k8s.aws/trunk-eni-id", "Value": trunk}]
    return document


def untold(name, address):
    """As `--query` projects it: without Groups."""
    document = interface(name, address)
    del document["Groups"]
    return document


DB = interface("eni-db", "10.0.1.9", "sg-db")
FAR = interface("eni-far", "10.9.0.4", "sg-far", vpc="vpc-9")


def rule(text):
    """ "sgr-1 in tcp 443 10.0.0.0/8"; a group may be followed by its peering status and VPC."""
    name, direction, protocol, ports, source, *more = text.split()
    first, _, last = ports.partition("..")
    document = {
        "SecurityGroupRuleId": name,
        "GroupId": "sg-web",
        "IsEgress": direction == "out",
        "IpProtocol": protocol,
        "FromPort": -1 if ports == "all" else int(first),
        "ToPort": -1 if ports == "all" else int(last or first),
    }
    if source.startswith("pl-"):
        document["PrefixListId"] = source
    elif source.startswith("sg-"):
        document["ReferencedGroupInfo"] = {"GroupId": source}
        for word in more:
            key = "VpcId" if word.startswith("vpc-") else "PeeringStatus"
            document["ReferencedGroupInfo"][key] = word
    else:
        document["CidrIpv6" if ":" in source else "CidrIpv4"] = source
    return document


def acl(*entries, name="acl-1", subnets="subnet-1", default=False):
    """Entries: "100 in allow 6 443 0.0.0.0/0"; "type8" in the place of ports."""
    document = {
        "NetworkAclId": name,
        "VpcId": "vpc-1",
        "IsDefault": default,
        "Associations": [{"SubnetId": subnet} for subnet in subnets.split()],
        "Entries": [],
    }
    for text in entries:
        number, direction, action, protocol, ports, source = text.split()
        entry = {
            "RuleNumber": int(number),
            "Egress": direction == "out",
            "RuleAction": action,
            "Protocol": protocol,
            "Ipv6CidrBlock" if ":" in source else "CidrBlock": source,
        }
        first, _, last = ports.partition("..")
        if ports.startswith("type"):
            entry["IcmpTypeCode"] = {"Type": int(ports[4:]), "Code": -1}
        elif ports != "all":
            entry["PortRange"] = {"From": int(first), "To": int(last or first)}
        document["Entries"].append(entry)
    return document


ALLOW_ALL = ("100 in allow -1 all 0.0.0.0/0", "100 out allow -1 all 0.0.0.0/0")
DENY_IN = acl("90 in deny -1 all 0.0.0.0/0", "100 out allow -1 all 0.0.0.0/0")
DENY_OUT = acl("100 in allow -1 all 0.0.0.0/0", "90 out deny -1 all 0.0.0.0/0")

IN_443 = "sgr-in in tcp 443 0.0.0.0/0"
OUT_ALL = "sgr-out out -1 all 0.0.0.0/0"
IN_ALL = "sgr-all in -1 all 0.0.0.0/0"
