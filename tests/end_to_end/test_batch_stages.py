"""`sgflow batch` on a file of many blocks: what is read, enriched and written at once is as one."""

import gzip
import os
import resource
import subprocess

import program
import pytest
import small_world
from small_world import DEFAULT_RECORDS, many, text

# Some MB of records, and three times that of lines.
RECORDS = text(many(DEFAULT_RECORDS, 60_000))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages")
    small_world.write_inventory(folder)
    (folder / "logs").mkdir()
    (folder / "logs/large.log.gz").write_bytes(gzip.compress(RECORDS, mtime=0))
    return folder


def run(world, destination, *more, log="logs", **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [program.BINARY, "batch", world / log, "--inventory", world / "inventory.json",
         "--output", destination, *more],
        capture_output=True, text=True, timeout=program.GIVE_UP_SECONDS, check=False, **options,
    )  # fmt: skip


def enriched(world, content: bytes) -> bytes:
    return program.run(
        "enrich", "--inventory", world / "inventory.json", "-", stdin=content
    ).output  # fmt: skip


def test_the_bytes_do_not_hang_on_the_cores(world, tmp_path):
    one = {min(os.sched_getaffinity(0))}
    written = set()
    for name, cores in (("one", one), ("all", os.sched_getaffinity(0))):
        outcome = run(world, tmp_path / name,
                      preexec_fn=lambda cores=cores: os.sched_setaffinity(0, cores))  # fmt: skip
        assert outcome.returncode == 0, outcome.stderr
        written.add((tmp_path / name / "large.jsonl.gz").read_bytes())
    assert len(written) == 1
    assert gzip.decompress(written.pop()) == enriched(world, RECORDS)


@pytest.mark.parametrize("compress", ["gzip", "none"])
def test_a_fault_of_writing_ends_the_reading(world, tmp_path, compress):
    limit = 600_000
    outcome = run(
        world, tmp_path / "out", "--compress", compress,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert outcome.returncode == 3
    assert outcome.stderr.count("cannot be written: File too large") == 1
    assert "line" not in outcome.stderr, "what is not read to its end is not broken"
    assert [path for path in (tmp_path / "out").iterdir() if path.name[0] != "."] == []
    assert run(world, tmp_path / "out", "--compress", compress).returncode == 0


def test_what_a_broken_file_holds_is_written(world, tmp_path):
    whole = gzip.compress(RECORDS, mtime=0)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/cut.log.gz").write_bytes(whole[: len(whole) * 2 // 3])
    outcome = run(world, tmp_path / "out", log=tmp_path / "logs")
    assert outcome.returncode == 1
    assert outcome.stderr.count("the gzip data ends in the middle") == 1
    lines = gzip.decompress((tmp_path / "out/cut.jsonl.gz").read_bytes())
    assert len(lines) > 1_000_000
    assert enriched(world, RECORDS).startswith(lines)
