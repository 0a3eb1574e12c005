"""Every stack made on an emulator, and records sent through the one with the stream."""

import collections
import functools

import pytest
from authorized_endpoint import BY_CODE, Call, allows
from emulated_stack import ACCOUNT, REGION
from iam_reference import ASKED_FOR_ON_EVERYTHING, misfits
from played_firehose import Firehose, line, with_bucket
from runtime_api_server import GIVE_UP_SECONDS, Status
from templates import TEMPLATES, template

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:token-AbCdEf"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/x"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-4000-8000-000000000000"
SECRET_KEYS = [
    f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-0000-4000-8000-00000000000{i}" for i in "12"
]
SPLUNK = {"Destination": "splunk", "SplunkUrl": "https://splunk.example:8088",
          "EndpointSecretArn": SECRET}  # fmt: skip
HTTP = {"Destination": "http", "HttpUrl": "https://siem.example/in", "EndpointSecretArn": SECRET}
NO_ENDPOINTS = {f"Makes{name}Endpoint": "false"
                for name in ("Ec2", "Firehose", "S3", "Secretsmanager", "Sts")}  # fmt: skip


def of_network(cloud):
    return {"VpcId": cloud.vpc, "SubnetIds": ",".join(cloud.subnets),
            "RouteTableIds": cloud.route_table, "MakesCache": "true"}  # fmt: skip


def flow_log_of(cloud):
    return {"FlowLogResourceId": cloud.vpc, "FlowLogResourceType": "VPC"}


def in_vpc(cloud):
    return {"SubnetIds": ",".join(cloud.subnets), "SecurityGroupIds": "sg-0a1"}


# Together they make every resource and take every branch of every condition.
STACKS = {
    "stream": lambda cloud: ("stream", flow_log_of(cloud)),
    "stream-plain": lambda cloud: (
        "stream",
        {"Packing": "gzip", "Compression": "UNCOMPRESSED", "Reingest": "false", "SnapshotSchedule": "",
         "RetentionDays": "0", "ReservedConcurrency": "5", "AlarmTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"},
    ),
    "stream-partitioned": lambda cloud: (
        "stream", {"Partitioning": "account-region-day", "KmsKeyArn": KEY, "Regions": "eu-west-1,us-east-1"},
    ),
    "stream-splunk": lambda cloud: ("stream", {**SPLUNK, "SecretKmsKeyArns": ",".join(SECRET_KEYS)}),
    "stream-http": lambda cloud: ("stream", HTTP),
    "stream-accounts": lambda cloud: (
        "stream", {"RoleArn": "arn:aws:iam::{account-id}:role/sgflow", "SnapshotRoleArns": ROLE},
    ),
    "stream-snapshot": lambda cloud: ("stream", {"Inventory": "snapshot", "Compression": "UNCOMPRESSED"}),
    "stream-redis": lambda cloud: (
        "stream", {"Inventory": "redis", "RedisUrl": "rediss://127.0.0.1:1",
                   "RedisPasswordSecretArn": SECRET, "SecretKmsKeyArns": SECRET_KEYS[0], **in_vpc(cloud)},
    ),
    "batch": lambda cloud: ("batch", {**flow_log_of(cloud), "KmsKeyArn": KEY}),
    "batch-of-a-bucket": lambda cloud: (
        "batch", {"MakesBucket": "false", "SourceBucketName": "packages", "Inventory": "snapshot", "SnapshotBucketName": "b",
                  "SnapshotKey": "k", "RetentionDays": "0", **in_vpc(cloud)},
    ),
    "batch-history": lambda cloud: ("batch", {"Inventory": "history", "SnapshotBucketName": "b"}),
    "batch-regions": lambda cloud: ("batch", {"Regions": "eu-west-1,us-east-1"}),
    "batch-accounts": lambda cloud: (
        "batch", {"RoleArn": "arn:aws:iam::{account-id}:role/sgflow",
                  "AlarmTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"},
    ),
    "network": lambda cloud: ("network", of_network(cloud)),
    "network-with-key": lambda cloud: (
        "network", {**of_network(cloud), "KmsKeyArn": KEY, "CacheNodes": "1"}),
    "network-without-cache": lambda cloud: ("network", {**of_network(cloud), "MakesCache": "false"}),
    "network-without-endpoints": lambda cloud: (
        "network", {**of_network(cloud), **NO_ENDPOINTS, "RouteTableIds": ""}),
    "account": lambda cloud: (
        "account", {"StreamArn": "arn:aws:firehose:eu-west-1:444455556666:deliverystream/s",
                    "ReceiverAccountId": "444455556666", **flow_log_of(cloud),
                    "FunctionRoleArns": ROLE, "Regions": "eu-west-1", "SenderRoleName": "sender-1",
                    "ReaderRoleName": "reader-1"},
    ),
    "account-without-reader": lambda cloud: (
        "account", {"StreamArn": "arn:aws:firehose:eu-west-1:444455556666:deliverystream/s",
                    "ReceiverAccountId": "444455556666", "FlowLogResourceId": cloud.subnets[0],
                    "FlowLogResourceType": "Subnet"},
    ),
    "account-of-the-stream": lambda cloud: (
        "account", {"FunctionRoleArns": ROLE, "ReaderRoleName": "reader-2"}),
    "receiver": lambda cloud: (
        "receiver", {"SenderAccountIds": "111122223333,444455556666",
                     "StreamArns": "arn:aws:firehose:eu-west-1:444455556666:deliverystream/s"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(cloud):
    """made(name): that stack, for tests that change nothing of it."""

    @functools.cache
    def make(name):
        of, parameters = STACKS[name](cloud)
        return cloud.deploy(of, **parameters)

    return make


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_can_be_made(cloud, made, name):
    stack = made(name)
    assert stack.refusals() == []
    wanted = {
        logical_id
        for logical_id, one in stack.template["Resources"].items()
        if "Condition" not in one or stack.holds(one["Condition"])
    }
    assert set(stack.created) == wanted
    # Each role is held to the resources that IAM takes.
    for role in (one for one, kind in stack.created.items() if kind == "AWS::IAM::Role"):
        statements = cloud.statements_of_role(stack.references[role])
        assert [misfits(one) for one in statements if misfits(one)] == [], role


def test_a_resource_that_does_not_fit_would_be_told():
    lists = "arn:aws:ec2:eu-west-1:aws:prefix-list/pl-1"
    entries, subnets = "ec2:GetManagedPrefixListEntries", "ec2:DescribeSubnets"
    assert misfits({"Effect": "Allow", "Action": entries, "Resource": lists}) == []
    assert misfits({"Effect": "Allow", "Action": entries, "Resource": "*"}) == [(entries, "*")]
    assert misfits({"Effect": "Allow", "Action": [entries, subnets], "Resource": [lists]}) == [
        (subnets, lists)
    ]


def in_region(region: str, by: dict[str, str]) -> dict[str, str]:
    return {"ec2:Region": region, **by}


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("stream-redis", "Function"),
        ("stream-redis", "SnapshotFunction"),
        ("batch-of-a-bucket", "Function"),
    ],
)
def test_lambda_may_place_a_function_and_its_code_may_not(cloud, made, name, function):
    """Lambda asks before there is an interface, and so of `*`."""
    stack = made(name)
    statements = cloud.statements_of(stack, function)
    looks = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]
    for action in [*ASKED_FOR_ON_EVERYTHING, *looks]:
        assert allows(statements, Call(action, "*", in_region(REGION, {}))), action
    for action in ASKED_FOR_ON_EVERYTHING:
        assert not allows(statements, Call(action, "*", in_region(REGION, BY_CODE))), action
    for action in looks:
        assert allows(statements, Call(action, "*", in_region(REGION, BY_CODE)))
        assert not allows(statements, Call(action, "*", in_region("us-east-1", BY_CODE)))


@pytest.mark.parametrize(("name", "role", "keys"), [
    ("stream-splunk", "StreamRole", SECRET_KEYS), ("stream-splunk", "FunctionRole", []),
    ("stream-http", "StreamRole", []), ("stream-redis", "StreamRole", []),
    ("stream-redis", "FunctionRole", SECRET_KEYS[:1]), ("stream-redis", "SnapshotRole", SECRET_KEYS[:1]),
])  # fmt: skip
def test_who_reads_a_secret_may_use_its_key_for_that(cloud, made, name, role, keys):
    stack = made(name)
    statements = cloud.statements_of_role(stack.references[role])
    service = {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}
    for key in SECRET_KEYS:
        assert allows(statements, Call("kms:Decrypt", key, service)) is (key in keys)
        assert not allows(statements, Call("kms:Decrypt", key, {"kms:ViaService": "s3"}))
        assert not allows(statements, Call("kms:GenerateDataKey", key, service))


def endpoints_in(stack) -> set[str]:
    return {one for one, kind in stack.created.items() if kind == "AWS::EC2::VPCEndpoint"}


def test_each_endpoint_can_be_left_out(cloud, made):
    every = endpoints_in(made("network"))
    assert len(every) == 5
    for switch in NO_ENDPOINTS:
        routes = {"RouteTableIds": ""} if switch == "MakesS3Endpoint" else {}
        stack = cloud.deploy(
            "network", **{**of_network(cloud), "MakesCache": "false", switch: "false", **routes}
        )
        assert stack.refusals() == []
        assert every - endpoints_in(stack) == {switch.removeprefix("Makes")}
    alone = made("network-without-endpoints")
    assert endpoints_in(alone) == set() and "Cache" in alone.created


def test_no_group_of_the_network_lets_out_more_than_it_says(cloud, made):
    stack = made("network")
    groups = [stack.references[one] for one, kind in stack.created.items()
              if kind == "AWS::EC2::SecurityGroup"]  # fmt: skip
    told = cloud.client("ec2").describe_security_groups(GroupIds=groups)["SecurityGroups"]
    out = {
        (rule["IpProtocol"], rule.get("FromPort"), *(one["CidrIp"] for one in rule["IpRanges"]))
        for group in told for rule in group["IpPermissionsEgress"]
    }  # fmt: skip
    assert len(told) == 3
    assert out == {("tcp", 443, "0.0.0.0/0"), ("tcp", 6379), ("-1", None, "127.0.0.1/32")}


def test_all_conditions_are_tried_both_ways(cloud):
    seen = collections.defaultdict(set)
    for made in STACKS.values():
        name, parameters = made(cloud)
        stack = cloud.stack(name, **parameters)
        for condition in stack.template.get("Conditions", {}):
            seen[name, condition].add(stack.holds(condition))
    assert {key for key, values in seen.items() if len(values) < 2} == set()
    assert {name for name, _ in map(lambda made: made(cloud), STACKS.values())} == set(TEMPLATES)


# Records


def test_records_come_out_with_their_verdicts(cloud, run, database):
    stack = with_bucket(cloud, cloud.deploy("stream"))
    firehose = Firehose(cloud, stack, run(stack, "Function"))
    got = firehose.send(
        line(cloud, database, stack, "10.1.0.7"),
        line(cloud, database, stack, "10.1.1.7", action="REJECT"),
        "nonsense",
    )
    assert got == {"Ok": 2, "ProcessingFailed": 1}
    ((folder, records),) = firehose.read().items()
    assert folder == "records/2026/01/01/00"
    allowed, denied = records
    assert (allowed["sg_verdict"], allowed["sg_matched_rules"]) == (
        "allowed-by-rule",
        [database["rule"]],
    )
    assert denied["sg_verdict"] == "denied-by-security-group"
    assert [one["rule"] for one in denied["sg_nearest"]] == [database["rule"]]
    assert {one["interface_id"] for one in records} == {database["id"]}
    assert allowed["sg_ids"] == [database["group"]]
    failed = firehose.s3.list_objects_v2(Bucket=firehose.bucket, Prefix="errors/processing-failed/")
    assert failed["KeyCount"] == 1


def test_records_are_filed_by_account_region_and_day(cloud, run, database):
    stack = with_bucket(cloud, cloud.deploy("stream", Partitioning="account-region-day"))
    firehose = Firehose(cloud, stack, run(stack, "Function"))
    newyear = 1767225600
    assert firehose.send(
        line(cloud, database, stack, "10.1.0.7", end=newyear),
        line(cloud, database, stack, "10.1.0.8", end=newyear - 1),
        line(cloud, database, stack, "10.1.0.9", end=newyear + 1),
    ) == {"Ok": 3}
    place = f"records/account_id={ACCOUNT}/region={REGION}"
    got = {
        folder: [one["srcaddr"] for one in records] for folder, records in firehose.read().items()
    }
    assert got == {f"{place}/day=2026-01-01": ["10.1.0.7", "10.1.0.9"],
                   f"{place}/day=2025-12-31": ["10.1.0.8"]}  # fmt: skip


def test_the_schedule_writes_snapshots_that_the_stream_reads(cloud, run, database):
    stack = with_bucket(cloud, cloud.deploy("stream", Inventory="snapshot"))
    schedule = cloud.client("scheduler").get_schedule(Name=stack.references["SnapshotTrigger"])
    assert schedule["Target"]["Arn"] == stack.arns["SnapshotFunction"]
    answer = run(stack, "SnapshotFunction").invoke(schedule["Target"]["Input"].encode())
    assert answer.path.endswith("/response"), answer.body
    bucket = stack.references["Bucket"]
    listed = cloud.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    current, past = sorted(one["Key"] for one in listed)
    assert (current, past.rpartition("/")[0]) == ("inventory/current.json.gz", "inventory/history")
    # And the function of the stream finds the interface there.
    firehose = Firehose(cloud, stack, run(stack, "Function"))
    assert firehose.send(line(cloud, database, stack, "10.1.0.7")) == {"Ok": 1}
    ((record,),) = firehose.read().values()
    assert record["sg_verdict"] == "allowed-by-rule"


@pytest.mark.parametrize("name", [name for name in STACKS if name.startswith(("stream", "batch"))])
def test_functions_take_what_a_stack_tells_them(run, made, name):
    """They may lack an inventory here, and no value may be one that cannot be."""
    stack = made(name)
    functions = [one for one, kind in stack.created.items() if kind == "AWS::Lambda::Function"]
    for function in functions:
        api = run(stack, function)
        api.plan(Status(500))  # at that it ends
        api.process.wait(GIVE_UP_SECONDS)
        first = api.requests[0]
        if first.path != "/invocation/next":
            assert first.json()["errorType"] == "Runtime.InvalidInventory", first.body


def test_the_flow_log_has_the_format_that_the_function_is_told(cloud):
    stack = cloud.deploy("stream", **flow_log_of(cloud))
    (log,) = cloud.client("ec2").describe_flow_logs(
        FlowLogIds=[stack.references["FlowLog"]]
    )["FlowLogs"]  # fmt: skip
    assert log["LogFormat"] == cloud.environment(stack, "Function")["SGFLOW_RECORD_FORMAT"]
    assert log["LogDestination"] == stack.arns["Stream"]
    # One format in all templates: they deliver to one stream.
    defaults = {
        template(name)["Parameters"]["LogFormat"]["Default"]
        for name in ("stream", "account", "batch")
    }
    assert defaults == {log["LogFormat"]}
