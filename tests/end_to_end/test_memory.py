"""The whole program stays small however large its input: input streams.

The limit is below the size of even the small input, so that a program which keeps its input
cannot pass. The large input is for SGFLOW_SLOW_TESTS=1.
"""

import json
import os
import pathlib
import subprocess
import sys

import program
import pytest
import small_world
from small_world import DEFAULT_RECORDS, line, many, text

LIMIT_KILOBYTES = 64 * 1024
SMALL, LARGE = 80_000_000, 300_000_000
RECORDS = many(DEFAULT_RECORDS, 10_000)

MEASURE = pathlib.Path(__file__).resolve().parent / "measure_memory.py"

# The address sanitizer's own memory is no measure of the program's.
pytestmark = pytest.mark.skipif(
    program.BINARY.exists() and b"__asan_init" in program.BINARY.read_bytes(),
    reason="skipped: built with the address sanitizer",
)


def peak_kilobytes(
    arguments, size: int, first: bytes, repeated: bytes, between: bytes, last: bytes
):
    """Streams at least so many bytes to standard input; gives the peak and the exit code."""
    with subprocess.Popen(
        [sys.executable, "-S", MEASURE, program.BINARY, *map(str, arguments)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            process.stdin.write(first + repeated)
            for _ in range(size // (len(repeated) + len(between))):
                process.stdin.write(between)
                process.stdin.write(repeated)
            process.stdin.write(last)
        except BrokenPipeError:
            pass
        output, _ = process.communicate(timeout=program.GIVE_UP_SECONDS)
    measured = json.loads(output)
    return measured["peak"], measured["exit_code"]


def joined(pieces) -> bytes:
    return b",".join(json.dumps(piece).encode() for piece in pieces)


def message(record) -> dict:
    return {"message": line(record)}


STREAMS = {
    "text": (b"", text(RECORDS), b"", b""),
    "text-with-headers": (b"", " ".join(RECORDS[0]).encode() + b"\n" + text(RECORDS), b"", b""),
    "messages": (
        b"",
        b"".join(json.dumps(message(record)).encode() for record in RECORDS),
        b"",
        b"",
    ),
    "one-array-of-objects": (b"[", joined(RECORDS), b",", b"]"),
    "one-filter-log-events": (
        b'{"events": [',
        joined(message(record) for record in RECORDS),
        b",",
        b'], "searchedLogStreams": []}',
    ),
    "one-envelope": (
        b'{"messageType": "DATA_MESSAGE", "logEvents": [',
        joined(message(record) for record in RECORDS),
        b",",
        b"]}",
    ),
    "envelopes": (
        b"",
        b'{"messageType": "DATA_MESSAGE", "logEvents": ['
        + joined(message(record) for record in RECORDS)
        + b"]}",
        b"\n",
        b"",
    ),
}
BAD_STREAMS = {
    "one-endless-line": (text(RECORDS[:1]), b"x" * 1_000_000, b"", b"\n"),
    "bad-lines": (text(RECORDS[:1]), (b"bad line " * 100 + b"\n") * 1000, b"", b""),
    "one-endless-message": (b'{"message": "', b"x" * 1_000_000, b"", b'"}\n'),
    "zeros": (b"", bytes(1_000_000), b"", b""),
}


@pytest.fixture
def inventory(tmp_path):
    return small_world.write_inventory(tmp_path)


def expect_small(size, stream, expected_exit_code, *options, inventory):
    arguments = ["enrich", *options, "--inventory", inventory]
    peak, exit_code = peak_kilobytes(arguments, size, *stream)
    assert exit_code == expected_exit_code
    assert peak < LIMIT_KILOBYTES, f"{peak} kB"


@pytest.mark.parametrize("name", ["text", "messages", "one-array-of-objects"])
def test_memory_is_bounded(name, inventory):
    expect_small(SMALL, STREAMS[name], 0, inventory=inventory)


@pytest.mark.parametrize("name", ["one-endless-line", "one-endless-message", "zeros"])
def test_memory_is_bounded_for_bad_input(name, inventory):
    expect_small(SMALL, BAD_STREAMS[name], 1, inventory=inventory)


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("SGFLOW_SLOW_TESTS"), reason="skipped: SGFLOW_SLOW_TESTS is not set"
)
@pytest.mark.parametrize("output_format", ["classic", "json"])
@pytest.mark.parametrize("name", STREAMS)
def test_memory_is_bounded_for_large_input(name, output_format, inventory):
    expect_small(LARGE, STREAMS[name], 0, "--format", output_format, inventory=inventory)


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("SGFLOW_SLOW_TESTS"), reason="skipped: SGFLOW_SLOW_TESTS is not set"
)
@pytest.mark.parametrize("name", BAD_STREAMS)
def test_memory_is_bounded_for_large_bad_input(name, inventory):
    expect_small(LARGE, BAD_STREAMS[name], 1, inventory=inventory)
