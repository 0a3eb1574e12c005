"""Stories: does a rule match."""

from story import FROM_DB, SYN_IN, SYN_IN_REFUSED, SYN_OUT, Stories, line
from written_inventory import FAR, IN_443, interface, untold

STORIES = Stories()
story = STORIES.tell

# fmt: off

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
