"""How far the memory of conversations reaches."""

from oracle import Oracle
from story import FIELDS, line
from written_inventory import IN_ALL, OUT_ALL, WEB, rule


def test_the_file_is_the_limit_of_the_memory():
    judge = Oracle(
        [{"NetworkInterfaces": [WEB], "SecurityGroupRules": [rule(IN_ALL), rule(OUT_ALL)]}]
    )
    later = line("in 198.51.100.7/50000 40000 tcp 0 ACCEPT")
    opening = line("in 198.51.100.7/50000 40000 tcp 2 ACCEPT")
    assert judge.judge_file(FIELDS, [opening, later])[1].sg_confidence == "likely"
    assert judge.judge_file(FIELDS, [later])[0].sg_confidence == "ambiguous"
