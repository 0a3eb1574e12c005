"""Scenarios for the verdict: one folder each, one test each.

Run the program on every scenario and check the files themselves:

    python3 -m pytest tests/scenarios

The program is build/release/sgflow, or what SGFLOW_BINARY names. After adding a scenario, renew the
table in README.md:

    python3 tests/scenarios/test_scenarios.py --write-index
"""

import ipaddress
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
FILES = {"about.md", "expected.jsonl", "inventory.json", "records.log"}
INDEX_BEGIN, INDEX_END = "<!-- index: begin -->", "<!-- index: end -->"

DEFAULT_FORMAT = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
).split()
VERDICTS = {
    "allowed-as-return",
    "allowed-by-rule",
    "allowed-unexplained",
    "denied-after-close",
    "denied-by-network-acl",
    "denied-by-security-group",
    "denied-by-vpc",
    "denied-no-connection",
    "denied-unexplained",
    "not-applicable",
    "not-judged",
    "unknown-interface",
}
CONFIDENCES = {"exact", "likely", "possible", "ambiguous"}
INITIATORS = {"local", "peer", "unknown"}
COLUMNS = {
    "sg_verdict",
    "sg_confidence",
    "sg_matched_rules",
    "nacl_id",
    "nacl_rule",
    "flow_initiator",
    "local_interface_type",
    "local_name",
    "peer_interface_id",
    "peer_instance_id",
    "peer_sg_ids",
    "peer_name",
    "peer_kind",
}
# Not a column: the rules that must stand in the column sg_nearest, among others perhaps.
NEAREST = "sg_nearest_rules"
ACCOUNTS = {"111122223333", "444455556666"}
NETWORKS = [
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.171.0/24",
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001:db8::/32",
    )
]


# ---------------------------------------------------------------- reading


def folders():
    """Every folder two levels down that is meant as a scenario, complete or not."""
    return sorted(
        path
        for theme in HERE.iterdir()
        if theme.is_dir() and theme.name != "__pycache__"
        for path in theme.iterdir()
        if path.is_dir()
    )


def name_of(folder):
    return f"{folder.parent.name}/{folder.name}"


def no_key_twice(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key stands twice: {keys}"
    return dict(pairs)


def parse(text):
    return json.loads(text, object_pairs_hook=no_key_twice)


def title_of(folder):
    return (folder / "about.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def records_of(folder):
    """The field names and the record lines. A file without a header has AWS's default format."""
    lines = (folder / "records.log").read_text(encoding="utf-8").splitlines()
    first = lines[0].split(" ")
    if "srcaddr" in first or "dstaddr" in first:
        return first, lines[1:]
    return DEFAULT_FORMAT, lines


def expected_of(folder):
    return [
        parse(line) for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def rule_ids(inventory):
    """Every id that a rule of this inventory can have in an answer."""
    ids = {rule["SecurityGroupRuleId"] for rule in inventory.get("SecurityGroupRules", [])}
    for group in inventory.get("SecurityGroups", []):
        for member in ("IpPermissions", "IpPermissionsEgress"):
            ids |= {
                f"{group['GroupId']}/{member}/{place}"
                for place, _ in enumerate(group.get(member, []))
            }
    return ids


# ---------------------------------------------------------------- the program's answers


def program():
    named = os.environ.get("SGFLOW_BINARY")
    path = Path(named) if named else REPOSITORY / "build" / "release" / "sgflow"
    if not path.is_file():
        if named:
            pytest.fail(f"SGFLOW_BINARY names {path}, which is no file")
        pytest.skip(f"{path} is not built (make builds it; SGFLOW_BINARY names another)")
    return path.resolve()


def differences(expected, got):
    """What differs in the keys that the scenario states, as lines of text."""
    lines = []
    for key, value in expected.items():
        if key == NEAREST:
            near = [entry.get("rule") for entry in got.get("sg_nearest") or []]
            missing = [rule for rule in value if rule not in near]
            if missing:
                lines.append(
                    f"    sg_nearest: expected {', '.join(missing)} among its rules, got {near}"
                )
        elif value is None:
            if key in got:
                lines.append(f"    {key}: expected no such column, got {json.dumps(got[key])}")
        elif key not in got:
            lines.append(f"    {key}: expected {json.dumps(value)}, got no such column")
        elif got[key] != value:
            lines.append(f"    {key}: expected {json.dumps(value)}, got {json.dumps(got[key])}")
    return lines


@pytest.mark.parametrize("folder", folders(), ids=name_of)
def test_scenario(folder):
    run = subprocess.run(
        [program(), "enrich", "--inventory", "inventory.json", "--format", "json", "records.log"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, f"{title_of(folder)}\n  exit code {run.returncode}\n{run.stderr}"

    _, records = records_of(folder)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(records), (
        f"{title_of(folder)}\n  {len(records)} records, {len(answers)} answers\n{run.stderr}"
    )

    report = []
    for record, expected, got in zip(records, expected_of(folder), answers, strict=True):
        lines = differences(expected, got)
        if lines:
            reason = got.get("sg_reason")
            report += [f"  record: {record}", *lines] + (
                [f"    its reason: {reason}"] if reason else []
            )
    if report:
        pytest.fail("\n".join([title_of(folder), *report]), pytrace=False)


# ---------------------------------------------------------------- the files themselves


@pytest.mark.parametrize("folder", folders(), ids=name_of)
def test_scenario_is_well_formed(folder):
    assert {path.name for path in folder.iterdir()} == FILES
    for part in (folder.parent.name, folder.name):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", part), (
            f"{part}: lower-case words joined by hyphens, please"
        )

    about = (folder / "about.md").read_text(encoding="utf-8").splitlines()
    assert about[0].startswith("# ") and about[1] == "" and about[2], (
        "about.md: '# Title', an empty line, then the text"
    )

    inventory = parse((folder / "inventory.json").read_text(encoding="utf-8"))
    fields, records = records_of(folder)
    expected = expected_of(folder)
    assert records and len(records) == len(expected), (
        f"{len(records)} records, {len(expected)} expected answers"
    )
    assert len(fields) == len(set(fields)), "a field stands twice in the header"

    for record, answer in zip(records, expected, strict=True):
        values = record.split(" ")
        assert len(values) == len(fields), (
            f"{record}: {len(values)} values for {len(fields)} fields"
        )
        check_answer(answer, dict(zip(fields, values, strict=True)), inventory)

    for file in ("inventory.json", "records.log"):
        check_example_values((folder / file).read_text(encoding="utf-8"))


def check_answer(answer, record, inventory):
    verdict = answer.get("sg_verdict")
    assert verdict in VERDICTS, verdict
    assert set(answer) <= COLUMNS | {NEAREST}, sorted(set(answer) - COLUMNS - {NEAREST})
    assert answer.get("sg_confidence") in CONFIDENCES | {None}
    assert answer.get("flow_initiator") in INITIATORS | {None}

    action = record.get("action", "-")
    if verdict.startswith("allowed-"):
        assert action == "ACCEPT", f"{verdict} for {action}"
    if verdict.startswith("denied-"):
        assert action == "REJECT", f"{verdict} for {action}"
        assert answer.get("sg_matched_rules", []) == [], "a denial has no matched rules"
    else:
        assert NEAREST not in answer, "nearest misses belong to denials"
    if verdict in ("allowed-by-rule", "allowed-as-return"):
        assert answer.get("sg_matched_rules"), f"{verdict} names the rules"
    if verdict == "denied-by-network-acl":
        assert answer.get("nacl_id") and answer.get("nacl_rule"), (
            "the deciding entry belongs to the answer"
        )

    rules = rule_ids(inventory)
    for rule in answer.get("sg_matched_rules", []) + answer.get(NEAREST, []):
        assert rule in rules, f"{rule} is no rule of the inventory"

    interfaces = {
        interface["NetworkInterfaceId"]: interface
        for interface in inventory.get("NetworkInterfaces", [])
    }
    if verdict not in ("unknown-interface", "not-applicable") and "interface-id" in record:
        assert record["interface-id"] in interfaces, (
            f"{record['interface-id']} is no interface of the inventory"
        )
    if answer.get("peer_interface_id"):
        peer = interfaces[answer["peer_interface_id"]]
        if "peer_sg_ids" in answer:
            assert answer["peer_sg_ids"] == [group["GroupId"] for group in peer["Groups"]]
        if answer.get("peer_instance_id"):
            assert answer["peer_instance_id"] == peer["Attachment"]["InstanceId"]

    if answer.get("nacl_id"):
        acl = {acl["NetworkAclId"]: acl for acl in inventory["NetworkAcls"]}[answer["nacl_id"]]
        denying = [entry["RuleNumber"] for entry in acl["Entries"] if entry["RuleAction"] == "deny"]
        assert answer["nacl_rule"] in denying, (
            f"{answer['nacl_rule']} is no deny entry of {answer['nacl_id']}"
        )


def check_example_values(text):
    """Addresses are private or set aside for documentation, accounts are the two of AWS's documentation."""
    for word in re.findall(r"[0-9A-Fa-f:.]+(?:/[0-9]+)?", text):
        try:
            network = ipaddress.ip_network(word, strict=False)
        except ValueError:
            continue
        if "." not in word and ":" not in word or network.prefixlen == 0:
            continue
        assert any(
            network.version == known.version and network.subnet_of(known) for known in NETWORKS
        ), f"{word} is neither private nor a documentation address"
    for account in re.findall(r"\b[0-9]{12}\b", text):
        assert account in ACCOUNTS, f"account {account}"


def test_titles_are_told_apart():
    titles = {}
    for folder in folders():
        titles.setdefault(title_of(folder), []).append(name_of(folder))
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}


def test_every_verdict_and_confidence_has_scenarios():
    answers = [answer for folder in folders() for answer in expected_of(folder)]
    for verdict in VERDICTS:
        assert sum(answer["sg_verdict"] == verdict for answer in answers) >= 2, verdict
    for confidence in CONFIDENCES:
        assert sum(answer.get("sg_confidence") == confidence for answer in answers) >= 2, confidence


# ---------------------------------------------------------------- the index in README.md


def index():
    rows = [
        f"| {f.parent.name} | [{f.name}]({name_of(f)}/about.md) | {title_of(f)} |"
        for f in folders()
    ]
    return "\n".join(
        [INDEX_BEGIN, "| theme | scenario | title |", "|---|---|---|", *rows, INDEX_END]
    )


def test_index_is_complete():
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    assert index() in readme, "renew it: python3 tests/scenarios/test_scenarios.py --write-index"


def write_index():
    path = HERE / "README.md"
    before, rest = path.read_text(encoding="utf-8").split(INDEX_BEGIN)
    path.write_text(before + index() + rest.split(INDEX_END)[1], encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write-index"]:
        sys.exit(__doc__)
    write_index()
