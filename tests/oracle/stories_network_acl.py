"""Stories: the ACL."""

from story import SYN_IN_REFUSED, Stories, line
from written_inventory import ALLOW_ALL, DENY_IN, DENY_OUT, IN_443, OUT_ALL, acl, interface

STORIES = Stories()
story = STORIES.tell

# fmt: off

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
