"""Every row of every table of the architecture page, and every kind of match, by name.

The oracle counts how often it meets each; the generator has to reach them all.
"""

# fmt: off
ROWS = (
    # how the interface, the direction and the peer were found
    "interface: by id", "interface: by address", "interface: by address and instance",
    "interface: by instance", "interface: id not in the inventory", "interface: several fit",
    "interface: none fits", "interface: branch of a trunk", "interface: trunk itself",
    "direction: flow-direction", "direction: by address", "direction: both or neither",
    "peer: next-hop-interface-id", "peer: own VPC", "peer: next-hop-vpc-id", "peer: none",
    "peer: by an active reference",
    # does a rule match
    "protocol: all", "protocol: same", "protocol: other", "ports: in range", "ports: outside",
    "ports: all", "ports: only one of them is 0", "ports: fragment against named ports",
    "ports: fragment against all ports", "ports: protocol without ports", "icmp: all types",
    "icmp: type named", "icmpv6: all types", "icmpv6: type named", "cidr: IPv4 yes",
    "cidr: IPv4 no", "cidr: IPv6 yes", "cidr: IPv6 no", "cidr: other family", "list: yes",
    "list: no", "list: lacking", "list: without entries", "list: empty", "list: entries were cut",
    "reference: peering deleted", "reference: own VPC, primary", "reference: own VPC, other",
    "reference: own VPC, delegated prefix", "reference: own VPC, IPv6", "reference: self",
    "reference: not a member", "reference: balancer, next hop says so",
    "reference: balancer, can't tell", "reference: balancer, its own address",
    "reference: balancer, not TCP or UDP", "reference: balancer, outbound rule",
    "reference: other VPC, active", "reference: other VPC, no status",
    "reference: other VPC, other status", "reference: same address in own VPC",
    "reference: lacking", "reference: lacking, known peer", "reference: outside what is covered",
    "reference: the peer's groups are not told", "reference: group of nobody", "reference: members elsewhere, peer not among them",
    # who opened
    "opened: SYN", "opened: SYN-ACK", "opened: remembered, sender",
    "opened: remembered, receiver", "opened: only own direction matches",
    "opened: only other direction matches", "opened: only own names the port",
    "opened: only other names the port", "opened: only own is sure", "opened: only other is sure",
    "opened: below 1024, sender", "opened: below 1024, receiver", "opened: below 32768, sender",
    "opened: below 32768, receiver", "opened: unknown, ACCEPT", "opened: unknown, REJECT",
    "flags: 0, 1, 4 or 5", "flags: missing", "flags: any other value",
    # the ACL
    "acl: associated", "acl: default of the VPC", "acl: unknown", "acl: subnet under two",
    "acl: same subnet by interface", "acl: same subnet by CIDR",
    "acl: same subnet, towards an endpoint", "acl: entry allows", "acl: entry denies",
    "acl: default deny IPv4", "acl: default deny IPv6", "acl: ICMP type passed over",
    "acl: fragment passed over",
    # the answer
    "not-applicable: NODATA", "not-applicable: SKIPDATA", "not-applicable: transit gateway",
    "not-applicable: no groups", "not-applicable: regional NAT gateway", "unknown-interface",
    "not-judged: action", "not-judged: protocol", "not-judged: address", "not-judged: port",
    "not-judged: direction", "not-judged: groups", "denied-by-vpc: BPA", "denied-by-vpc: EC", "allowed-by-rule: sure",
    "allowed-by-rule: can't tell", "allowed-as-return: sure", "allowed-as-return: can't tell",
    "allowed-unexplained", "denied-by-network-acl: inbound, groups let pass",
    "denied-by-network-acl: inbound, groups can't tell",
    "denied-by-network-acl: inbound, groups refuse", "denied-by-network-acl: inbound, no groups",
    "denied-by-network-acl: outbound, surely let pass",
    "denied-by-network-acl: outbound, can't tell",
    "denied-by-network-acl: outbound, other direction matches",
    "denied-by-network-acl: outbound, no groups", "denied-by-security-group: inbound",
    "denied-by-security-group: outbound", "denied-by-security-group: outbound, ACL too",
    "denied-after-close: own direction", "denied-after-close: other direction",
    "denied-no-connection: SYN-ACK", "denied-no-connection: flags 0",
    "denied-unexplained: groups allow", "denied-unexplained: no groups",
    # what weakens the confidence
    "confidence: match can't be told", "confidence: unexplained",
    "confidence: accepted, group not described", "confidence: accepted, rules were cut",
    "confidence: ACL passed over an entry", "confidence: outbound ACL, conversation remembered",
    "confidence: group, neither direction matches", "confidence: group, flags settle",
    "confidence: group, conversation remembered", "confidence: group, can't tell",
    "confidence: group, other direction matches", "confidence: group, ports say sender",
    "confidence: group, not described", "confidence: group, rules were cut",
)
# fmt: on
