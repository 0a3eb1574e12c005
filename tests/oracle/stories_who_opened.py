"""Stories: who opened."""

from story import SYN_IN, SYN_OUT, Stories, line
from written_inventory import IN_443, IN_ALL, OUT_ALL

STORIES = Stories()
story = STORIES.tell

# fmt: off

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
