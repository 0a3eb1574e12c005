"""The oracle's answers, told by hand for each row of each table.

A test holds that the stories reach every row.
"""

from collections import Counter

import pytest
import stories_confidence
import stories_network_acl
import stories_rule_match
import stories_verdict
import stories_who_opened
import stories_whose_record
from rows import ROWS
from story import FIELDS, FROM_DB, answer_of, line
from written_inventory import DB, FAR, WEB

STORIES = [
    *stories_verdict.STORIES,
    *stories_who_opened.STORIES,
    *stories_rule_match.STORIES,
    *stories_network_acl.STORIES,
    *stories_confidence.STORIES,
    *stories_whose_record.STORIES,
]


@pytest.mark.parametrize("inventory, fields, records, reaches, expected", STORIES)
def test_story(inventory, fields, records, reaches, expected):
    answer, coverage = answer_of(inventory, fields, records)
    verdict, confidence, matched, initiator, acl_entry, nearest = expected
    assert answer.sg_verdict == verdict
    assert answer.sg_confidence == confidence
    assert answer.sg_matched_rules == matched
    assert answer.flow_initiator == initiator
    assert (answer.nacl_id, answer.nacl_rule) == (acl_entry or (None, None))
    assert answer.cannot_tell == nearest
    for row in reaches:
        assert coverage[row], row


def test_titles_are_unique():
    assert not [t for t, n in Counter(p.id for p in STORIES).items() if n > 1]


def test_stories_reach_every_row():
    reached = Counter()
    for parameters in STORIES:
        reached.update(answer_of(*parameters.values[:3])[1])
    for more in (
        {"next_hop_interface_id": "eni-hop"},
        {"srcaddr": "10.9.0.4", "next_hop_vpc_id": "vpc-9"},
    ):
        reached.update(
            answer_of(
                {"NetworkInterfaces": [WEB, DB, FAR]}, FIELDS, [line(f"{FROM_DB} REJECT", **more)]
            )[1]
        )
    assert not [row for row in ROWS if not reached[row]]
