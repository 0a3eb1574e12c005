"""`sgflow explain`: the answer to one record or one question, as a person and a script see it."""

import base64
import gzip
import json
import os
import pty
import re
import shlex
import subprocess

import program
import pytest
from program import REPOSITORY

INVENTORY = REPOSITORY / "examples" / "inventory.json"
FLOW_LOG = REPOSITORY / "examples" / "flow.log"
ANSWERS = REPOSITORY / "tests" / "cli" / "explain_answers"

DATABASE = "eni-04aab42c933419f09"
LOAD_BALANCER = "eni-04b548b0788cc14a6"
REFUSED = ("--file", FLOW_LOG, "--line", 8)
QUESTION_IN = (
    *("--interface", LOAD_BALANCER, "--direction", "ingress"),
    *("--from", "198.51.100.66", "--port", "443", "--protocol", "tcp"),
)
QUESTION_OUT = (
    *("--address", "10.0.1.11", "--direction", "egress"),
    *("--to", "192.0.2.36", "--port", "443", "--protocol", "tcp"),
)


def explain(*arguments, inventory=INVENTORY, **options):
    return program.run("explain", "--inventory", inventory, *arguments, **options)


def answer(*arguments, **options) -> dict:
    outcome = explain("--json", *arguments, **options)
    program.expect_success(outcome)
    (record,) = outcome.records()
    return record


def line(number: int) -> str:
    return FLOW_LOG.read_text().splitlines()[number - 1]


# SGFLOW_UPDATE_ANSWERS=1 writes the files anew: read what changed.
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("refused_record", REFUSED),
        ("reply_record", ("--file", FLOW_LOG, "--line", 2)),
        ("denied_by_acl_question", QUESTION_IN),
        ("prefix_list_question", QUESTION_OUT),
    ],
)
def test_whole_answer(name, arguments):
    outcome = explain(*arguments)
    program.expect_success(outcome)
    path = ANSWERS / f"{name}.txt"
    if os.environ.get("SGFLOW_UPDATE_ANSWERS"):
        path.write_bytes(outcome.output)
    program.expect_bytes(outcome, path.read_bytes())
    assert max(len(each) for each in outcome.output.decode().splitlines()) <= 100


# SGFLOW_UPDATE_DOCS=1 writes the page anew.
def test_the_page_shows_what_is_printed():
    page = REPOSITORY / "docs" / "explain.md"
    command = re.compile(r"```\n\$ (sgflow explain .*)\n[^`]*```")

    def shown(found):
        words = shlex.split(found[1])
        outcome = program.run(*words[1:], cwd=REPOSITORY)
        program.expect_success(outcome)
        return f"```\n$ {found[1]}\n{outcome.output.decode()}```"

    is_now, count = command.subn(shown, page.read_text())
    question = ("--interface", DATABASE, *("--from", "10.0.1.22", "--port", "5432"))
    as_json = explain("--json", *question, "--protocol", "tcp").output.decode()
    is_now, of_json = re.subn(r"```json\n.*\n```", lambda _: f"```json\n{as_json}```", is_now)
    assert (count, of_json) == (3, 1)
    if os.environ.get("SGFLOW_UPDATE_DOCS"):
        page.write_text(is_now)
    assert page.read_text() == is_now


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


def test_json_lines(tmp_path):
    names, values = line(1).split(" "), line(8).split(" ")
    record = json.dumps(dict(zip(names, values, strict=True)))
    path = tmp_path / "flow.jsonl"
    path.write_text(f"{record}\n{record}\n")
    told = answer("--file", path, "--line", 2)
    assert told["verdict"] == "denied-by-security-group"


def test_json_of_the_refused_record():
    told = answer(*REFUSED)
    assert told["verdict"] == "denied-by-security-group"
    assert told["confidence"] == "exact"
    assert told["question"] is False
    assert told["packet"] == {
        "direction": "ingress",
        "protocol": "tcp",
        "source": "10.0.1.22",
        "source_port": 42286,
        "destination": "10.0.2.10",
        "destination_port": 5432,
        "icmp_type": None,
        "icmp_code": None,
        "action": "REJECT",
    }
    assert told["interface"]["id"] == DATABASE
    assert told["peer"]["interface"]["name"] == "application-2"
    assert [rule["fits"] for rule in told["rules"]] == ["no", "no"]
    assert told["network_acl"]["outcome"] == "allows"
    (ways,) = told["changes"]["steps"]
    assert [way["kind"] for way in ways] == ["add-rule", "add-rule", "add-group", "add-group"]
    assert ways[1]["what"] == "10.0.1.22/32"


def allow_by(change: dict, inventory: dict) -> None:
    inventory["SecurityGroupRules"].append(
        {
            "SecurityGroupRuleId": "sgr-00000000000000001",
            "GroupId": change["on"],
            "IsEgress": False,
            "IpProtocol": "tcp",
            "FromPort": 5432,
            "ToPort": 5432,
            **(
                {"ReferencedGroupInfo": {"GroupId": change["what"]}}
                if change["what"].startswith("sg-")
                else {"CidrIpv4": change["what"]}
            ),
        }
    )


def test_what_it_proposes_turns_the_verdict(tmp_path):
    question = ("--interface", DATABASE, "--from", "10.0.1.22", "--port", 5432, "--protocol", "tcp")
    denied = answer(*question)
    assert denied["verdict"] == "denied-by-security-group"
    (ways,) = denied["changes"]["steps"]
    for way in ways:
        changed = json.loads(INVENTORY.read_text())
        if way["kind"] == "add-rule":
            allow_by(way, changed)
        else:
            assert way["kind"] == "add-group"
            for interface in changed["NetworkInterfaces"]:
                if interface["NetworkInterfaceId"] == way["on"]:
                    interface["Groups"].append({"GroupId": way["what"], "GroupName": "added"})
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(changed))
        allowed = explain("--json", *question, inventory=path).records()[0]
        assert allowed["verdict"] == "allowed-by-rule", way


def test_removing_what_it_names_turns_an_allow(tmp_path):
    question = (
        *("--interface", LOAD_BALANCER, "--from", "203.0.113.7"),
        *("--port", 443, "--protocol", "tcp"),
    )
    allowed = answer(*question)
    assert allowed["changes"]["to"] == "deny"
    gone = {way["what"] for step in allowed["changes"]["steps"] for way in step}
    changed = json.loads(INVENTORY.read_text())
    rules = changed["SecurityGroupRules"]
    changed["SecurityGroupRules"] = [
        rule for rule in rules if rule["SecurityGroupRuleId"] not in gone
    ]
    assert len(changed["SecurityGroupRules"]) == len(rules) - len(gone) < len(rules)
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(changed))
    assert answer(*question, inventory=path)["verdict"] == "denied-by-security-group"


def test_denied_by_acl_names_entry_and_its_removal():
    told = answer(*QUESTION_IN)
    assert told["verdict"] == "denied-by-network-acl"
    assert told["network_acl"]["entry"] == 50
    (ways,) = told["changes"]["steps"]
    assert [way["kind"] for way in ways] == ["add-acl-entry", "remove-acl-entry"]


def many_rules(tmp_path, count: int):
    inventory = json.loads(INVENTORY.read_text())
    group = next(
        each["Groups"][0]["GroupId"]
        for each in inventory["NetworkInterfaces"]
        if each["NetworkInterfaceId"] == DATABASE
    )
    for number in range(count):
        inventory["SecurityGroupRules"].append(
            {
                "SecurityGroupRuleId": f"sgr-1000000000000{number:04}",
                "GroupId": group,
                "IsEgress": False,
                "IpProtocol": "udp",
                "FromPort": 1000 + number,
                "ToPort": 1000 + number,
                "CidrIpv4": "10.9.0.0/16",
            }
        )
    path = tmp_path / "many.json"
    path.write_text(json.dumps(inventory))
    return path


def test_long_lists_are_cut_and_all_rules_shows_them(tmp_path):
    path = many_rules(tmp_path, 40)
    cut = explain(*REFUSED, inventory=path).output.decode()
    whole = explain("--all-rules", *REFUSED, inventory=path).output.decode()
    assert cut.count("  no  ") == 10
    assert "... and 32 more that do not fit (--all-rules shows them)" in cut
    assert whole.count("  no  ") == 42 and "--all-rules" not in whole
    assert len(answer(*REFUSED, inventory=path)["rules"]) == 42


def test_a_rule_that_cannot_be_told():
    question = ("--address", "10.0.0.30", "--from", "203.0.113.10", "--protocol", "icmp")
    told = answer(*question)
    assert (told["verdict"], told["confidence"]) == ("allowed-by-rule", "possible")
    assert [rule["fits"] for rule in told["rules"]] == ["cannot-tell", "no"]
    text = explain(*question).output.decode()
    assert "Inbound rules of the interface's groups: 2, none fits, 1 can't be told\n" in text
    assert "it names an ICMP type or code, which the question leaves open\n" in text


def in_a_terminal(*arguments, **environment) -> bytes:
    leader, follower = pty.openpty()
    kept = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    words = [str(each) for each in arguments]
    process = subprocess.Popen(
        [program.BINARY, "explain", "--inventory", INVENTORY, *words],
        stdout=follower,
        env={**kept, "TERM": "xterm", **environment},
    )
    os.close(follower)
    output = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # Linux tells the end of a terminal this way
            break
        if not piece:
            break
        output += piece
    os.close(leader)
    assert process.wait() == 0
    return output.replace(b"\r\n", b"\n")


def test_colour_on_a_terminal_only():
    plain = explain(*REFUSED).output
    coloured = in_a_terminal(*REFUSED)
    assert b"\x1b" not in plain
    assert coloured.startswith(b"\x1b[1;31mDENIED")
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", coloured) == plain
    assert in_a_terminal(*REFUSED, NO_COLOR="1") == plain
    assert in_a_terminal(*REFUSED, NO_COLOR="") == coloured
    assert in_a_terminal(*REFUSED, TERM="dumb") == plain
    assert b"\x1b" not in in_a_terminal("--json", *REFUSED)


def test_nothing_drives_the_terminal(tmp_path):
    inventory = json.loads(INVENTORY.read_text())
    for interface in inventory["NetworkInterfaces"]:
        interface["Description"] = "evil\x1b[2J\x07\u009b31m"
    path = tmp_path / "evil.json"
    path.write_text(json.dumps(inventory))
    output = explain(*REFUSED, inventory=path).output
    assert rb"evil\x1b[2J\x07\xc2\x9b31m" in output
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", output)
    bad = explain("--record-format", "v5", "5 \x1b[2J")
    assert bad.exit_code == 1 and "\x1b" not in bad.errors
    unknown = explain("--record-format", "v5", line(8).replace(DATABASE, "eni-\x1b[2J"))
    assert b"\x1b" not in unknown.output and "\x1b" not in unknown.errors


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


def test_a_store_is_named_without_its_password_and_live_is_no_whole_inventory():
    question = ("--interface", "eni-1", "--from", "192.0.2.1", "--port", "80", "--protocol", "tcp")
    outcome = explain(*question, inventory="redis://:SECRET@127.0.0.1:1")
    assert outcome.exit_code == 3
    assert outcome.errors.startswith("redis://127.0.0.1:1/sgflow:inventory: ")
    outcome = explain(*question, inventory="redis://:SECRET@127.0.0.1:port")
    assert (outcome.exit_code, "SECRET" in outcome.errors) == (2, False)
    outcome = explain(*question, inventory="live")
    assert (outcome.exit_code, "sgflow snapshot --output" in outcome.errors) == (2, True)
