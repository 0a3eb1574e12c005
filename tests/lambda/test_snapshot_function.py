"""The function that takes snapshots: the event of a schedule in, objects in S3 out."""

import gzip
import json
import re

import boto3
import pytest
from firehose_world import firehose_event
from servers.ec2_stub import Denied

EVENT = {"sgflow": "snapshot"}


@pytest.fixture
def bucket(moto_server):
    """A client, and an empty bucket of moto's."""
    s3 = boto3.client("s3", endpoint_url=moto_server, region_name="us-east-1",
                      aws_access_key_id="x", aws_secret_access_key="x")  # fmt: skip
    s3.create_bucket(Bucket="snapshots")
    yield s3
    for listed in s3.list_objects_v2(Bucket="snapshots").get("Contents", []):
        s3.delete_object(Bucket="snapshots", Key=listed["Key"])
    s3.delete_bucket(Bucket="snapshots")


@pytest.fixture
def snapshots(api, start, ec2_stub, moto_server):
    def run(output, **variables):
        return start(api, SGFLOW_INVENTORY=None, SGFLOW_SNAPSHOT_OUTPUT=output, **{
            **ec2_stub.environment, "AWS_ENDPOINT_URL_S3": moto_server,
            "NO_PROXY": "127.0.0.1", **variables,
        })  # fmt: skip

    return run


def keys(s3):
    return [one["Key"] for one in s3.list_objects_v2(Bucket="snapshots").get("Contents", [])]


def read(s3, key):
    return json.loads(gzip.decompress(s3.get_object(Bucket="snapshots", Key=key)["Body"].read()))


def test_the_newest_and_a_history(api, bucket, ec2_stub, snapshots):
    function = snapshots("s3://snapshots/current.json.gz,s3://snapshots/history/")
    answer = api.invoke(EVENT)
    assert answer.path.endswith("/response"), function.output()
    current, past = sorted(keys(bucket))
    assert current == "current.json.gz"
    assert re.fullmatch(r"history/\d{8}T\d{6}Z\.json\.gz", past)
    document = read(bucket, current)
    assert read(bucket, past) == document
    taken = document["Snapshot"]["CapturedAt"]
    assert past == f"history/{taken.replace('-', '').replace(':', '')}.json.gz"
    expected = {kind: len(found) for kind, found in document.items() if kind != "Snapshot"}
    assert answer.json() == expected
    assert expected["NetworkInterfaces"] == len(ec2_stub.accounts[0].interfaces)
    summary = function.summary(answer)
    assert summary["message"] == "snapshot written"
    # The caller's account is asked for too.
    assert summary["apiCalls"] == sum(ec2_stub.calls.values())


def test_where_a_list_is_denied_nothing_is_written(api, bucket, ec2_stub, snapshots):
    function = snapshots("s3://snapshots/current.json.gz")
    ec2_stub.fail("DescribeSubnets", Denied())
    answer = api.invoke(EVENT)
    assert answer.path.endswith("/error")
    assert answer.json()["errorType"] == "Function.SnapshotFailed"
    assert "ec2:DescribeSubnets" in answer.json()["errorMessage"]
    assert function.summary(answer)["level"] == "ERROR"
    assert keys(bucket) == []
    # It goes on.
    assert api.invoke(EVENT).path.endswith("/response")
    assert keys(bucket) == ["current.json.gz"]


def test_where_a_lists_entries_are_denied_the_rest_is_written_and_it_is_told(
    api, bucket, ec2_stub, snapshots
):  # fmt: skip
    snapshots("s3://snapshots/current.json.gz")
    ec2_stub.fail("GetManagedPrefixListEntries", Denied())
    answer = api.invoke(EVENT)
    assert answer.json()["errorType"] == "Function.SnapshotFailed"
    told = answer.json()["errorMessage"]
    assert told.startswith("the snapshot is written, but not all of it could be had: ")
    assert "ec2:GetManagedPrefixListEntries" in told
    lists = read(bucket, "current.json.gz")["PrefixLists"]
    assert [one for one in lists if "Entries" not in one]


def test_one_place_that_cannot_be_written_takes_nothing_from_another(api, bucket, snapshots):
    snapshots("s3://nowhere/x.json,s3://snapshots/current.json.gz")
    answer = api.invoke(EVENT)
    assert answer.json()["errorType"] == "Function.SnapshotFailed"
    assert "s3://nowhere/x.json" in answer.json()["errorMessage"]
    assert keys(bucket) == ["current.json.gz"]


@pytest.mark.parametrize("event", [firehose_event(), {"sgflow": "batch"}, {}, [], b"nonsense"])
def test_any_other_event_is_refused(api, bucket, ec2_stub, snapshots, event):
    snapshots("s3://snapshots/current.json.gz")
    answer = api.invoke(event)
    assert answer.json() == {
        "errorType": "Function.InvalidEvent",
        "errorMessage": "this function takes snapshots, as SGFLOW_SNAPSHOT_OUTPUT is set; the event"
        ' for it is {"sgflow": "snapshot"}',
        "stackTrace": [],
    }
    assert sum(ec2_stub.calls.values()) == 0


def test_an_output_that_cannot_be_is_told_at_the_start(api, snapshots):
    function = snapshots("ftp://host/x")
    answer = api.wait_for_answer()
    assert (answer.path, answer.json()["errorType"]) == ("/init/error", "Runtime.ConfigInvalid")
    assert answer.json()["errorMessage"].startswith("SGFLOW_SNAPSHOT_OUTPUT: no snapshot can be")
    assert function.exit_code() == 2
