"""`sgflow snapshot --append`: a folder, or a prefix in S3, that grows where something has changed."""

import gzip
import json
import os
import pathlib
import re
import sys

import boto3
import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "end_to_end")]

from history_world import appended_name, line, snapshot, time_text, write  # noqa: E402
from program import enrich, expect_success, run  # noqa: E402
from servers import versitygw  # noqa: E402
from servers.ec2_stub import Denied  # noqa: E402
from servers.faulty_proxy import FaultyProxy, Loss  # noqa: E402

# Long before any run of this test.
YESTERDAY = 1767225600
NOTE = ".last-seen"


def append(stub, where, **environment):
    return run("snapshot", "--append", where, "--region", "eu-west-1",
               env={**os.environ, **stub.environment, **environment})  # fmt: skip


def age(path: pathlib.Path, moment=YESTERDAY) -> pathlib.Path:
    """The snapshot as if it had been taken then: no test waits for another second."""
    document = json.loads(gzip.decompress(path.read_bytes()))
    old = document["Snapshot"]["CapturedAt"]
    text = gzip.decompress(path.read_bytes()).replace(old.encode(), time_text(moment).encode())
    path.unlink()
    older = path.parent / appended_name(moment)
    older.write_bytes(gzip.compress(text))
    return older


def stored(outcome) -> pathlib.Path:
    expect_success_but_output(outcome)
    return pathlib.Path(re.fullmatch(r"stored (.*)\n", outcome.output.decode())[1])


def expect_success_but_output(outcome):
    assert (outcome.exit_code, outcome.errors) == (0, ""), str(outcome)


def test_the_first_one_is_stored_under_its_time(ec2_stub, tmp_path):
    path = stored(append(ec2_stub, tmp_path / "new" / "folder"))
    document = json.loads(gzip.decompress(path.read_bytes()))
    captured = document["Snapshot"]["CapturedAt"]
    assert path.name == captured.replace("-", "").replace(":", "") + ".json.gz"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_while_nothing_changes_one_note_says_so(ec2_stub, tmp_path):
    path = age(stored(append(ec2_stub, tmp_path)))
    before = path.stat().st_mtime_ns
    for _ in range(2):
        outcome = append(ec2_stub, tmp_path)
        expect_success_but_output(outcome)
        assert outcome.output.decode() == f"nothing has changed since {path}\n"
        assert sorted(tmp_path.iterdir()) == [tmp_path / NOTE, path]
        assert path.stat().st_mtime_ns == before
        note = (tmp_path / NOTE).read_text()
        assert re.fullmatch(rf"{path.name} was still so at 2[-0-9]*T[0-9:]*Z\n", note)


# Else all records since the last change would become possible when something changes.
def test_what_was_seen_unchanged_is_sure_up_to_then(ec2_stub, tmp_path):
    age(stored(append(ec2_stub, tmp_path)))
    append(ec2_stub, tmp_path)
    seen_at = (tmp_path / NOTE).read_text().split()[-1]
    gone = ec2_stub.accounts[0].interfaces.pop()
    newer = stored(append(ec2_stub, tmp_path))
    document = json.loads(gzip.decompress(newer.read_bytes()))
    snapshot = (document["Snapshots"][0] if "Snapshots" in document else document)["Snapshot"]
    assert snapshot["PreviousCapturedAt"] == time_text(YESTERDAY)
    assert snapshot["PreviousSeenAt"] == seen_at

    of_gone = line(YESTERDAY + 60, 443, gone["NetworkInterfaceId"], gone["PrivateIpAddress"])

    def reason():
        outcome = enrich(inventory=tmp_path, stdin=of_gone.encode())
        expect_success(outcome)
        [record] = outcome.records()
        assert record["inventory_as_of"] == time_text(YESTERDAY)
        return record["sg_reason"]

    assert "next inventory" not in reason()
    # As it would be had nobody looked in between.
    newer.unlink()
    (tmp_path / NOTE).unlink()
    without = stored(append(ec2_stub, tmp_path))
    assert b"PreviousSeenAt" not in gzip.decompress(without.read_bytes())
    assert "by the next inventory" in reason()


@pytest.mark.parametrize(
    "note",
    ["", "x\n", "20250101T000000Z.json.gz was still so at 2026-01-01T00:15:00Z\n",
     "NAME was still so at later\n", "NAME was still so at 2026-01-01T00:15:00Z"],
)  # fmt: skip
def test_a_note_of_something_else_counts_as_none(ec2_stub, tmp_path, note):
    path = age(stored(append(ec2_stub, tmp_path)))
    (tmp_path / NOTE).write_text(note.replace("NAME", path.name))
    ec2_stub.accounts[0].interfaces.pop()
    newer = stored(append(ec2_stub, tmp_path))
    assert b"PreviousSeenAt" not in gzip.decompress(newer.read_bytes())


# What the last one carries of the one before it is no content of it.
def test_the_second_after_a_change_has_nothing_to_store(ec2_stub, tmp_path):
    age(stored(append(ec2_stub, tmp_path)))
    append(ec2_stub, tmp_path)
    ec2_stub.accounts[0].interfaces.pop()
    newer = age(stored(append(ec2_stub, tmp_path)), YESTERDAY + 3600)
    assert b"PreviousSeenAt" in gzip.decompress(newer.read_bytes())
    assert append(ec2_stub, tmp_path).output.decode() == f"nothing has changed since {newer}\n"
    assert (tmp_path / NOTE).read_text().startswith(newer.name)


def test_a_note_that_cannot_be_written_is_told(ec2_stub, tmp_path):
    stored(append(ec2_stub, tmp_path))
    (tmp_path / NOTE).mkdir()
    outcome = append(ec2_stub, tmp_path)
    assert outcome.exit_code == 3 and f"{tmp_path / NOTE}: " in outcome.errors


def test_what_has_changed_is_stored_beside(ec2_stub, tmp_path):
    path = age(stored(append(ec2_stub, tmp_path)))
    ec2_stub.accounts[0].interfaces.pop()
    newer = stored(append(ec2_stub, tmp_path))
    assert sorted(tmp_path.iterdir()) == [path, newer]
    expect_success(enrich(inventory=tmp_path))


def reverse(elements: list) -> None:
    assert len(elements) > 1
    elements.reverse()


def forget_the_attachment(account):
    account.interfaces[0]["Attachment"]["Status"] = "detaching"
    account.interfaces[0]["Status"] = "available"


# tests/store/snapshot_content_test.cc has more of them.
@pytest.mark.parametrize(
    "change",
    [
        lambda account: reverse(account.entries[account.prefix_lists[0]["PrefixListId"]]),
        lambda account: reverse(account.acls[0]["Associations"]),
        lambda account: account.subnets[0].update(AvailableIpAddressCount=7),
        forget_the_attachment,
    ],
    ids=["entries", "associations", "free addresses", "status"],
)
def test_what_nothing_hangs_on_is_no_change(ec2_stub, tmp_path, change):
    path = age(stored(append(ec2_stub, tmp_path)))
    change(ec2_stub.accounts[0])
    outcome = append(ec2_stub, tmp_path)
    expect_success_but_output(outcome)
    assert outcome.output.decode() == f"nothing has changed since {path}\n"


def test_what_aws_refuses_to_tell_is_no_change(ec2_stub, tmp_path):
    path = age(stored(append(ec2_stub, tmp_path)))
    refused = ec2_stub.accounts[0].prefix_lists[0]["PrefixListId"]
    ec2_stub.fail("GetManagedPrefixListEntries", Denied(), times=9, PrefixListId=refused)
    outcome = append(ec2_stub, tmp_path)
    assert outcome.exit_code == 1
    assert outcome.output.decode() == f"nothing has changed since {path}\n"
    assert f"{refused}: what it holds is not told" in outcome.errors
    assert not (tmp_path / NOTE).exists(), "nobody knows whether the list was still so"

    ec2_stub.accounts[0].interfaces.pop()
    outcome = append(ec2_stub, tmp_path)
    assert outcome.exit_code == 1 and outcome.output.startswith(b"stored ")
    assert f"{refused}: what it holds is not told" in outcome.errors


def test_what_aws_tells_again_is_a_change(ec2_stub, tmp_path):
    refused = ec2_stub.accounts[0].prefix_lists[0]["PrefixListId"]
    ec2_stub.fail("GetManagedPrefixListEntries", Denied(), PrefixListId=refused)
    outcome = append(ec2_stub, tmp_path)
    assert outcome.exit_code == 1
    path = age(pathlib.Path(re.fullmatch(r"stored (.*)\n", outcome.output.decode())[1]))
    assert stored(append(ec2_stub, tmp_path)) != path


# It must not keep cron from going on.
def test_a_last_one_that_is_no_inventory_is_followed(ec2_stub, tmp_path):
    (tmp_path / appended_name(YESTERDAY)).write_bytes(gzip.compress(b'{"NetworkInterfaces": ['))
    stored(append(ec2_stub, tmp_path))


def test_only_the_last_one_of_the_folder_itself_counts(ec2_stub, tmp_path):
    path = age(stored(append(ec2_stub, tmp_path)))
    write(tmp_path / "below" / appended_name(YESTERDAY + 60), snapshot(YESTERDAY + 60, None))
    write(tmp_path / "other.json", snapshot(YESTERDAY + 60, None))
    assert append(ec2_stub, tmp_path).output.decode() == f"nothing has changed since {path}\n"


def test_a_failure_stores_nothing(ec2_stub, tmp_path):
    ec2_stub.fail("DescribeSubnets", Denied())
    outcome = append(ec2_stub, tmp_path)
    assert outcome.exit_code == 3 and outcome.output == b""
    assert list(tmp_path.iterdir()) == []


def test_a_last_one_of_the_future_or_broken_is_told(ec2_stub, tmp_path):
    path = age(stored(append(ec2_stub, tmp_path)), 4102444800)
    outcome = append(ec2_stub, tmp_path)
    assert outcome.exit_code == 3
    assert f"{path}: is of a later time than this machine's clock says" in outcome.errors
    path.rename(tmp_path / appended_name(YESTERDAY))
    (tmp_path / appended_name(YESTERDAY)).write_bytes(b"\x1f\x8bbroken")
    outcome = append(ec2_stub, tmp_path)
    assert outcome.exit_code == 2 and appended_name(YESTERDAY) in outcome.errors


@pytest.mark.parametrize("where", ["redis://localhost", "s3://bucket/object.json", "-", "FILE"])
def test_it_takes_a_folder(ec2_stub, tmp_path, where):
    if where == "FILE":
        where = tmp_path / "file"
        where.write_text("")
    outcome = append(ec2_stub, where)
    assert outcome.exit_code == 2 and outcome.errors.startswith("sgflow: --append: ")
    assert not ec2_stub.calls


def test_one_of_output_and_append_is_needed(ec2_stub, tmp_path):
    for options in ([], ["--append", tmp_path, "--output", tmp_path / "one.json"]):
        outcome = run("snapshot", *options, env={**os.environ, **ec2_stub.environment})
        assert outcome.exit_code == 2 and "give one of --output and --append" in outcome.errors


@pytest.fixture
def s3():
    with versitygw.running() as server:
        client = boto3.client(
            "s3", endpoint_url=server.url, region_name="us-east-1",
            aws_access_key_id=versitygw.ACCESS_KEY, aws_secret_access_key=versitygw.SECRET_KEY,
        )  # fmt: skip
        yield server, client


def put(client, key: str, document: dict) -> None:
    client.put_object(
        Bucket="snapshots", Key=key, Body=gzip.compress(json.dumps(document).encode())
    )


def test_a_prefix_in_s3_is_added_to_and_read(ec2_stub, s3, tmp_path):
    server, client = s3
    urls = {"AWS_ENDPOINT_URL_EC2": ec2_stub.url, "AWS_ENDPOINT_URL_STS": ec2_stub.url}
    environment = {**os.environ, **server.environment(), **urls}

    def again():
        outcome = run("snapshot", "--append", "s3://snapshots/a b/", "--region", "eu-west-1",
                      env=environment)  # fmt: skip
        expect_success_but_output(outcome)
        return outcome.output.decode()

    def keys():
        return [one["Key"] for one in client.list_objects_v2(Bucket="snapshots")["Contents"]]

    assert re.fullmatch(r"stored s3://snapshots/a b/\d{8}T\d{6}Z\.json\.gz\n", again())
    [key] = keys()
    content = client.get_object(Bucket="snapshots", Key=key)["Body"].read()
    older = tmp_path / pathlib.Path(key).name
    older.write_bytes(content)
    older = age(older)
    client.put_object(Bucket="snapshots", Key=f"a b/{older.name}", Body=older.read_bytes())
    client.delete_object(Bucket="snapshots", Key=key)
    assert again() == f"nothing has changed since s3://snapshots/a b/{older.name}\n"
    assert again().startswith("nothing has changed since s3://snapshots/a b/")
    assert keys() == [f"a b/{NOTE}", f"a b/{older.name}"]
    note = client.get_object(Bucket="snapshots", Key=f"a b/{NOTE}")["Body"].read().decode()
    assert note.startswith(f"{older.name} was still so at ")
    seen_at = note.split()[-1]

    ec2_stub.accounts[0].interfaces.pop()
    where = re.fullmatch(r"stored s3://snapshots/(.*)\n", again())[1]
    body = client.get_object(Bucket="snapshots", Key=where)["Body"].read()
    assert f'"PreviousSeenAt":"{seen_at}"'.encode() in gzip.decompress(body)
    expect_success(enrich(inventory="s3://snapshots/a b/", env=environment))


def test_what_was_put_though_its_answer_was_lost_is_stored(ec2_stub, s3):
    server, client = s3
    lost = []

    def choose(method, path):
        if lost or method != "PUT":
            return Loss.NOTHING
        lost.append(path)
        return Loss.ANSWER

    with FaultyProxy(server.url, choose).running() as proxy:
        urls = {"AWS_ENDPOINT_URL_EC2": ec2_stub.url, "AWS_ENDPOINT_URL_STS": ec2_stub.url}
        environment = {**server.environment(), **urls, "AWS_ENDPOINT_URL_S3": proxy.url}
        outcome = run("snapshot", "--append", "s3://snapshots/lost/", "--region", "eu-west-1",
                      env={**os.environ, **environment})  # fmt: skip
    expect_success_but_output(outcome)
    assert lost and outcome.output.startswith(b"stored s3://snapshots/lost/")


# More than one page of ListObjectsV2, and only those that a record falls into are read.
def test_a_prefix_of_many_pages_is_a_timeline(s3):
    server, client = s3
    groups = {YESTERDAY: "sg-0a", YESTERDAY + 3600: "sg-0b"}
    for moment, group in groups.items():
        put(client, f"inv/{appended_name(moment)}", snapshot(moment, group))
    for number in range(1100):
        moment = YESTERDAY + 7200 + 60 * number
        client.put_object(Bucket="snapshots", Key=f"inv/{appended_name(moment)}", Body=b"broken")
    last = YESTERDAY + 7200 + 60 * 1100
    put(client, f"inv/{appended_name(last)}", snapshot(last, "sg-0c"))
    put(client, "inv2/other.json.gz", snapshot(YESTERDAY, "sg-0c"))
    outcome = enrich(
        inventory="s3://snapshots/inv/",
        stdin=(line(YESTERDAY + 60, 443) + line(last, 9443)).encode(),
        env={**os.environ, **server.environment()},
    )
    expect_success(outcome)
    assert [record["sg_ids"] for record in outcome.records()] == [["sg-0a"], ["sg-0c"]]


def test_a_bucket_that_is_not_there_is_told(s3):
    server, _ = s3
    outcome = enrich(inventory="s3://none/inv/", env={**os.environ, **server.environment()})
    assert outcome.exit_code == 3 and outcome.errors.startswith("s3://none/inv/: ")
