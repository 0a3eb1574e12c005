"""`sgflow explain`: the answer to one record or one question, as a person and a script see it."""

import json
import os
import re
import shlex

import program
import pytest
from explaining import DATABASE, FLOW_LOG, INVENTORY, LOAD_BALANCER, REFUSED, answer, explain
from program import REPOSITORY

ANSWERS = REPOSITORY / "tests" / "cli" / "explain_answers"

QUESTION_IN = (
    *("--interface", LOAD_BALANCER, "--direction", "ingress"),
    *("--from", "198.51.100.66", "--port", "443", "--protocol", "tcp"),
)
QUESTION_OUT = (
    *("--address", "10.0.1.11", "--direction", "egress"),
    *("--to", "192.0.2.36", "--port", "443", "--protocol", "tcp"),
)


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
