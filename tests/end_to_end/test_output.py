"""Where the output goes, what is told beside it, and the exit code."""

import fcntl
import os
import pty
import re
import signal
import stat
import struct
import subprocess
import termios
import threading

import program
import pytest
import small_world
from classic_oracle import classic_bytes
from small_world import CONFIGURATION, DEFAULT_RECORDS, many, text

CLASSIC = classic_bytes(DEFAULT_RECORDS, CONFIGURATION)
# More than a pipe and the program's own buffers can hold.
PLENTY = text(many(DEFAULT_RECORDS, 200_000))


@pytest.fixture
def inventory(tmp_path):
    (tmp_path / "configuration").mkdir()
    return small_world.write_inventory(tmp_path / "configuration")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "written").mkdir()
    return tmp_path / "written"


def enrich_classic(*arguments, inventory, stdin=None) -> program.Outcome:
    return program.enrich(
        "--format", "classic", *arguments, inventory=inventory,
        stdin=text(DEFAULT_RECORDS) if stdin is None else stdin,
    )  # fmt: skip


# --output


def test_output_file_is_written_whole(inventory, folder):
    outcome = enrich_classic("--output", folder / "out.jsonl", inventory=inventory)
    program.expect_success(outcome)
    assert outcome.output == b""
    assert (folder / "out.jsonl").read_bytes() == CLASSIC
    assert os.listdir(folder) == ["out.jsonl"], "no temporary file is left"


def test_output_file_has_ordinary_permissions(inventory, folder):
    ordinary = folder / "ordinary"
    ordinary.write_bytes(b"")
    enrich_classic("--output", folder / "out.jsonl", inventory=inventory)
    assert stat.filemode((folder / "out.jsonl").stat().st_mode) == stat.filemode(
        ordinary.stat().st_mode
    )


def test_output_file_replaces_an_older_one(inventory, folder):
    (folder / "out.jsonl").write_bytes(b"old and longer " * 1000)
    program.expect_success(enrich_classic("--output", folder / "out.jsonl", inventory=inventory))
    assert (folder / "out.jsonl").read_bytes() == CLASSIC


def test_output_file_is_kept_with_bad_lines_in_the_input(inventory, folder):
    """Exit code 1 still means that the good records are there."""
    outcome = enrich_classic(
        "--output",
        folder / "out.jsonl",
        inventory=inventory,
        stdin=text(DEFAULT_RECORDS) + b"bad\n",
    )
    assert outcome.exit_code == 1
    assert (folder / "out.jsonl").read_bytes() == CLASSIC


def test_output_file_may_be_the_input(inventory, folder):
    path = folder / "flow.log"
    path.write_bytes(text(DEFAULT_RECORDS))
    program.expect_success(enrich_classic("--output", path, path, inventory=inventory))
    assert path.read_bytes() == CLASSIC


def test_output_through_a_link_leaves_the_link(inventory, folder):
    (folder / "real.jsonl").write_bytes(b"old")
    (folder / "link.jsonl").symlink_to("real.jsonl")
    program.expect_success(enrich_classic("--output", folder / "link.jsonl", inventory=inventory))
    assert (folder / "link.jsonl").is_symlink()
    assert (folder / "real.jsonl").read_bytes() == CLASSIC


def test_output_to_a_pipe_does_not_replace_it(inventory, folder):
    """Nor a device: /dev/null must stay one."""
    path = folder / "pipe"
    os.mkfifo(path)
    got = []
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    outcome = enrich_classic("--output", path, inventory=inventory)
    if not stat.S_ISFIFO(path.stat().st_mode):
        path.unlink()
        os.mkfifo(path)
        path.write_bytes(b"")
    reader.join()
    program.expect_success(outcome)
    assert got == [CLASSIC]
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_output_dash_is_standard_output(inventory, folder):
    outcome = program.enrich(
        "--format",
        "classic",
        "--output",
        "-",
        inventory=inventory,
        stdin=text(DEFAULT_RECORDS),
        cwd=folder,
    )
    program.expect_bytes(outcome, CLASSIC)
    assert os.listdir(folder) == []


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_output_file_is_absent_when_stopped_on_the_way(inventory, folder, stop):
    path = folder / "out.jsonl"
    with subprocess.Popen(
        [program.BINARY, "enrich", "--inventory", inventory, "--output", path],
        stdin=subprocess.PIPE,
    ) as process:
        process.stdin.write(PLENTY)
        process.stdin.flush()
        assert not path.exists(), "not before it is whole"
        process.send_signal(stop)
        process.wait(timeout=program.GIVE_UP_SECONDS)
        assert process.returncode != 0
        process.stdin.close()
    assert not path.exists()
    if stop != signal.SIGKILL:
        assert os.listdir(folder) == [], "no temporary file is left"


def test_output_file_is_untouched_by_a_usage_error(inventory, folder):
    path = folder / "out.jsonl"
    path.write_bytes(b"precious")
    outcome = program.enrich("--output", path, inventory=folder / "missing.json")
    assert outcome.exit_code == 2
    assert path.read_bytes() == b"precious" and os.listdir(folder) == ["out.jsonl"]


def test_output_into_a_missing_folder(inventory, folder):
    path = folder / "missing/out.jsonl"
    outcome = enrich_classic("--output", path, inventory=inventory)
    assert outcome.exit_code == 3, f"\n{outcome}"
    assert str(path) in outcome.errors and "No such file" in outcome.errors, f"\n{outcome}"


def test_output_onto_a_folder(inventory, folder):
    outcome = enrich_classic("--output", folder, inventory=inventory)
    assert outcome.exit_code in (2, 3), f"\n{outcome}"
    assert str(folder) in outcome.errors and os.listdir(folder) == [], f"\n{outcome}"


# Standard output that fails


def test_full_disk_is_exit_code_3(inventory):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [program.BINARY, "enrich", "--inventory", inventory],
            input=text(DEFAULT_RECORDS), stdout=full, stderr=subprocess.PIPE,
            timeout=program.GIVE_UP_SECONDS,
        )  # fmt: skip
    assert done.returncode == 3, done
    assert b"No space left" in done.stderr


@pytest.mark.parametrize("content", [text(DEFAULT_RECORDS), PLENTY], ids=["few", "plenty"])
def test_closed_pipe_is_no_error(inventory, tmp_path, content):
    """As with `sgflow enrich flow.log | head -1`."""
    (tmp_path / "flow.log").write_bytes(content)
    script = (
        'set -o pipefail; "$0" enrich --inventory "$1" "$2" | head -1; echo "${PIPESTATUS[0]}" >&3'
    )
    reading, writing = os.pipe()
    done = subprocess.run(
        ["bash", "-c", script.replace("&3", f"&{writing}"), program.BINARY, inventory, tmp_path / "flow.log"],
        capture_output=True, pass_fds=[writing], timeout=program.GIVE_UP_SECONDS,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        exit_code = int(told.read())
    assert done.stderr == b""
    assert done.stdout.count(b"\n") == 1
    assert exit_code in (0, 128 + signal.SIGPIPE)


# What is told


def numbers_beside(word: str, told: str) -> set[int]:
    """The integers next to a word, on either side."""
    before = re.findall(rf"(\d[\d,]*)\s+{word}s?\b(?!/)", told)
    after = re.findall(rf"\b{word}s?\b(?!/)\W{{0,20}}?(\d[\d,]*)", told)
    return {int(number.replace(",", "")) for number in before + after}


def test_summary_is_told_when_asked(inventory):
    stdin = text(DEFAULT_RECORDS) + b"bad\nworse\n"
    outcome = enrich_classic("--stats", inventory=inventory, stdin=stdin)
    program.expect_bytes(outcome, CLASSIC)
    for word, number in (("unknown interface", 1), ("malformed", 2)):
        assert number in numbers_beside(word, outcome.errors.lower()), f"{word} {number}\n{outcome}"
    assert numbers_beside("records", outcome.errors.lower()) & {7, 9}, f"\n{outcome}"
    assert "enriched" in outcome.errors and "second" in outcome.errors, f"\n{outcome}"
    assert "records/s" in outcome.errors, f"\n{outcome}"


def test_summary_counts_exactly(inventory):
    """7 records: 4 at known interfaces with traffic, 2 without data, 1 at an unknown one."""
    outcome = enrich_classic("--stats", inventory=inventory)
    program.expect_bytes(outcome, CLASSIC)
    told = outcome.errors.lower()
    assert 7 in numbers_beside("records", told), f"\n{outcome}"
    assert numbers_beside("enriched", told) & {4, 6}, f"\n{outcome}"
    assert 1 in numbers_beside("unknown interface", told), f"\n{outcome}"
    assert 0 in numbers_beside("malformed", told), f"\n{outcome}"


def test_nothing_is_told_otherwise(inventory):
    program.expect_success(enrich_classic(inventory=inventory))


def on_a_terminal(arguments, stdin: bytes, columns: int = 80) -> tuple[int, bytes, str]:
    """Runs with standard error on a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    told = []

    def listen():
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                return
            if not part:
                return
            told.append(part)

    with subprocess.Popen(
        [program.BINARY, *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        listener = threading.Thread(target=listen)
        listener.start()
        output, _ = process.communicate(stdin, timeout=program.GIVE_UP_SECONDS)
        listener.join()
    os.close(ours)
    return process.returncode, output, b"".join(told).decode()


def test_summary_is_told_on_a_terminal(inventory):
    arguments = ["enrich", "--format", "classic", "--inventory", inventory]
    exit_code, output, told = on_a_terminal(arguments, text(DEFAULT_RECORDS))
    assert (exit_code, output) == (0, CLASSIC)
    assert "records" in told and "malformed" in told, told


def test_terminal_is_left_clean_after_long_work(inventory, tmp_path):
    """A progress bar, if one was drawn, is not in the way of what follows."""
    path = tmp_path / "flow.log"
    path.write_bytes(PLENTY)
    arguments = ["enrich", "--inventory", inventory, "--output", tmp_path / "out", path]
    exit_code, output, told = on_a_terminal(arguments, b"")
    assert (exit_code, output) == (0, b"")
    assert "200,000" in told or "200000" in told, told
    assert told.endswith("\n"), repr(told)


# Exit codes


def test_exit_code_0(inventory):
    assert enrich_classic(inventory=inventory).exit_code == 0


def test_exit_code_1(inventory):
    assert enrich_classic(inventory=inventory, stdin=text(DEFAULT_RECORDS) + b"x\n").exit_code == 1


def test_exit_code_2(inventory):
    assert enrich_classic("--nothing-like-it", inventory=inventory).exit_code == 2
