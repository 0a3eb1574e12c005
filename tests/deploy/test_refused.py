"""What does not go together, or would be of no use, is refused before anything is made: by
CloudFormation's rules and patterns as the emulated stack reads them, and by Terraform itself."""

import json
import os
import re
import shutil
import subprocess

import pytest
from emulated_stack import ACCOUNT, REGION, Stack
from tables import rules
from tables.terraform import LISTS, is_switch
from tables.values import snake
from templates import DEPLOY, template

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:token-AbCdEf"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/x"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/x"
SPLUNK = {"Destination": "splunk", "SplunkUrl": "https://splunk.example:8088",
          "EndpointSecretArn": SECRET}  # fmt: skip
HTTP = {"Destination": "http", "HttpUrl": "https://siem.example", "EndpointSecretArn": SECRET}
REDIS = {"Inventory": "redis", "RedisUrl": "rediss://x", "SubnetIds": "s", "SecurityGroupIds": "g"}
FLOW_LOG = {"FlowLogResourceId": "vpc-1", "FlowLogResourceType": "VPC"}
STREAM = {"StreamArn": "arn:aws:firehose:::deliverystream/s", "ReceiverAccountId": ACCOUNT}
READER = {"FunctionRoleArns": ROLE}
NEEDED = {
    "stream": {"CodeBucket": "b", "CodeKey": "k"},
    "batch": {"CodeBucket": "b", "CodeKey": "k"},
    "account": {},
    "network": {"VpcId": "vpc-1", "SubnetIds": "s", "RouteTableIds": "r"},
}

CONTRADICTIONS = [
    ("stream", {"Packing": "gzip"}, "Packing gzip compresses already"),
    ("stream", {"Packing": "gzip", "Compression": "UNCOMPRESSED", "Partitioning": "day"},
     "Packing gzip puts records of all partitions into one"),
    ("stream", {"Packing": "gzip", "Compression": "UNCOMPRESSED", **HTTP}, "Packing gzip is for S3 alone"),
    ("stream", {"Partitioning": "day", **SPLUNK}, "Firehose partitions for S3 alone"),
    ("stream", {"Partitioning": "day", "DeliverySize": "32"}, "DeliverySize 64 or 128"),
    ("stream", {"DeliverySize": "128", **HTTP}, "DeliverySize 64 at most"),
    ("stream", {"Inventory": "snapshot", "SnapshotSchedule": ""}, "SnapshotSchedule"),
    ("stream", {"Inventory": "snapshot", "SnapshotSchedule": "rate(1 day)"}, "older than MaxInventoryAge"),
    ("stream", {**REDIS, "SnapshotSchedule": "rate(3 hours)"}, "older than MaxInventoryAge"),
    ("batch", {**FLOW_LOG, "MakesBucket": "false", "SourceBucketName": "b"}, "set MakesBucket to true"),
    ("batch", {"SourceBucketName": "b"}, "set MakesBucket to false"),
]  # fmt: skip
INCOMPLETE = [
    ("stream", {"Destination": "splunk", "SplunkUrl": "https://x"}, "needs EndpointSecretArn"),
    ("stream", {"Destination": "splunk", "EndpointSecretArn": SECRET}, "needs SplunkUrl"),
    ("stream", {"Destination": "http", "EndpointSecretArn": SECRET}, "need HttpUrl"),
    ("stream", {"Destination": "http", "HttpUrl": "https://x"}, "need EndpointSecretArn"),
    ("stream", {"SubnetIds": "subnet-1"}, "SubnetIds need SecurityGroupIds"),
    ("stream", {"Inventory": "redis", "SubnetIds": "s", "SecurityGroupIds": "g"}, "RedisUrl"),
    ("stream", {"Inventory": "redis", "RedisUrl": "rediss://x"}, "SubnetIds alone"),
    ("stream", {"FlowLogResourceId": "vpc-1"}, "FlowLogResourceId needs FlowLogResourceType"),
    ("stream", {"FlowLogResourceType": "VPC"}, "FlowLogResourceType needs FlowLogResourceId"),
    ("batch", {"FlowLogResourceId": "vpc-1"}, "FlowLogResourceId needs FlowLogResourceType"),
    ("batch", {"FlowLogResourceType": "VPC"}, "FlowLogResourceType needs FlowLogResourceId"),
    ("batch", {"Inventory": "snapshot"}, "snapshot needs SnapshotBucketName"),
    ("batch", {"Inventory": "history"}, "history needs SnapshotBucketName"),
    ("batch", {"MakesBucket": "false"}, "MakesBucket false needs SourceBucketName"),
    ("batch", {"SubnetIds": "subnet-1"}, "SubnetIds need SecurityGroupIds"),
    ("account", {"FlowLogResourceId": "vpc-1", **READER}, "FlowLogResourceId needs FlowLogResourceType"),
    ("account", {**FLOW_LOG, "StreamArn": "arn"}, "ReceiverAccountId"),
    ("account", {**FLOW_LOG, "ReceiverAccountId": ACCOUNT}, "StreamArn"),
    ("account", {"FlowLogResourceType": "VPC", **STREAM}, "FlowLogResourceType needs FlowLogResourceId"),
    ("account", {}, "Nothing is to be made"),
    ("network", {"RouteTableIds": ""}, "MakesS3Endpoint needs RouteTableIds"),
]  # fmt: skip
IMPOSSIBLE = [
    ("stream", {**HTTP, "HttpUrl": "http://siem.example"}, "over TLS and at port 443 alone"),
    ("stream", {**HTTP, "HttpUrl": "https://siem.example:8088"}, "at port 443 alone"),
    ("stream", {**HTTP, "HttpUrl": "https://siem.example:4433/in"}, "at port 443 alone"),
    ("stream", {**SPLUNK, "SplunkUrl": "http://splunk.example:8088"}, "begins with https://"),
    ("stream", {**REDIS, "RedisUrl": "https://x"}, "rediss://HOST:PORT/KEY"),
    ("stream", {"ReservedConcurrency": "0"}, "0 would stop"),
    ("stream", {"ReservedConcurrency": "many"}, "A number from 1 on"),
    ("batch", {"Inventory": "snapshot", "SnapshotBucketName": "b", "SnapshotKey": "history/"},
     "without a slash at its end"),
    ("batch", {"Inventory": "snapshot", "SnapshotBucketName": "b", "SnapshotKey": "inventory/*"},
     "without wildcards"),
    ("batch", {"Inventory": "history", "SnapshotBucketName": "b", "HistoryPrefix": "inventory/history"},
     "with a slash at its end"),
    ("account", {**FLOW_LOG, **STREAM, "ReceiverAccountId": "1"}, "Twelve digits"),
]  # fmt: skip
VOID = [
    ("stream", {"TrafficType": "REJECT"}),
    ("stream", {"AggregationInterval": "60"}),
    ("stream", {"SplunkUrl": SPLUNK["SplunkUrl"]}),
    ("stream", {"SplunkUrl": SPLUNK["SplunkUrl"], **HTTP}),
    ("stream", {"HttpUrl": HTTP["HttpUrl"]}),
    ("stream", {"HttpUrl": HTTP["HttpUrl"], **SPLUNK}),
    ("stream", {"EndpointSecretArn": SECRET}),
    ("stream", {"SecretKmsKeyArns": KEY}),
    ("stream", {"Compression": "UNCOMPRESSED", **SPLUNK}),
    ("stream", {"Compression": "UNCOMPRESSED", **HTTP}),
    ("stream", {"DeliverySize": "1", **SPLUNK}),
    ("stream", {"DeliveryInterval": "900", **SPLUNK}),
    ("stream", {"RedisUrl": "rediss://x"}),
    ("stream", {"RedisUrl": "rediss://x", "Inventory": "snapshot"}),
    ("stream", {"RedisPasswordSecretArn": SECRET}),
    ("stream", {"RoleArn": ROLE, "Inventory": "snapshot"}),
    ("stream", {"RoleArn": ROLE, **REDIS}),
    ("stream", {"SnapshotRoleArns": ROLE, "SnapshotSchedule": ""}),
    ("stream", {"Regions": "eu-west-1", "RoleArn": ROLE, "SnapshotSchedule": ""}),
    ("stream", {"SecurityGroupIds": "sg-1"}),
    ("batch", {"TrafficType": "REJECT"}),
    ("batch", {"AggregationInterval": "60"}),
    ("batch", {"LogFormat": "${version}"}),
    ("batch", {"SnapshotBucketName": "b"}),
    ("batch", {"SnapshotKey": "k"}),
    ("batch", {"HistoryPrefix": "k/"}),
    ("batch", {"SnapshotKey": "k", "Inventory": "history", "SnapshotBucketName": "b"}),
    ("batch", {"HistoryPrefix": "k/", "Inventory": "snapshot", "SnapshotBucketName": "b"}),
    ("batch", {"MaxInventoryAge": "60", "Inventory": "history", "SnapshotBucketName": "b"}),
    ("batch", {"RoleArn": ROLE, "Inventory": "snapshot", "SnapshotBucketName": "b"}),
    ("batch", {"Regions": "eu-west-1", "Inventory": "snapshot", "SnapshotBucketName": "b"}),
    ("batch", {"Regions": "eu-west-1", "RoleArn": ROLE}),
    ("batch", {"SecurityGroupIds": "sg-1"}),
    ("account", {"TrafficType": "REJECT", **READER}),
    ("account", {"AggregationInterval": "60", **READER}),
    ("account", {"LogFormat": "${version}", **READER}),
    ("account", {"StreamArn": "arn", **READER}),
    ("account", {"ReceiverAccountId": ACCOUNT, **READER}),
    ("account", {"SenderRoleName": "x", **READER}),
    ("account", {"ReaderRoleName": "x", **FLOW_LOG, **STREAM}),
    ("account", {"Regions": "eu-west-1", **FLOW_LOG, **STREAM}),
    ("network", {"RouteTableIds": "r", "MakesS3Endpoint": "false"}),
    ("network", {"CacheNodeType": "cache.t4g.micro"}),
    ("network", {"CacheNodes": "1"}),
    ("network", {"KmsKeyArn": "arn"}),
]  # fmt: skip
REFUSED = [*CONTRADICTIONS, *INCOMPLETE, *IMPOSSIBLE,
           *((name, given, f"{next(iter(given))} has no use") for name, given in VOID)]  # fmt: skip
# What stands next to one of those and is as it should be.
TAKEN = [
    ("stream", {}),
    ("stream", {**SPLUNK, "DeliveryInterval": "60"}),
    ("stream", {**HTTP, "DeliverySize": "1", "DeliveryInterval": "900"}),
    ("stream", {**REDIS, "RedisPasswordSecretArn": SECRET}),
    ("stream", {"Inventory": "snapshot", "SnapshotRoleArns": ROLE, "Regions": "eu-west-1,eu-west-2"}),
    ("stream", {"RoleArn": ROLE, "Regions": "eu-west-1"}),
    ("stream", {**HTTP, "HttpUrl": "https://siem.example:443/in?to=a:b"}),
    ("stream", {**HTTP, "SecretKmsKeyArns": KEY}),
    ("stream", {"SnapshotSchedule": "rate(1 day)"}),
    ("stream", {"Inventory": "snapshot", "SnapshotSchedule": "rate(1 day)", "MaxInventoryAge": "90000"}),
    ("stream", {"Inventory": "snapshot", "SnapshotSchedule": "rate(30 minutes)"}),
    ("stream", {"ReservedConcurrency": "1"}),
    ("batch", {"Inventory": "history", "SnapshotBucketName": "b", "HistoryPrefix": "k/"}),
    ("batch", {"Regions": "eu-west-1"}),
    ("account", {**FLOW_LOG, **STREAM, "TrafficType": "REJECT", "SenderRoleName": "x"}),
    ("account", {**READER, "ReaderRoleName": "x"}),
    ("network", {"MakesS3Endpoint": "false", "RouteTableIds": ""}),
    ("network", {"MakesCache": "true", "CacheNodes": "1", "KmsKeyArn": "arn"}),
]  # fmt: skip


def refusals(name: str, given: dict[str, str]) -> list[str]:
    return Stack("", "s", template(name), {**NEEDED[name], **given}).refusals()


@pytest.mark.parametrize(("name", "given", "message"), REFUSED)
def test_what_cannot_be_is_refused(name, given, message):
    assert any(message in one for one in refusals(name, given))


@pytest.mark.parametrize(("name", "given"), VOID)
def test_of_what_has_no_use_that_alone_is_told(name, given):
    (told,) = refusals(name, given)
    assert re.fullmatch(r"\w+ has no use with.* - leave it out, or .+", told)


@pytest.mark.parametrize(("name", "given"), TAKEN)
def test_what_goes_together_is_taken(name, given):
    assert refusals(name, given) == []


def test_each_setting_in_the_table_is_tried():
    tried = {(name, next(iter(given))) for name, given in VOID}
    listed = {(name, one) for name, voids in rules.VOID.items()
              for void in voids for one in void.parameters}  # fmt: skip
    assert tried == listed


def named(text: str, name: str) -> str:
    """With the variables of the module for the parameters."""
    parameters = template(name)["Parameters"]
    return "".join(snake(one) if one in parameters else one for one in re.split(r"\b", text))


def variables(name: str, given: dict[str, str]) -> dict:
    parameters = template(name)["Parameters"]
    made = {}
    for key, text in {**NEEDED[name], **given}.items():
        value = text.split(",") if key in LISTS and text else [] if key in LISTS else text
        if key == "name":  # a variable of Terraform's alone
            made[key] = text
            continue
        if is_switch(parameters[key]):
            value = text == "true"
        elif parameters[key]["Type"] == "Number":
            value = float(text)
        made[snake(key)] = value
    return made


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """plan(name, given): the module's variables and rules alone, which need no provider."""
    folders = {}

    def run(folder, *arguments):
        return subprocess.run(
            ["terraform", f"-chdir={folder}", *arguments, "-no-color", "-input=false"],
            capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "CHECKPOINT_DISABLE": "1"},
        )  # fmt: skip

    def made(name, given):
        if name not in folders:
            folders[name] = tmp_path_factory.mktemp(name)
            for file in ("variables.tf", "rules.tf"):
                shutil.copy(DEPLOY / "terraform" / name / file, folders[name])
            assert run(folders[name], "init").returncode == 0
        given = json.dumps(variables(name, given))
        (folders[name] / "given.auto.tfvars.json").write_text(given)
        done = run(folders[name], "plan", "-lock=false", "-refresh=false")
        # It wraps and frames what it says.
        return done.returncode, re.sub(r"[\s│╷╵]+", " ", done.stderr)

    return made


with_terraform = pytest.mark.skipif(
    not shutil.which("terraform"), reason="no terraform on this machine"
)


@with_terraform
@pytest.mark.parametrize(("name", "given", "message"), REFUSED)
def test_terraform_refuses_the_same(plan, name, given, message):
    code, told = plan(name, given)
    assert code == 1 and named(message, name) in told, told


@with_terraform
@pytest.mark.parametrize("wrong", ["n" * 30, "My-stream", "my--stream", "my-", "1st", ""])
def test_terraform_refuses_a_name_that_aws_would(plan, wrong):
    code, told = plan("stream", {"name": wrong})
    assert code == 1 and "At most 29 characters" in told


@with_terraform
@pytest.mark.parametrize(("name", "given"), TAKEN)
def test_terraform_takes_the_same(plan, name, given):
    assert plan(name, given) == (0, "")
