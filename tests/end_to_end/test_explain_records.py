"""`sgflow explain`: which record is meant, and what the ones before it tell."""

import base64
import gzip
import json

import program
import pytest
from explaining import DATABASE, FLOW_LOG, INVENTORY, REFUSED, answer, explain, line
from program import REPOSITORY


def test_line_as_argument_is_the_same_as_from_the_file():
    outcome = explain("--record-format", "v5", line(8))
    program.expect_success(outcome)
    program.expect_bytes(outcome, explain(*REFUSED).output)


@pytest.mark.parametrize("layers", [1, 2])
def test_gzip_counts_the_lines_inside(layers, tmp_path):
    content = FLOW_LOG.read_bytes()
    for _ in range(layers):
        content = gzip.compress(content)
    path = tmp_path / "flow.log.gz"
    path.write_bytes(content)
    outcome = explain("--file", path, "--line", 8)
    program.expect_success(outcome)
    program.expect_bytes(outcome, explain(*REFUSED).output)


def test_standard_input():
    outcome = explain("--file", "-", "--line", 8, stdin=FLOW_LOG.read_bytes())
    program.expect_success(outcome)
    program.expect_bytes(outcome, explain(*REFUSED).output)


def test_json_lines(tmp_path):
    names, values = line(1).split(" "), line(8).split(" ")
    record = json.dumps(dict(zip(names, values, strict=True)))
    path = tmp_path / "flow.jsonl"
    path.write_text(f"{record}\n{record}\n")
    told = answer("--file", path, "--line", 2)
    assert told["verdict"] == "denied-by-security-group"


def test_every_line_is_the_one_that_enrich_judges():
    """The records before the line count, and none behind it: as in enrich, line by line."""
    count = len(FLOW_LOG.read_text().splitlines())
    enriched = program.enrich(FLOW_LOG, inventory=INVENTORY).records()
    for number in [*range(2, count, 7), count]:
        told = answer("--file", FLOW_LOG, "--line", number)
        expected = enriched[number - 2]
        assert told["verdict"] == expected["sg_verdict"], number
        assert told["confidence"] == expected.get("sg_confidence"), number
        assert told["reason"] == expected["sg_reason"], number
        judged = [rule for rule in told["rules"] if rule["direction"] == told["judged_direction"]]
        sure = [rule["id"] for rule in judged if rule["fits"] == "yes"]
        untold = [rule["id"] for rule in judged if rule["fits"] == "cannot-tell"]
        if told["verdict"].startswith("allowed"):
            assert sorted(sure or untold) == sorted(expected["sg_matched_rules"]), number
        else:
            assert "sg_matched_rules" not in expected or not expected["sg_matched_rules"]


def test_earlier_records_tell_who_opened(tmp_path):
    header = "version interface-id srcaddr dstaddr srcport dstport protocol tcp-flags action\n"
    opening = f"5 {DATABASE} 10.0.1.21 10.0.2.10 40000 5432 6 2 ACCEPT\n"
    later = f"5 {DATABASE} 10.0.2.10 10.0.1.21 5432 40000 6 0 ACCEPT\n"
    path = tmp_path / "flow.log"
    path.write_text(header + opening + "\n" + later)
    told = answer("--file", path, "--line", 4)
    assert (told["verdict"], told["opened_by"]) == ("allowed-as-return", "peer")
    assert "earlier record" in told["reason"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--file", FLOW_LOG, "--line", 1), f"{FLOW_LOG}:1: holds no record"),
        (("--file", FLOW_LOG, "--line", 100000), "has only "),
        (("--file", REPOSITORY / "no-such-file", "--line", 1), "no-such-file"),
        (("not a record",), "LINE: "),
        (("--record-format", "v5", f"{line(8)}\n{line(9)}"), "holds 2 records"),
    ],
)
def test_unreadable_records(arguments, said):
    outcome = explain(*arguments)
    assert (outcome.exit_code, outcome.output) == (1, b""), outcome
    assert said in outcome.errors, outcome


def test_bad_line_of_a_file_is_told_with_its_number(tmp_path):
    path = tmp_path / "flow.log"
    path.write_text(f"{line(1)}\n{line(8)}\nnonsense\n{line(8)}\n")
    outcome = explain("--file", path, "--line", 3)
    assert outcome.exit_code == 1
    assert outcome.errors.startswith(f"sgflow: {path}:3: has 1 field"), outcome
    assert explain("--file", path, "--line", 4).exit_code == 0


def test_base64_is_refused_rather_than_miscounted(tmp_path):
    packed = base64.b64encode(gzip.compress(FLOW_LOG.read_bytes())).decode()
    path = tmp_path / "flow.b64"
    path.write_text(f"{packed}\n{packed}\n")
    outcome = explain("--file", path, "--line", 2)
    assert outcome.exit_code == 1 and "base64" in outcome.errors, outcome
