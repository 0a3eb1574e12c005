"""Stories: the answer, from the top."""

from generate_layout import TRANSIT_GATEWAY
from story import SYN_IN, SYN_IN_REFUSED, SYN_OUT, Stories, line
from written_inventory import DENY_IN, DENY_OUT, IN_443, OUT_ALL, interface, untold

STORIES = Stories()
story = STORIES.tell

# fmt: off

story("a window without traffic", ["not-applicable: NODATA"],
      line(SYN_IN, log_status="NODATA"), "not-applicable")
story("a window whose records were lost", ["not-applicable: SKIPDATA"],
      line(SYN_IN, log_status="SKIPDATA"), "not-applicable")
story("a transit gateway's record", ["not-applicable: transit gateway"],
      {"resource-type": "TransitGateway", "srcaddr": "10.0.0.5", "log-status": "OK"},
      "not-applicable", fields=TRANSIT_GATEWAY)
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
