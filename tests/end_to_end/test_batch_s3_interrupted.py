"""`sgflow batch` with S3, killed, cut off, or run twice at once: the end is that of an undisturbed
run."""

import gzip
import os
import random
import re
import subprocess
import time

import program
import pytest
import small_world
from s3_world import Bucket
from servers.faulty_proxy import FaultyProxy, Loss
from small_world import DEFAULT_RECORDS, many, text
from test_batch_s3 import large

KILLS = 30
FILES = 200


class World:
    """200 objects under logs/ and what an undisturbed run makes of them under undisturbed/."""

    def __init__(self, s3_server, inventory):
        self.bucket = Bucket(s3_server.client(), s3_server.environment())
        self.inventory = inventory
        for number in range(FILES):
            records = many(DEFAULT_RECORDS, 50 + 10 * (number % 20))
            self.bucket.put(f"logs/{number % 7}/{number}.log.gz",
                            gzip.compress(text(records), mtime=0))  # fmt: skip
        assert self.run("undisturbed/").returncode == 0
        self.expected = self.bucket.tree("undisturbed/")
        assert len(self.expected) == FILES

    def command(self, destination: str) -> list:
        return [program.BINARY, "batch", self.bucket.url("logs/"), "--inventory", self.inventory,
                "--output", self.bucket.url(destination)]  # fmt: skip

    def environment(self, **variables) -> dict[str, str]:
        return {**os.environ, **self.bucket.environment, **variables}

    def run(self, destination: str, **variables) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(destination), env=self.environment(**variables), capture_output=True,
            text=True, timeout=program.GIVE_UP_SECONDS, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def world(s3_server, tmp_path_factory):
    return World(s3_server, small_world.write_inventory(tmp_path_factory.mktemp("batch")))


def test_killed_at_any_moment(world):
    start = time.monotonic()
    assert world.run("first/").returncode == 0
    whole = time.monotonic() - start
    moments = random.Random(8)
    killed, number, in_the_middle = 0, 0, 0
    while killed < KILLS:
        destination = f"killed-{number}/"
        with subprocess.Popen(world.command(destination), env=world.environment(),
                              stderr=subprocess.DEVNULL) as process:  # fmt: skip
            try:
                process.wait(timeout=moments.uniform(0, whole))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.returncode == 0:
            assert world.bucket.tree(destination) == world.expected
            number += 1
            continue
        killed += 1
        shown = set(world.bucket.keys(destination))
        assert shown <= {destination + name for name in world.expected}
        in_the_middle += 0 < len(shown) < FILES
    assert in_the_middle > 0, "some of the moments were in the middle"
    shown = world.bucket.tree(destination)
    assert shown.items() <= world.expected.items(), "each output is whole or not there"
    assert world.run(destination).returncode == 0
    assert world.bucket.tree(destination) == world.expected


def test_three_runs_at_once(world):
    runs = [
        subprocess.Popen(world.command("at-once/"), env=world.environment(),
                         stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]  # fmt: skip
    told = [process.communicate(timeout=program.GIVE_UP_SECONDS)[1] for process in runs]
    written = 0
    for process, errors in zip(runs, told, strict=True):
        assert process.returncode == 0, errors
        counted = {
            what: int(count)
            for count, what in re.findall(r"(\d+) (?:files? )?(written|finished \w+)", errors)
        }
        assert sum(counted.values()) == FILES, errors
        written += counted["written"]
    assert world.bucket.tree("at-once/") == world.expected
    assert written == FILES, "each file is counted by who wrote it"


def test_whatever_is_lost_on_the_way(s3_server, world):
    moments = random.Random(8)
    lost = []

    def choose(method, path):
        loss = moments.choices(list(Loss), weights=[40, 1, 1, 1])[0]
        if loss is not Loss.NOTHING:
            lost.append((method, loss))
        return loss

    with FaultyProxy(s3_server.url, choose).running() as proxy:
        for _ in range(20):
            outcome = world.run("lossy/", AWS_ENDPOINT_URL_S3=proxy.url)
            shown = world.bucket.tree("lossy/")
            assert shown.items() <= world.expected.items(), "each output is whole or not there"
            if outcome.returncode == 0:
                break
            assert outcome.returncode == 3, outcome.stderr
    assert outcome.returncode == 0
    assert shown == world.expected
    assert {loss for _, loss in lost} == {Loss.REQUEST, Loss.ANSWER, Loss.HALF}


@pytest.fixture
def large_log(s3_server, tmp_path):
    bucket = Bucket(s3_server.client(), s3_server.environment())
    bucket.put("logs/a.log", large())
    inventory = small_world.write_inventory(tmp_path)

    def run(**environment):
        return bucket.batch(bucket.url("logs/"), "--output", bucket.url("out/"), "--compress",
                            "none", inventory=inventory, environment=environment)  # fmt: skip

    return bucket, run


@pytest.mark.parametrize(
    "request_lost",
    [r"POST .*\?uploads$", r"PUT .*partNumber=1&", r"PUT .*partNumber=2&", r"POST .*\?uploadId="],
)
@pytest.mark.parametrize("loss", [Loss.REQUEST, Loss.ANSWER])
def test_a_part_or_the_end_of_an_upload_is_lost_once(s3_server, large_log, request_lost, loss):
    bucket, run = large_log
    lost = []

    def choose(method, path):
        if lost or not re.match(request_lost, f"{method} {path}"):
            return Loss.NOTHING
        lost.append(path)
        return loss

    with FaultyProxy(s3_server.url, choose).running() as proxy:
        outcome = run(AWS_ENDPOINT_URL_S3=proxy.url)
    assert lost
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert "sgflow: 1 file written\n" in outcome.errors, "what it meets is its own"
    assert len(bucket.keys("out/")) == 1


# Before its second range is asked for.
@pytest.mark.parametrize("becomes", ["another", "nothing"])
def test_an_input_that_is_replaced_while_it_is_read_is_no_mixture(s3_server, large_log, becomes):
    bucket, run = large_log
    ranges = []
    other = large().replace(b" ACCEPT ", b" REJECT ")

    def choose(method, path):
        if method == "GET" and path.endswith("logs/a.log"):
            ranges.append(path)
            if len(ranges) == 2 and becomes == "another":
                bucket.put("logs/a.log", other)
            elif len(ranges) == 2:
                bucket.remove("logs/")
        return Loss.NOTHING

    with FaultyProxy(s3_server.url, choose).running() as proxy:
        outcome = run(AWS_ENDPOINT_URL_S3=proxy.url)
    assert len(ranges) > 1
    assert outcome.exit_code == (3 if becomes == "another" else 1), f"\n{outcome}"
    assert outcome.errors.startswith(bucket.url("logs/a.log")), f"\n{outcome}"
    if becomes == "another":
        assert bucket.keys("out/") == []
        assert run().exit_code == 0
        assert b'"REJECT"' in bucket.get("out/a.jsonl")
        assert b'"ACCEPT"' not in bucket.get("out/a.jsonl")


def test_an_upload_that_cannot_go_on_is_aborted(s3_server, large_log):
    bucket, run = large_log

    def choose(_, path):
        return Loss.REQUEST if "partNumber=2&" in path else Loss.NOTHING

    with FaultyProxy(s3_server.url, choose).running() as proxy:
        outcome = run(AWS_ENDPOINT_URL_S3=proxy.url)
    assert outcome.exit_code == 3
    assert "cut the connection before its answer was whole" in outcome.errors
    assert bucket.keys("out/") == [] and bucket.unfinished() == []
    assert run().exit_code == 0
    assert len(bucket.keys("out/")) == 1


def test_an_upload_of_a_killed_run_does_not_stand_in_the_way(s3_server, large_log):
    bucket, run = large_log
    upload = bucket.client.create_multipart_upload(Bucket=bucket.name, Key="out/a.jsonl")
    assert run().exit_code == 0
    assert bucket.unfinished() == ["out/a.jsonl"], "it may be that of a run at the same time"
    bucket.client.abort_multipart_upload(
        Bucket=bucket.name, Key="out/a.jsonl", UploadId=upload["UploadId"]
    )
