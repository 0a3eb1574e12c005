"""Which near misses the oracle names, whatever the order of the rules."""

from story import FIELDS, FROM_DB, answer_of, line
from written_inventory import DB, WEB, rule


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
