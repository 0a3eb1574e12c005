"""`sgflow batch` over very many files and a very large one, with little memory.

For SGFLOW_SLOW_TESTS=1 (`make test-slow`): it takes minutes and some gigabytes of disk.
"""

import gzip
import json
import os
import pathlib
import random
import subprocess
import sys

import program
import pytest
import small_world
from batch_world import outputs
from small_world import DEFAULT_RECORDS, many, text
from test_batch_s3 import large
from test_memory import MEASURE

pytestmark = pytest.mark.skipif(
    not os.environ.get("SGFLOW_SLOW_TESTS"), reason="skipped: SGFLOW_SLOW_TESTS is not set"
)

LIMIT_KILOBYTES = 128 * 1024
FILES = 10_000
LARGE_BYTES = 500_000_000


@pytest.fixture(scope="module")
def inventory(tmp_path_factory):
    return small_world.write_inventory(tmp_path_factory.mktemp("configuration"))


def batch(bucket, source, destination, inventory, *options, exit_code: int = 0) -> None:
    """Has to end so, and to stay within the limit."""
    ran = subprocess.run(
        [sys.executable, "-S", MEASURE, program.BINARY, "batch", source, "--output", destination,
         "--inventory", inventory, *options],
        env={**os.environ, **bucket.environment}, capture_output=True, check=True,
    )  # fmt: skip
    told = json.loads(ran.stdout)
    print(f"{source} to {destination}: {told['peak'] / 1024:.0f} MiB")
    assert told["exit_code"] == exit_code
    assert told["peak"] < LIMIT_KILOBYTES


def test_ten_thousand_small_files(bucket, inventory, tmp_path):
    content = gzip.compress(text(many(DEFAULT_RECORDS, 20)), mtime=0)
    for number in range(FILES):
        path = tmp_path / f"logs/{number % 100}/{number}.log.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    batch(bucket, tmp_path / "logs", tmp_path / "local", inventory)
    assert len(outputs(tmp_path / "local")) == FILES
    batch(bucket, tmp_path / "logs", bucket.url("there/"), inventory)
    written = bucket.keys("there/")
    assert len(written) == FILES
    again = bucket.batch(tmp_path / "logs", "--output", bucket.url("there/"), inventory=inventory)
    assert again.errors == f"sgflow: 0 files written, {FILES} finished before\n"
    # What was enriched is no flow log any more, but as many files.
    batch_of_outputs = bucket.batch(bucket.url("there/"), "--output", tmp_path / "back",
                                    "--quiet", inventory=inventory)  # fmt: skip
    assert batch_of_outputs.exit_code in (0, 1)
    for number in random.Random(8).sample(range(FILES), 20):
        name = f"{number % 100}/{number}.jsonl.gz"
        assert bucket.get(f"there/{name}") == (tmp_path / "local" / name).read_bytes()


def write_large(path: pathlib.Path) -> int:
    """500 MB of gzip in several members, as files that were put together are; its records."""
    mixed = random.Random(8)
    start = 1_700_000_000
    lines = [
        f"2 111122223333 {small_world.WEB} 198.51.{mixed.randrange(250)}.{mixed.randrange(250)}"
        f" 192.0.2.5 {mixed.randrange(1024, 65536)} 443 6 {mixed.randrange(10_000)}"
        f" {mixed.randrange(2**40)} {start + number // 100} {start + 60 + number // 100} ACCEPT OK"
        for number in range(500_000)
    ]
    member = gzip.compress("\n".join(lines).encode() + b"\n", mtime=0)
    members = -(-LARGE_BYTES // len(member))
    with open(path, "wb") as file:
        for _ in range(members):
            file.write(member)
    return members * len(lines)


def count_lines(command: list) -> int:
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        return sum(block.count(b"\n") for block in iter(lambda: process.stdout.read(1 << 20), b""))


def test_one_large_file(bucket, inventory, tmp_path):
    path = tmp_path / "logs/large.log.gz"
    path.parent.mkdir()
    records = write_large(path)
    bucket.client.upload_file(str(path), bucket.name, "logs/large.log.gz")
    batch(bucket, bucket.url("logs/"), bucket.url("out/"), inventory)
    bucket.client.download_file(bucket.name, "out/large.jsonl.gz", str(tmp_path / "there"))
    batch(bucket, tmp_path / "logs", tmp_path / "out", inventory)
    here = tmp_path / "out/large.jsonl.gz"
    assert subprocess.run(["cmp", here, tmp_path / "there"], check=False).returncode == 0
    assert count_lines(["gzip", "-dc", here]) == records
    assert bucket.unfinished() == []


@pytest.mark.parametrize("compress", ["gzip", "none"])
def test_several_at_once(bucket, inventory, compress):
    content = gzip.compress(large(), mtime=0) * 12
    for number in range(8):
        bucket.put(f"logs/{number}.log.gz", content)
    batch(bucket, bucket.url("logs/"), bucket.url("out/"), inventory, "--compress", compress)
    assert len(bucket.keys("out/")) == 8


def test_a_million_bad_lines(bucket, inventory):
    """Which are found when parts of the output are on their way, and are read twice."""
    good = large()
    bucket.put("logs/a.log.gz", gzip.compress(good * 10 + b"bad\n" * 1_000_000 + good))
    batch(bucket, bucket.url("logs/"), bucket.url("out/"), inventory, exit_code=1)
    assert bucket.tree("out/")["a.jsonl.gz"][1]["sgflow-faults"] == "1000000"
