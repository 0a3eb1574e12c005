"""`sgflow explain`: questions and inventories that it cannot take."""

import pytest
from explaining import DATABASE, FLOW_LOG, REFUSED, explain

USAGE = [
    ((), "nothing is asked"),
    (("--file", FLOW_LOG), "--line is missing"),
    (("--line", "3"), "--file is missing"),
    (("--file", FLOW_LOG, "--line", "0"), "lines count from 1"),
    (("--file", FLOW_LOG, "--line", "8", "a line"), "not by both"),
    (("a line", "--interface", DATABASE), "one at a time"),
    (("--from", "10.0.0.1", "--port", "1", "--protocol", "tcp"), "--interface is missing"),
    (("--interface", DATABASE, "--port", "1", "--protocol", "tcp"), "--from is missing"),
    (("--interface", DATABASE, "--direction", "egress"), "--to is missing"),
    (
        ("--interface", DATABASE, "--direction", "egress", "--from", "10.0.0.1"),
        "--from contradicts --direction egress",
    ),
    (("--interface", DATABASE, "--from", "10.0.0.1", "--to", "10.0.0.2"), "not both"),
    (("--interface", DATABASE, "--from", "10.0.0"), "'10.0.0' is no address"),
    (("--interface", DATABASE, "--from", "10.0.0.1"), "--protocol is missing"),
    (("--interface", DATABASE, "--from", "10.0.0.1", "--protocol", "tpc"), "is no protocol"),
    (("--interface", DATABASE, "--from", "10.0.0.1", "--protocol", "tcp"), "--port is missing"),
    (
        ("--interface", DATABASE, "--from", "10.0.0.1", "--protocol", "icmp", "--port", "1"),
        "icmp has no ports",
    ),
    (
        ("--interface", DATABASE, "--address", "10.0.2.10", "--from", "10.0.0.1"),
        "not by both",
    ),
    (
        ("--address", "10.9.9.9", "--from", "10.0.0.1", "--protocol", "icmp"),
        "no interface of the inventory has 10.9.9.9",
    ),
    (
        ("--interface", DATABASE[:-1] + "8", "--from", "10.0.0.1", "--protocol", "icmp"),
        f"the inventory has no '{DATABASE[:-1]}8'; did you mean {DATABASE}",
    ),
    (
        ("--interface", DATABASE, "--from", "10.0.0.1", "--protocol", "tcp", "--port", "70000"),
        "--port: '70000' is no port; a number from 0 to 65535",
    ),
    (
        ("--interface", DATABASE, "--from", "10.0.0.1", "--protocol", "icmp", "--icmp-type", "x"),
        "--icmp-type: 'x' is no ICMP type; a number from 0 to 255",
    ),
    (
        ("--interface", DATABASE, "--from", "10.0.0.1", "--protocol", "icmp", "--icmp-code", "0"),
        "--icmp-type is missing",
    ),
    (
        (
            "--interface",
            DATABASE,
            *("--from", "10.0.0.1", "--protocol", "udp"),
            *("--port", "53", "--icmp-type", "8"),
        ),
        "--icmp-type: udp has no types",
    ),
    (("--interface", DATABASE, "--from", "10.0.0.1", "--vpc", "vpc-1"), "--vpc is for --address"),
    (("--record-format", "v77", "a line"), "--record-format"),
    (("--intrface", DATABASE), "--interface"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE)
def test_usage_errors(arguments, said):
    outcome = explain(*arguments)
    assert (outcome.exit_code, outcome.output) == (2, b""), outcome
    assert said in outcome.errors, outcome
    assert len(outcome.errors.splitlines()) == 1, outcome


def test_unusable_inventory(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text("{")
    assert explain(*REFUSED, inventory=path).exit_code == 2


def test_a_store_is_named_without_its_password_and_live_is_no_whole_inventory():
    question = ("--interface", "eni-1", "--from", "192.0.2.1", "--port", "80", "--protocol", "tcp")
    outcome = explain(*question, inventory="redis://:SECRET@127.0.0.1:1")
    assert outcome.exit_code == 3
    assert outcome.errors.startswith("redis://127.0.0.1:1/sgflow:inventory: ")
    outcome = explain(*question, inventory="redis://:SECRET@127.0.0.1:port")
    assert (outcome.exit_code, "SECRET" in outcome.errors) == (2, False)
    outcome = explain(*question, inventory="live")
    assert (outcome.exit_code, "sgflow snapshot --output" in outcome.errors) == (2, True)
