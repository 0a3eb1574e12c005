"""`sgflow batch` from S3, to S3 and between S3 and local folders."""

import gzip
import json
import os
import re

import boto3
import program
import pytest
import small_world
from batch_world import (
    ACCOUNT,
    OTHER_ACCOUNT,
    enriched,
    failed,
    files_written,
    hive,
    outputs,
    plain,
    write,
)
from s3_world import Bucket
from small_world import DEFAULT_LINES, DEFAULT_RECORDS, many, text

RECORDS = text(DEFAULT_RECORDS)


@pytest.fixture(scope="module")
def inventory(tmp_path_factory):
    return small_world.write_inventory(tmp_path_factory.mktemp("configuration"))


def expect_done(outcome: program.Outcome, files: int) -> None:
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert files_written(outcome) == files, f"\n{outcome}"


# --- places


def test_one_object_is_not_written_over_anothers_output(bucket, inventory):
    bucket.put("d1/a.log", RECORDS)
    bucket.put("d2/a.log", RECORDS + RECORDS)
    expect_done(bucket.batch(bucket.url("d1/"), "--output", bucket.url("enriched/"),
                             inventory=inventory), 1)  # fmt: skip
    outcome = bucket.batch(
        bucket.url("d2/"), "--output", bucket.url("enriched/"), inventory=inventory
    )
    assert outcome.exit_code == 1
    assert (
        f"{bucket.url('d2/a.log')}: its output a.jsonl.gz is there already, and of another input: "
        f"{bucket.url('d1/a.log')}; name another --output" in outcome.errors
    )
    assert gzip.decompress(bucket.get("enriched/a.jsonl.gz")) == enriched(inventory)
    expect_done(bucket.batch(bucket.url("d2/"), "--output", bucket.url("enriched/"), "--redo",
                             inventory=inventory), 1)  # fmt: skip


def test_what_several_sources_name_is_done_once_as_the_first_has_it(bucket, inventory):
    bucket.put("dd/1.log", RECORDS)
    bucket.put("dd/sub/3.log", RECORDS)
    outcome = bucket.batch(bucket.url("dd/"), bucket.url("dd/sub/"), bucket.url("dd/s*"),
                           "--output", bucket.url("o/"), inventory=inventory)  # fmt: skip
    expect_done(outcome, 2)
    assert outcome.errors.endswith(", 1 the same by another name\n")
    assert bucket.keys("o/") == ["o/1.jsonl.gz", "o/sub/3.jsonl.gz"]


def test_a_prefix_to_a_prefix(bucket, inventory):
    bucket.put("logs/a.log", RECORDS)
    bucket.put("logs/2026/01/b.log.gz", gzip.compress(RECORDS))
    bucket.put("logs/2026/", b"")
    bucket.put("logs/.hidden/c.log", RECORDS)
    bucket.put("elsewhere/d.log", RECORDS)
    outcome = bucket.batch(bucket.url("logs/"), "--output", bucket.url("enriched/"),
                           inventory=inventory)  # fmt: skip
    expect_done(outcome, 2)
    assert bucket.keys("enriched/") == ["enriched/2026/01/b.jsonl.gz", "enriched/a.jsonl.gz"]
    for key in bucket.keys("enriched/"):
        assert gzip.decompress(bucket.get(key)) == enriched(inventory)


def test_what_is_written_is_the_same_wherever_it_lies(bucket, inventory, tmp_path):
    content = gzip.compress(text(many(DEFAULT_RECORDS, 3000)))
    bucket.put("logs/x/a.log.gz", content)
    (tmp_path / "logs/x").mkdir(parents=True)
    (tmp_path / "logs/x/a.log.gz").write_bytes(content)
    for source in (bucket.url("logs/"), tmp_path / "logs"):
        name = "s3" if source == bucket.url("logs/") else "local"
        expect_done(bucket.batch(source, "--output", tmp_path / name, inventory=inventory), 1)
        expect_done(bucket.batch(source, "--output", bucket.url(f"{name}/"),
                                 inventory=inventory), 1)  # fmt: skip
    written = {
        bucket.get("s3/x/a.jsonl.gz"), bucket.get("local/x/a.jsonl.gz"),
        (tmp_path / "s3/x/a.jsonl.gz").read_bytes(), (tmp_path / "local/x/a.jsonl.gz").read_bytes(),
    }  # fmt: skip
    assert len(written) == 1


def test_local_and_s3_sources_together(bucket, inventory, tmp_path):
    bucket.put("logs/a.log", RECORDS)
    write(tmp_path / "logs/b.log")
    write(tmp_path / "logs/a.log.gz")
    outcome = bucket.batch(bucket.url("logs/"), tmp_path / "logs", "--output",
                           bucket.url("out"), inventory=inventory)  # fmt: skip
    assert outcome.exit_code == 1
    assert f"{bucket.url('logs/a.log')}: would be written to the same file as" in outcome.errors
    assert bucket.keys("out/") == ["out/b.jsonl.gz"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("logs/2026/a.log", ["a.jsonl.gz"]),
        ("logs/2026", ["a.jsonl.gz", "b.jsonl.gz"]),
        ("logs/2026/", ["a.jsonl.gz", "b.jsonl.gz"]),
        ("logs/*/a.log", ["2025/a.jsonl.gz", "2026/a.jsonl.gz"]),
        ("logs/20*", ["2025/a.jsonl.gz", "2026/a.jsonl.gz", "2026/b.jsonl.gz"]),
        ("logs/2*6/", ["2026/a.jsonl.gz", "2026/b.jsonl.gz"]),
        ("logs/2026/[ab].*", ["a.jsonl.gz", "b.jsonl.gz"]),
        ("", ["logs/2025/a.jsonl.gz", "logs/2026/a.jsonl.gz", "logs/2026/b.jsonl.gz"]),
    ],
)
def test_prefixes_objects_and_globs(bucket, inventory, tmp_path, source, expected):
    for name in ("2025/a.log", "2026/a.log", "2026/b.log.gz", "2026/.hidden.log"):
        bucket.put(f"logs/{name}", gzip.compress(RECORDS) if name.endswith("gz") else RECORDS)
    outcome = bucket.batch(bucket.url(source), "--output", tmp_path, inventory=inventory)
    expect_done(outcome, len(expected))
    assert outputs(tmp_path) == expected


@pytest.mark.parametrize("source", ["missing.log", "missing/", "missing/*.log"])
def test_source_that_is_not_there(bucket, inventory, tmp_path, source):
    outcome = bucket.batch(bucket.url(source), "--output", tmp_path, inventory=inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert outcome.errors.startswith(f"{bucket.url(source)}: ")


def test_destination_within_the_source_is_not_read(bucket, inventory):
    bucket.put("logs/a.log", RECORDS)
    for source in ("", "logs/", "logs/*", "*"):
        outcome = bucket.batch(bucket.url(source), "--output", bucket.url("logs/out/"), "--redo",
                               inventory=inventory)  # fmt: skip
        expect_done(outcome, 1)
    assert bucket.keys("logs/out/") == ["logs/out/a.jsonl.gz", "logs/out/logs/a.jsonl.gz"]


def test_source_within_the_destination_is_refused(bucket, inventory):
    bucket.put("logs/a.log", RECORDS)
    outcome = bucket.batch(bucket.url("logs/"), "--output", bucket.url(), inventory=inventory)
    assert (outcome.exit_code, outcome.errors) == (
        2,
        f"sgflow: {bucket.url('logs/')}: lies in the prefix that is written to; name another"
        " --output: what is written would be read the next time\n",
    )


ODD = [
    "a b+c%d%2B.log",
    "ünï/日本.log",
    "a=b/c&d;e.log",
    "(x)!'*$@,.log",
    "~tilde.log",
    "a[1]?.log",
]


def test_keys_of_every_letter(bucket, inventory, tmp_path):
    for key in ODD:
        bucket.put(f"logs/{key}", RECORDS)
    expected = sorted(key.replace(".log", ".jsonl.gz") for key in ODD)
    expect_done(bucket.batch(bucket.url("logs/"), "--output", tmp_path, inventory=inventory),
                len(ODD))  # fmt: skip
    assert outputs(tmp_path) == expected
    expect_done(bucket.batch(bucket.url("logs/"), "--output", bucket.url("out é+/"),
                             inventory=inventory), len(ODD))  # fmt: skip
    assert bucket.keys("out é+/") == sorted(f"out é+/{key}" for key in expected)
    # The object itself, where its key is a pattern too.
    expect_done(bucket.batch(bucket.url("logs/a[1]?.log"), "--output", bucket.url("one/"),
                             inventory=inventory), 1)  # fmt: skip


@pytest.fixture
def moto_bucket(moto_server):
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1"}
    client = boto3.client("s3", endpoint_url=moto_server, region_name="us-east-1",
                          aws_access_key_id="x", aws_secret_access_key="x")  # fmt: skip
    return Bucket(client, {**keys, "AWS_ENDPOINT_URL_S3": moto_server})


def test_keys_that_are_no_paths(moto_bucket, inventory, tmp_path):
    """Of another S3: versitygw keeps objects as files."""
    keys = ["logs//a.log", "logs/b//c.log", "logs/\x01.log", "logs/../d.log", "logs/e.log"]
    for key in keys:
        moto_bucket.put(key, RECORDS)
    outcome = moto_bucket.batch(moto_bucket.url("logs/"), "--output", moto_bucket.url("out/"),
                                inventory=inventory)  # fmt: skip
    assert files_written(outcome) >= 4, f"\n{outcome}"
    written = moto_bucket.keys("out/")
    assert {"out//a.jsonl.gz", "out/b//c.jsonl.gz", "out/\x01.jsonl.gz", "out/e.jsonl.gz"} <= set(
        written
    )
    local = moto_bucket.batch(moto_bucket.url("logs/"), "--output", tmp_path / "in/here",
                              inventory=inventory)  # fmt: skip
    assert local.exit_code == 1
    assert outputs(tmp_path / "in/here") == ["\x01.jsonl.gz", "e.jsonl.gz"]
    assert not (tmp_path / "in/d.jsonl.gz").exists(), "nothing leads out of the folder"
    assert "cannot be written as a file: /a.jsonl.gz" in local.errors


# --- selection


@pytest.mark.parametrize("style", [plain, hive])
@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["--from", "2026-01-02", "--to", "2026-01-03"], [1, 2]),
        (["--account", OTHER_ACCOUNT], [3]),
        (["--region", "us-east-1"], [2]),
    ],
)
def test_selection_by_name_reads_nothing_else(bucket, inventory, style, options, kept):
    names = [
        style(ACCOUNT, "eu-west-1", "20260101", "2355"),
        style(ACCOUNT, "eu-west-1", "20260102", "0000"),
        style(ACCOUNT, "us-east-1", "20260102", "2355"),
        style(OTHER_ACCOUNT, "eu-west-1", "20260103", "1200"),
    ]
    for number, name in enumerate(names):
        # Whoever read the others would tell.
        bucket.put(f"in/{name}", gzip.compress(RECORDS) if number in kept else b"PAR1 and so on")
    outcome = bucket.batch(bucket.url("in/"), "--output", bucket.url("out/"), *options,
                           inventory=inventory)  # fmt: skip
    expect_done(outcome, len(kept))
    assert bucket.keys("out/") == sorted(
        f"out/{names[i].replace('.log.gz', '.jsonl.gz')}" for i in kept
    )


def test_error_prefix_is_read(bucket, inventory):
    name = "processing-failed/2026/01/02/03/stream-1-2026-01-02-03-04-05-6b5c"
    bucket.put(name, "\n".join(failed(line.encode()) for line in DEFAULT_LINES).encode() + b"\n")
    bucket.put(name.replace("/03/", "/04/").replace("-03-", "-04-"), b"not asked for")
    outcome = bucket.batch(bucket.url("processing-failed/"), "--output", bucket.url("recovered/"),
                           "--from", "2026-01-02T03:00", "--to", "2026-01-02T04:00",
                           inventory=inventory)  # fmt: skip
    expect_done(outcome, 1)
    (key,) = bucket.keys("recovered/")
    assert key == f"recovered/{name.removeprefix('processing-failed/')}.jsonl.gz"
    assert gzip.decompress(bucket.get(key)) == enriched(inventory)


# --- large ones


def large(records: int = 60_000) -> bytes:
    """Whose lines are too unlike to be compressed much."""
    lines = []
    for number in range(records):
        mixed = (number * 2654435761) % 2**32
        lines.append(
            f"2 {ACCOUNT} {small_world.WEB} 198.51.{mixed % 250}.{(mixed >> 8) % 250} 192.0.2.5"
            f" {1024 + (mixed >> 16) % 60000} 443 6 {mixed % 9973} {mixed} {1620000000 + number}"
            f" {1620000060 + number} ACCEPT OK"
        )
    return "\n".join(lines).encode() + b"\n"


def test_more_than_a_range_and_more_than_a_part(bucket, inventory, tmp_path):
    content = large()
    bucket.put("logs/a.log", content)
    outcome = bucket.batch(bucket.url("logs/"), "--output", bucket.url("out/"), "--compress",
                           "none", inventory=inventory)  # fmt: skip
    expect_done(outcome, 1)
    assert bucket.get("out/a.jsonl") == enriched(inventory, stdin=content)
    assert re.search(r"-\d+\"$", bucket.client.head_object(Bucket=bucket.name,
                                                          Key="out/a.jsonl")["ETag"])  # fmt: skip
    assert bucket.unfinished() == []
    again = bucket.batch(bucket.url("logs/"), "--output", bucket.url("out/"), "--compress",
                         "none", inventory=inventory)  # fmt: skip
    assert (again.exit_code, files_written(again)) == (0, 0)
    redone = bucket.batch(bucket.url("logs/"), "--output", bucket.url("out/"), "--compress",
                          "none", "--redo", inventory=inventory)  # fmt: skip
    expect_done(redone, 1)


def test_a_fault_at_the_end_of_a_large_one_is_noted(bucket, inventory):
    content = large()
    bucket.put("logs/a.log", content + b"bad\n")
    command = [bucket.url("logs/"), "--output", bucket.url("out/"), "--compress", "none"]
    outcome = bucket.batch(*command, "--stats", inventory=inventory)
    assert outcome.exit_code == 1
    assert outcome.errors.count("a.log:60001:") == 1, "it is told once, though it is read twice"
    assert "records            60001\n" in outcome.errors
    assert bucket.get("out/a.jsonl") == enriched(inventory, stdin=content)
    again = bucket.batch(*command, inventory=inventory)
    assert again.exit_code == 1
    assert "1 file finished before with something that could not be read" in again.errors


def test_a_snapshot_of_any_size(bucket, tmp_path):
    """One of more than an answer may hold."""
    document = json.loads(small_world.write_inventory(tmp_path).read_text())
    path = tmp_path / "large.json"
    path.write_text(json.dumps(document) + " " * (70 << 20))
    bucket.client.upload_file(str(path), bucket.name, "inventory.json")
    outcome = bucket.run("enrich", "--inventory", bucket.url("inventory.json"), stdin=RECORDS)
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert outcome.output == enriched(tmp_path / "inventory.json")


# --- reruns


def test_rerun_does_what_is_left(bucket, inventory, tmp_path):
    bucket.put("logs/a.log", RECORDS)
    bucket.put("logs/b.log", RECORDS)

    def run(*options) -> int:
        return files_written(bucket.batch(bucket.url("logs/"), "--output", bucket.url("out/"),
                                          *options, inventory=inventory))  # fmt: skip

    assert run() == 2
    assert run() == 0
    bucket.put("logs/b.log", text(DEFAULT_RECORDS[:2]))
    assert run() == 1, "another content"
    assert gzip.decompress(bucket.get("out/b.jsonl.gz")) == enriched(
        inventory, stdin=text(DEFAULT_RECORDS[:2])
    )
    bucket.put("logs/c.log", RECORDS)
    assert run() == 1, "a new one"
    bucket.remove("out/a")
    assert run() == 1, "an output that is gone"
    bucket.put("out/a.jsonl.gz", b"somebody else's")
    assert run() == 1, "an output that is none of sgflow's"
    assert gzip.decompress(bucket.get("out/a.jsonl.gz")) == enriched(inventory)
    assert run("--drop", "sg_reason") == 3, "other options"
    assert run() == 3
    assert run("--redo") == 3
    assert run() == 0


def test_bad_lines_are_told_and_good_records_kept(bucket, inventory):
    bucket.put("logs/a.log", RECORDS + b"bad\n")
    bucket.put("logs/b.log", b"PAR1 and so on")
    command = [bucket.url("logs/"), "--output", bucket.url("out/")]
    outcome = bucket.batch(*command, inventory=inventory)
    assert outcome.exit_code == 1
    assert f"{bucket.url('logs/a.log')}:{len(DEFAULT_RECORDS) + 1}: " in outcome.errors
    assert bucket.keys("out/") == ["out/a.jsonl.gz"]
    assert gzip.decompress(bucket.get("out/a.jsonl.gz")) == enriched(inventory)
    assert bucket.tree("out/")["a.jsonl.gz"][1]["sgflow-faults"] == "1"
    again = bucket.batch(*command, inventory=inventory)
    assert again.exit_code == 1 and "1 file finished before with something" in again.errors


# --- what is wrong with S3


def test_no_bucket_and_wrong_keys_are_told(s3_server, bucket, inventory, tmp_path):
    outcome = bucket.batch("s3://no-such-bucket/a/", "--output", tmp_path, inventory=inventory)
    assert outcome.exit_code == 1
    assert "s3://no-such-bucket/a/: s3:ListBucket in us-east-1: NoSuchBucket" in outcome.errors
    outcome = bucket.batch(bucket.url("a/"), "--output", tmp_path, inventory=inventory,
                           environment=s3_server.environment("wrong"))  # fmt: skip
    assert outcome.exit_code == 3
    assert "SignatureDoesNotMatch" in outcome.errors
    outcome = bucket.batch("s3://b", "--output", tmp_path, inventory=inventory)
    assert outcome.exit_code == 2
    assert "'s3://b' names no bucket in S3; write it as s3://BUCKET/PREFIX/" in outcome.errors


def test_without_keys_nothing_is_asked(bucket, inventory, tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    environment |= {"AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
                    "HOME": str(tmp_path)}  # fmt: skip
    outcome = program.run("batch", bucket.url("a/"), "--output", tmp_path / "out", "--inventory",
                          inventory, env=environment)  # fmt: skip
    assert outcome.exit_code == 3
    assert "credentials" in outcome.errors
