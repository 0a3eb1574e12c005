"""AWS Config as the inventory: what it delivers to S3, and what its API prints."""

import json
import random

import pytest
from history_world import (
    ENI,
    FIRST,
    GONE,
    GROUPS,
    HOUR,
    SECOND,
    SIDES,
    SUBNET,
    THIRD,
    VPC,
    appended_name,
    line,
    snapshot,
    time_text,
    write,
)
from program import enrich, expect_success

ACCOUNT, REGION = "111122223333", "eu-west-1"


def permission(port: int, old: bool) -> dict:
    """As of 2017, or as of today: with the ranges twice."""
    ranges = {"ipRanges": ["0.0.0.0/0"]}
    if not old:
        ranges |= {"ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}], "ipv6Ranges": []}
    return {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "userIdGroupPairs": [],
            "prefixListIds": [], **ranges}  # fmt: skip


def group_configuration(id: str, old: bool) -> dict:
    egress = {"ipProtocol": "-1", "fromPort": None, "toPort": None, "userIdGroupPairs": [],
              "ipRanges": ["0.0.0.0/0"], "prefixListIds": []}  # fmt: skip
    if not old:
        egress["ipv4Ranges"] = [{"cidrIp": "0.0.0.0/0"}]
    return {"groupId": id, "groupName": id, "ownerId": ACCOUNT, "vpcId": VPC, "tags": [],
            "description": "", "ipPermissions": [permission(GROUPS[id], old)],
            "ipPermissionsEgress": [egress]}  # fmt: skip


def interface_configuration(group: str) -> dict:
    return {"networkInterfaceId": ENI, "interfaceType": "interface", "vpcId": VPC,
            "subnetId": SUBNET, "privateIpAddress": "10.0.1.5", "association": None,
            "attachment": {"instanceId": "i-0a", "attachTime": "2026-01-01T00:00:00.000Z"},
            "privateIpAddresses": [{"privateIpAddress": "10.0.1.5", "primary": True}],
            "groups": [{"groupId": group, "groupName": group}], "ipv6Addresses": [],
            "tagSet": [{"key": "Name", "value": "cafe"}]}  # fmt: skip


def item(kind: str, id: str, moment: int, configuration, api: bool, version="1.3") -> dict:
    """`configuration`: none of what is deleted."""
    common = {
        "configurationItemCaptureTime": time_text(moment, "%Y-%m-%dT%H:%M:%S.276Z"),
        "configurationItemStatus": "OK" if configuration else "ResourceDeleted",
        "resourceType": f"AWS::EC2::{kind}", "resourceId": id, "awsRegion": REGION,
        "relationships": [], "relatedEvents": [], "tags": {}, "supplementaryConfiguration": {},
    }  # fmt: skip
    state = moment * 1000 + 276
    if api:
        text = json.dumps(configuration) if configuration else None
        return common | {"version": version, "accountId": ACCOUNT, "arn": id,
                         "configurationStateId": str(state), "configuration": text}  # fmt: skip
    return common | {"configurationItemVersion": version, "awsAccountId": ACCOUNT, "ARN": id,
                     "configurationStateId": state,
                     **({"configuration": configuration} if configuration else {})}  # fmt: skip


def items(api: bool, old: bool) -> list[dict]:
    version = "1.2" if old else "1.3"
    made = [
        item("SecurityGroup", id, FIRST, group_configuration(id, old), api, version)
        for id in GROUPS
    ]
    for moment, group in {FIRST: "sg-0a", SECOND: "sg-0b", THIRD: "sg-0c", GONE: None}.items():
        configuration = interface_configuration(group) if group else None
        made.append(item("NetworkInterface", ENI, moment, configuration, api, version))
    made.append(item("Instance", "i-0a", FIRST, {"instanceId": "i-0a"}, api, version))
    return made


def write_tree(folder, made):
    """One type a file, as Config delivers them; a month and a day without zeros."""
    under = folder / "AWSLogs" / ACCOUNT / "Config" / REGION / "2026/1/1/ConfigHistory"
    for number, one in enumerate(made):
        name = (f"{ACCOUNT}_Config_{REGION}_ConfigHistory_{one['resourceType']}"
                f"_20260101T000000Z_20260101T060000Z_{number}.json.gz")  # fmt: skip
        write(under / name, {"fileVersion": "1.0", "configurationItems": [one]})
    (folder / "AWSLogs" / ACCOUNT / "Config" / "ConfigWritabilityCheckFile").write_text("")
    return folder


def enriched(inventory, *lines):
    outcome = enrich(inventory=inventory, stdin="".join(lines).encode())
    expect_success(outcome)
    return outcome.records()


def expect_sides(records):
    assert [record.get("sg_ids", [None]) for record in records] == [[g] for _, g, _ in SIDES]
    assert [record["inventory_as_of"] for record in records] == [time_text(m) for *_, m in SIDES]
    assert [record.get("sg_matched_rules") for record in records] == [
        [f"{group}/IpPermissions/0"] if group else None for _, group, _ in SIDES
    ]


SIDE_LINES = [line(end, GROUPS[group] if group else 443) for end, group, _ in SIDES]


@pytest.mark.parametrize("old", [False, True], ids=["new", "2017"])
@pytest.mark.parametrize("api", [False, True], ids=["files", "api"])
def test_records_on_each_side_of_each_change_get_their_groups(tmp_path, api, old):
    made = items(api, old)
    random.Random(7).shuffle(made)
    if api:  # get-resource-config-history, one resource a call
        for number, one in enumerate(made):
            write(tmp_path / "c" / f"{number}.json", {"configurationItems": [one]})
        expect_sides(enriched(sorted((tmp_path / "c").iterdir()), *SIDE_LINES))
    else:
        write_tree(tmp_path / "c", made)
    expect_sides(enriched(tmp_path / "c", *SIDE_LINES))


def test_a_snapshot_file_is_one_of_items(tmp_path):
    path = write(tmp_path / "snapshot.json.gz", {
        "fileVersion": "1.0", "configSnapshotId": "7f6e", "configurationItems": items(False, False)
    })  # fmt: skip
    expect_sides(enriched(path, *SIDE_LINES))


def test_before_the_first_item_the_first_one_counts_as_possible(tmp_path):
    path = write(tmp_path / "c.json", {"configurationItems": items(False, False)})
    [record] = enriched(path, line(FIRST - 1, 443))
    assert record["sg_matched_rules"] == ["sg-0a/IpPermissions/0"]
    assert record["sg_confidence"] == "possible"


# A rule has no id in Config: its place is no reason for doubt.
def test_a_rule_that_only_moves_is_the_same(tmp_path):
    moved = group_configuration("sg-0a", False)
    moved["ipPermissions"].insert(0, permission(22, False))
    made = [
        item("SecurityGroup", "sg-0a", FIRST, group_configuration("sg-0a", False), False),
        item("NetworkInterface", ENI, FIRST, interface_configuration("sg-0a"), False),
        item("SecurityGroup", "sg-0a", SECOND, moved, False),
    ]
    path = write(tmp_path / "c.json", {"configurationItems": made})
    before, after, refused = enriched(
        path, line(SECOND - 1, 443), line(SECOND, 443), line(SECOND - 1, 22, action="REJECT")
    )
    assert before["sg_matched_rules"] == ["sg-0a/IpPermissions/0"]
    assert after["sg_matched_rules"] == ["sg-0a/IpPermissions/1"]
    assert before["sg_confidence"] == after["sg_confidence"] != "possible"
    assert refused["sg_confidence"] == "possible"


def test_what_a_query_selects_is_true_at_all_times(tmp_path):
    results = [
        {"resourceId": "sg-0a", "configuration": group_configuration("sg-0a", False)},
        {"resourceId": ENI, "configuration": interface_configuration("sg-0a")},
    ]
    document = {"Results": [json.dumps(one) for one in results], "QueryInfo": {"SelectFields": []}}
    [record] = enriched(write(tmp_path / "q.json", document), line(FIRST, 443))
    assert record["sg_matched_rules"] == ["sg-0a/IpPermissions/0"]
    assert "inventory_as_of" not in record


def test_items_of_later_than_the_first_snapshot_do_not_count(tmp_path):
    made = items(False, False)
    for one in made:
        one["configurationItemCaptureTime"] = time_text(GONE + HOUR)
    write(tmp_path / "i" / "c.json", {"configurationItems": made})
    write(tmp_path / "i" / "s.json", snapshot(SECOND, "sg-0b"))
    records = enriched(tmp_path / "i", line(FIRST, 8443), line(GONE + 2 * HOUR, 8443))
    assert [record["sg_matched_rules"] for record in records] == [["sgr-0a008443"]] * 2


def test_network_acls_subnets_and_prefix_lists_are_read(tmp_path):
    group = group_configuration("sg-0a", False)
    group["ipPermissions"][0] |= {"ipRanges": [], "ipv4Ranges": [],
                                  "prefixListIds": [{"prefixListId": "pl-0a"}]}  # fmt: skip
    entry = {"ruleNumber": 100, "protocol": "6", "ruleAction": "deny", "egress": False,
             "cidrBlock": "198.51.100.0/24", "ipv6CidrBlock": None, "icmpTypeCode": None,
             "portRange": {"from": 22, "to": 22}}  # fmt: skip
    allow = entry | {"ruleNumber": 200, "ruleAction": "allow", "protocol": "-1",
                     "portRange": None, "cidrBlock": "0.0.0.0/0"}  # fmt: skip
    made = [
        item("SecurityGroup", "sg-0a", FIRST, group, False),
        item("NetworkInterface", ENI, FIRST, interface_configuration("sg-0a"), False),
        item("Subnet", SUBNET, FIRST, {"subnetId": SUBNET, "vpcId": VPC,
                                       "cidrBlock": "10.0.1.0/24"}, False),
        item("NetworkAcl", "acl-0a", FIRST, {"networkAclId": "acl-0a", "vpcId": VPC,
             "isDefault": False, "entries": [entry, allow],
             "associations": [{"subnetId": SUBNET, "networkAclId": "acl-0a"}]}, False),
        item("PrefixList", "pl-0a", FIRST, {"PrefixListId": "pl-0a", "PrefixListName": "us",
             "Entries": [{"Cidr": "198.51.100.0/24", "Description": ""}]}, False),
    ]  # fmt: skip
    path = write(tmp_path / "c.json", {"configurationItems": made})
    allowed, denied = enriched(path, line(FIRST, 443), line(FIRST, 22, action="REJECT"))
    assert (allowed["sg_verdict"], allowed["sg_confidence"]) == ("allowed-by-rule", "likely")
    assert (denied["nacl_id"], denied["nacl_rule"]) == ("acl-0a", 100)


def test_snapshots_count_from_the_first_one_on(tmp_path):
    write_tree(tmp_path / "i", items(False, False))
    write(tmp_path / "i" / "s.json", snapshot(THIRD, "sg-0b"))
    records = enriched(
        tmp_path / "i", line(SECOND, 8443), line(THIRD, 8443), line(GONE + HOUR, 8443)
    )
    assert [record["sg_matched_rules"] for record in records] == [
        ["sg-0b/IpPermissions/0"], ["sgr-0a008443"], ["sgr-0a008443"]
    ]  # fmt: skip
    assert [record["inventory_as_of"] for record in records] == [
        time_text(SECOND), time_text(THIRD), time_text(THIRD)
    ]  # fmt: skip


def elsewhere(moment: int, vpcs=None, account=ACCOUNT, region=REGION) -> dict:
    """A snapshot of a place that has none of the interfaces of history_world."""
    coverage = {"Kinds": ["NetworkInterfaces"], "AccountIds": [account], "Regions": [region]}
    if vpcs:
        coverage["VpcIds"] = vpcs
    return {
        "Snapshot": {"Version": 1, "CapturedAt": time_text(moment), "AccountId": account,
                     "Region": region, "Coverage": coverage},
        "NetworkInterfaces": [{"NetworkInterfaceId": "eni-0e", "VpcId": "vpc-0e",
                               "PrivateIpAddress": "10.9.0.5", "Groups": []}],
    }  # fmt: skip


@pytest.mark.parametrize("appended", [False, True])
@pytest.mark.parametrize(
    "place",
    [{"account": "444455556666"}, {"region": "us-east-1"}, {"vpcs": ["vpc-0e"]}],
    ids=["account", "region", "vpc"],
)
@pytest.mark.parametrize("moment", [FIRST - HOUR, SECOND + HOUR // 2])
def test_snapshots_of_elsewhere_leave_config_as_it_is(tmp_path, place, appended, moment):
    write_tree(tmp_path / "i", items(False, False))
    name = appended_name(moment) if appended else "s.json"
    write(tmp_path / "i" / name, elsewhere(moment, **place))
    other = line(GONE, 443, interface="eni-0e", address="10.9.0.5")
    *records, held = enriched(tmp_path / "i", *SIDE_LINES, other)
    assert [record.get("sg_ids", [None]) for record in records] == [[g] for _, g, _ in SIDES]
    assert [record.get("sg_matched_rules") for record in records] == [
        [f"{group}/IpPermissions/0"] if group else None for _, group, _ in SIDES
    ]
    assert held["sg_ids"] == []


def test_before_all_of_it_each_place_has_its_first_inventory(tmp_path):
    write_tree(tmp_path / "i", items(False, False))
    write(tmp_path / "i/s.json", elsewhere(FIRST - HOUR, account="444455556666"))
    early = FIRST - 2 * HOUR
    records = enriched(
        tmp_path / "i", line(early, 443), line(early, 443, interface="eni-0e", address="10.9.0.5")
    )
    assert [record["sg_ids"] for record in records] == [["sg-0a"], []]


# A prefix list that both tell of, a member of a peered VPC: the capture's is the one that counts.
def test_of_a_thing_that_a_snapshot_tells_too_the_snapshot_counts(tmp_path):
    prefix_list = item("PrefixList", "pl-0a", FIRST, {
        "PrefixListId": "pl-0a", "Entries": [{"Cidr": "198.51.100.0/24"}]}, False)  # fmt: skip
    group = group_configuration("sg-0a", False)
    group["ipPermissions"][0] |= {"ipRanges": [], "ipv4Ranges": [],
                                  "prefixListIds": [{"prefixListId": "pl-0a"}]}  # fmt: skip
    made = [item("SecurityGroup", "sg-0a", FIRST, group, False), prefix_list,
            item("NetworkInterface", ENI, FIRST, interface_configuration("sg-0a"), False)]  # fmt: skip
    write_tree(tmp_path / "i", made)
    write(tmp_path / "i/s.json", elsewhere(SECOND, vpcs=["vpc-0e"]) | {
        "PrefixLists": [{"PrefixListId": "pl-0a", "Entries": [{"Cidr": "203.0.113.0/24"}]}]})  # fmt: skip
    before, after = enriched(tmp_path / "i", line(FIRST, 443), line(SECOND, 443))
    assert before["sg_verdict"] == "allowed-by-rule"
    assert after["sg_verdict"] == "allowed-as-return"


def test_a_warning_about_an_item_names_its_file(tmp_path):
    group = group_configuration("sg-0a", False)
    group["ipPermissions"][0]["ipv4Ranges"] = [{"cidrIp": "198.51.100.7/24"}]
    made = [
        item("Instance", "i-0a", FIRST, {}, False),
        item("SecurityGroup", "sg-0a", FIRST, group, False),
        item("NetworkInterface", ENI, FIRST, interface_configuration("sg-0b"), False),
    ]
    path = write(tmp_path / "c.json", {"configurationItems": made})
    outcome = enrich(inventory=path, stdin=b"")
    assert outcome.exit_code == 0
    told = outcome.errors.splitlines()
    assert any(
        text.startswith(f"{path}: configurationItems[1].configuration: IpPermissions[0]")
        for text in told
    ), told
    assert any(
        text.startswith(f"{path}: configurationItems[2].configuration: {ENI} carries")
        for text in told
    ), told


def test_what_is_wrong_in_an_item_is_told_with_its_place(tmp_path):
    wrong = group_configuration("sg-0a", False)
    wrong["ipPermissions"][0]["fromPort"] = "https"
    made = [item("SecurityGroup", "sg-0a", FIRST, wrong, False),
            item("NetworkInterface", ENI, FIRST, interface_configuration("sg-0a"), False)]  # fmt: skip
    made[1]["configurationItemCaptureTime"] = "yesterday"
    path = write(tmp_path / "c.json", {"configurationItems": made})
    outcome = enrich(inventory=path, stdin=b"")
    assert outcome.exit_code == 2
    assert outcome.errors == (
        f"{path}: configurationItems[0].configuration: IpPermissions[0].FromPort: a whole number is"
        ' expected, not the text "https"\n'
        f'{path}: configurationItems[1].configurationItemCaptureTime: "yesterday" is no time\n'
    )


def test_the_real_documents_load(real_data):
    folder = real_data / "aws-documents/config"
    outcome = enrich(inventory=folder, stdin=line(1485459514, 443).encode())
    assert outcome.exit_code == 0
    assert "the list goes on behind this page" in outcome.errors
    interface = "eni-0f000000000000401"
    captured = 1772352000
    header = "interface-id srcaddr dstaddr srcport dstport protocol end action log-status\n"
    text = f"{interface} 198.51.100.7 10.60.1.20 50000 443 6 {captured + 5} ACCEPT OK\n"
    outcome = enrich(inventory=folder / "09-nat-interface-api.json", stdin=(header + text).encode())
    expect_success(outcome)
    assert outcome.records()[0]["local_interface_type"] == "nat_gateway"
