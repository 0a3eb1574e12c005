"""What the configuration's JSON may hold, and every message about it."""

import copy
import gzip
import json
import re

import program
import pytest
from classic_oracle import Configuration, classic_bytes
from small_world import CONFIGURATION, DEFAULT_RECORDS, DOCUMENT, WEB, text

CLASSIC = classic_bytes(DEFAULT_RECORDS, CONFIGURATION)


def changed(change) -> dict:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return document


def rule_with(**members) -> dict:
    """The document with its first rule changed; None takes a member away."""

    def change(document):
        rule = document["SecurityGroupRules"][0]
        rule.update(members)
        for key in [key for key, value in members.items() if value is None]:
            del rule[key]

    return changed(change)


def interface_with(**members) -> dict:
    return changed(lambda document: document["NetworkInterfaces"][0].update(members))


def with_acl(*entries: dict, associations=()) -> dict:
    acl = {"NetworkAclId": "acl-1", "Entries": list(entries), "Associations": list(associations)}
    return DOCUMENT | {"NetworkAcls": [acl]}


ACL_ENTRY = {
    "RuleNumber": 100,
    "Protocol": "-1",
    "RuleAction": "allow",
    "Egress": False,
    "CidrBlock": "0.0.0.0/0",
}


def enrich_with(tmp_path, *contents, names=None) -> program.Outcome:
    paths = []
    for number, content in enumerate(contents):
        path = tmp_path / (names[number] if names else f"inventory-{number}.json")
        if isinstance(content, dict):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(path)
    return program.enrich("--format", "classic", inventory=paths, stdin=text(DEFAULT_RECORDS))


def expect_refused(outcome, *words: str) -> None:
    assert outcome.exit_code == 2 and outcome.output == b"", f"\n{outcome}"
    assert "inventory-0.json" in outcome.errors, f"the file's name is missing\n{outcome}"
    for word in words:
        assert re.search(word, outcome.errors), f"{word} is missing\n{outcome}"
    assert len(outcome.errors.splitlines()) <= 4, f"\n{outcome}"


def expect_warned(outcome, *words: str, expected: bytes | None = CLASSIC) -> None:
    assert outcome.exit_code == 0, f"\n{outcome}"
    for word in (r"inventory-\d\.json", *words):
        assert re.search(word, outcome.errors), f"{word} is missing\n{outcome}"
    if expected is not None:
        program.expect_bytes(outcome, expected)


def expect_quiet(outcome, expected: bytes = CLASSIC) -> None:
    program.expect_bytes(outcome, expected)
    program.expect_success(outcome)


# Fine


FINE = {
    "as-it-is": DOCUMENT,
    "byte-order-mark": b"\xef\xbb\xbf" + json.dumps(DOCUMENT).encode(),
    "unknown-keys": DOCUMENT | {"ResponseMetadata": {"RequestId": "x"}, "Other": [1, None, {}]},
    "null-next-token": DOCUMENT | {"NextToken": None},
    "empty-next-token": DOCUMENT | {"NextToken": ""},
    "explicit-nulls": rule_with(CidrIpv6=None) | {"NetworkAcls": [], "Subnets": None},
    "carriage-returns": json.dumps(DOCUMENT, indent=4).replace("\n", "\r\n"),
    "escapes-in-ids": json.dumps(DOCUMENT).replace("sg-0web", "sg-0\\u0077eb"),
    "snapshot": DOCUMENT
    | {"Snapshot": {"CapturedAt": "2026-01-01T00:00:00Z", "AccountId": "111122223333"}},
    "network-acl": with_acl(ACL_ENTRY, ACL_ENTRY | {"Egress": True}),
    "members-reordered": dict(reversed(DOCUMENT.items())),
}
FINE["explicit-nulls"]["SecurityGroupRules"][0]["CidrIpv6"] = None


@pytest.mark.parametrize("name", FINE)
def test_fine(name, tmp_path):
    expect_quiet(enrich_with(tmp_path, FINE[name]))


def test_several_files(tmp_path):
    parts = [{key: DOCUMENT[key]} for key in DOCUMENT]
    expect_quiet(enrich_with(tmp_path, *parts))
    expect_quiet(enrich_with(tmp_path, *reversed(parts)))


def test_same_content_twice_counts_once(tmp_path):
    shuffled = {key: [dict(reversed(each.items())) for each in DOCUMENT[key]] for key in DOCUMENT}
    expect_quiet(enrich_with(tmp_path, DOCUMENT, shuffled))


def test_interfaces_of_instances_and_reservations(tmp_path):
    document = copy.deepcopy(DOCUMENT)
    web, database = document.pop("NetworkInterfaces")
    document["Instances"] = [{"InstanceId": "i-1", "NetworkInterfaces": [web]}]
    document["Reservations"] = [{"Instances": [{"NetworkInterfaces": [database]}]}]
    expect_quiet(enrich_with(tmp_path, document))


def test_listed_rules_go_before_permissions_group_by_group(tmp_path):
    permission = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    document = copy.deepcopy(DOCUMENT)
    for group in document["SecurityGroups"]:
        group["IpPermissions"] = group["IpPermissionsEgress"] = [permission]
    document["SecurityGroupRules"] = [
        rule for rule in document["SecurityGroupRules"] if rule["GroupId"] != "sg-0database"
    ]
    expected = classic_bytes(DEFAULT_RECORDS, Configuration(document))
    assert b"sg-0database/IpPermissions/0|All protocols|All ports|10.0.0.0/8|" in expected
    assert b"sg-0web/IpPermissions" not in expected
    expect_quiet(enrich_with(tmp_path, document), expected)


# Broken JSON: line and column, or what it is instead


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{\n  "SecurityGroups": [}\n', [r"\b2\b\D{1,9}\b\d+\b"]),
        ('{\n  "SecurityGroups": [\n', [r"\b[23]\b\D{1,9}\b\d+\b"]),
        ('{"SecurityGroups": []}}', [r"\b1\b\D{1,9}\b23\b"]),
        (json.dumps(DOCUMENT)[:-1], [r"\b1\b\D{1,9}\d+"]),
        ("", ["(?i)empty"]),
        ("\n \n", ["(?i)empty"]),
        ("SecurityGroups:\n- GroupId: sg-1\n", ["YAML", "(?i)json"]),
        ("---\nSecurityGroups:\n", ["YAML"]),
        ("SECURITYGROUPS\tdefault VPC security group\tsg-1\n", ["(?i)text", "(?i)json"]),
        ("\x1b[?1h\x1b=\r{\n", ["(?i)pager"]),
        ("An error occurred (UnauthorizedOperation)\n", ["UnauthorizedOperation"]),
        ("<DescribeSecurityGroupsResponse/>", ["(?i)XML|not JSON"]),
        (json.dumps(DOCUMENT).encode("utf-16"), ["UTF-16", "UTF-8"]),
        (b'{"SecurityGroups": "\xff"}', ["UTF-8"]),
        ("[1, 2]", ["(?i)object"]),
        ("12", ["(?i)object"]),
        ('"words"', ["(?i)object"]),
        ("null", ["(?i)object"]),
        ("[" * 100_000, []),
        ('{"a":' * 100_000, []),
    ],
    ids=[
        "bracket", "cut", "brace-too-many", "brace-missing", "empty", "blank", "yaml",
        "yaml-document", "text", "pager", "error-message", "xml", "utf-16", "invalid-utf-8",
        "array", "number", "string", "null", "deep-array", "deep-object",
    ],
)  # fmt: skip
def test_what_is_no_json_object(content, words, tmp_path):
    expect_refused(enrich_with(tmp_path, content), *words)


def test_truncated_gzip_is_not_said_to_have_been_used(tmp_path):
    path = tmp_path / "inventory.json"
    path.write_bytes(gzip.compress(b'{"Subnets": []}')[:-3])
    outcome = program.enrich(inventory=path)
    assert outcome.exit_code == 2, f"\n{outcome}"
    assert outcome.errors == (f"{path}: the gzip data ends in the middle; fetch the file again\n")


def test_missing_inventory(tmp_path):
    outcome = program.enrich(inventory=tmp_path / "nowhere.json", stdin=text(DEFAULT_RECORDS))
    assert outcome.exit_code == 2 and outcome.output == b"", f"\n{outcome}"
    assert "nowhere.json" in outcome.errors and "No such file" in outcome.errors, f"\n{outcome}"


# Wrong types and values: the path


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (rule_with(FromPort="443"), [r"SecurityGroupRules\[0\]\.FromPort"]),
        (rule_with(FromPort=443.5), [r"SecurityGroupRules\[0\]\.FromPort"]),
        (rule_with(ToPort=70000), [r"SecurityGroupRules\[0\]\.ToPort", "70000"]),
        (rule_with(GroupId=12), [r"SecurityGroupRules\[0\]\.GroupId"]),
        (rule_with(IpProtocol=6), [r"SecurityGroupRules\[0\]\.IpProtocol"]),
        (rule_with(IpProtocol="tpc"), [r"SecurityGroupRules\[0\]\.IpProtocol", "tpc"]),
        (rule_with(IsEgress="no"), [r"SecurityGroupRules\[0\]\.IsEgress"]),
        (rule_with(IsEgress=None), [r"SecurityGroupRules\[0\]", "IsEgress"]),
        (rule_with(CidrIpv4="10.0.0.0/33"), [r"SecurityGroupRules\[0\]\.CidrIpv4", "10.0.0.0/33"]),
        (rule_with(CidrIpv4="10.0.0/8"), [r"SecurityGroupRules\[0\]\.CidrIpv4"]),
        (rule_with(CidrIpv4="10.0.0.1"), [r"SecurityGroupRules\[0\]\.CidrIpv4"]),
        (rule_with(CidrIpv4="2001:db8::/32"), [r"SecurityGroupRules\[0\]\.CidrIpv4"]),
        (rule_with(CidrIpv4=None, CidrIpv6="::g/0"), [r"SecurityGroupRules\[0\]\.CidrIpv6"]),
        (rule_with(CidrIpv6="::/0"), [r"SecurityGroupRules\[0\]", "CidrIpv4", "CidrIpv6"]),
        (rule_with(CidrIpv4=None), [r"SecurityGroupRules\[0\]", "(?i)source|CidrIpv4"]),
        (DOCUMENT | {"SecurityGroupRules": {}}, [r"SecurityGroupRules"]),
        (DOCUMENT | {"SecurityGroupRules": ["x"]}, [r"SecurityGroupRules\[0\]"]),
        (DOCUMENT | {"NetworkInterfaces": "eni-1"}, [r"NetworkInterfaces"]),
        (interface_with(NetworkInterfaceId=1), [r"NetworkInterfaces\[0\]\.NetworkInterfaceId"]),
        (interface_with(Groups="sg-1"), [r"NetworkInterfaces\[0\]\.Groups"]),
        (
            interface_with(Groups=[{"GroupName": "x"}]),
            [r"NetworkInterfaces\[0\]\.Groups\[0\]", "GroupId"],
        ),
        (
            interface_with(PrivateIpAddress="10.0.0"),
            [r"NetworkInterfaces\[0\]\.PrivateIpAddress", "10.0.0"],
        ),
        (
            interface_with(Ipv6Addresses=[{"Ipv6Address": "2001:db8::g"}]),
            [r"NetworkInterfaces\[0\]\.Ipv6Addresses\[0\]\.Ipv6Address"],
        ),
        (
            interface_with(
                PrivateIpAddresses=[{"PrivateIpAddress": "10.0.1.5"}, {"PrivateIpAddress": "x"}]
            ),
            [r"NetworkInterfaces\[0\]\.PrivateIpAddresses\[1\]\.PrivateIpAddress"],
        ),
        (
            DOCUMENT | {"Snapshot": {"CapturedAt": "yesterday"}},
            [r"Snapshot\.CapturedAt", "yesterday"],
        ),
        (
            DOCUMENT | {"PrefixLists": [{"PrefixListId": "pl-1", "Cidrs": ["10.0.0.0/40"]}]},
            [r"PrefixLists\[0\]\.Cidrs\[0\]"],
        ),
        (
            DOCUMENT | {"PrefixLists": [{"PrefixListId": "pl-1", "Entries": [{"Cidr": "x"}]}]},
            [r"PrefixLists\[0\]\.Entries\[0\]\.Cidr"],
        ),
        (
            with_acl(ACL_ENTRY | {"RuleAction": "permit"}),
            [r"NetworkAcls\[0\]\.Entries\[0\]\.RuleAction"],
        ),
        (with_acl(ACL_ENTRY | {"CidrBlock": "x"}), [r"NetworkAcls\[0\]\.Entries\[0\]\.CidrBlock"]),
        (
            DOCUMENT
            | {
                "SecurityGroups": [
                    {
                        "GroupId": "sg-9",
                        "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "x"}]}],
                    }
                ]
            },
            [r"SecurityGroups\[0\]\.IpPermissions\[0\]\.IpRanges\[0\]\.CidrIp"],
        ),
    ],
    ids=lambda value: re.sub(r"\W+", "-", " ".join(value)) if isinstance(value, list) else "",
)
def test_wrong_values_are_told_by_their_path(document, words, tmp_path):
    expect_refused(enrich_with(tmp_path, document), *words)


def test_key_twice_in_one_object(tmp_path):
    content = json.dumps(DOCUMENT).replace(
        '"IsEgress": false', '"IsEgress": false, "IsEgress": true', 1
    )
    expect_refused(enrich_with(tmp_path, content), "IsEgress", "(?i)twice|duplicate")


@pytest.mark.parametrize(
    ("kind", "key", "member", "values"),
    [
        ("NetworkInterfaces", "NetworkInterfaceId", "PrivateIpAddress", ["10.0.7.7", "10.0.7.8"]),
        ("NetworkInterfaces", "NetworkInterfaceId", "Groups", [[{"GroupId": "sg-0web"}], []]),
        ("SecurityGroups", "GroupId", "VpcId", ["vpc-1", "vpc-2"]),
        ("SecurityGroupRules", "SecurityGroupRuleId", "ToPort", [443, 444]),
        ("SecurityGroupRules", "SecurityGroupRuleId", "CidrIpv4", ["0.0.0.0/0", "10.0.0.0/8"]),
        ("PrefixLists", "PrefixListId", "Cidrs", [["10.0.0.0/8"], ["10.0.0.0/9"]]),
    ],
)
def test_same_id_with_other_content_names_both_files(kind, key, member, values, tmp_path):
    described = {"NetworkInterfaceId": "eni-7", "GroupId": "sg-7", "PrefixListId": "pl-7"}
    if kind == "SecurityGroupRules":
        described = DOCUMENT[kind][0]
    described = {name: described[name] for name in described if name == key or len(described) > 3}
    contents = [{kind: [described | {member: value}]} for value in values]
    outcome = enrich_with(tmp_path, *contents)
    expect_refused(outcome, r"inventory-1\.json", described[key])


def test_nothing_known_in_the_whole_inventory(tmp_path):
    expect_refused(enrich_with(tmp_path, {"Reservation": [], "Other": 1}))
    expect_refused(enrich_with(tmp_path, {}))


# Warnings


def test_a_file_in_which_nothing_is_known(tmp_path):
    expect_warned(enrich_with(tmp_path, {"Other": 1}, DOCUMENT), "inventory-0.json")


def test_wrong_case_keys(tmp_path):
    document = copy.deepcopy(DOCUMENT)
    document["securityGroupRules"] = document.pop("SecurityGroupRules")
    told = enrich_with(tmp_path, document)
    expect_warned(told, "securityGroupRules.*SecurityGroupRules", expected=None)


def test_wrong_case_keys_further_in(tmp_path):
    document = copy.deepcopy(DOCUMENT)
    document["NetworkInterfaces"][0]["groups"] = document["NetworkInterfaces"][0].pop("Groups")
    told = enrich_with(tmp_path, document)
    expect_warned(told, r"NetworkInterfaces\[0\]\.groups.*Groups", expected=None)


def test_next_token_says_that_pages_are_missing(tmp_path):
    document = DOCUMENT | {"NextToken": "eyJ2Ijoi"}
    expected = classic_bytes(DEFAULT_RECORDS, Configuration(document))
    assert b"no-outbound-rules" not in expected
    expect_warned(enrich_with(tmp_path, document), "NextToken", expected=expected)


def test_groups_carried_but_undescribed(tmp_path):
    document = interface_with(Groups=[{"GroupId": "sg-0unheard"}])
    expected = classic_bytes(DEFAULT_RECORDS, Configuration(document))
    assert b"no-inbound-rules||||sg-0unheard" in expected
    expect_warned(enrich_with(tmp_path, document), "sg-0unheard", expected=expected)


def test_host_bits(tmp_path):
    document = rule_with(CidrIpv4="10.0.0.1/8")
    expect_warned(enrich_with(tmp_path, document), r"10\.0\.0\.1/8", expected=None)


def test_prefix_list_without_entries(tmp_path):
    document = DOCUMENT | {"PrefixLists": [{"PrefixListId": "pl-0lonely"}]}
    expect_warned(enrich_with(tmp_path, document), "pl-0lonely")


def test_entries_without_a_list_tell_how_to_add_it(tmp_path):
    entries = {"Entries": [{"Cidr": "10.0.0.0/16"}]}
    expect_warned(enrich_with(tmp_path, entries, DOCUMENT), "PrefixListId")


def test_entries_with_a_list_are_fine(tmp_path):
    entries = {"PrefixListId": "pl-63a5400a", "Entries": [{"Cidr": "10.0.0.0/16"}]}
    expect_quiet(enrich_with(tmp_path, entries, DOCUMENT))


def test_acl_number_twice(tmp_path):
    document = with_acl(ACL_ENTRY, ACL_ENTRY | {"RuleAction": "deny"})
    expect_warned(enrich_with(tmp_path, document), "acl-1", "100")


def test_subnet_under_two_acls(tmp_path):
    association = [{"SubnetId": "subnet-0shared"}]
    document = with_acl(ACL_ENTRY, associations=association)
    document["NetworkAcls"].append(document["NetworkAcls"][0] | {"NetworkAclId": "acl-2"})
    expect_warned(enrich_with(tmp_path, document), "subnet-0shared")


def test_each_kind_of_warning_is_told_once_with_a_count(tmp_path):
    document = copy.deepcopy(DOCUMENT)
    for number in range(500):
        rule = DOCUMENT["SecurityGroupRules"][0] | {
            "SecurityGroupRuleId": f"sgr-1{number:04}",
            "GroupId": "sg-0unused",
            "CidrIpv4": "10.0.0.1/8",
        }
        document["SecurityGroupRules"].append(rule)
    outcome = enrich_with(tmp_path, document)
    expect_warned(outcome, "500")
    assert len(outcome.errors.splitlines()) <= 3, f"\n{outcome}"


def test_a_large_inventory(tmp_path):
    """2,500 groups of 12 rules and 5,000 interfaces, as a Region may hold."""
    document = {"NetworkInterfaces": [], "SecurityGroups": [], "SecurityGroupRules": []}
    for group in range(2500):
        document["SecurityGroups"].append({"GroupId": f"sg-{group:017x}"})
        for number in range(12):
            document["SecurityGroupRules"].append(
                DOCUMENT["SecurityGroupRules"][0]
                | {
                    "SecurityGroupRuleId": f"sgr-{group * 100 + number:017x}",
                    "GroupId": f"sg-{group:017x}",
                }
            )
    for number in range(5000):
        document["NetworkInterfaces"].append(
            {
                "NetworkInterfaceId": f"eni-{number:017x}" if number else WEB,
                "PrivateIpAddress": f"10.{number // 65536}.{number // 256 % 256}.{number % 256}",
                "Groups": [
                    {"GroupId": f"sg-{(number * 7 + each) % 2500:017x}"} for each in range(5)
                ],
            }
        )
    records = [record | {"dstaddr": "10.0.0.0"} for record in DEFAULT_RECORDS[:1]]
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(document))
    outcome = program.enrich("--format", "classic", inventory=path, stdin=text(records))
    program.expect_bytes(outcome, classic_bytes(records, Configuration(document)))
    program.expect_success(outcome)
