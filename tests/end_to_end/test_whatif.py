"""sgflow whatif, on the example's traffic."""

import json

import pytest
from program import REPOSITORY, run

EXAMPLES = REPOSITORY / "examples"
INVENTORY = EXAMPLES / "inventory.json"
FLOW_LOG = EXAMPLES / "flow.log"

# The database lets the application tier in.
DATABASE_RULE = "sgr-06af2aebd657a1bf0"
DATABASE = "eni-04aab42c933419f09"
APPLICATION_GROUP = "sg-0951aa52235b72a73"


def whatif(*arguments, **options):
    return run("whatif", "--inventory", INVENTORY, *arguments, **options)


def answer(*arguments) -> tuple[int, dict]:
    outcome = whatif("--json", *arguments, FLOW_LOG)
    return outcome.exit_code, json.loads(outcome.output)


def changed(tmp_path, change) -> str:
    inventory = json.loads(INVENTORY.read_text())
    change(inventory)
    path = tmp_path / "tomorrow.json"
    path.write_text(json.dumps(inventory))
    return path


def test_a_removed_rule_breaks_what_it_allowed():
    code, told = answer("--remove-rule", DATABASE_RULE)
    assert code == 4
    (group,) = told["breaks"]
    assert group["interface"] == DATABASE
    assert group["direction"] == "ingress"
    assert group["rules"] == [DATABASE_RULE]
    assert group["cause"] == "security-groups"
    assert group["ends"] == "when idle"
    assert [(row["peer"], row["port"]) for row in group["connections"]] == [("10.0.1.21", 5432)]
    assert told["summary"]["breaks"] == group["records"]
    assert told["interrupted"] == told["opens"] == []


def test_removing_is_as_proposing_without(tmp_path):
    def without(inventory):
        rules = inventory["SecurityGroupRules"]
        rules[:] = [rule for rule in rules if rule["SecurityGroupRuleId"] != DATABASE_RULE]

    _, removed = answer("--remove-rule", DATABASE_RULE)
    code, proposed = answer("--proposed", changed(tmp_path, without))
    assert code == 4
    assert removed == proposed


def test_the_same_rules_break_nothing():
    code, told = answer("--proposed", INVENTORY)
    assert code == 0
    assert told["breaks"] == told["interrupted"] == told["opens"] == []
    assert told["cant_tell"][0]["cause"] == "interface-unknown-today"
    summary = told["summary"]
    parts = ("unchanged", "breaks", "interrupted", "opens", "cant_tell")
    assert sum(summary[part] for part in parts) == summary["accepted"] + summary["refused"]


def test_order_plays_no_part(tmp_path):
    def turn(inventory):
        for key in inventory:
            if isinstance(inventory[key], list):
                inventory[key].reverse()

    turned = changed(tmp_path, turn)
    plain = whatif("--json", "--remove-rule", DATABASE_RULE, FLOW_LOG)
    other = run(
        "whatif", "-i", turned, "--json", "--remove-rule", DATABASE_RULE, FLOW_LOG
    )  # fmt: skip
    assert plain.output == other.output


def test_an_added_rule_opens_and_breaks_nothing(tmp_path):
    def admit_web(inventory):
        rules = inventory["SecurityGroupRules"]
        known = next(r for r in rules if r["SecurityGroupRuleId"] == DATABASE_RULE)
        added = json.loads(json.dumps(known))
        added["SecurityGroupRuleId"] = "sgr-0aaaaaaaaaaaaaaaa"
        added["ReferencedGroupInfo"]["GroupId"] = "sg-074e4dc79db45019c"
        rules.append(added)

    code, told = answer("--proposed", changed(tmp_path, admit_web))
    assert code == 0
    assert told["breaks"] == []
    assert [group["interface"] for group in told["opens"]] == [DATABASE]
    assert told["opens"][0]["proposed_rules"] == ["sgr-0aaaaaaaaaaaaaaaa"]
    assert [row["peer"] for row in told["opens"][0]["connections"]] == ["10.0.1.22"]


def test_what_cant_be_told_is_said_loudly_and_strictly():
    calm = whatif("--proposed", INVENTORY, FLOW_LOG)
    assert calm.exit_code == 0
    assert "CAN'T BE TOLD" in calm.output.decode().splitlines()[0]
    assert "can't be told" in calm.errors
    assert whatif("--strict", "--proposed", INVENTORY, FLOW_LOG).exit_code == 4


def test_the_text_fits_a_terminal():
    outcome = whatif("--remove-rule", DATABASE_RULE, FLOW_LOG)
    assert outcome.exit_code == 4
    lines = outcome.output.decode().splitlines()
    assert lines[0].split(";")[0].endswith("accepted records would be refused")
    assert max(len(line) for line in lines) <= 110


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing is proposed"),
        (("--remove-rule", "sgr-06af2aebd657a1bf1"), f"did you mean {DATABASE_RULE}"),
        (("--remove-rule", DATABASE_RULE, "--proposed", INVENTORY), "exclude each other"),
    ],
)
def test_usage(arguments, message):
    outcome = whatif(*arguments, FLOW_LOG)
    assert outcome.exit_code == 2
    assert message in outcome.errors
    assert outcome.output == b""


def test_unreadable_input(tmp_path):
    broken = tmp_path / "broken.log"
    broken.write_text(FLOW_LOG.read_text().splitlines()[0] + "\nno record\n")
    assert whatif("--proposed", INVENTORY, broken).exit_code == 1
    assert whatif("--proposed", tmp_path / "none.json", FLOW_LOG).exit_code == 2
    assert whatif("--proposed", INVENTORY, tmp_path / "none.log").exit_code == 1


def test_bytes_of_a_log_do_not_reach_the_terminal(tmp_path):
    log = tmp_path / "odd.log"
    header, first, *_ = FLOW_LOG.read_text().splitlines()
    fields = first.split(" ")
    fields[header.split(" ").index("interface-id")] = "eni-\x1b[2J\x9b"
    log.write_bytes((header + "\n" + " ".join(fields) + "\n").encode("latin-1"))
    for form in ((), ("--json",)):
        outcome = whatif("--proposed", INVENTORY, *form, log)
        assert b"\x1b" not in outcome.output and b"\x9b" not in outcome.output


OFFICE, ANYWHERE = "198.51.100.0/24", "0.0.0.0/0"


def two_rules(tmp_path, egress_ports: tuple[int, int]) -> str:
    """An interface that takes all from the office and sends TCP to some ports anywhere."""
    first, last = egress_ports
    rules = [
        {"SecurityGroupRuleId": "sgr-in", "GroupId": "sg-a", "IsEgress": False, "IpProtocol": "-1",
         "FromPort": -1, "ToPort": -1, "CidrIpv4": OFFICE},
        {"SecurityGroupRuleId": "sgr-out", "GroupId": "sg-a", "IsEgress": True, "IpProtocol": "tcp",
         "FromPort": first, "ToPort": last, "CidrIpv4": ANYWHERE},
    ]  # fmt: skip
    interface = {"NetworkInterfaceId": "eni-a", "VpcId": "vpc-a", "PrivateIpAddress": "10.0.0.10",
                 "Groups": [{"GroupId": "sg-a"}]}  # fmt: skip
    path = tmp_path / "two-rules.json"
    path.write_text(
        json.dumps({"NetworkInterfaces": [interface], "SecurityGroupRules": rules,
                    "SecurityGroups": [{"GroupId": "sg-a"}]})
    )  # fmt: skip
    return path


@pytest.mark.parametrize("removed", ["sgr-in", "sgr-out"])
@pytest.mark.parametrize(
    ("source", "destination", "egress_ports"),
    [
        # HTTPS into the interface, while only the rule for answers names a port, nearly any.
        ("198.51.100.7 51515", "10.0.0.10 443", (1024, 65535)),
        # A mount: its client has a port below 1024, as a service has.
        ("10.0.0.10 890", "198.51.100.9 2049", (0, 65535)),
    ],
)
def test_ports_that_do_not_tell_who_opened_make_nothing_safe(
    tmp_path, removed, source, destination, egress_ports
):
    (source, source_port), (destination, destination_port) = source.split(), destination.split()
    line = (
        f"2 111122223333 eni-a {source} {destination} {source_port} {destination_port} 6 9 4000"
        " 1700000000 1700000060 ACCEPT OK\n"
    )
    inventory = two_rules(tmp_path, egress_ports)
    outcome = run(
        "whatif", "-i", inventory, "--json", "--remove-rule", removed, stdin=line.encode()
    )
    told = json.loads(outcome.output)
    assert told["breaks"] == []
    assert [one["cause"] for one in told["cant_tell"]] == ["opener-unknown"]
    assert outcome.exit_code == 0
