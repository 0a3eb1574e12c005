"""sgflow batch --inventory live: what AWS could not be asked for is done again."""

import json
import os

import pytest
from live_records import FORMAT, line
from program import run
from servers.ec2_stub import Denied, Reset, Throttled


class Batch:
    """`sgflow batch` of one file."""

    def __init__(self, folder, stub):
        self.folder, self.environment = folder, {**os.environ, **stub.environment}

    def run(self, lines):
        (self.folder / "logs").mkdir(exist_ok=True)
        log = self.folder / "logs/a.log"
        if not log.exists():
            log.write_text("".join(f"{text}\n" for text in lines))
        return run(
            "batch", "logs", "--output", "enriched", "--inventory", "live", "--compress", "none",
            "--record-format", FORMAT, cwd=self.folder, env=self.environment,
        )  # fmt: skip

    def records(self):
        lines = (self.folder / "enriched/a.jsonl").read_text().splitlines()
        return [json.loads(text) for text in lines]


@pytest.fixture
def batch(ec2_stub, tmp_path):
    return Batch(tmp_path, ec2_stub)


def expect_done_again(batch, stub, lines, reasons):
    """Written with what is known, and again once AWS can be asked."""
    outcome = batch.run(lines)
    assert outcome.exit_code == 1, str(outcome)
    told = "sgflow: 1 file written without all that AWS knows; the same command again does it\n"
    assert told + reasons in outcome.errors, str(outcome)
    before = batch.records()
    assert batch.run(lines).exit_code == 1, "as long as AWS cannot be asked"
    assert batch.records() == before
    stub.reset()
    outcome = batch.run(lines)
    assert (outcome.exit_code, outcome.errors) == (0, "sgflow: 1 file written\n")
    assert batch.run(lines).errors == "sgflow: 0 files written, 1 finished before\n"
    return before, batch.records()


def test_batch_does_again_what_aws_could_not_be_asked_for(ec2_stub, batch):
    interface = ec2_stub.accounts[0].interfaces[0]
    ec2_stub.fail("DescribeNetworkInterfaces", Throttled(), times=100)
    before, after = expect_done_again(
        batch, ec2_stub, [line(interface)] * 2,
        "sgflow: 2 records: AWS could not be asked for the interface: it throttles",
    )  # fmt: skip
    assert all("sg_ids" not in record for record in before)
    assert all("sg_ids" in record for record in after)


def of_rules(account):
    return "DescribeSecurityGroupRules", {}, [line(account.interfaces[0])], "the rules of its"


def of_prefix_list(account):
    list_id, entries = next(iter(account.entries.items()))
    rule = next(rule for rule in account.rules if rule.get("PrefixListId") == list_id)
    interface = next(one for one in account.interfaces
                     if any(group["GroupId"] == rule["GroupId"] for group in one["Groups"]))  # fmt: skip
    peer = entries[0]["Cidr"].split("/")[0]
    lines = [line(interface, peer=peer, port=53, protocol=17, flags=0)]
    return "GetManagedPrefixListEntries", {}, lines, "the entries of a prefix list"


def of_members(account):
    rule = next(rule for rule in account.rules if "ReferencedGroupInfo" in rule)
    interface = next(one for one in account.interfaces
                     if any(group["GroupId"] == rule["GroupId"] for group in one["Groups"]))  # fmt: skip
    when = {"Filter.1.Name": "group-id"}
    return (
        "DescribeNetworkInterfaces", when, [line(interface, peer="10.0.9.9", port=5432)],
        "the interfaces that carry a group",
    )  # fmt: skip


def of_network_acl(account):
    lines = [line(account.interfaces[0], action="REJECT")]
    return "DescribeNetworkAcls", {}, lines, "the network ACL of its subnet"


@pytest.mark.parametrize("of", [of_rules, of_prefix_list, of_members, of_network_acl])
@pytest.mark.parametrize(
    ("fault", "why"),
    [(Throttled(), "it throttles"), (Denied(), "it denies"), (Reset, "it cannot be reached")],
    ids=["throttled", "no permission", "down"],
)
def test_batch_does_again_whatever_could_not_be_asked(ec2_stub, batch, of, fault, why):
    action, when, lines, what = of(ec2_stub.accounts[0])
    known = line(ec2_stub.accounts[0].interfaces[7])  # a NAT gateway: hangs on nothing
    ec2_stub.fail(action, fault, times=1000, **when)
    before, after = expect_done_again(
        batch, ec2_stub, [*lines, known],
        f"sgflow: 1 record: AWS could not be asked for {what}",
    )  # fmt: skip
    assert f"AWS could not be asked for {what}" in before[0]["sg_reason"] or of is of_rules
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_batch_is_done_with_what_aws_will_never_show(ec2_stub, batch):
    account = ec2_stub.accounts[0]
    shared = account.interfaces[0]
    shared["Groups"] = [*shared["Groups"], {"GroupId": "sg-0another"[:7] + "f0"}]
    outcome = batch.run([line(shared, port=9999, action="REJECT")])
    assert outcome.exit_code == 0, str(outcome)
    assert "does not show the rules of sg-0anof0 to this account" in outcome.errors, str(outcome)
