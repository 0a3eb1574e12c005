"""sgflow snapshot, from outside: against a stub of EC2, and against moto."""

import gzip
import json
import os
import pathlib
import re
import subprocess

import boto3
import pytest
from servers.ec2_stub import (
    CutOff,
    CutShort,
    Deep,
    Denied,
    Ec2Stub,
    EntityBomb,
    ExpiredCredentials,
    ExpiredPage,
    Html,
    Refused,
    Reset,
    Throttled,
    make_account,
)

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")
BINARY = (pathlib.Path.cwd() / BINARY).resolve()

GIVE_UP_SECONDS = 120
KINDS = [
    "NetworkInterfaces",
    "SecurityGroups",
    "SecurityGroupRules",
    "PrefixLists",
    "NetworkAcls",
    "Subnets",
]
IDS = {
    "NetworkInterfaces": "NetworkInterfaceId",
    "SecurityGroups": "GroupId",
    "SecurityGroupRules": "SecurityGroupRuleId",
    "PrefixLists": "PrefixListId",
    "NetworkAcls": "NetworkAclId",
    "Subnets": "SubnetId",
}


class Snapshot:
    """The program's run, and the file that it wrote, if it did."""

    def __init__(self, folder: pathlib.Path, environment: dict, *arguments, output="out.json"):
        self.path = folder / output
        done = subprocess.run(
            [BINARY, "snapshot", "--output", self.path, *arguments],
            capture_output=True,
            text=True,
            timeout=GIVE_UP_SECONDS,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        )
        self.code, self.output, self.errors = done.returncode, done.stdout, done.stderr

    def expect_success(self):
        assert (self.code, self.errors) == (0, "")
        return self

    def expect_failure(self, code: int, *parts: str):
        assert self.code == code, self.errors
        for part in parts:
            assert part in self.errors
        assert not self.path.exists()

    @property
    def bytes(self) -> bytes:
        return self.path.read_bytes()

    @property
    def document(self) -> dict:
        return json.loads(self.bytes)


@pytest.fixture
def take(ec2_stub, tmp_path):
    """Takes a snapshot of the stub."""

    def run(*arguments, output="out.json"):
        return Snapshot(tmp_path, ec2_stub.environment, *arguments, output=output)

    return run


def sorted_by_id(kind: str, elements: list[dict]) -> list[dict]:
    return sorted(elements, key=lambda one: one[IDS[kind]])


def expected(account, kinds=KINDS, keep=lambda one: True) -> dict[str, list[dict]]:
    """What of an account a snapshot has."""
    described = {
        kind: sorted_by_id(kind, filter(keep, account.described()[kind])) for kind in kinds
    }
    if "SecurityGroups" in described:  # whose rules stand apart
        dropped = ("IpPermissions", "IpPermissionsEgress")
        described["SecurityGroups"] = [
            {key: value for key, value in group.items() if key not in dropped}
            for group in described["SecurityGroups"]
        ]
    if "PrefixLists" in described:
        described["PrefixLists"] = [
            {**one, "Entries": account.entries[one["PrefixListId"]]}
            for one in described["PrefixLists"]
        ]
    return described


def enrich(*inventories) -> subprocess.CompletedProcess:
    """With no records: whether the inventory loads."""
    chosen = [word for path in inventories for word in ("--inventory", path)]
    return subprocess.run([BINARY, "enrich", *chosen], input="", capture_output=True, text=True)


def test_all_that_there_is(ec2_stub, take):
    snapshot = take().expect_success()
    header, *_ = (document := snapshot.document).values()
    assert list(document) == ["Snapshot", *KINDS]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", header.pop("CapturedAt"))
    assert header == {
        "Version": 1,
        "AccountId": "111122223333",
        "Region": "eu-west-1",
        "Coverage": {
            "Kinds": KINDS,
            "AccountIds": ["111122223333"],
            "Regions": ["eu-west-1"],
        },
    }
    for kind, elements in expected(ec2_stub.accounts[0]).items():
        assert document[kind] == elements, kind
    loaded = enrich(snapshot.path)
    assert (loaded.returncode, loaded.stderr) == (0, "")


def test_the_same_account_gives_the_same_file(ec2_stub, take):
    def without_time(snapshot):
        return re.sub(rb'"CapturedAt":"[^"]*"', b"", snapshot.expect_success().bytes)

    first = without_time(take())
    for elements in ec2_stub.accounts[0].described().values():
        elements.reverse()
    assert without_time(take()) == first


def test_gzip_where_the_name_says_so(take):
    plain, packed = take().expect_success(), take(output="out.json.gz").expect_success()
    first = json.loads(gzip.decompress(packed.bytes))
    assert first["NetworkInterfaces"] == plain.document["NetworkInterfaces"]
    assert enrich(packed.path).returncode == 0


def test_five_thousand_interfaces_in_pages_that_may_be_empty(ec2_stub, take):
    ec2_stub.accounts = [make_account(interfaces=5000, groups=300)]
    ec2_stub.page_size, ec2_stub.empty_pages = 700, True
    document = take().expect_success().document
    assert len(document["NetworkInterfaces"]) == 5000
    assert document["SecurityGroupRules"] == expected(ec2_stub.accounts[0])["SecurityGroupRules"]
    assert ec2_stub.calls["DescribeNetworkInterfaces"] == 2 * 8 - 1
    # Six listings at first; the entries of four lists, one of two pages of its own.
    assert ec2_stub.calls["GetManagedPrefixListEntries"] == 4 + 2


def test_few_calls_for_a_small_account(ec2_stub, take):
    take().expect_success()
    assert ec2_stub.calls == {
        "GetCallerIdentity": 1,
        "DescribeNetworkInterfaces": 1,
        "DescribeSecurityGroups": 1,
        "DescribeSecurityGroupRules": 1,
        "DescribeManagedPrefixLists": 1,
        "DescribeNetworkAcls": 1,
        "DescribeSubnets": 1,
        "GetManagedPrefixListEntries": 5,
    }
    assert all(
        request["IncludeManagedResources"] == "true"
        for request in ec2_stub.requests
        if request["Action"] == "DescribeNetworkInterfaces"
    )


def test_several_accounts_and_regions(ec2_stub, take):
    ec2_stub.accounts = [
        make_account(account, region, interfaces=20)
        for account in ("111122223333", "444455556666")
        for region in ("eu-west-1", "us-east-1")
    ]
    roles = ["arn:aws:iam::444455556666:role/a/reader", "arn:aws:iam::111122223333:role/reader"]
    words = [word for role in roles for word in ("--role-arn", role)]
    regions = ["--region", "us-east-1", "--region", "eu-west-1", "--region", "eu-west-1"]
    snapshot = take(*words, *regions).expect_success()

    parts = snapshot.document["Snapshots"]
    found = [(part["Snapshot"]["AccountId"], part["Snapshot"]["Region"]) for part in parts]
    assert found == [(account.account_id, account.region) for account in ec2_stub.accounts]
    for part, account in zip(parts, ec2_stub.accounts, strict=True):
        for kind, elements in expected(account).items():
            # AWS's own list is one for all accounts of a Region, and stands there once.
            if kind == "PrefixLists" and account.account_id == "444455556666":
                elements = [one for one in elements if one["OwnerId"] != "AWS"]
            assert part[kind] == elements, kind
    loaded = enrich(snapshot.path)
    assert (loaded.returncode, loaded.stderr) == (0, "")


def test_a_shared_vpcs_interface_stands_once_with_its_owner(ec2_stub, take):
    owner, participant = make_account("111122223333"), make_account("444455556666")
    ec2_stub.accounts = [owner, participant]
    shared = {**participant.interfaces[0], "Description": "as the VPC's owner sees it"}
    owner.interfaces.append(shared)
    roles = [f"--role-arn=arn:aws:iam::{a.account_id}:role/r" for a in ec2_stub.accounts]
    parts = take(*roles).expect_success().document["Snapshots"]
    id = shared["NetworkInterfaceId"]
    found = [
        one
        for part in parts
        for one in part["NetworkInterfaces"]
        if one["NetworkInterfaceId"] == id
    ]
    assert found == [participant.interfaces[0]]


def test_narrowed_to_a_vpc(ec2_stub, take):
    account = ec2_stub.accounts[0]
    vpc = account.subnets[0]["VpcId"]
    # A group of another VPC that is associated with this one.
    foreign = next(group for group in account.groups if group["VpcId"] != vpc)
    carrier = next(one for one in account.interfaces if one["VpcId"] == vpc and one["Groups"])
    carrier["Groups"] = [{"GroupId": foreign["GroupId"], "GroupName": foreign["GroupName"]}]
    document = take("--vpc", vpc).expect_success().document

    assert document["Snapshot"]["Coverage"]["VpcIds"] == [vpc]
    narrowed = expected(account, ["NetworkInterfaces", "NetworkAcls", "Subnets"],
                        lambda one: one["VpcId"] == vpc)  # fmt: skip
    for kind, elements in narrowed.items():
        assert document[kind] == elements, kind
    groups = {g["GroupId"] for g in account.groups if g["VpcId"] == vpc} | {foreign["GroupId"]}
    assert {group["GroupId"] for group in document["SecurityGroups"]} == groups
    rules = [rule for rule in account.rules if rule["GroupId"] in groups]
    assert document["SecurityGroupRules"] == sorted_by_id("SecurityGroupRules", rules)


# What changes between the calls


def test_a_group_that_came_after_the_groups_were_listed(ec2_stub, take):
    account = ec2_stub.accounts[0]
    new = next(one for one in account.groups if any(
        group["GroupId"] == one["GroupId"] for i in account.interfaces for group in i["Groups"]
    ))  # fmt: skip
    ec2_stub.hide("DescribeSecurityGroups", new["GroupId"], times=1)
    ec2_stub.hide("DescribeSecurityGroupRules", new["GroupId"], times=1)
    document = take().expect_success().document
    for kind in ("SecurityGroups", "SecurityGroupRules"):
        assert document[kind] == expected(account)[kind], kind
    assert ec2_stub.calls["DescribeSecurityGroups"] == 2


def test_rules_that_came_after_the_rules_were_listed(ec2_stub, take):
    account = ec2_stub.accounts[0]
    ec2_stub.hide("DescribeSecurityGroupRules", account.groups[3]["GroupId"], times=1)
    document = take().expect_success().document
    for kind in ("SecurityGroups", "SecurityGroupRules"):
        assert document[kind] == expected(account)[kind], kind


def test_an_interface_whose_group_is_gone_is_looked_at_again(ec2_stub, take):
    account = ec2_stub.accounts[0]
    left, gone = account.interfaces[0], account.interfaces[1]
    now = [left.copy(), gone.copy()]
    deleted = [{"GroupId": "sg-deleted", "GroupName": "deleted"}]
    left["Groups"], gone["Groups"] = deleted, deleted

    def forget():
        left["Groups"] = now[0]["Groups"]
        account.interfaces.remove(gone)

    ec2_stub.after("DescribeNetworkInterfaces", forget)
    document = take().expect_success().document
    assert document["NetworkInterfaces"] == expected(account)["NetworkInterfaces"]
    assert gone["NetworkInterfaceId"] not in json.dumps(document)


def test_another_accounts_group_keeps_its_permissions(ec2_stub, take):
    account = ec2_stub.accounts[0]
    group = account.groups[0]
    group["OwnerId"] = "999988887777"
    account.rules = [rule for rule in account.rules if rule["GroupId"] != group["GroupId"]]
    document = take().expect_success().document
    assert group in document["SecurityGroups"]


def test_a_list_that_is_gone_and_one_that_is_refused(ec2_stub, take):
    lists = ec2_stub.accounts[0].prefix_lists
    gone, refused = lists[0]["PrefixListId"], lists[1]["PrefixListId"]
    del ec2_stub.accounts[0].entries[gone]
    ec2_stub.fail("GetManagedPrefixListEntries", Denied(), times=9, PrefixListId=refused)
    snapshot = take()

    assert snapshot.code == 1
    assert snapshot.errors.startswith(
        f"sgflow: eu-west-1 of 111122223333: {refused}: what it holds is not told, so rules that name it "
        "can't be: ec2:GetManagedPrefixListEntries in eu-west-1: UnauthorizedOperation"
    )
    found = {one["PrefixListId"]: one for one in snapshot.document["PrefixLists"]}
    assert set(found) == {one["PrefixListId"] for one in lists} - {gone}
    assert "Entries" not in found[refused]
    assert "PrefixLists" not in snapshot.document["Snapshot"]["Coverage"]["Kinds"]


def test_what_hangs_on_a_list_that_is_refused_is_only_possible(ec2_stub, take):
    account = ec2_stub.accounts[0]
    id = account.prefix_lists[0]["PrefixListId"]
    account.entries[id] = [{"Cidr": "198.51.100.0/24"}]
    interface, group = account.interfaces[0], account.groups[0]
    interface["Groups"] = [{"GroupId": group["GroupId"], "GroupName": group["GroupName"]}]
    account.rules[:] = [one for one in account.rules if one["GroupId"] != group["GroupId"]]
    account.rules.append(
        {"SecurityGroupRuleId": "sgr-0f", "GroupId": group["GroupId"], "IsEgress": False,
         "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListId": id}
    )  # fmt: skip
    line = (
        f"2 111122223333 {interface['NetworkInterfaceId']} 198.51.100.7"
        f" {interface['PrivateIpAddress']} 50000 443 6 1 40 1767225600 1767225660 ACCEPT OK\n"
    )

    def judged(path):
        done = subprocess.run([BINARY, "enrich", "--inventory", path], input=line,
                              capture_output=True, text=True)  # fmt: skip
        return json.loads(done.stdout)

    assert judged(take().expect_success().path)["sg_confidence"] == "exact"
    ec2_stub.fail("GetManagedPrefixListEntries", Refused(400, "IncorrectState"), PrefixListId=id)
    snapshot = take()
    assert snapshot.code == 1
    record = judged(snapshot.path)
    assert record["sg_confidence"] == "possible"
    assert f"the inventory lacks the entries of prefix list {id}" in record["sg_reason"]


def test_vpcs_that_are_not_there_are_told(ec2_stub, take):
    vpc = ec2_stub.accounts[0].subnets[0]["VpcId"]
    snapshot = take("--vpc", vpc, "--vpc", "vpc-0f")
    assert (snapshot.code, snapshot.errors) == (
        1,
        "sgflow: --vpc: there is no vpc-0f in what was listed; is it in another Region or account?\n",
    )
    assert snapshot.document["Snapshot"]["Coverage"]["VpcIds"] == [vpc]
    assert snapshot.document["NetworkInterfaces"]


def test_no_vpc_that_is_there_leaves_no_file(ec2_stub, take):
    take("--vpc", "vpc-0e", "--vpc", "vpc-0f").expect_failure(
        2, "there is no vpc-0e, vpc-0f in what was listed; nothing is written; are they in another"
    )  # fmt: skip


def test_a_vpc_is_looked_for_in_all_regions(ec2_stub, take):
    regions = ["eu-west-1", "us-east-1", "ap-south-1"]
    ec2_stub.accounts = [make_account(region=region, interfaces=9) for region in regions]
    vpcs = [account.subnets[0]["VpcId"] for account in ec2_stub.accounts[:2]]
    words = [f"--region={region}" for region in regions] + [f"--vpc={vpc}" for vpc in vpcs]
    parts = take(*words).expect_success().document["Snapshots"]
    found = [part["Snapshot"]["Coverage"] for part in parts]
    # Nothing is claimed of a Region that has none of them.
    assert [(one["Regions"], one["VpcIds"]) for one in found] == [
        (["eu-west-1"], vpcs[:1]),
        (["us-east-1"], vpcs[1:]),
    ]


# Faults


def test_bursts_of_throttling_are_waited_out(ec2_stub, take):
    # More often than other callers would try.
    ec2_stub.fail("DescribeNetworkInterfaces", Throttled(), times=3)
    ec2_stub.fail("DescribeSubnets", Throttled(), times=1)
    take().expect_success()
    assert ec2_stub.calls["DescribeNetworkInterfaces"] == 4


@pytest.mark.parametrize("fault", [Reset, CutOff])
def test_a_broken_connection_is_tried_again(ec2_stub, take, fault):
    ec2_stub.fail("DescribeSecurityGroups", fault)
    take().expect_success()
    assert ec2_stub.calls["DescribeSecurityGroups"] == 2


def test_a_page_token_that_expires_starts_the_list_anew(ec2_stub, take):
    ec2_stub.page_size = 10
    ec2_stub.fail("DescribeNetworkInterfaces", ExpiredPage(), after=2)
    document = take().expect_success().document
    assert document["NetworkInterfaces"] == expected(ec2_stub.accounts[0])["NetworkInterfaces"]
    assert ec2_stub.calls["DescribeNetworkInterfaces"] == 3 + 4


@pytest.mark.parametrize(
    "fault, said",
    [
        (Denied(), ["UnauthorizedOperation", "allow ec2:DescribeSubnets"]),
        (ExpiredCredentials(), ["RequestExpired", "the session has expired"]),
        (Html(), ["is not AWS's", "see HTTPS_PROXY"]),
        (CutShort, ["the answer is cut off after"]),
        (EntityBomb(), ["the answer declares a document type, as AWS never does"]),
        (Deep(), ["the answer is nested deeper than 64 levels"]),
        (Reset, ["ec2:DescribeSubnets in eu-west-1"]),
        (Refused(500, "InternalError"), ["InternalError"]),
    ],
)
def test_a_list_that_fails_leaves_no_file(ec2_stub, take, fault, said):
    ec2_stub.fail("DescribeSubnets", fault, times=99)
    take().expect_failure(3, "sgflow: eu-west-1 of 111122223333: ec2:DescribeSubnets", *said)


def test_a_region_that_the_account_does_not_have(ec2_stub, take):
    take("--region", "us-east-1").expect_failure(
        3, "us-east-1 of 111122223333", "AuthFailure", "that the region is enabled for the account"
    )


def test_entries_that_are_all_refused_name_the_permission(ec2_stub, take):
    ec2_stub.fail("GetManagedPrefixListEntries", Denied(), times=99)
    take().expect_failure(3, "allow ec2:GetManagedPrefixListEntries")


def test_one_region_of_three_fails(ec2_stub, take):
    regions = ["eu-west-1", "us-east-1", "ap-south-1"]
    ec2_stub.accounts = [make_account(region=region, interfaces=9) for region in regions]
    ec2_stub.fail("DescribeNetworkAcls", Denied(), times=9, region="us-east-1")
    words = [word for region in regions for word in ("--region", region)]
    take(*words).expect_failure(
        3,
        "sgflow: us-east-1 of 111122223333: ec2:DescribeNetworkAcls in us-east-1: Unauthorized",
        "sgflow: nothing is written, as 1 of 3 could not be listed",
    )


def test_an_old_snapshot_stays_where_a_new_one_fails(ec2_stub, take):
    old = take().expect_success().bytes
    ec2_stub.fail("DescribeSubnets", Denied(), times=9)
    failed = take()
    assert failed.code == 3 and failed.bytes == old


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--vpc", "subnet-1"], "--vpc: 'subnet-1' is no VPC; VPCs are named as vpc-0123456789abcdef0"),
        (["--region", "Ireland!"], "--region: 'Ireland!' is no Region; Regions are named as eu-west-1"),
        (["--role-arn", "reader"], "--role-arn: 'reader' is no role; roles are named as "
         "arn:aws:iam::111122223333:role/NAME"),
        (["--role-arn", "arn:aws:iam::111122223333:role/a", "--role-arn",
          "arn:aws:iam::111122223333:role/b"],
         "--role-arn: two roles of the account 111122223333; give one role for each account"),
    ],
)  # fmt: skip
def test_options_that_cannot_be(ec2_stub, take, arguments, said):
    snapshot = take(*arguments)
    assert (snapshot.code, snapshot.errors) == (2, f"sgflow: {said}\n")
    assert not ec2_stub.calls


def test_an_empty_name_is_none(ec2_stub):
    done = subprocess.run([BINARY, "snapshot", "--output", ""], capture_output=True, text=True,
                          env=ec2_stub.environment)  # fmt: skip
    assert (done.returncode, done.stderr) == (
        2, "sgflow: --output: no name is given; name a file to write, or - for standard output\n"
    )  # fmt: skip
    assert not ec2_stub.calls


def test_a_place_that_cannot_be_written_is_found_before_aws_is_asked(ec2_stub, take):
    snapshot = take(output="none/out.json")
    assert snapshot.code == 3 and "cannot be written: No such file or directory" in snapshot.errors
    assert not ec2_stub.calls


# moto


def test_motos_account(moto_server, tmp_path):
    session = {
        "AWS_ENDPOINT_URL": moto_server,
        "AWS_ACCESS_KEY_ID": "AKIDSNAPSHOT",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-central-1",
    }
    ec2 = boto3.client(
        "ec2", endpoint_url=moto_server, region_name="eu-central-1",
        aws_access_key_id="AKIDSNAPSHOT", aws_secret_access_key="secret",
    )  # fmt: skip
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    prefix_list = ec2.create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=5, AddressFamily="IPv4",
        Entries=[{"Cidr": "192.0.2.0/24", "Description": "here"}],
    )["PrefixList"]["PrefixListId"]  # fmt: skip
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
         "IpRanges": [{"CidrIp": "198.51.100.0/24"}],
         "PrefixListIds": [{"PrefixListId": prefix_list}],
         "UserIdGroupPairs": [{"GroupId": group}]},
    ])  # fmt: skip
    interface = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]

    snapshot = Snapshot(tmp_path, session).expect_success()
    document = snapshot.document
    assert document["Snapshot"]["AccountId"] == "123456789012"
    found = {kind: {one[IDS[kind]]: one for one in document[kind]} for kind in KINDS}
    told = found["NetworkInterfaces"][interface["NetworkInterfaceId"]]
    assert told["PrivateIpAddress"] == interface["PrivateIpAddress"]
    assert found["PrefixLists"][prefix_list]["Entries"][0]["Cidr"] == "192.0.2.0/24"
    assert found["Subnets"][subnet]["CidrBlock"] == "10.9.1.0/24"
    described = ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )["SecurityGroupRules"]
    assert {rule["SecurityGroupRuleId"] for rule in described} == {
        id for id, rule in found["SecurityGroupRules"].items() if rule["GroupId"] == group
    }
    assert enrich(snapshot.path).returncode == 0


def test_a_region_without_credentials_says_so(tmp_path):
    with Ec2Stub() as stub:
        environment = dict(stub.environment)
        del environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
        Snapshot(tmp_path, environment).expect_failure(3, "sgflow: ")
        assert not stub.calls
