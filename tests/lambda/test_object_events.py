"""The program as a Lambda function that is told of new objects in S3."""

import gzip
import json
import pathlib
import sys

import boto3
import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "tests/end_to_end")]

from firehose_world import GONE, enriched, firehose_event, line, message, results  # noqa: E402
from s3_world import Bucket  # noqa: E402
from servers.ec2_stub import Denied  # noqa: E402
from servers.synthetic_account import make_account  # noqa: E402

LINES = [line(number) for number in range(300)]
CONTENT = gzip.compress("\n".join(LINES).encode() + b"\n")
KEY = "AWSLogs/a b+c=1/ü.log.gz"
OUTPUT = "enriched/AWSLogs/a b+c=1/ü.jsonl.gz"


@pytest.fixture
def bucket(s3_server):
    bucket = Bucket(s3_server.client(), {**s3_server.environment(), "NO_PROXY": "127.0.0.1"})
    bucket.put(KEY, CONTENT)
    return bucket


@pytest.fixture
def function(api, start, bucket):
    return start(api, SGFLOW_OUTPUT=bucket.url("enriched/"), **bucket.environment)


def form_encoded(key: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(key, safe="/")


def notification(bucket, *keys: str, name: str = "ObjectCreated:Put") -> dict:
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "us-east-1",
                "eventTime": "2026-01-02T03:04:05.000Z",
                "eventName": name,
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "bucket": {"name": bucket.name, "arn": f"arn:aws:s3:::{bucket.name}"},
                    "object": {"key": form_encoded(key), "size": 1, "eTag": "0", "sequencer": "0"},
                },
            }
            for key in keys
        ]
    }


def event_bridge(bucket, key: str) -> dict:
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "111122223333",
        "time": "2026-01-02T03:04:05Z",
        "region": "us-east-1",
        "resources": [f"arn:aws:s3:::{bucket.name}"],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket.name},
            "object": {"key": key, "size": 1, "etag": "0", "sequencer": "0"},
            "reason": "PutObject",
        },
    }


def queued(*bodies) -> dict:
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "h",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:111122223333:new-objects",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "logs"}


def written(bucket) -> list[bytes]:
    return gzip.decompress(bucket.get(OUTPUT)).splitlines(keepends=True)


@pytest.mark.parametrize(
    "told",
    [
        lambda bucket: notification(bucket, KEY),
        lambda bucket: event_bridge(bucket, KEY),
        lambda bucket: queued(notification(bucket, KEY)),
        lambda bucket: queued(event_bridge(bucket, KEY)),
    ],
    ids=["s3", "eventbridge", "sqs", "eventbridge through sqs"],
)
def test_a_new_object_is_enriched_once(api, function, bucket, told):
    event = told(bucket)
    answer = api.invoke(event)
    assert answer.path.endswith("/response"), function.output()
    assert answer.json() == ({"batchItemFailures": []} if "Records" in event and "messageId" in
                             event["Records"][0] else {})  # fmt: skip
    assert b"".join(written(bucket)) == enriched(*LINES)
    before = bucket.client.head_object(Bucket=bucket.name, Key=OUTPUT)
    assert function.summary(answer)["result"] == "written"
    assert function.summary(answer)["flowRecords"] == len(LINES)
    again = api.invoke(event)
    assert function.summary(again)["result"] == "finished before"
    after = bucket.client.head_object(Bucket=bucket.name, Key=OUTPUT)
    assert after["LastModified"] == before["LastModified"]


def test_it_is_what_batch_writes(api, function, bucket, inventory):
    api.invoke(notification(bucket, KEY))
    outcome = bucket.batch(bucket.url(), "--output", bucket.url("enriched/"), "--format",
                           "classic", inventory=inventory)  # fmt: skip
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert "0 files written, 1 finished before" in outcome.errors


def test_messages_fail_apart(api, function, bucket):
    bucket.put("bad.log", b"PAR1 and so on")
    answer = api.invoke(
        queued(
            notification(bucket, "missing.log"), notification(bucket, KEY), TEST_EVENT,
            "no JSON", notification(bucket, "bad.log"),
        )
    )  # fmt: skip
    assert answer.json() == {
        "batchItemFailures": [{"itemIdentifier": f"message-{number}"} for number in (0, 3, 4)]
    }
    assert b"".join(written(bucket)) == enriched(*LINES)


def test_an_event_of_several_objects_fails_as_a_whole_and_is_done_in_part(api, function, bucket):
    answer = api.invoke(notification(bucket, "missing.log", KEY))
    assert answer.path.endswith("/error")
    assert answer.json()["errorType"] == "Function.ObjectFailed"
    assert "NoSuchKey" in answer.json()["errorMessage"]
    assert b"".join(written(bucket)) == enriched(*LINES)


def test_bad_lines_are_told_and_good_records_kept(api, function, bucket):
    bucket.put("a.log", "\n".join([LINES[0], "secret words", LINES[1]]).encode())
    answer = api.invoke(notification(bucket, "a.log"))
    assert answer.json() == {}
    assert gzip.decompress(bucket.get("enriched/a.jsonl.gz")) == enriched(*LINES[:2])
    summary = function.summary(answer)
    assert (summary["level"], summary["rejected"]) == ("WARN", 1)
    assert "secret" not in function.output()


def test_the_same_key_in_another_bucket_fails(api, function, bucket, s3_server):
    other = Bucket(s3_server.client(), bucket.environment)
    other.put("a.log", CONTENT)
    bucket.put("a.log", LINES[0].encode())
    assert api.invoke(notification(bucket, "a.log")).json() == {}
    answer = api.invoke(notification(other, "a.log"))
    assert answer.path.endswith("/error")
    told = answer.json()["errorMessage"]
    assert other.url("a.log") in told and bucket.url("a.log") in told
    assert gzip.decompress(bucket.get("enriched/a.jsonl.gz")) == enriched(LINES[0])


def test_a_key_that_is_no_text_is_told_in_json(api, function, bucket):
    event = notification(bucket, "a.log")
    event["Records"][0]["s3"]["object"]["key"] = "a%ff.log"
    answer = api.invoke(event)
    assert answer.path.endswith("/error")
    assert r"a\xff" in answer.json()["errorMessage"]
    assert function.summary(answer)["level"] == "ERROR"


def test_what_aws_could_not_be_asked_for_comes_again(api, start, bucket, ec2_stub):
    ec2_stub.accounts[:] = [
        make_account(interfaces=1, groups=1, prefix_lists=0, region="us-east-1")
    ]
    interface = ec2_stub.accounts[0].interfaces[0]
    bucket.put("a.log", LINES[0].replace(LINES[0].split()[2], interface["NetworkInterfaceId"])
               .encode())  # fmt: skip
    ec2_stub.fail("DescribeNetworkInterfaces", Denied(), times=1)
    environment = {**ec2_stub.environment, **bucket.environment}
    function = start(api, SGFLOW_INVENTORY=None, SGFLOW_OUTPUT=bucket.url("enriched/"),
                     **environment)  # fmt: skip
    answer = api.invoke(queued(notification(bucket, "a.log")))
    assert answer.json() == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    summary = function.summary(answer)
    assert (summary["level"], summary["result"]) == ("WARN", "written")
    assert summary["unlearned"].startswith("1 record: ")
    for files in ("1 file written", "0 files written, 1 finished before"):
        outcome = bucket.batch(bucket.url("a.log"), "--output", bucket.url("enriched/"),
                               "--format", "classic", inventory="live",
                               environment=environment)  # fmt: skip
        assert (outcome.exit_code, outcome.errors) == (0, f"sgflow: {files}\n")


@pytest.mark.parametrize("event", [TEST_EVENT, queued(TEST_EVENT)], ids=["s3", "sqs"])
def test_a_test_is_answered(api, function, bucket, event):
    answer = api.invoke(event)
    assert answer.path.endswith("/response")
    assert bucket.keys("enriched/") == []


def test_outputs_folders_and_what_is_removed_are_passed_over(api, function, bucket):
    bucket.put("enriched/a.log", CONTENT)
    bucket.put("folder/", b"")
    bucket.put(".hidden/a.log", CONTENT)
    for key in ("enriched/a.log", "folder/", ".hidden/a.log"):
        assert api.invoke(notification(bucket, key)).json() == {}
    assert api.invoke(notification(bucket, KEY, name="ObjectRemoved:Delete")).json() == {}
    assert bucket.keys("enriched/") == ["enriched/a.log"]


def test_firehose_is_answered_as_ever(api, function, bucket):
    event = firehose_event(message(LINES[0]))
    assert results(event, api.invoke(event)) == [("Ok", enriched(LINES[0]))]
    api.invoke(notification(bucket, KEY))
    assert results(event, api.invoke(event)) == [("Ok", enriched(LINES[0]))]


def test_without_an_output_the_event_is_an_error(api, start, bucket):
    start(api, **bucket.environment)
    answer = api.invoke(notification(bucket, KEY))
    assert answer.path.endswith("/error")
    assert "SGFLOW_OUTPUT is set" in answer.json()["errorMessage"]


def test_an_output_that_is_none_fails_the_start(api, start):
    function = start(api, SGFLOW_OUTPUT="/tmp/enriched")
    assert function.exit_code() == 2
    assert "SGFLOW_OUTPUT: '/tmp/enriched' is no place in S3" in function.output()


def test_there_is_no_time_to_read_all_of_it(api, function, bucket):
    answer = api.invoke(notification(bucket, KEY), headers={"Lambda-Runtime-Deadline-Ms": "1"})
    assert answer.path.endswith("/error")
    assert "there was no time to read all of it" in answer.json()["errorMessage"]
    assert bucket.keys("enriched/") == []


def test_what_s3_itself_tells_a_queue(api, start, moto_server):
    """The event as another program makes it of a PUT."""
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1"}
    access = {"endpoint_url": moto_server, "region_name": "us-east-1",
              "aws_access_key_id": "x", "aws_secret_access_key": "x"}  # fmt: skip
    bucket = Bucket(boto3.client("s3", **access),
                    {**keys, "AWS_ENDPOINT_URL_S3": moto_server, "NO_PROXY": "127.0.0.1"})  # fmt: skip
    queue = boto3.client("sqs", **access)
    url = queue.create_queue(QueueName=bucket.name)["QueueUrl"]
    arn = queue.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    bucket.client.put_bucket_notification_configuration(
        Bucket=bucket.name,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn["QueueArn"], "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    bucket.put(KEY, CONTENT)
    bodies = []
    while len(bodies) < 2:
        got = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        bodies += [told["Body"] for told in got]
    assert any("s3:TestEvent" in body for body in bodies)
    function = start(api, SGFLOW_OUTPUT=bucket.url("enriched"), **bucket.environment)
    answer = api.invoke(queued(*bodies))
    assert answer.json() == {"batchItemFailures": []}, function.output()
    assert b"".join(written(bucket)) == enriched(*LINES)


# Metrics


COUNTS = ("ObjectsIn", "ObjectsWritten", "ObjectsIncomplete", "ObjectsCutOff", "ObjectsFinished",
          "ObjectsPassed", "ObjectsFailed", "FlowRecords", "FlowRecordsFailed",
          "InvocationsFailed")  # fmt: skip


def counts(entry: dict) -> dict[str, int]:
    """Those that are not 0."""
    return {name: entry[name] for name in COUNTS if entry[name]}


def test_each_invocation_leaves_its_metrics(api, function, bucket):
    bucket.put("a.log", "\n".join([LINES[0], "secret words", LINES[1], line(2, GONE)]).encode())
    api.invoke(queued(notification(bucket, "a.log", KEY), notification(bucket, "missing.log"),
                      notification(bucket, "folder/"), "no JSON"))  # fmt: skip
    api.invoke(queued(notification(bucket, KEY)))
    api.invoke(notification(bucket, "missing.log"))
    first, again, failed = function.metrics()
    records = len(LINES) + 3
    assert counts(first) == {"ObjectsIn": 5, "ObjectsWritten": 2, "ObjectsPassed": 1,
                             "ObjectsFailed": 2, "FlowRecords": records, "FlowRecordsFailed": 1}  # fmt: skip
    assert (first["UnknownInterface"], first["allowed-by-rule"]) == (1, records - 1)
    assert counts(again) == {"ObjectsIn": 1, "ObjectsFinished": 1}
    assert counts(failed) == {"ObjectsIn": 1, "ObjectsFailed": 1, "InvocationsFailed": 1}
    # What was done for one is not counted for another: an answer for each call of the bucket's.
    assert first["ApiCalls"] > again["ApiCalls"] > 0
    assert "RecordsIn" not in first


def test_metrics_tell_that_an_object_ends_in_the_middle(api, function, bucket):
    whole = gzip.compress("\n".join(LINES * 200).encode())
    bucket.put("cut.log.gz", whole[:-50])
    bucket.put("damaged.log.gz", whole[:-8] + b"\0" * 8)
    for key in ("cut.log.gz", "damaged.log.gz"):
        api.invoke(queued(notification(bucket, key)))
    for entry in function.metrics():
        told = counts(entry)
        assert told.pop("FlowRecords") > len(LINES)
        assert told == {"ObjectsIn": 1, "ObjectsWritten": 1, "ObjectsCutOff": 1}


def test_metrics_are_those_of_firehose_where_they_mean_the_same(api, function, bucket):
    api.invoke(firehose_event(message(LINES[0])))
    api.invoke(notification(bucket, KEY))
    firehose, objects = function.metrics()
    names = [{one["Name"] for one in entry["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
             for entry in (firehose, objects)]  # fmt: skip
    assert names[0] & names[1] == {
        "InvocationsFailed", "FlowRecords", "UnknownInterface", "allowed-by-rule", "ApiCalls",
        "Throttles", "CacheHits", "NotLearned", "InventoryAge", "PeakMemory", "Duration",
    }  # fmt: skip
    page = (REPOSITORY / "docs/configuration.md").read_text()
    assert [name for name in names[1] if f"`{name}`" not in page] == []


def test_metrics_tell_what_comes_again_as_aws_could_not_be_asked(api, start, bucket, ec2_stub):
    ec2_stub.accounts[:] = [
        make_account(interfaces=1, groups=1, prefix_lists=0, region="us-east-1")
    ]
    bucket.put("a.log", LINES[0].encode())
    ec2_stub.fail("DescribeNetworkInterfaces", Denied(), times=1)
    function = start(api, SGFLOW_INVENTORY=None, SGFLOW_OUTPUT=bucket.url("enriched/"),
                     **{**ec2_stub.environment, **bucket.environment})  # fmt: skip
    api.invoke(queued(notification(bucket, "a.log")))
    (entry,) = function.metrics()
    assert counts(entry) == {"ObjectsIn": 1, "ObjectsWritten": 1, "ObjectsIncomplete": 1,
                             "FlowRecords": 1}  # fmt: skip
    assert (entry["UnknownInterface"], entry["NotLearned"]) == (1, 1)
