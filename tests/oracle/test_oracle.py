"""Hand-checked cases for the oracle, one for each row of each table, and the real sample.

A story is an inventory, a record and the answer a network engineer would give. `reaches` names
the rows (rows.py) it is about; a test holds that the stories reach every row.
"""

import os
import pathlib
from collections import Counter

import generate
import oracle
import pytest
from oracle import Oracle
from rows import ROWS

FIELDS = generate.V11

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


def line(text, **more):
    """ "in 198.51.100.7/50000 443 tcp 2 ACCEPT": direction, peer and its port, local port,
    protocol, flags, action; then any field by name (hyphens as underscores)."""
    direction, peer, local_port, protocol, flags, action = text.split()
    address, _, peer_port = peer.partition("/")
    own = "2001:db8::5" if ":" in address else "10.0.0.5"
    protocol = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}.get(protocol, protocol)
    source, destination = (address, peer_port or "0"), (own, local_port)
    if direction == "out":
        source, destination = destination, source
    values = {
        "interface-id": "eni-web",
        "flow-direction": {"in": "ingress", "out": "egress"}[direction],
        "srcaddr": source[0],
        "srcport": source[1],
        "dstaddr": destination[0],
        "dstport": destination[1],
        "protocol": protocol,
        "tcp-flags": flags,
        "action": action,
        "log-status": "OK",
        "vpc-id": "vpc-1",
        "start": "1",
        "end": "2",
    }
    values.update({name.replace("_", "-"): value for name, value in more.items()})
    return values


SYN_IN = "in 198.51.100.7/50000 443 tcp 2 ACCEPT"
SYN_OUT = "out 198.51.100.7/443 50000 tcp 2 ACCEPT"
SYN_IN_REFUSED = "in 198.51.100.7/50000 443 tcp 2 REJECT"

STORIES = []


def story(
    title,
    reaches,
    record,
    verdict,
    confidence=None,
    matched="",
    initiator=None,
    acl=None,
    rules=(),
    interfaces=(),
    before=(),
    groups=("sg-web", "sg-db"),
    fields=FIELDS,
    nearest="",
    **document,
):
    """One case; `document` adds to the inventory, or replaces what stands in it."""
    inventory = {
        "NetworkInterfaces": [WEB, DB, *interfaces],
        "SecurityGroups": [
            {"GroupId": g, "VpcId": "vpc-1"} if isinstance(g, str) else g for g in groups
        ],
        "SecurityGroupRules": [rule(text) for text in rules],
        **document,
    }
    STORIES.append(
        pytest.param(
            inventory,
            fields,
            [*before, record],
            reaches,
            (verdict, confidence, matched.split(), initiator, acl, nearest.split()),
            id=title,
        )
    )


# fmt: off

# ---- the answer, from the top ----

story("a window without traffic", ["not-applicable: NODATA"],
      line(SYN_IN, log_status="NODATA"), "not-applicable")
story("a window whose records were lost", ["not-applicable: SKIPDATA"],
      line(SYN_IN, log_status="SKIPDATA"), "not-applicable")
story("a transit gateway's record", ["not-applicable: transit gateway"],
      {"resource-type": "TransitGateway", "srcaddr": "10.0.0.5", "log-status": "OK"},
      "not-applicable", fields=generate.TRANSIT_GATEWAY)
story("accepted at a NAT gateway", ["not-applicable: no groups"],
      line(SYN_IN, interface_id="eni-nat"), "not-applicable",
      interfaces=[interface("eni-nat", "10.0.0.9", kind="nat_gateway")])
story("accepted at an interface without groups, before what the record lacks",
      ["not-applicable: no groups"],
      line(SYN_IN, interface_id="eni-nat", protocol="-"), "not-applicable",
      interfaces=[interface("eni-nat", "10.0.0.9", kind="nat_gateway")])
story("a regional NAT gateway", ["not-applicable: regional NAT gateway"],
      line(SYN_IN, interface_id="-", resource_id="nat-1"), "not-applicable")
story("an interface nobody listed", ["unknown-interface", "interface: id not in the inventory"],
      line(SYN_IN, interface_id="eni-gone"), "unknown-interface")
story("no action", ["not-judged: action"],
      line(SYN_IN, action="-"), "not-judged")
story("no protocol", ["not-judged: protocol"],
      line(SYN_IN, protocol="-"), "not-judged")
story("no address", ["not-judged: address"],
      line(SYN_IN, srcaddr="-"), "not-judged")
story("no TCP port", ["not-judged: port"],
      line(SYN_IN, dstport="-"), "not-judged")
story("no ICMP port is no gap", ["icmp: all types"],
      line("in 198.51.100.7 0 icmp - ACCEPT", srcport="-", dstport="-"), "allowed-by-rule",
      "exact", "sgr-1", "peer", rules=["sgr-1 in icmp all 0.0.0.0/0"])
story("the opposite direction's address is enough in pkt-srcaddr", ["allowed-by-rule: sure"],
      line(SYN_IN, srcaddr="-", pkt_srcaddr="198.51.100.7"), "allowed-by-rule", "exact", "sgr-in",
      "peer", rules=[IN_443])
story("no direction and neither address its own",
      ["not-judged: direction", "direction: both or neither"],
      line(SYN_IN, flow_direction="-", dstaddr="10.0.0.99"), "not-judged")
story("accepted where the inventory does not tell the groups", ["not-judged: groups"],
      line(SYN_IN, interface_id="eni-untold", dstaddr="10.0.0.8"), "not-judged",
      interfaces=[untold("eni-untold", "10.0.0.8")])
story("refused where the inventory does not tell the groups", ["not-judged: groups"],
      line(SYN_IN_REFUSED, interface_id="eni-untold", dstaddr="10.0.0.8"), "not-judged",
      interfaces=[untold("eni-untold", "10.0.0.8")])
story("refused by the VPC where the inventory does not tell the groups", ["denied-by-vpc: EC"],
      line(SYN_IN_REFUSED, interface_id="eni-untold", dstaddr="10.0.0.8", reject_reason="EC"),
      "denied-by-vpc", "exact", initiator="peer", interfaces=[untold("eni-untold", "10.0.0.8")])
story("refused by block public access", ["denied-by-vpc: BPA"],
      line(SYN_IN_REFUSED, reject_reason="BPA"), "denied-by-vpc", "exact",
      initiator="peer", rules=[IN_443])
story("refused by encryption controls", ["denied-by-vpc: EC"],
      line(SYN_IN_REFUSED, reject_reason="EC", tcp_flags="0"), "denied-by-vpc", "exact",
      initiator="unknown")
story("a client let in",
      ["allowed-by-rule: sure", "ports: in range", "protocol: same", "cidr: IPv4 yes"],
      line(SYN_IN), "allowed-by-rule", "exact", "sgr-in", "peer", rules=[IN_443, OUT_ALL])
story("all rules that surely match, in inventory order, and no others", ["allowed-by-rule: sure"],
      line("in 10.0.1.9/50000 443 tcp 2 ACCEPT"), "allowed-by-rule", "exact", "sgr-2 sgr-1",
      "peer",
      rules=["sgr-2 in tcp 443 sg-db", "sgr-no in tcp 80 sg-db", "sgr-3 in tcp 443 pl-lacking",
             "sgr-1 in -1 all 10.0.0.0/8"])
story("only rules that can't be told",
      ["allowed-by-rule: can't tell", "confidence: match can't be told"],
      line(SYN_IN), "allowed-by-rule", "possible", "sgr-1 sgr-2", "peer",
      rules=["sgr-1 in tcp 443 pl-lacking", "sgr-2 in tcp 443 sg-lacking"])
story("a server's reply", ["allowed-as-return: sure"],
      line("in 198.51.100.7/443 50000 tcp 19 ACCEPT"), "allowed-as-return", "exact", "sgr-out",
      "local", rules=[IN_443, OUT_ALL])
story("a reply by a rule that can't be told", ["allowed-as-return: can't tell"],
      line("in 198.51.100.7/443 50000 tcp 18 ACCEPT"), "allowed-as-return", "possible", "sgr-1",
      "local", rules=["sgr-1 out tcp 443 pl-lacking"])
story("accepted though no rule lets it", ["allowed-unexplained", "confidence: unexplained"],
      line(SYN_IN), "allowed-unexplained", "possible", "", "peer", rules=[OUT_ALL])
story("accepted, no rule, nobody knows who opened", ["allowed-unexplained"],
      line("in 198.51.100.7/50000 40000 tcp 0 ACCEPT"), "allowed-unexplained", "ambiguous", "",
      "unknown")

story("the ACL refuses what the groups would let in",
      ["denied-by-network-acl: inbound, groups let pass", "acl: entry denies", "acl: associated"],
      line(SYN_IN_REFUSED), "denied-by-network-acl", "exact", "", "peer", ("acl-1", 90),
      rules=[IN_443], NetworkAcls=[DENY_IN])
story("the ACL refuses first, the groups too", ["denied-by-network-acl: inbound, groups refuse"],
      line(SYN_IN_REFUSED), "denied-by-network-acl", "exact", "", "peer", ("acl-1", 90),
      NetworkAcls=[DENY_IN])
story("the ACL refuses, the groups can't be told",
      ["denied-by-network-acl: inbound, groups can't tell"],
      line(SYN_IN_REFUSED), "denied-by-network-acl", "exact", "", "peer", ("acl-1", 90),
      rules=["sgr-1 in tcp 443 pl-lacking"], nearest="sgr-1", NetworkAcls=[DENY_IN])
story("the ACL refuses at a NAT gateway", ["denied-by-network-acl: inbound, no groups"],
      line(SYN_IN_REFUSED, interface_id="eni-nat"), "denied-by-network-acl", "exact", "", "peer",
      ("acl-1", 90),
      NetworkAcls=[DENY_IN],
      interfaces=[interface("eni-nat", "10.0.0.9", subnet="subnet-1", kind="nat_gateway")])
story("out through the groups, refused by the ACL",
      ["denied-by-network-acl: outbound, surely let pass"],
      line("out 198.51.100.7/443 50000 tcp 0 REJECT"), "denied-by-network-acl", "exact", "",
      "unknown", ("acl-1", 90), rules=[OUT_ALL], NetworkAcls=[DENY_OUT])
story("out, the groups can't be told, the ACL refuses",
      ["denied-by-network-acl: outbound, can't tell"],
      line("out 198.51.100.7/443 50000 tcp 2 REJECT"), "denied-by-network-acl", "possible", "",
      "local", ("acl-1", 90),
      rules=["sgr-1 out tcp 443 pl-lacking"], nearest="sgr-1", NetworkAcls=[DENY_OUT])
story("a reply on its way out, refused by the ACL, who opened unknown",
      ["denied-by-network-acl: outbound, other direction matches"],
      line("out 198.51.100.7/50000 443 tcp 0 REJECT"), "denied-by-network-acl", "possible", "",
      "unknown", ("acl-1", 90), rules=[IN_443], NetworkAcls=[DENY_OUT])
story("the SYN-ACK refused by the ACL", ["denied-by-network-acl: outbound, surely let pass"],
      line("out 198.51.100.7/50000 443 tcp 18 REJECT"), "denied-by-network-acl", "exact", "",
      "peer", ("acl-1", 90), rules=[IN_443], NetworkAcls=[DENY_OUT])
story("out of a NAT gateway, refused by the ACL", ["denied-by-network-acl: outbound, no groups"],
      line("out 198.51.100.7/443 50000 tcp 0 REJECT", interface_id="eni-nat"),
      "denied-by-network-acl", "exact", "", "unknown", ("acl-1", 90),
      NetworkAcls=[DENY_OUT],
      interfaces=[interface("eni-nat", "10.0.0.9", subnet="subnet-1", kind="nat_gateway")])
story("a reply refused by the ACL, the opening seen earlier",
      ["confidence: outbound ACL, conversation remembered"],
      line("out 198.51.100.7/50000 443 tcp 0 REJECT"), "denied-by-network-acl", "likely", "",
      "peer", ("acl-1", 90), rules=[IN_443], NetworkAcls=[DENY_OUT], before=[line(SYN_IN)])

story("a scan refused",
      ["denied-by-security-group: inbound", "confidence: group, neither direction matches"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 10.0.0.0/8"])
story("a question refused on its way out", ["denied-by-security-group: outbound"],
      line("out 198.51.100.7/123 50000 udp 0 REJECT"), "denied-by-security-group", "exact", "",
      "unknown")
story("out, refused by the groups, the ACL would refuse it next",
      ["denied-by-security-group: outbound, ACL too"],
      line("out 198.51.100.7/443 50000 tcp 2 REJECT"), "denied-by-security-group", "exact", "",
      "local", ("acl-1", 90), rules=[IN_443], NetworkAcls=[DENY_OUT])
story("the tail of a closed connection", ["denied-after-close: own direction"],
      line("in 198.51.100.7/50000 443 tcp 4 REJECT"), "denied-after-close", "possible", "",
      "unknown", rules=[IN_443])
story("the server's last FIN", ["denied-after-close: other direction"],
      line("in 198.51.100.7/443 50000 tcp 1 REJECT"), "denied-after-close", "possible", "",
      "unknown", rules=[OUT_ALL])
story("the server's last FIN, the opening seen earlier", ["denied-after-close: other direction"],
      line("in 198.51.100.7/443 50000 tcp 1 REJECT"), "denied-after-close", "possible", "",
      "local", rules=[OUT_ALL], before=[line(SYN_OUT)])
story("a RST that the ACL refuses is no tail", ["denied-by-network-acl: inbound, groups let pass"],
      line("in 198.51.100.7/50000 443 tcp 4 REJECT"), "denied-by-network-acl", "exact", "",
      "unknown", ("acl-1", 90), rules=[IN_443], NetworkAcls=[DENY_IN])
story("a RST that no rule covers is a refusal", ["denied-by-security-group: inbound"],
      line("in 198.51.100.7/50000 443 tcp 4 REJECT"), "denied-by-security-group", "exact", "",
      "unknown")
story("a SYN-ACK whose SYN went another way", ["denied-no-connection: SYN-ACK"],
      line("in 198.51.100.7/443 50000 tcp 18 REJECT"), "denied-no-connection", "possible", "",
      "local", rules=[OUT_ALL])
story("the middle of a connection whose tracking ran out", ["denied-no-connection: flags 0"],
      line("in 198.51.100.7/50000 443 tcp 0 REJECT"), "denied-no-connection", "possible", "",
      "unknown", rules=[IN_443])
story("refused though all allow it", ["denied-unexplained: groups allow"],
      line(SYN_IN_REFUSED), "denied-unexplained", "possible", "", "peer", rules=[IN_443])
story("refused at an interface without groups", ["denied-unexplained: no groups"],
      line("in 198.51.100.7/443 50000 tcp 18 REJECT", interface_id="eni-nat"),
      "denied-unexplained", "possible", "", "local",
      interfaces=[interface("eni-nat", "10.0.0.9", kind="nat_gateway")])

# ---- who opened ----

story("a SYN says that the sender opened", ["opened: SYN"],
      line(SYN_IN, tcp_flags="7"), "allowed-by-rule", "exact", "sgr-in", "peer",
      rules=[IN_443, OUT_ALL])
story("a SYN-ACK says that the receiver opened", ["opened: SYN-ACK"],
      line("out 198.51.100.7/50000 443 tcp 22 ACCEPT"), "allowed-as-return", "exact", "sgr-in",
      "peer", rules=[IN_443, OUT_ALL])
story("a UDP record's flags say nothing", ["opened: below 1024, sender"],
      line("in 198.51.100.7/50000 443 udp 18 ACCEPT"), "allowed-by-rule", "likely", "sgr-all",
      "peer", rules=[IN_ALL, OUT_ALL])
story("the opening remembered, same direction",
      ["opened: remembered, sender", "flags: 0, 1, 4 or 5"],
      line("in 198.51.100.7/443 50000 tcp 0 ACCEPT"), "allowed-by-rule", "likely", "sgr-all",
      "peer", rules=[IN_ALL, OUT_ALL], before=[line("in 198.51.100.7/443 50000 tcp 2 ACCEPT")])
story("the opening remembered, reply", ["opened: remembered, receiver"],
      line("out 198.51.100.7/443 50000 tcp 0 ACCEPT"), "allowed-as-return", "likely", "sgr-all",
      "peer", rules=[IN_ALL, OUT_ALL], before=[line("in 198.51.100.7/443 50000 tcp 2 ACCEPT")])
story("a remembered SYN-ACK tells the same", ["opened: remembered, sender"],
      line("in 198.51.100.7/443 50000 tcp 0 ACCEPT"), "allowed-by-rule", "likely", "sgr-all",
      "peer", rules=[IN_ALL, OUT_ALL], before=[line("out 198.51.100.7/443 50000 tcp 18 ACCEPT")])
story("the latest opening counts", ["opened: remembered, receiver"],
      line("in 198.51.100.7/443 50000 tcp 0 ACCEPT"), "allowed-as-return", "likely", "sgr-out",
      "local",
      rules=[IN_ALL, OUT_ALL],
      before=[line("in 198.51.100.7/443 50000 tcp 2 REJECT"), line(SYN_OUT)])
story("another port is another conversation", ["opened: below 1024, receiver"],
      line("in 198.51.100.7/443 50000 tcp 0 ACCEPT"), "allowed-as-return", "likely", "sgr-out",
      "local", rules=[IN_ALL, OUT_ALL], before=[line("in 198.51.100.7/443 50001 tcp 2 ACCEPT")])
story("another interface is another conversation", ["opened: below 1024, receiver"],
      line("in 198.51.100.7/443 50000 tcp 0 ACCEPT"), "allowed-as-return", "likely", "sgr-out",
      "local",
      rules=[IN_ALL, OUT_ALL],
      before=[line("in 198.51.100.7/443 50000 tcp 2 ACCEPT", interface_id="eni-db")])
story("only the inbound rules let it pass",
      ["opened: only own direction matches", "ports: outside"],
      line("in 198.51.100.7/50000 443 tcp 0 ACCEPT"), "allowed-by-rule", "exact", "sgr-in", "peer",
      rules=[IN_443, "sgr-out out tcp 443 0.0.0.0/0"])
story("only the outbound rules let it pass", ["opened: only other direction matches"],
      line("in 198.51.100.7/443 50000 tcp 0 ACCEPT"), "allowed-as-return", "exact", "sgr-out",
      "local", rules=[IN_443, OUT_ALL])
story("only one direction matches, and that can't be told", ["opened: only own direction matches"],
      line("in 198.51.100.7/50000 443 tcp 0 ACCEPT"), "allowed-by-rule", "possible", "sgr-1",
      "peer", rules=["sgr-1 in tcp 443 pl-lacking"])
story("only the inbound rule names the port", ["opened: only own names the port"],
      line("in 198.51.100.7/50000 8443 tcp 0 ACCEPT"), "allowed-by-rule", "likely", "sgr-1",
      "peer", rules=["sgr-1 in tcp 8443 0.0.0.0/0", OUT_ALL])
story("only the outbound rule names the port", ["opened: only other names the port"],
      line("in 198.51.100.7/8443 50000 tcp 0 ACCEPT"), "allowed-as-return", "likely", "sgr-1",
      "local", rules=[IN_ALL, "sgr-1 out tcp 8443 0.0.0.0/0"])
story("0 to 65535 names no port", ["opened: below 32768, sender"],
      line("in 198.51.100.7/50000 8443 tcp 0 ACCEPT"), "allowed-by-rule", "possible", "sgr-1",
      "peer", rules=["sgr-1 in tcp 0..65535 0.0.0.0/0", OUT_ALL])
story("an ICMP type counts as naming the port",
      ["opened: only own names the port", "icmp: type named"],
      line("in 198.51.100.7 0 icmp 0 ACCEPT"), "allowed-by-rule", "possible", "sgr-1", "peer",
      rules=["sgr-1 in icmp 8..0 0.0.0.0/0", OUT_ALL])
story("only the inbound match is sure", ["opened: only own is sure"],
      line("in 198.51.100.7/50000 8443 tcp 0 ACCEPT"), "allowed-by-rule", "possible", "sgr-all",
      "peer", rules=[IN_ALL, "sgr-1 out -1 all pl-lacking"])
story("only the outbound match is sure", ["opened: only other is sure"],
      line("in 198.51.100.7/50000 8443 tcp 0 ACCEPT"), "allowed-as-return", "possible", "sgr-out",
      "local", rules=["sgr-1 in -1 all pl-lacking", OUT_ALL])
story("a low port answers", ["opened: below 1024, sender", "protocol: all"],
      line("in 198.51.100.7/1024 1023 tcp 0 ACCEPT"), "allowed-by-rule", "likely", "sgr-all",
      "peer", rules=[IN_ALL, OUT_ALL])
story("a peer's low port answers", ["opened: below 1024, receiver"],
      line("in 198.51.100.7/53 32000 udp 0 ACCEPT"), "allowed-as-return", "likely", "sgr-out",
      "local", rules=[IN_ALL, OUT_ALL])
story("a registered port answers", ["opened: below 32768, sender"],
      line("in 198.51.100.7/32768 32767 tcp 0 ACCEPT"), "allowed-by-rule", "possible", "sgr-all",
      "peer", rules=[IN_ALL, OUT_ALL])
story("a peer's registered port answers", ["opened: below 32768, receiver"],
      line("in 198.51.100.7/5432 50000 tcp 0 ACCEPT"), "allowed-as-return", "possible", "sgr-out",
      "local", rules=[IN_ALL, OUT_ALL])
story("nothing says who opened", ["opened: unknown, ACCEPT", "flags: missing"],
      line("in 198.51.100.7/50000 40000 tcp - ACCEPT"), "allowed-by-rule", "ambiguous", "sgr-all",
      "unknown", rules=[IN_ALL, OUT_ALL])
story("two low ports say nothing", ["opened: unknown, ACCEPT", "flags: any other value"],
      line("in 198.51.100.7/53 53 tcp 16 ACCEPT"), "allowed-by-rule", "ambiguous", "sgr-all",
      "unknown", rules=[IN_ALL, OUT_ALL])
story("of a REJECT the ports are not asked", ["opened: unknown, REJECT"],
      line("out 198.51.100.7/443 50000 tcp 0 REJECT"), "denied-by-security-group", "exact", "",
      "unknown")

# ---- does a rule match ----

story("another protocol", ["protocol: other"],
      line("in 198.51.100.7/50000 443 udp 0 REJECT"), "denied-by-security-group", "exact", "",
      "unknown", rules=[IN_443])
story("a protocol by number, ports ignored", ["ports: protocol without ports"],
      line("in 198.51.100.7 0 47 0 ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in 47 22 0.0.0.0/0"])
story("TCP by number", ["protocol: same"],
      line(SYN_IN), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in 6 443 0.0.0.0/0"])
story("all TCP ports", ["ports: all"],
      line(SYN_IN), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in tcp 0..65535 0.0.0.0/0"])
story("port 0 alone is no fragment", ["ports: only one of them is 0"],
      line("in 198.51.100.7/0 443 tcp 2 ACCEPT"), "allowed-by-rule", "exact", "sgr-in", "peer",
      rules=[IN_443])
story("a fragment against a named port", ["ports: fragment against named ports"],
      line("in 198.51.100.7/0 0 udp 0 ACCEPT"), "allowed-by-rule", "possible", "sgr-1", "peer",
      rules=["sgr-1 in udp 53 0.0.0.0/0"])
story("a fragment from a wrong address is a no", ["cidr: IPv4 no"],
      line("in 198.51.100.7/0 0 udp 0 REJECT"), "denied-by-security-group", "exact", "", "unknown",
      rules=["sgr-1 in udp 53 10.0.0.0/8"])
story("a fragment against all ports", ["ports: fragment against all ports"],
      line("in 198.51.100.7/0 0 udp 0 ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in udp 0..65535 0.0.0.0/0"])
story("ICMPv6 of all types, named by number", ["icmpv6: all types", "cidr: IPv6 yes"],
      line("in 2001:db8:1::7 0 icmpv6 0 ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in 58 all ::/0"])
story("ICMPv6 of one type", ["icmpv6: type named"],
      line("in 2001:db8:1::7 0 icmpv6 0 ACCEPT"), "allowed-by-rule", "possible", "sgr-1", "peer",
      rules=["sgr-1 in icmpv6 128..0 ::/0"])
story("icmp with an IPv6 source matches no ICMPv6", ["protocol: other"],
      line("in 2001:db8:1::7 0 icmpv6 0 REJECT"), "denied-by-security-group", "exact", "",
      "unknown", rules=["sgr-1 in icmp all ::/0"])
story("an IPv6 source elsewhere", ["cidr: IPv6 no"],
      line("in 2001:db8:1::7/50000 443 tcp 2 REJECT"), "denied-by-security-group", "exact", "",
      "peer", rules=["sgr-1 in tcp 443 2001:db8:2::/48"])
story("an IPv4 rule and an IPv6 peer", ["cidr: other family"],
      line("in 2001:db8:1::7/50000 443 tcp 2 REJECT"), "denied-by-security-group", "exact", "",
      "peer", rules=[IN_443])
story("in a prefix list, by a later file", ["list: yes"],
      line(SYN_IN), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 pl-1"], PrefixLists=[{"PrefixListId": "pl-1"}], PrefixListId="pl-1",
      Entries=[{"Cidr": "198.51.100.0/24"}])
story("in an AWS prefix list", ["list: yes"],
      line(SYN_OUT), "allowed-by-rule", "exact", "sgr-1", "local",
      rules=["sgr-1 out tcp 443 pl-1"],
      PrefixLists=[{"PrefixListId": "pl-1", "Cidrs": ["198.51.100.0/24"]}])
story("not in the prefix list", ["list: no"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 pl-1"],
      PrefixLists=[{"PrefixListId": "pl-1", "Entries": [{"Cidr": "192.0.2.0/24"}]}])
story("a prefix list that is empty", ["list: empty"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 pl-1"], PrefixLists=[{"PrefixListId": "pl-1", "Entries": []}])
story("a prefix list whose entries were cut off", ["list: entries were cut"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "possible", "", "peer",
      rules=["sgr-1 in tcp 443 pl-1"], nearest="sgr-1", PrefixListId="pl-1",
      Entries=[{"Cidr": "192.0.2.0/24"}], NextToken="more")
story("a prefix list that is not there", ["list: lacking", "confidence: group, can't tell"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "possible", "", "peer",
      rules=["sgr-1 in tcp 443 pl-1"], nearest="sgr-1")
story("a prefix list whose entries were not listed", ["list: without entries"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "possible", "", "peer",
      rules=["sgr-1 in tcp 443 pl-1"], nearest="sgr-1",
      PrefixLists=[{"PrefixListId": "pl-1", "MaxEntries": 5}])

FROM_DB = "in 10.0.1.9/50000 443 tcp 2"
story("a referenced group's primary address", ["reference: own VPC, primary"],
      line(f"{FROM_DB} ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-db"])
story("its secondary address", ["reference: own VPC, other"],
      line("in 10.0.1.8/50000 443 tcp 2 ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-db"],
      interfaces=[interface("eni-3", "10.0.1.7", "sg-db", secondary="10.0.1.8")])
story("its delegated prefix", ["reference: own VPC, delegated prefix"],
      line("in 10.0.1.70/50000 443 tcp 2 ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-db"],
      interfaces=[interface("eni-3", "10.0.1.7", "sg-db", prefix="10.0.1.64/28")])
story("its IPv6 address", ["reference: own VPC, IPv6"],
      line("in 2001:db8:0:1::7/50000 443 tcp 2 ACCEPT"), "allowed-by-rule", "exact", "sgr-1",
      "peer",
      rules=["sgr-1 in tcp 443 sg-db"],
      interfaces=[interface("eni-3", "10.0.1.7", "sg-db", six="2001:db8:0:1::7")])
story("a self reference", ["reference: self"],
      line("in 10.0.0.8/50000 443 tcp 2 ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-web"], interfaces=[interface("eni-3", "10.0.0.8", "sg-web")])
story("a neighbour that does not carry the group", ["reference: not a member"],
      line("in 10.0.1.7/50000 443 tcp 2 REJECT"), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 sg-db"], interfaces=[interface("eni-3", "10.0.1.7")])
story("a group that nobody carries", ["reference: group of nobody"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 sg-nobody"], groups=("sg-web", "sg-db", "sg-nobody"))
story("a group that is not there", ["reference: lacking"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "possible", "", "peer",
      rules=["sgr-1 in tcp 443 sg-lacking"], nearest="sgr-1")
story("a group that is not there, a peer that is known", ["reference: lacking, known peer"],
      line(f"{FROM_DB} REJECT"), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 sg-lacking"])
story("a neighbour whose groups nobody told", ["reference: the peer's groups are not told"],
      line("in 10.0.1.7/50000 443 tcp 2 ACCEPT"), "allowed-by-rule", "possible", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-db"], interfaces=[untold("eni-3", "10.0.1.7")])

FAR = interface("eni-far", "10.9.0.4", "sg-far", vpc="vpc-9")
FROM_FAR = "in 10.9.0.4/50000 443 tcp 2"
FAR_GROUPS = ("sg-web", "sg-db", {"GroupId": "sg-far", "VpcId": "vpc-9"})
story("a peered group, active", ["reference: other VPC, active"],
      line(f"{FROM_FAR} ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-far active vpc-9"], interfaces=[FAR], groups=FAR_GROUPS)
story("a peered group, status not given", ["reference: other VPC, no status"],
      line(f"{FROM_FAR} ACCEPT"), "allowed-by-rule", "possible", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-far"], interfaces=[FAR], groups=FAR_GROUPS)
story("a peered group, peering not accepted yet", ["reference: other VPC, other status"],
      line(f"{FROM_FAR} REJECT"), "denied-by-security-group", "possible", "", "peer",
      rules=["sgr-1 in tcp 443 sg-far pending-acceptance"], interfaces=[FAR], groups=FAR_GROUPS,
      nearest="sgr-1")
story("a peered group, peering deleted", ["reference: peering deleted"],
      line(f"{FROM_FAR} REJECT"), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 sg-far deleted"], interfaces=[FAR], groups=FAR_GROUPS)
story("an address outside the peered group", ["reference: members elsewhere, peer not among them"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 sg-far"], interfaces=[FAR], groups=FAR_GROUPS)
story("one address in two VPCs means the own one", ["reference: same address in own VPC"],
      line(f"{FROM_FAR} REJECT"), "denied-by-security-group", "exact", "", "peer",
      rules=["sgr-1 in tcp 443 sg-far active"], groups=FAR_GROUPS,
      interfaces=[FAR, interface("eni-near", "10.9.0.4", "sg-db")])
story("a group of a VPC that nobody listed", ["reference: outside what is covered"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "possible", "", "peer",
      rules=["sgr-1 in tcp 443 sg-far active vpc-9"], groups=FAR_GROUPS, nearest="sgr-1")
story("the interfaces were cut off",
      ["reference: outside what is covered", "confidence: group, rules were cut"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "possible", "", "peer",
      rules=["sgr-1 in tcp 443 sg-db"], nearest="sgr-1", NextToken="more")

BALANCER = interface("eni-nlb", "10.0.1.20", "sg-nlb", kind="network_load_balancer")
NLB_GROUPS = ("sg-web", "sg-db", "sg-nlb")
story("a client behind a network load balancer", ["reference: balancer, can't tell"],
      line(SYN_IN), "allowed-by-rule", "possible", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-nlb"], interfaces=[BALANCER], groups=NLB_GROUPS)
story("a client, the next hop is the balancer", ["reference: balancer, next hop says so"],
      line(SYN_IN, next_hop_interface_type="network_load_balancer"), "allowed-by-rule", "exact",
      "sgr-1", "peer", rules=["sgr-1 in -1 all sg-nlb"], interfaces=[BALANCER], groups=NLB_GROUPS)
story("the balancer's health check", ["reference: balancer, its own address"],
      line("in 10.0.1.20/50000 443 tcp 2 ACCEPT"), "allowed-by-rule", "exact", "sgr-1", "peer",
      rules=["sgr-1 in tcp 443 sg-nlb"], interfaces=[BALANCER], groups=NLB_GROUPS)
story("a client's ping", ["reference: balancer, not TCP or UDP"],
      line("in 198.51.100.7 0 icmp 0 REJECT"), "denied-by-security-group", "exact", "", "unknown",
      rules=["sgr-1 in -1 all sg-nlb"], interfaces=[BALANCER], groups=NLB_GROUPS)
story("out to a balancer's group", ["reference: balancer, outbound rule"],
      line("out 198.51.100.7/443 50000 tcp 2 REJECT"), "denied-by-security-group", "exact", "",
      "local", rules=["sgr-1 out tcp 443 sg-nlb"], interfaces=[BALANCER], groups=NLB_GROUPS)

# ---- the ACL ----

story("the VPC's default ACL", ["acl: default of the VPC"],
      line(SYN_IN_REFUSED), "denied-by-network-acl", "exact", "", "peer", ("acl-0", 90),
      rules=[IN_443],
      NetworkAcls=[acl("90 in deny -1 all 0.0.0.0/0", name="acl-0", subnets="", default=True)])
story("no ACL in the inventory is not taken to refuse", ["acl: unknown"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "exact", "", "peer")
story("a subnet under two ACLs", ["acl: subnet under two"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "exact", "", "peer",
      NetworkAcls=[DENY_IN, acl(*ALLOW_ALL, name="acl-2")])
story("an allowing entry before the denying one", ["acl: entry allows"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "exact", "", "peer",
      NetworkAcls=[acl("200 in deny -1 all 0.0.0.0/0", "100 in allow 6 443 0.0.0.0/0")])
story("the packet's own destination port", ["denied-by-network-acl: inbound, groups refuse"],
      line("in 198.51.100.7/443 50000 tcp 18 REJECT"), "denied-by-network-acl", "exact", "",
      "local", ("acl-1", 32767), NetworkAcls=[acl("100 in allow 6 443 0.0.0.0/0")])
story("nothing allowed: the default deny", ["acl: default deny IPv4"],
      line(SYN_IN_REFUSED), "denied-by-network-acl", "exact", "", "peer", ("acl-1", 32767),
      rules=[IN_443], NetworkAcls=[acl("100 in allow 17 all 0.0.0.0/0")])
story("the default deny of IPv6", ["acl: default deny IPv6"],
      line("in 2001:db8:1::7/50000 443 tcp 2 REJECT"), "denied-by-network-acl", "exact", "",
      "peer", ("acl-1", 32768), NetworkAcls=[acl(*ALLOW_ALL)])
story("two addresses of one subnet", ["acl: same subnet by interface"],
      line("in 10.0.0.8/50000 443 tcp 2 REJECT"), "denied-by-security-group", "exact", "", "peer",
      interfaces=[interface("eni-3", "10.0.0.8", subnet="subnet-1")], NetworkAcls=[DENY_IN])
story("an unknown address of the same subnet", ["acl: same subnet by CIDR"],
      line("in 10.0.0.99/50000 443 tcp 2 REJECT"), "denied-by-security-group", "exact", "", "peer",
      Subnets=[{"SubnetId": "subnet-1", "CidrBlock": "10.0.0.0/24"}], NetworkAcls=[DENY_IN])
story("towards a Gateway Load Balancer endpoint", ["acl: same subnet, towards an endpoint"],
      line("out 10.0.0.8/443 50000 tcp 2 REJECT"), "denied-by-network-acl", "exact", "", "local",
      ("acl-1", 90),
      rules=[OUT_ALL], NetworkAcls=[DENY_OUT],
      interfaces=[interface("eni-3", "10.0.0.8", subnet="subnet-1",
                            kind="gateway_load_balancer_endpoint")])
story("an ICMP entry that names a type, then a denying one",
      ["acl: ICMP type passed over", "confidence: ACL passed over an entry"],
      line("in 198.51.100.7 0 icmp 0 REJECT"), "denied-by-network-acl", "possible", "", "unknown",
      ("acl-1", 100),
      NetworkAcls=[acl("90 in allow 1 type8 0.0.0.0/0", "100 in deny -1 all 0.0.0.0/0")])
story("an ICMP entry that names a type may have refused", ["confidence: ACL passed over an entry"],
      line("in 198.51.100.7 0 icmp 0 REJECT"), "denied-by-security-group", "possible", "",
      "unknown", NetworkAcls=[acl("90 in deny 1 type8 0.0.0.0/0", *ALLOW_ALL)])
story("outbound the groups refuse before the ACL's doubt",
      ["confidence: ACL passed over an entry"],
      line("out 198.51.100.7 0 icmp 0 REJECT"), "denied-by-security-group", "exact", "", "unknown",
      NetworkAcls=[acl("90 out deny 1 type8 0.0.0.0/0", *ALLOW_ALL)])
story("a fragment against an entry with ports", ["acl: fragment passed over"],
      line("in 198.51.100.7/0 0 udp 0 REJECT"), "denied-by-network-acl", "possible", "", "unknown",
      ("acl-1", 32767), NetworkAcls=[acl("90 in allow 17 53 0.0.0.0/0")])

# ---- confidence ----

story("flags settle who opened", ["confidence: group, flags settle"],
      line("in 198.51.100.7/50000 8080 tcp 2 REJECT"), "denied-by-security-group", "exact", "",
      "peer", rules=[OUT_ALL])
story("the conversation settles who opened", ["confidence: group, conversation remembered"],
      line("in 198.51.100.7/50000 8080 tcp 0 REJECT"), "denied-by-security-group", "likely", "",
      "peer", rules=[OUT_ALL], before=[line("in 198.51.100.7/50000 8080 tcp 2 REJECT")])
story("it might be a reply", ["confidence: group, other direction matches"],
      line("in 198.51.100.7/50000 8080 udp 0 REJECT"), "denied-by-security-group", "possible", "",
      "unknown", rules=[OUT_ALL])
story("the ports say that it is no reply", ["confidence: group, ports say sender"],
      line("in 198.51.100.7/50000 53 udp 0 REJECT"), "denied-by-security-group", "likely", "",
      "unknown", rules=[OUT_ALL])
story("a carried group that nobody described", ["confidence: group, not described"],
      line(SYN_IN_REFUSED), "denied-by-security-group", "possible", "", "peer", groups=("sg-db",))
story("a carried group with rules of its own is described", ["allowed-by-rule: sure"],
      line("in 198.51.100.7/50000 443 tcp 0 ACCEPT"), "allowed-by-rule", "exact", "sgr-in", "peer",
      rules=[IN_443], groups=("sg-db",))
story("accepted, another carried group is not described",
      ["confidence: accepted, group not described"],
      line("in 10.0.0.5/50000 443 tcp 0 ACCEPT", interface_id="eni-3", dstaddr="10.0.1.7"),
      "allowed-by-rule", "possible", "sgr-in", "peer",
      rules=[IN_443], interfaces=[interface("eni-3", "10.0.1.7", "sg-web sg-blank")])
story("accepted, the rules were cut off", ["confidence: accepted, rules were cut"],
      line("in 198.51.100.7/50000 443 tcp 0 ACCEPT"), "allowed-by-rule", "possible", "sgr-in",
      "peer", rules=[IN_443], NextToken="more")

# ---- whose record it is, and who is the peer ----

story("the interface by its id", ["interface: by id", "direction: flow-direction"],
      line(SYN_IN), "allowed-by-rule", "exact", "sgr-in", "peer", rules=[IN_443])
story("the interface by its address, and the direction too",
      ["interface: by address", "direction: by address"],
      line(SYN_IN, interface_id="-", flow_direction="-"), "allowed-by-rule", "exact", "sgr-in",
      "peer", rules=[IN_443])
story("two interfaces fit, the instance decides", ["interface: by address and instance"],
      line(SYN_IN, interface_id="-", vpc_id="-", instance_id="i-web"), "allowed-by-rule", "exact",
      "sgr-in", "peer", rules=[IN_443], interfaces=[interface("eni-3", "10.0.0.5", vpc="vpc-3")])
story("two interfaces fit", ["interface: several fit"],
      line(SYN_IN, interface_id="-", vpc_id="-"), "unknown-interface",
      interfaces=[interface("eni-3", "10.0.0.5", vpc="vpc-3")])
story("no interface fits", ["interface: none fits"],
      line(SYN_IN, interface_id="-", dstaddr="10.0.0.99"), "unknown-interface")
story("the address is that of another instance's interface", ["interface: none fits"],
      line(SYN_IN, interface_id="-", instance_id="i-other"), "unknown-interface")
story("a router, found by its instance", ["interface: by instance"],
      line(SYN_IN, interface_id="-", instance_id="i-web", dstaddr="10.0.0.99"), "allowed-by-rule",
      "exact", "sgr-in", "peer", rules=[IN_443])

TRUNK = interface("eni-trunk", "10.0.0.30", "sg-db", kind="trunk")
POD = interface("eni-pod", "10.0.0.31", "sg-web", kind="branch", trunk="eni-trunk")
story("a pod behind a trunk", ["interface: branch of a trunk"],
      line(SYN_IN, interface_id="eni-trunk", dstaddr="10.0.0.30", pkt_dstaddr="10.0.0.31"),
      "allowed-by-rule", "exact", "sgr-in", "peer", rules=[IN_443], interfaces=[TRUNK, POD])
story("the node itself", ["interface: trunk itself"],
      line(SYN_IN, interface_id="eni-trunk", dstaddr="10.0.0.30", pkt_dstaddr="10.0.0.30"),
      "allowed-unexplained", "possible", "", "peer", rules=[IN_443], interfaces=[TRUNK, POD])
story("a pod of another trunk", ["interface: trunk itself"],
      line(SYN_IN, interface_id="eni-trunk", dstaddr="10.0.0.30", pkt_dstaddr="10.0.0.31"),
      "allowed-unexplained", "possible", "", "peer",
      rules=[IN_443],
      interfaces=[TRUNK, interface("eni-pod", "10.0.0.31", "sg-web", kind="branch",
                                   trunk="eni-other")])
story("a secondary address", ["direction: by address"],
      line(SYN_IN, flow_direction="-", dstaddr="10.0.0.6"), "allowed-by-rule", "exact", "sgr-in",
      "peer", rules=[IN_443])
story("a delegated prefix", ["direction: by address"],
      line(SYN_IN, flow_direction="-", dstaddr="10.0.0.70"), "allowed-by-rule", "exact", "sgr-in",
      "peer", rules=[IN_443])
story("the true source behind a NAT gateway", ["peer: none"],
      line(SYN_IN, srcaddr="10.0.1.9", pkt_srcaddr="198.51.100.7"), "allowed-unexplained",
      "possible", "", "peer", rules=["sgr-1 in tcp 443 10.0.0.0/8"])

# fmt: on


def answer_of(inventory, fields, records):
    judge = Oracle([inventory])
    return judge.judge_file(fields, records)[-1], judge.coverage


@pytest.mark.parametrize("inventory, fields, records, reaches, expected", STORIES)
def test_story(inventory, fields, records, reaches, expected):
    answer, coverage = answer_of(inventory, fields, records)
    verdict, confidence, matched, initiator, acl_entry, nearest = expected
    assert answer.sg_verdict == verdict
    assert answer.sg_confidence == confidence
    assert answer.sg_matched_rules == matched
    assert answer.flow_initiator == initiator
    assert (answer.nacl_id, answer.nacl_rule) == (acl_entry or (None, None))
    assert answer.cannot_tell == nearest
    for row in reaches:
        assert coverage[row], row


def test_titles_are_unique():
    assert not [t for t, n in Counter(p.id for p in STORIES).items() if n > 1]


@pytest.mark.parametrize(
    "more, peer_id, row",
    [
        ({}, "eni-db", "peer: own VPC"),
        ({"next_hop_interface_id": "eni-hop"}, "eni-hop", "peer: next-hop-interface-id"),
        ({"srcaddr": "10.9.0.4", "next_hop_vpc_id": "vpc-9"}, "eni-far", "peer: next-hop-vpc-id"),
        ({"srcaddr": "10.9.0.4"}, None, "peer: none"),
    ],
)
def test_peer_interface(more, peer_id, row):
    inventory = {"NetworkInterfaces": [WEB, DB, FAR]}
    answer, coverage = answer_of(inventory, FIELDS, [line(f"{FROM_DB} REJECT", **more)])
    assert answer.peer_interface_id == peer_id
    assert coverage[row]


@pytest.mark.parametrize("status, peer_id", [("active", "eni-far"), ("pending", None)])
def test_peer_by_the_reference_that_decided(status, peer_id):
    inventory = {
        "NetworkInterfaces": [WEB, DB, FAR],
        "SecurityGroupRules": [rule(f"sgr-1 in tcp 443 sg-far {status} vpc-9")],
    }
    records = [line(f"{FROM_DB} ACCEPT", srcaddr="10.9.0.4")]
    answer, _ = answer_of(inventory, FIELDS, records)
    assert answer.sg_matched_rules == ["sgr-1"]
    assert answer.peer_interface_id == peer_id


def test_peer_where_nothing_is_judged():
    inventory = {"NetworkInterfaces": [WEB | {"Groups": []}, DB]}
    answer, _ = answer_of(inventory, FIELDS, [line(f"{FROM_DB} ACCEPT")])
    assert (answer.sg_verdict, answer.peer_interface_id) == ("not-applicable", "eni-db")
    nothing = line(f"{FROM_DB} ACCEPT", log_status="NODATA")
    assert answer_of(inventory, FIELDS, [nothing])[0].peer_interface_id is None


def test_nearest_rules():
    rules = [
        "sgr-d in tcp 22 0.0.0.0/0",
        "sgr-c in tcp 23 0.0.0.0/0",
        "sgr-b in tcp 24 0.0.0.0/0",
        "sgr-a in tcp 20..30 0.0.0.0/0",
        "sgr-untold in tcp 443 pl-lacking",
        "sgr-six in tcp 443 ::/0",
        "sgr-source in tcp 443 192.0.2.0/24",
        "sgr-udp in udp 443 0.0.0.0/0",
        "sgr-far in udp 53 0.0.0.0/0",
    ]
    expected = ["sgr-untold", "sgr-source", "sgr-b", "sgr-c", "sgr-d", "sgr-udp"]
    for order in (rules, rules[::-1]):
        inventory = {
            "NetworkInterfaces": [WEB, DB],
            "SecurityGroupRules": [rule(text) for text in order],
        }
        answer, _ = answer_of(inventory, FIELDS, [line(f"{FROM_DB} REJECT")])
        assert answer.sg_nearest == expected


def test_the_file_is_the_limit_of_the_memory():
    judge = Oracle(
        [{"NetworkInterfaces": [WEB], "SecurityGroupRules": [rule(IN_ALL), rule(OUT_ALL)]}]
    )
    later = line("in 198.51.100.7/50000 40000 tcp 0 ACCEPT")
    opening = line("in 198.51.100.7/50000 40000 tcp 2 ACCEPT")
    assert judge.judge_file(FIELDS, [opening, later])[1].sg_confidence == "likely"
    assert judge.judge_file(FIELDS, [later])[0].sg_confidence == "ambiguous"


def test_permissions_are_read_where_a_group_has_no_numbered_rules():
    group = {
        "GroupId": "sg-web",
        "VpcId": "vpc-1",
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            },
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "IpRanges": [{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "198.51.100.0/24"}],
                "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
            },
        ],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-db"}]}],
    }
    inventory = {"NetworkInterfaces": [WEB, DB], "SecurityGroups": [group]}
    answer, _ = answer_of(inventory, FIELDS, [line(SYN_IN)])
    assert answer.sg_matched_rules == ["sg-web/IpPermissions/1"]
    answer, _ = answer_of(inventory, FIELDS, [line("out 10.0.1.9/443 50000 tcp 2 ACCEPT")])
    assert answer.sg_matched_rules == ["sg-web/IpPermissionsEgress/0"]
    inventory["SecurityGroupRules"] = [rule("sgr-1 in tcp 80 0.0.0.0/0")]
    answer, _ = answer_of(inventory, FIELDS, [line(SYN_IN)])
    assert answer.sg_verdict == "allowed-unexplained"


def test_interfaces_of_instances():
    nested = {k: v for k, v in WEB.items() if k != "Attachment"}
    inventory = {
        "Reservations": [{"Instances": [{"InstanceId": "i-web", "NetworkInterfaces": [nested]}]}],
        "SecurityGroupRules": [rule(IN_443)],
    }
    answer, coverage = answer_of(
        inventory,
        FIELDS,
        [line(SYN_IN, interface_id="-", instance_id="i-web", dstaddr="10.0.0.99")],
    )
    assert answer.sg_verdict == "allowed-by-rule"
    assert coverage["interface: by instance"]


def test_stories_reach_every_row():
    reached = Counter()
    for parameters in STORIES:
        reached.update(answer_of(*parameters.values[:3])[1])
    for more in (
        {"next_hop_interface_id": "eni-hop"},
        {"srcaddr": "10.9.0.4", "next_hop_vpc_id": "vpc-9"},
    ):
        reached.update(
            answer_of(
                {"NetworkInterfaces": [WEB, DB, FAR]}, FIELDS, [line(f"{FROM_DB} REJECT", **more)]
            )[1]
        )
    assert not [row for row in ROWS if not reached[row]]


# ---- the generator ----


def test_generated_cases_reach_every_row():
    reached = Counter()
    for number in range(80):
        case = generate.Case(f"coverage/{number}", 300)
        judge = Oracle([case.inventory])
        judge.judge_file(case.fields, case.records)
        reached.update(judge.coverage)
    assert not [row for row in ROWS if not reached[row]]


def test_a_case_is_its_seed(tmp_path):
    first, second = generate.Case("7", 50), generate.Case("7", 50)
    assert first.inventory == second.inventory
    assert first.records == second.records
    inventory, log = first.write(tmp_path)
    fields, records = oracle.read_log(log)
    assert (fields, records) == (first.fields, first.records)
    answers = oracle.load(inventory).judge_file(fields, records)
    assert answers == Oracle([first.inventory]).judge_file(first.fields, first.records)


@pytest.mark.parametrize("feature", generate.FEATURES)
def test_a_feature_can_be_left_out(feature):
    for number in range(5):
        case = generate.Case(f"skip/{number}", 50, [feature])
        Oracle([case.inventory]).judge_file(case.fields, case.records)


# ---- the real sample ----


def test_real_records():
    folder = os.environ.get("SGFLOW_REAL_DATA")
    if not folder:
        pytest.skip("SGFLOW_REAL_DATA is not set")
    folder = pathlib.Path(folder)
    text = (folder / "real-sample.log").read_text(encoding="utf-8")
    records = [dict(zip(generate.CLASSIC, row.split(), strict=True)) for row in text.splitlines()]
    answers = oracle.load(folder / "real-inventory.json").judge_file(generate.CLASSIC, records)
    assert Counter((a.sg_verdict, *a.sg_matched_rules) for a in answers) == {
        ("allowed-by-rule", "sgr-09c9a1735de2a080a"): 35,
        ("allowed-as-return", "sgr-09c9a1735de2a080a"): 35,
        ("denied-by-security-group",): 120,
    }
