"""`sgflow batch`: which files go where, and that a rerun does what is left and nothing else."""

import gzip
import json
import os
import pty
import re
import subprocess

import program
import pytest
import small_world
from batch_world import RECORDS, batch, enriched, failed, files_written, lines_of, outputs, write
from small_world import DEFAULT_LINES, DEFAULT_RECORDS, many, text

# --- names


def test_output_paths_mirror_input_paths(inventory, logs, destination):
    write(logs / "a.log")
    write(logs / "2026/01/b.log.gz")
    write(logs / "2026/01/c.json", json.dumps({"message": DEFAULT_LINES[0]}).encode())
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert outcome.errors == "sgflow: 3 files written\n"
    assert outputs(destination) == ["2026/01/b.jsonl.gz", "2026/01/c.json.jsonl.gz", "a.jsonl.gz"]
    for name in ("a.jsonl.gz", "2026/01/b.jsonl.gz"):
        assert lines_of(destination / name) == enriched(inventory)


@pytest.mark.parametrize("options", [["--format", "classic"], ["--fields", "srcaddr,sg_ids"],
                                     ["--drop", "sg_reason"], ["--record-format", "v2"]])  # fmt: skip
def test_options_are_those_of_enrich(inventory, logs, destination, options):
    write(logs / "a.log")
    batch(logs, "--output", destination, "--compress", "none", *options, inventory=inventory)
    assert (destination / "a.jsonl").read_bytes() == enriched(inventory, *options)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("logs/2026/a.log", ["a.jsonl.gz"]),
        ("logs/2026", ["a.jsonl.gz", "b.jsonl.gz"]),
        ("logs/2026/", ["a.jsonl.gz", "b.jsonl.gz"]),
        ("./logs/*/a.log", ["2025/a.jsonl.gz", "2026/a.jsonl.gz"]),
        ("logs/20*", ["2025/a.jsonl.gz", "2026/a.jsonl.gz", "2026/b.jsonl.gz"]),
        ("logs/2026/[ab].*", ["a.jsonl.gz", "b.jsonl.gz"]),
    ],
)
def test_files_folders_and_globs(inventory, logs, destination, tmp_path, source, expected):
    for name in ("2025/a.log", "2026/a.log", "2026/b.log.gz", "2026/.hidden.log"):
        write(logs / name)
    outcome = batch(source, "--output", destination, inventory=inventory, cwd=tmp_path)
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert outputs(destination) == expected


@pytest.mark.parametrize("letter", ["n", "\u00e4"])
def test_names_as_long_as_file_systems_have_them(inventory, logs, destination, letter):
    def named(size: int) -> str:
        stem = letter * ((size - len(".jsonl.gz")) // len(letter.encode()))
        return stem + "x" * (size - len(".jsonl.gz") - len(stem.encode()))

    names = [named(size) for size in (230, 231, 246, 247, 255)]
    for name in names:
        write(logs / f"{name}.log")
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert (outcome.exit_code, outcome.errors) == (0, "sgflow: 5 files written\n")
    assert outputs(destination) == sorted(f"{name}.jsonl.gz" for name in names)


def test_a_name_that_is_too_long_stops_no_other(inventory, logs, tmp_path):
    too_long, far_too_long = "n" * 251, "f" * 200
    destination = tmp_path.joinpath(*["d" * 240] * 16)
    for name in ("a", far_too_long, too_long, "z"):
        write(logs / name)
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    for name in (far_too_long, too_long):
        assert f"{logs}/{name}: cannot be written as a file: {name}.jsonl.gz" in outcome.errors
    assert outputs(destination) == ["a.jsonl.gz", "z.jsonl.gz"]


def test_destination_within_the_source_is_not_read(inventory, logs):
    write(logs / "a.log")
    for source in (logs, f"{logs}/*"):
        outcome = batch(source, "--output", logs / "out", inventory=inventory)
        assert outcome.exit_code == 0, f"\n{outcome}"
        assert outputs(logs / "out") == ["a.jsonl.gz"]


def test_source_within_the_destination_is_refused(inventory, logs):
    write(logs / "a.log")
    outcome = batch(logs, "--output", logs, inventory=inventory)
    assert (outcome.exit_code, outcome.errors) == (
        2,
        f"sgflow: {logs}: lies in the folder that is written to; name another --output: what is "
        "written would be read the next time\n",
    )
    assert outputs(logs) == ["a.log"]


def test_inputs_that_would_share_an_output_are_left_out(inventory, logs, destination):
    for name in ("a.log", "a.log.gz", "b.log"):
        write(logs / name)
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 1
    assert f"{logs}/a.log: would be written to the same file as {logs}/a.log.gz" in outcome.errors
    assert f"{logs}/a.log.gz: would be written to the same file as {logs}/a.log:" in outcome.errors
    assert outputs(destination) == ["b.jsonl.gz"]


def test_no_output_replaces_an_input(inventory, logs):
    write(logs / "a.log")
    precious = write(logs / "a.jsonl", json.dumps({"message": DEFAULT_LINES[0]}).encode())
    before = precious.read_bytes()
    outcome = batch(logs / "a.log", logs / "a.jsonl", "--output", logs, "--compress", "none",
                    inventory=inventory)  # fmt: skip
    assert outcome.exit_code == 1
    assert f"{logs}/a.log: its output would replace an input: a.jsonl" in outcome.errors
    assert precious.read_bytes() == before
    assert outputs(logs) == ["a.jsonl", "a.jsonl.jsonl", "a.log"]


def test_same_folder_named_twice_is_read_once(inventory, logs, destination):
    write(logs / "a.log")
    outcome = batch(logs, f"{logs}/.", logs / "a.log", "--output", destination, inventory=inventory)
    assert (outcome.exit_code, outcome.errors) == (0, "sgflow: 1 file written\n")


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["logs", "logs/sub"], ["1.jsonl.gz", "sub/3.jsonl.gz"]),
        (["logs/sub", "logs"], ["1.jsonl.gz", "3.jsonl.gz"]),
        (["logs/sub/3.log", "logs", "./logs/sub"], ["1.jsonl.gz", "3.jsonl.gz"]),
        (["logs/1.log", "logs/s*/", "link/sub"], ["1.jsonl.gz", "sub/3.jsonl.gz"]),
    ],
)
def test_what_several_sources_name_is_done_once_as_the_first_has_it(
    inventory, logs, destination, tmp_path, sources, expected
):
    write(logs / "1.log")
    write(logs / "sub/3.log")
    (tmp_path / "link").symlink_to(logs)
    for _ in range(2):
        outcome = batch(*sources, "--output", destination, inventory=inventory, cwd=tmp_path)
        assert outcome.exit_code == 0, f"\n{outcome}"
        assert re.search(r", \d the same by another name\n$", outcome.errors), f"\n{outcome}"
        assert outputs(destination) == expected


def test_what_an_earlier_run_did_by_another_name_is_told(inventory, logs, destination):
    write(logs / "1.log")
    write(logs / "sub/3.log")
    batch(logs / "sub", "--output", destination, inventory=inventory)
    told = (
        "sgflow: 1 file also there by another name, of an earlier run, as 3.jsonl.gz beside "
        "sub/3.jsonl.gz: remove one, or the records are there twice\n"
    )
    for summary in ("2 files written", "0 files written, 2 finished before"):
        outcome = batch(logs, "--output", destination, inventory=inventory)
        assert (outcome.exit_code, outcome.errors) == (0, f"sgflow: {summary}\n{told}")
    (destination / "3.jsonl.gz").unlink()
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.errors == "sgflow: 0 files written, 2 finished before\n"
    outcome = batch(logs / "1.log", "--output", destination, "--compress", "none",
                    inventory=inventory)  # fmt: skip
    assert "as 1.jsonl.gz beside 1.jsonl:" in outcome.errors


@pytest.mark.parametrize("source", ["logs", "logs/*"])
def test_a_link_is_no_second_input(inventory, logs, destination, tmp_path, source):
    """Also where its name comes first: it may lead elsewhere tomorrow."""
    write(logs / "2026/a.log")
    (logs / "2026/0.log").symlink_to("a.log")
    (logs / "0 latest").symlink_to("2026")
    outcome = batch(source, "--output", destination, inventory=inventory, cwd=tmp_path)
    others = 1 if source == "logs" else 3
    assert outcome.errors == f"sgflow: 1 file written, {others} the same by another name\n"
    assert outputs(destination) == ["2026/a.jsonl.gz"]


def test_other_urls_are_refused(inventory, logs):
    outcome = batch(logs, "--output", "gs://bucket/prefix/", inventory=inventory)
    assert (outcome.exit_code, outcome.errors) == (
        2,
        "sgflow: gs://bucket/prefix/: batch reads and writes local folders and S3; write a path, "
        "or s3://BUCKET/PREFIX/\n",
    )


@pytest.mark.parametrize("place", ["SOURCE", "--output"])
def test_an_empty_name_is_told(inventory, logs, destination, place):
    names = ("", destination) if place == "SOURCE" else (logs, "")
    outcome = batch(names[0], "--output", names[1], inventory=inventory)
    assert outcome.exit_code == 2
    assert outcome.errors.startswith(f"sgflow: {place}: no name is given; write a path, or s3://")


def test_logs_of_other_services_are_not_selected(inventory, tmp_path, destination):
    account = tmp_path / "AWSLogs/111122223333"
    write(account / "vpcflowlogs/eu-west-1/2026/01/02/a.log")
    write(account / "CloudTrail/eu-west-1/2026/01/02/b.json", b"{}")
    outcome = batch(tmp_path / "AWSLogs", "--output", destination, inventory=inventory)
    assert (outcome.exit_code, outcome.errors) == (0, "sgflow: 1 file written, 1 not selected\n")


@pytest.mark.parametrize("end", ["2026-01-02", "2026-01-01T23:59"])
def test_a_time_that_ends_before_it_begins(inventory, logs, destination, end):
    write(logs / "a.log")
    outcome = batch(logs, "--output", destination, "--from", "2026-01-02", "--to", end,
                    inventory=inventory)  # fmt: skip
    assert (outcome.exit_code, outcome.errors) == (
        2,
        f"sgflow: --from, --to: no time is from 2026-01-02 on and before {end}; --to is the first "
        "moment that is not taken any more\n",
    )


@pytest.mark.parametrize("source", ["missing.log", "missing/*.log"])
def test_source_that_is_not_there(inventory, destination, tmp_path, source):
    outcome = batch(source, "--output", destination, inventory=inventory, cwd=tmp_path)
    assert outcome.exit_code == 1
    assert outcome.errors.startswith(f"{source}: ")


# --- outputs of other inputs


def test_one_input_is_not_written_over_anothers_output(inventory, tmp_path, destination):
    """Also where they cannot be told apart by size and time."""
    first, second = write(tmp_path / "d1/a.log"), write(tmp_path / "d2/a.log", RECORDS[::-1])
    write(tmp_path / "d2/b.log")
    for path in (first, second):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    batch(first.parent, "--output", destination, inventory=inventory)
    outcome = batch(second.parent, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 1
    assert outcome.errors == (
        f"{second}: its output a.jsonl.gz is there already, and of another input: {first}; name "
        "another --output for it; where that is the same file in another place, --redo does it "
        "again\nsgflow: 1 file written, 1 could not be processed\n"
    )
    assert outputs(destination) == ["a.jsonl.gz", "b.jsonl.gz"]
    assert lines_of(destination / "a.jsonl.gz") == enriched(inventory)
    (destination / "b.jsonl.gz").unlink()
    stopped = batch(second.parent, "--output", destination, "--on-error", "stop",
                    inventory=inventory)  # fmt: skip
    assert stopped.exit_code == 1 and "1 not started" in stopped.errors
    assert outputs(destination) == ["a.jsonl.gz"]


def test_an_input_is_the_same_whatever_it_is_called(inventory, logs, destination, tmp_path):
    write(logs / "a.log")
    (tmp_path / "link").symlink_to(logs)
    batch(logs, "--output", destination, inventory=inventory)
    for source in ("logs", "./logs/../logs/", "logs/a.log", "link", "logs/?.log"):
        again = batch(source, "--output", "enriched", inventory=inventory, cwd=tmp_path)
        assert again.errors == "sgflow: 0 files written, 1 finished before\n", source


def test_inputs_that_were_moved_are_told_and_done_again_by_redo(inventory, logs, destination):
    write(logs / "a.log")
    batch(logs, "--output", destination, inventory=inventory)
    moved = logs.rename(logs.parent / "mounted elsewhere")
    outcome = batch(moved, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 1 and "--redo does it again" in outcome.errors
    redone = batch(moved, "--output", destination, "--redo", inventory=inventory)
    assert (redone.exit_code, redone.errors) == (0, "sgflow: 1 file written\n")
    again = batch(moved, "--output", destination, inventory=inventory)
    assert again.errors == "sgflow: 0 files written, 1 finished before\n"


# --- what is wrong with inputs


def test_bad_lines_are_told_and_good_records_kept(inventory, logs, destination):
    bad = write(logs / "a.log.gz", RECORDS + b"bad\n")
    write(logs / "b.log")
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 1
    assert f"{bad}:{len(DEFAULT_RECORDS) + 1}: " in outcome.errors
    assert lines_of(destination / "a.jsonl.gz") == enriched(inventory)
    again = batch(logs, "--output", destination, inventory=inventory)
    assert again.exit_code == 1, "the input is no better for having been read before"
    assert again.errors == (
        "sgflow: 0 files written, 2 finished before\n"
        "sgflow: 1 file finished before with something that could not be read; --redo tells it "
        "again\n"
    )


def test_broken_gzip_gives_the_records_before_the_damage(inventory, logs, destination):
    whole = text(many(DEFAULT_RECORDS, 20_000))
    broken = write(logs / "a.log.gz", whole)
    broken.write_bytes(broken.read_bytes()[:-50])
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 1
    assert "the gzip data ends in the middle" in outcome.errors
    good = lines_of(destination / "a.jsonl.gz")
    assert len(good) > 1_000_000 and enriched(inventory, stdin=whole).startswith(good)


def test_input_without_any_record_has_no_output(inventory, logs, destination):
    write(logs / "a.log", b"PAR1 and so on")
    write(logs / "b.log")
    write(logs / "c.log", b"some text that\nis no flow log\n")
    for _ in range(2):
        outcome = batch(logs, "--output", destination, inventory=inventory)
        assert outcome.exit_code == 1 and "a.log: is Parquet" in outcome.errors
        assert "c.log:2: has 4 fields in an order" in outcome.errors
        assert outputs(destination) == ["b.jsonl.gz"]


def test_empty_input_has_an_empty_output(inventory, logs, destination):
    write(logs / "a.log", b"")
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 0
    assert lines_of(destination / "a.jsonl.gz") == b""


def test_what_stands_in_an_outputs_way_stops_no_other(inventory, logs, destination):
    for name in ("a.log", "a.jsonl.gz/b.log", "c.log", "d.log"):
        write(logs / name)
    (destination / "c.jsonl.gz").mkdir(parents=True)
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    way = "; take away what is there, or name another --output\n"
    assert f"{logs}/a.jsonl.gz/b.log: would be written into a folder that is" in outcome.errors
    assert f"{logs}/c.log: {destination}/c.jsonl.gz: is a folder{way}" in outcome.errors
    assert outcome.errors.endswith("sgflow: 2 files written, 2 could not be processed\n")
    assert outputs(destination) == ["a.jsonl.gz", "d.jsonl.gz"]


def test_what_many_files_have_is_told_of_fifty(inventory, logs, destination):
    for number in range(60):
        write(logs / f"{number:02}.log", b"no record\n")
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert outcome.exit_code == 1
    assert outcome.errors.count(".log:1: has 2 fields") == 50
    assert "\n10 more like this in 10 further files: has 2 fields" in outcome.errors
    assert outcome.errors.endswith("sgflow: 0 files written, 60 could not be processed\n")


def test_on_error_stop_starts_no_other_input(inventory, logs, destination):
    write(logs / "a.log", RECORDS + b"bad\n")
    for number in range(100):
        write(logs / f"b{number}.log", text(many(DEFAULT_RECORDS, 1000)))
    outcome = batch(logs, "--output", destination, "--on-error", "stop", inventory=inventory)
    assert outcome.exit_code == 1 and "not started" in outcome.errors
    written = outputs(destination)
    assert "a.jsonl.gz" in written, "its good records are kept"
    assert len(written) < 101
    outcome = batch(logs, "--output", destination, inventory=inventory)
    assert len(outputs(destination)) == 101


# --- reruns


def test_rerun_does_what_is_left(inventory, logs, destination):
    write(logs / "a.log")
    write(logs / "b.log")

    def run(*options) -> int:
        return files_written(batch(logs, "--output", destination, *options, inventory=inventory))

    assert run() == 2
    assert run() == 0
    os.utime(logs / "a.log", ns=(1, 1))
    assert run() == 1, "another time of change"
    write(logs / "b.log", text(DEFAULT_RECORDS[:2]))
    assert run() == 1, "another size"
    assert lines_of(destination / "b.jsonl.gz") == enriched(
        inventory, stdin=text(DEFAULT_RECORDS[:2])
    )
    write(logs / "c.log")
    assert run() == 1, "a new one"
    (destination / "a.jsonl.gz").unlink()
    assert run() == 1, "an output that is gone"
    (destination / "a.jsonl.gz").write_bytes(b"cut")
    assert run() == 1, "an output that is not as it was written"
    assert run("--drop", "sg_reason") == 3, "other options"
    assert run() == 3
    small_world.write_inventory(inventory.parent)
    inventory.write_text(inventory.read_text().replace("sgr-0a000000000000001", "sgr-0f"))
    assert run() == 0, "a changed inventory alone"
    assert run("--redo") == 3
    assert b"sgr-0f" in lines_of(destination / "a.jsonl.gz")


def test_rerun_writes_the_same_bytes(inventory, logs, destination):
    for number in range(20):
        write(logs / f"{number}.log", text(many(DEFAULT_RECORDS, 100 * number)))
    batch(logs, "--output", destination, inventory=inventory)
    before = {name: (destination / name).read_bytes() for name in outputs(destination)}
    batch(logs, "--output", destination, "--redo", inventory=inventory)
    assert before == {name: (destination / name).read_bytes() for name in outputs(destination)}


# --- Firehose's error prefix


def test_error_prefix_is_read(inventory, logs, destination):
    envelope = {
        "messageType": "DATA_MESSAGE",
        "logEvents": [{"id": "1", "timestamp": 1, "message": DEFAULT_LINES[3]}],
    }
    written = [
        failed(DEFAULT_LINES[0].encode()),
        failed(json.dumps({"message": DEFAULT_LINES[1]}).encode() + b"\n", "lambdaArn"),
        failed(DEFAULT_LINES[2].encode() + b"\n"),
        failed(gzip.compress(json.dumps(envelope).encode())),
        failed("\n".join(DEFAULT_LINES[4:]).encode()),
    ]
    name = "processing-failed/2026/01/02/03/stream-1-2026-01-02-03-04-05-6b5c"
    write(logs / name, "\n".join(written).encode() + b"\n")
    outcome = batch(logs, "--output", destination, "--from", "2026-01-02T03:00",
                    "--to", "2026-01-02T04:00", inventory=inventory)  # fmt: skip
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert lines_of(destination / f"{name}.jsonl.gz") == enriched(inventory)


# --- what is told


def test_quiet_tells_errors_alone(inventory, logs, destination):
    write(logs / "a.log")
    bad = write(logs / "b.log", RECORDS + b"bad\n")
    outcome = batch(logs, "--output", destination, "--quiet", inventory=inventory)
    assert outcome.errors.startswith(f"{bad}:") and outcome.errors.count("\n") == 1


def test_summary_is_that_of_enrich(inventory, logs, destination):
    write(logs / "a.log")
    write(logs / "b.log", RECORDS + b"bad\n")
    outcome = batch(logs, "--output", destination, "--stats", inventory=inventory)
    assert f"records            {2 * len(DEFAULT_RECORDS) + 1}\n" in outcome.errors
    assert "malformed          1\n" in outcome.errors
    assert "records/s " in outcome.errors


def test_terminal_gets_a_summary(inventory, logs, destination):
    write(logs / "a.log")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [program.BINARY, "batch", logs, "--output", destination, "--inventory", inventory],
        stderr=theirs,
    ) as process:
        os.close(theirs)
        told = b""
        while True:
            try:
                told += os.read(ours, 4096)
            except OSError:
                break
    os.close(ours)
    assert process.returncode == 0
    assert b"1 file written" in told and b"records/s" in told
