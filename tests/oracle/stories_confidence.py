"""Stories: confidence."""

from story import SYN_IN_REFUSED, Stories, line
from written_inventory import IN_443, OUT_ALL, interface

STORIES = Stories()
story = STORIES.tell

# fmt: off

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
