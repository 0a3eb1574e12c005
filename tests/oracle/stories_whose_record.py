"""Stories: whose record it is, and who is the peer."""

from story import SYN_IN, Stories, line
from written_inventory import IN_443, interface

STORIES = Stories()
story = STORIES.tell

# fmt: off

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
