"""The generated cases: all rows reached, the same from the same seed."""

from collections import Counter

import generate
import oracle
import pytest
from dice import FEATURES
from oracle import Oracle
from rows import ROWS


def test_generated_cases_reach_every_row():
    reached = Counter()
    for number in range(80):
        case = generate.Case(f"coverage/{number}", 300)
        judge = Oracle([case.inventory])
        judge.judge_file(case.fields, case.records)
        reached.update(judge.coverage)
    assert not [row for row in ROWS if not reached[row]]


def test_a_case_is_its_seed(tmp_path):
    first, second = generate.Case("7", 50), generate.Case("7", 50)
    assert first.inventory == second.inventory
    assert first.records == second.records
    inventory, log = first.write(tmp_path)
    fields, records = oracle.read_log(log)
    assert (fields, records) == (first.fields, first.records)
    answers = oracle.load(inventory).judge_file(fields, records)
    assert answers == Oracle([first.inventory]).judge_file(first.fields, first.records)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_can_be_left_out(feature):
    for number in range(5):
        case = generate.Case(f"skip/{number}", 50, [feature])
        Oracle([case.inventory]).judge_file(case.fields, case.records)
