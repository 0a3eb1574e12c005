"""A story: an inventory, a record and the answer a network engineer would give.

`reaches` names the rows (rows.py) it is about.
"""

import pytest
from generate_layout import V11
from oracle import Oracle
from written_inventory import DB, WEB, rule

FIELDS = V11


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
FROM_DB = "in 10.0.1.9/50000 443 tcp 2"


class Stories(list):
    def tell(
        self,
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
        self.append(
            pytest.param(
                inventory,
                fields,
                [*before, record],
                reaches,
                (verdict, confidence, matched.split(), initiator, acl, nearest.split()),
                id=title,
            )
        )


def answer_of(inventory, fields, records):
    judge = Oracle([inventory])
    return judge.judge_file(fields, records)[-1], judge.coverage
