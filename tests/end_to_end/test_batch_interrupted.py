"""`sgflow batch` killed, out of space, or run twice at once: the end is that of an undisturbed run."""

import fcntl
import gzip
import os
import pathlib
import random
import resource
import shutil
import subprocess
import time

import program
import pytest
import small_world
from small_world import DEFAULT_RECORDS, many, text

KILLS = 30


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A folder with an inventory and 200 files, and what an undisturbed run makes of them."""
    folder = tmp_path_factory.mktemp("batch")
    inventory = small_world.write_inventory(folder)
    for number in range(200):
        path = folder / f"logs/{number % 7}/{number}.log.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        records = many(DEFAULT_RECORDS, 50 + 10 * (number % 20))
        path.write_bytes(gzip.compress(text(records), mtime=0))
    outcome = program.run("batch", folder / "logs", "--inventory", inventory,
                          "--output", folder / "undisturbed")  # fmt: skip
    assert outcome.exit_code == 0 and "200 files written" in outcome.errors, f"\n{outcome}"
    return folder


def command(world: pathlib.Path, destination: pathlib.Path) -> list:
    return [
        program.BINARY, "batch", world / "logs", "--inventory", world / "inventory.json",
        "--output", destination,
    ]  # fmt: skip


def run(world, destination, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(world, destination), capture_output=True, text=True,
        timeout=program.GIVE_UP_SECONDS, check=False, **options,
    )  # fmt: skip


def tree(folder: pathlib.Path) -> dict[str, bytes]:
    """All of it, the checkpoint too."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_killed_at_any_moment(world, tmp_path):
    expected = tree(world / "undisturbed")
    start = time.monotonic()
    assert run(world, tmp_path / "first").returncode == 0
    whole = time.monotonic() - start
    moments = random.Random(8)
    killed, number = 0, 0
    seen_unfinished = False
    while killed < KILLS:
        destination = tmp_path / f"{number}"
        with subprocess.Popen(command(world, destination), stderr=subprocess.DEVNULL) as process:
            try:
                process.wait(timeout=moments.uniform(0, whole))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.returncode == 0:
            assert tree(destination) == expected
            number += 1
            continue
        killed += 1
        shown = {
            name: content
            for name, content in (tree(destination) if destination.exists() else {}).items()
            if not pathlib.Path(name).name.startswith(".")
        }
        assert shown.items() <= expected.items(), "each output is whole or not there"
        seen_unfinished |= 0 < len(shown) < 200
    assert seen_unfinished, "some of the moments were in the middle"
    destination.mkdir(exist_ok=True)
    (destination / ".5.jsonl.gz.sgflow-1234-0").write_bytes(b"what a kill may leave behind")
    assert run(world, destination).returncode == 0
    assert tree(destination) == expected


def test_checkpoint_that_was_cut_off_anywhere(world, tmp_path):
    expected = tree(world / "undisturbed")
    destination = tmp_path / "out"
    run(world, destination)
    checkpoint = destination / ".sgflow-batch.checkpoint"
    whole = checkpoint.read_bytes()
    for cut in random.Random(8).sample(range(len(whole)), 10):
        checkpoint.write_bytes(whole[:cut])
        outcome = run(world, destination)
        finished = whole[:cut].count(b"\n")
        assert f"sgflow: {200 - finished} file" in outcome.stderr
        assert tree(destination) == expected


@pytest.mark.parametrize("limit", [0, 100, 3000])
def test_no_space_left(world, tmp_path, limit):
    """A limit on the size of a file stands for a full disk: writing fails in the middle."""
    destination = tmp_path / "out"
    outcome = run(
        world, destination,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert outcome.returncode == 3
    assert "cannot be written: File too large" in outcome.stderr
    expected = tree(world / "undisturbed")
    shown = {n: c for n, c in tree(destination).items() if not pathlib.Path(n).name[0] == "."}
    assert shown.items() <= expected.items()
    assert run(world, destination).returncode == 0
    assert tree(destination) == expected


# In a mount namespace of its own: a small file system, a run, the same with room, and a copy of it.
FULL_DISK = """
set -eu
mount -t tmpfs -o "size=$SIZE" tmpfs "$DISK"
"$@" && exit 90 || test "$?" = 3
cp -a "$DISK" "$FULL"
mount -o remount,size=64m "$DISK"
"$@"
cp -a "$DISK" "$MENDED"
"""


def may_mount(folder: pathlib.Path) -> bool:
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", folder]
    return (
        shutil.which("unshare") is not None
        and not subprocess.run(probe, capture_output=True, check=False).returncode
    )


@pytest.mark.parametrize("size", ["4k", "64k", "400k"])
def test_disk_that_is_full(world, tmp_path, size):
    disk = tmp_path / "disk"
    disk.mkdir()
    if not may_mount(disk):
        pytest.skip("skipped: no file system may be mounted here")
    outcome = subprocess.run(
        ["unshare", "-rm", "sh", "-c", FULL_DISK, "sh", *command(world, disk)],
        env={**os.environ, "SIZE": size, "DISK": str(disk), "FULL": str(tmp_path / "full"),
             "MENDED": str(tmp_path / "mended")},
        capture_output=True, text=True, timeout=program.GIVE_UP_SECONDS, check=False,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stderr
    assert "No space left on device" in outcome.stderr
    expected = tree(world / "undisturbed")
    shown = {n: c for n, c in tree(tmp_path / "full").items() if pathlib.Path(n).name[0] != "."}
    assert shown.items() < expected.items(), "each output is whole or not there"
    assert tree(tmp_path / "mended") == expected


def test_destination_that_may_not_be_written_to(world, tmp_path):
    (tmp_path / "out").write_bytes(b"a file")
    outcome = run(world, tmp_path / "out")
    assert outcome.returncode == 3 and "the folder cannot be made" in outcome.stderr


def test_two_runs_at_once(world, tmp_path):
    destination = tmp_path / "out"
    runs = [
        subprocess.Popen(command(world, destination), stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    told = [process.communicate(timeout=program.GIVE_UP_SECONDS)[1] for process in runs]
    for process, errors in zip(runs, told, strict=True):
        refused = (
            f"sgflow: {destination}: another sgflow batch is writing there; run this one again "
        )
        assert process.returncode == 0 or (
            process.returncode == 3 and errors == refused + "when it has ended\n"
        )
    assert run(world, destination).returncode == 0
    assert tree(destination) == tree(world / "undisturbed")


def test_run_beside_another_does_nothing(world, tmp_path):
    destination = tmp_path / "out"
    destination.mkdir()
    lock = os.open(destination / ".sgflow-batch.lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    outcome = run(world, destination)
    assert outcome.returncode == 3 and "another sgflow batch is writing there" in outcome.stderr
    assert set(tree(destination)) == {".sgflow-batch.lock"}
    os.close(lock)
    assert run(world, destination).returncode == 0
    assert tree(destination) == tree(world / "undisturbed")
