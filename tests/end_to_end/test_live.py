"""sgflow enrich --inventory live: what AWS is asked, and the same answers as with all of it known."""

import json
import os
import random
import subprocess
import sys

import pytest
from live_records import FORMAT, line
from program import BINARY, GIVE_UP_SECONDS, expect_bytes, expect_success, run
from servers.ec2_stub import (
    CutOff,
    CutShort,
    Deep,
    Denied,
    Ec2Stub,
    EntityBomb,
    ExpiredCredentials,
    Html,
    Refused,
    Reset,
    Throttled,
    UnknownCredentials,
)
from servers.synthetic_account import make_account


def live(lines, stub, *arguments, **environment):
    return run(
        "enrich", "--inventory", "live", "--record-format", FORMAT, *arguments,
        stdin="".join(f"{text}\n" for text in lines).encode(),
        env={**os.environ, **stub.environment, **environment},
    )  # fmt: skip


def random_lines(account, count, seed):
    """Of every interface; from its neighbours, prefix lists' addresses and strangers."""
    choose = random.Random(seed)
    peers = [one["PrivateIpAddress"] for one in account.interfaces]
    peers += [entry["Cidr"].split("/")[0] for list in account.entries.values() for entry in list]
    peers += ["198.51.100.7", "203.0.113.9", "2001:db8:99::1"]
    return [
        line(
            choose.choice(account.interfaces), choose.random() < 0.7, choose.choice(peers),
            choose.choice([22, 53, 443, 5432, 8080]), choose.choice([6, 6, 17, 1]),
            choose.choice([0, 1, 2, 3, 18]), choose.choice(["ACCEPT", "ACCEPT", "REJECT"]),
        )
        for _ in range(count)
    ]  # fmt: skip


@pytest.fixture
def full(ec2_stub, tmp_path):
    """All that the account has, as a file."""
    path = tmp_path / "inventory.json"
    account = ec2_stub.accounts[0]
    described = account.described()
    for prefix_list in described["PrefixLists"]:
        prefix_list["Entries"] = account.entries[prefix_list["PrefixListId"]]
    path.write_text(json.dumps(described))
    return path


# What hangs on interfaces that live never learns: names of peers. Where a rule matches surely, a
# prefix list that would match as well is not asked for.
SAME = "interface_id,srcaddr,dstaddr,srcport,dstport,sg_verdict,sg_ids,sg_rules,nacl_id,nacl_rule"


@pytest.mark.parametrize("seed", range(3))
def test_the_answers_are_those_of_the_whole_inventory(ec2_stub, full, seed):
    lines = random_lines(ec2_stub.accounts[0], 20_000, seed)
    stdin = "".join(f"{text}\n" for text in lines).encode()
    for arguments in (["--fields", SAME], ["--format", "classic"]):
        expected = run("enrich", "--inventory", full, "--record-format", FORMAT, *arguments,
                       stdin=stdin)  # fmt: skip
        outcome = live(lines, ec2_stub, *arguments)
        expect_success(outcome)
        expect_bytes(outcome, expected.output)


def test_calls_are_few(ec2_stub):
    ec2_stub.accounts[:] = [make_account(interfaces=100, groups=40, prefix_lists=0)]
    account = ec2_stub.accounts[0]
    lines = [line(account.interfaces[i % 100], port=443) for i in range(30_000)]
    for arguments in ([], ["--format", "classic"], ["--fields", "+sg_rules"]):
        ec2_stub.reset()
        expect_success(live(lines, ec2_stub, *arguments))
        assert ec2_stub.calls == {"DescribeNetworkInterfaces": 1, "DescribeSecurityGroupRules": 1}


def test_five_thousand_interfaces_in_pages_some_of_them_empty(ec2_stub):
    ec2_stub.accounts[:] = [make_account(interfaces=5000, groups=50)]
    ec2_stub.page_size, ec2_stub.empty_pages = 70, True
    account = ec2_stub.accounts[0]
    outcome = live([line(one) for one in account.interfaces], ec2_stub, "--fields", "sg_verdict")
    expect_success(outcome)
    assert len(outcome.records()) == 5000
    assert all(record["sg_verdict"] != "unknown-interface" for record in outcome.records())


def test_what_aws_denies_is_named_and_the_rest_goes_on(ec2_stub):
    ec2_stub.fail("DescribeNetworkAcls", Denied(), times=100)
    account = ec2_stub.accounts[0]
    outcome = live([line(account.interfaces[0]), line(account.interfaces[0], action="REJECT")],
                   ec2_stub)  # fmt: skip
    assert outcome.exit_code == 0
    assert "ec2:DescribeNetworkAcls" in outcome.errors, str(outcome)
    accepted, refused = outcome.records()
    assert accepted["sg_verdict"] == "allowed-by-rule"
    assert "network ACL is not known" in refused["sg_reason"]


def test_throttled_records_say_so(ec2_stub):
    ec2_stub.fail("DescribeNetworkInterfaces", Throttled(), times=100)
    outcome = live([line(ec2_stub.accounts[0].interfaces[0])], ec2_stub)
    assert outcome.exit_code == 0
    [record] = outcome.records()
    assert record["sg_verdict"] == "unknown-interface"
    assert record["sg_reason"] == (
        "AWS could not be asked for the interface: it throttles DescribeNetworkInterfaces"
        " (RequestLimitExceeded)."
    )


@pytest.mark.parametrize(
    "fault, why",
    [
        (Denied(), "it denies ec2:DescribeNetworkInterfaces"),
        (ExpiredCredentials(), "there are no valid credentials (RequestExpired)"),
        (UnknownCredentials(), "there are no valid credentials (AuthFailure)"),
        (Refused(500, "InternalError"), "it cannot be reached"),
        (Reset, "it cannot be reached"),
        (CutOff, "it cannot be reached"),
        (CutShort, "its answer to DescribeNetworkInterfaces cannot be read"),
        (Html(), "its answer to DescribeNetworkInterfaces cannot be read"),
        (EntityBomb(), "its answer to DescribeNetworkInterfaces cannot be read"),
        (Deep(), "its answer to DescribeNetworkInterfaces cannot be read"),
    ],
)
def test_whatever_happens_the_record_goes_on_and_says_why(ec2_stub, fault, why):
    ec2_stub.fail("DescribeNetworkInterfaces", fault, times=100)
    outcome = live([line(ec2_stub.accounts[0].interfaces[0])], ec2_stub)
    assert outcome.exit_code == 0
    [record] = outcome.records()
    assert record["sg_verdict"] == "unknown-interface"
    assert record["sg_reason"] == f"AWS could not be asked for the interface: {why}."


def test_the_summary_counts_records_by_what_could_not_be_learned(ec2_stub):
    first, second = ec2_stub.accounts[0].interfaces[:2]
    ec2_stub.fail(
        "DescribeSecurityGroupRules", Denied(), times=100,
        **{"Filter.1.Value.1": first["Groups"][0]["GroupId"]},
    )  # fmt: skip
    ec2_stub.fail("DescribeNetworkInterfaces", Throttled(), times=100, after=1)
    lines = [line(first)] * 8000 + [line(second)] * 3  # of two batches
    outcome = live(lines, ec2_stub, "--format", "classic", "--stats")
    assert outcome.exit_code == 0
    assert (
        "unknown interface  3\n"
        "nothing to enrich  0\n"
        "malformed          0\n"
        "not all learned    3: AWS could not be asked for the interface: it throttles"
        " DescribeNetworkInterfaces (RequestLimitExceeded)\n"
        "                   8000: AWS could not be asked for the rules of its security groups: it"
        " denies ec2:DescribeSecurityGroupRules\n"
    ) in outcome.errors


def test_a_group_whose_rules_are_denied_leaves_the_others(ec2_stub):
    """What the other group allows is allowed; what none allows is only possibly denied."""
    interface = next(one for one in ec2_stub.accounts[0].interfaces if len(one["Groups"]) == 2)
    known, denied = (group["GroupId"] for group in interface["Groups"])
    first = ec2_stub.accounts[0].interfaces[0] | {"Groups": [{"GroupId": known}]}
    ec2_stub.accounts[0].interfaces[0] = first
    ec2_stub.fail("DescribeSecurityGroupRules", Denied(), times=100,
                  **{"Filter.1.Value.1": denied})  # fmt: skip
    lines = [line(first)] * 8000 + [line(interface), line(interface, port=9999, action="REJECT")]
    for arguments in ([], ["--format", "classic"]):
        outcome = live(lines, ec2_stub, *arguments)
        assert outcome.exit_code == 0
        allowed, refused = outcome.records()[-2:]
        if arguments:
            texts = allowed["security-groups"].split(";")
            assert texts[-1] == f"||||{denied}"
            assert all(text.endswith(f"|{known}") for text in texts[:-1])
            continue
        assert allowed["sg_verdict"] == "allowed-by-rule"
        assert allowed["sg_ids"] == [known, denied]
        assert (refused["sg_verdict"], refused["sg_confidence"]) == (
            "denied-by-security-group", "possible",
        )  # fmt: skip
        assert (
            f"the inventory does not have all rules of {denied}: AWS could not be asked for the"
            " rules of its security groups: it denies ec2:DescribeSecurityGroupRules"
        ) in refused["sg_reason"]


def test_or_end_the_run_where_that_is_wanted(ec2_stub):
    ec2_stub.fail("DescribeNetworkInterfaces", Denied(), times=100)
    outcome = live([line(ec2_stub.accounts[0].interfaces[0])], ec2_stub,
                   SGFLOW_ON_INVENTORY_ERROR="fail")  # fmt: skip
    assert outcome.exit_code == 3
    assert "ec2:DescribeNetworkInterfaces" in outcome.errors, str(outcome)


@pytest.mark.parametrize(
    "role",
    [
        "arn:aws:iam::{account-id}:role/sgflow",
        "arn:aws:iam::{account-id}:role/audit/flow-logs/sgflow",
        "arn:aws-us-gov:iam::{account-id}:role/sgflow",
        "arn:aws-cn:iam::{account-id}:role/sgflow",
    ],
)
def test_each_account_is_asked_by_its_own_role(role):
    accounts = [make_account(id, interfaces=10) for id in ("111122223333", "444455556666")]
    with Ec2Stub(accounts) as stub:
        lines = [
            line(one, account=account.account_id)
            for account in accounts
            for one in account.interfaces
        ]
        outcome = live(lines, stub, "--fields", "sg_verdict",
                       SGFLOW_ROLE_ARN=role)  # fmt: skip
        expect_success(outcome)
        assert all(record["sg_verdict"] != "unknown-interface" for record in outcome.records())
        assumed = [one["RoleArn"] for one in stub.requests if one["Action"] == "AssumeRole"]
        assert sorted(assumed) == [
            role.replace("{account-id}", account.account_id) for account in accounts
        ]
        assert stub.calls["DescribeNetworkInterfaces"] == 2


def test_who_is_not_known_by_account_is_asked_for_by_the_caller(ec2_stub):
    interface = ec2_stub.accounts[0].interfaces[0]
    lines = [line(interface, account=account) for account in ("unknown", "-")]
    outcome = live(lines, ec2_stub, "--fields", "sg_verdict",
                   SGFLOW_ROLE_ARN="arn:aws:iam::{account-id}:role/sgflow")  # fmt: skip
    expect_success(outcome)
    assert [record["sg_verdict"] for record in outcome.records()] == ["allowed-by-rule"] * 2
    assert ec2_stub.calls["AssumeRole"] == 0


def test_one_role_for_all_is_asked_for_all_accounts():
    accounts = [make_account(id, interfaces=10) for id in ("111122223333", "444455556666")]
    with Ec2Stub(accounts) as stub:
        lines = [line(account.interfaces[0], account=account.account_id) for account in accounts]
        outcome = live(lines, stub, "--fields", "sg_verdict",
                       SGFLOW_ROLE_ARN="arn:aws:iam::444455556666:role/sgflow")  # fmt: skip
        verdicts = [record["sg_verdict"] for record in outcome.records()]
        assert verdicts == ["unknown-interface", "allowed-by-rule"]
        assert stub.calls["AssumeRole"] == 1


def test_memory_is_bounded(ec2_stub, tmp_path):
    ec2_stub.accounts[:] = [make_account(interfaces=1000, groups=100)]
    account = ec2_stub.accounts[0]
    log = tmp_path / "flow.log"
    with log.open("w") as out:
        for i in range(400_000):
            out.write(line(account.interfaces[i % 1000]) + "\n")
    measured = subprocess.run(
        [sys.executable, os.path.join(os.path.dirname(__file__), "measure_memory.py"), BINARY,
         "enrich", "--inventory", "live", "--record-format", FORMAT, log, "--output",
         tmp_path / "out.jsonl"],
        env={**os.environ, **ec2_stub.environment}, capture_output=True, text=True,
        timeout=GIVE_UP_SECONDS,
    )  # fmt: skip
    assert measured.returncode == 0, measured.stderr
    used = json.loads(measured.stdout)
    assert used["exit_code"] == 0
    assert used["peak"] < 64 * 1024, "KB"


def test_live_stands_alone(ec2_stub, full):
    outcome = run("enrich", "--inventory", "live", "--inventory", full, stdin=b"")
    assert outcome.exit_code == 2
    assert outcome.errors == (
        "--inventory: live and stores cannot be put together with others; give one --inventory\n"
    )
