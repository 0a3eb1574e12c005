"""What a stack's settings make its functions call, as their roles: `run` refuses what these do not
allow."""

import base64
import gzip
import json

import pytest
from authorized_endpoint import Call, allows
from emulated_stack import ACCOUNT, REGION
from played_firehose import Firehose, line, with_bucket

ASKED_FOR_RECORDS = {
    "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroupRules", "ec2:DescribeNetworkAcls",
    "ec2:DescribeSubnets",
}  # fmt: skip
LISTED = {
    *ASKED_FOR_RECORDS, "ec2:DescribeSecurityGroups", "ec2:DescribeManagedPrefixLists",
    "ec2:GetManagedPrefixListEntries", "sts:GetCallerIdentity",
}  # fmt: skip
READ, LIST, WRITE = "s3:GetObject", "s3:ListBucket", "s3:PutObject"

SNAPSHOT = b'{"sgflow": "snapshot"}'
KEY = f"AWSLogs/{ACCOUNT}/vpcflowlogs/{REGION}/2026/01/01/flow.log.gz"


@pytest.fixture
def role(cloud):
    """To ask EC2 by."""
    iam = cloud.client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    yield iam.create_role(RoleName="asked-by", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.delete_role(RoleName="asked-by")


def stream(cloud, **parameters):
    return with_bucket(cloud, cloud.deploy("stream", **parameters))


def take_snapshot(run, stack, times: int = 1) -> None:
    api = run(stack, "SnapshotFunction")
    for _ in range(times):
        answer = api.invoke(SNAPSHOT)
        assert answer.path.endswith("/response"), answer.body


def send_through_stream(cloud, run, database, stack):
    """The function that they went through."""
    records = [line(cloud, database, stack, "10.1.0.7", action) for action in ("ACCEPT", "REJECT")]
    api = run(stack, "Function")
    assert Firehose(cloud, stack, api).send(*records) == {"Ok": 2}
    return api.function


def send_file(cloud, run, database, **parameters):
    """One with two records comes to a batch stack; both are enriched then. The stack and its
    function."""
    stack = with_bucket(cloud, cloud.deploy("batch", **parameters))
    s3, source = cloud.client("s3"), stack.references["SourceBucket"]
    s3.delete_bucket_policy(Bucket=source)
    header = stack.parameters["LogFormat"].replace("${", "").replace("}", "")
    records = [line(cloud, database, stack, "10.1.0.7", action) for action in ("ACCEPT", "REJECT")]
    content = gzip.compress("\n".join([header, *records, ""]).encode())
    s3.put_object(Bucket=source, Key=KEY, Body=content)
    told = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": source}, "object": {"key": KEY}}}  # fmt: skip
    body = json.dumps({"Records": [told]})
    api = run(stack, "Function")
    answer = api.invoke({"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": body}]})
    assert answer.json() == {"batchItemFailures": []}
    written = s3.get_object(
        Bucket=stack.references["Bucket"], Key=f"records/{KEY.removesuffix('.log.gz')}.jsonl.gz"
    )["Body"].read()
    verdicts = [json.loads(one)["sg_verdict"] for one in gzip.decompress(written).splitlines()]
    assert verdicts[0] == "allowed-by-rule" and verdicts[1].startswith("denied-")
    return stack, api.function


def test_a_stream_that_asks_for_what_records_need(cloud, run, called, database):
    send_through_stream(cloud, run, database, stream(cloud))
    assert called == ASKED_FOR_RECORDS


def test_a_stream_that_asks_by_a_role_of_each_account(cloud, run, called, database, role):
    any_account = role.replace(ACCOUNT, "{account-id}")
    send_through_stream(cloud, run, database, stream(cloud, RoleArn=any_account))
    assert called == {"sts:AssumeRole"}


def test_records_that_go_back_to_the_stream(cloud, run, called, database):
    stack = stream(cloud)
    text = line(cloud, database, stack, "10.1.0.7").encode()
    record = {"approximateArrivalTimestamp": 1, "data": base64.b64encode(text).decode()}
    answer = run(stack, "Function").invoke(
        {"records": [{"recordId": str(i), **record} for i in range(8000)]}
    )
    results = {one["result"] for one in answer.json()["records"]}
    assert results == {"Ok", "Dropped"}
    assert "firehose:PutRecordBatch" in called


def test_snapshots_with_a_history(cloud, run, called, database):
    stack = stream(cloud, Inventory="snapshot")
    take_snapshot(run, stack, times=2)
    assert called == {*LISTED, READ, LIST, WRITE}
    called.clear()
    send_through_stream(cloud, run, database, stack)
    assert called == {READ}


def test_snapshots_of_accounts_by_their_roles(cloud, run, called, role):
    take_snapshot(run, stream(cloud, Inventory="snapshot", SnapshotRoleArns=role))
    assert called == {"sts:AssumeRole", LIST, WRITE}


def test_a_stream_whose_snapshot_is_not_there_yet(cloud, run, called):
    api = run(stream(cloud, Inventory="snapshot"), "Function")
    told = api.wait_for_answer().json()
    assert told["errorType"] == "Runtime.InvalidInventory" and "NoSuchKey" in told["errorMessage"]
    assert called == {READ, LIST}


@pytest.mark.parametrize("function", ["Function", "SnapshotFunction"])
def test_the_password_of_a_redis(cloud, run, called, function):
    secrets = cloud.client("secretsmanager")
    secret = secrets.create_secret(Name=f"redis-{function}", SecretString="s")["ARN"]
    stack = cloud.deploy(
        "stream", Inventory="redis", RedisUrl="rediss://127.0.0.1:1",
        RedisPasswordSecretArn=secret, SubnetIds=cloud.subnets[0], SecurityGroupIds="sg-1",
    )  # fmt: skip
    api = run(stack, function)
    if function == "SnapshotFunction":
        api.plan(api.invocation(SNAPSHOT))
    told = api.wait_for_answer().json()
    assert "127.0.0.1:1" in told["errorMessage"]
    assert called >= {"secretsmanager:GetSecretValue"}


def test_files_whose_records_are_asked_for(cloud, run, called, database):
    send_file(cloud, run, database)
    assert called == {*ASKED_FOR_RECORDS, READ, LIST, WRITE}


def test_files_whose_records_are_asked_for_by_a_role(cloud, run, called, database, role):
    send_file(cloud, run, database, RoleArn=role.replace(ACCOUNT, "{account-id}"))
    assert called == {"sts:AssumeRole", READ, LIST, WRITE}


@pytest.mark.parametrize("inventory", ["snapshot", "history"])
def test_files_judged_by_the_snapshots_of_a_stream(cloud, run, called, database, inventory):
    snapshots = stream(cloud, Inventory="snapshot")
    take_snapshot(run, snapshots)
    called.clear()
    bucket = snapshots.references["Bucket"]
    send_file(cloud, run, database, Inventory=inventory, SnapshotBucketName=bucket)
    assert called == {READ, LIST, WRITE}


# What alarms look at


def looked_at(cloud, stack) -> set[tuple[str, str]]:
    """Of sgflow's metrics: the name and the dimension's value, as the stack's alarms have them."""
    alarms = cloud.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{stack.name}-")
    return {
        (metric["MetricName"], metric["Dimensions"][0]["Value"])
        for alarm in alarms["MetricAlarms"]
        for query in alarm["Metrics"]
        if (metric := query.get("MetricStat", {}).get("Metric", {})).get("Namespace") == "sgflow"
    }


@pytest.mark.parametrize("name", ["stream", "batch"])
def test_alarms_look_at_what_the_stacks_function_writes(cloud, run, database, name):
    if name == "batch":
        stack, function = send_file(cloud, run, database)
    else:
        stack = stream(cloud)
        function = send_through_stream(cloud, run, database, stack)
    (entry,) = function.metrics()
    written = {(one["Name"], entry["FunctionName"])
               for one in entry["_aws"]["CloudWatchMetrics"][0]["Metrics"]}  # fmt: skip
    # Verdicts that did not occur are left out.
    told = {one for one in looked_at(cloud, stack) if "-unexplained" not in one[0]}
    assert len(told) >= 6 and told - written == set()


# The stand-in for IAM itself


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        (Call(READ, "arn:aws:s3:::b/inventory/x"), True),
        (Call(READ, "arn:aws:s3:::b/records/x"), False),
        (Call(WRITE, "arn:aws:s3:::b/inventory/x"), False),
        (Call(READ, "arn:aws:s3:::b/inventory/secret"), False),
        (Call(LIST, "arn:aws:s3:::b", {"s3:prefix": "inventory/"}), True),
        (Call(LIST, "arn:aws:s3:::b", {"s3:prefix": ""}), False),
        (Call(LIST, "arn:aws:s3:::b"), False),
        (Call("sts:GetCallerIdentity", "*"), True),
    ],
)
def test_a_role_may_do_what_its_statements_say(call, allowed):
    statements = [
        {"Effect": "Allow", "Action": [READ], "Resource": "arn:aws:s3:::b/inventory/*"},
        {"Effect": "Deny", "Action": READ, "Resource": ["arn:aws:s3:::b/inventory/secret"]},
        {"Effect": "Allow", "Action": LIST, "Resource": "arn:aws:s3:::b",
         "Condition": {"StringEquals": {"s3:prefix": "inventory/"}}},
    ]  # fmt: skip
    assert allows(statements, call) is allowed
