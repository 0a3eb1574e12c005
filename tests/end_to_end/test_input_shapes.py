"""Every container and spelling that records come in gives the same records as plain text.

A shape is a function from records to bytes. Each is read from standard input: small, large
enough to cross every buffer's seam, and in drips.
"""

import base64
import functools
import gzip
import json
import subprocess

import program
import pytest
import small_world
from classic_oracle import classic_bytes
from input_shapes import (
    CONTROL,
    NAMED_SHAPES,
    SHAPES,
    firehose_event,
    objects,
    one_envelope,
    underscored,
    with_header,
    zipped,
)
from json_statement import json_record
from small_world import CONFIGURATION, CUSTOM_RECORDS, DEFAULT_RECORDS, line, many, text

# Close to a megabyte as text, more as JSON.
MANY_RECORDS = many(DEFAULT_RECORDS, 8000)


@functools.cache
def classic_of_many() -> bytes:
    return classic_bytes(MANY_RECORDS, CONFIGURATION)


@pytest.fixture(scope="module")
def inventory(tmp_path_factory):
    return small_world.write_inventory(tmp_path_factory.mktemp("inventory"))


def expect_all_of(records, content, inventory, *options, **how):
    """Both outputs, from standard input, without a word on standard error."""
    classic = program.enrich("--format", "classic", *options, inventory=inventory, stdin=content)
    program.expect_bytes(classic, classic_bytes(records, CONFIGURATION))
    program.expect_success(classic)
    written = program.enrich(*program.AS_JSON, *options, inventory=inventory, stdin=content)
    program.expect_records(written, [json_record(record, CONFIGURATION) for record in records])
    program.expect_success(written)


@pytest.mark.parametrize("name", SHAPES)
def test_default_format_in(name, inventory):
    expect_all_of(DEFAULT_RECORDS, SHAPES[name](DEFAULT_RECORDS), inventory)


@pytest.mark.parametrize("name", NAMED_SHAPES)
def test_custom_format_in(name, inventory):
    expect_all_of(CUSTOM_RECORDS, SHAPES[name](CUSTOM_RECORDS), inventory)


@pytest.mark.parametrize("name", [name for name in SHAPES if not name.startswith("objects")])
def test_told_format_in(name, inventory):
    """A told layout is what records without a header have; a header still speaks for itself."""
    told = " ".join(f"${{{field}}}" for field in small_world.CUSTOM_FIELDS)
    content = SHAPES[name](CUSTOM_RECORDS)
    expect_all_of(CUSTOM_RECORDS, content, inventory, "--record-format", told)


@pytest.mark.parametrize("name", SHAPES)
def test_many_records_in(name, inventory):
    content = SHAPES[name](MANY_RECORDS)
    outcome = program.enrich("--format", "classic", inventory=inventory, stdin=content)
    program.expect_bytes(outcome, classic_of_many())
    program.expect_success(outcome)


@pytest.mark.parametrize("name", SHAPES)
def test_drips_of(name, inventory):
    """A pipe gives what it has: a few bytes at a time must read the same."""
    content = SHAPES[name](DEFAULT_RECORDS)
    arguments = ["enrich", "--format", "classic", "--inventory", str(inventory)]
    with subprocess.Popen(
        [program.BINARY, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as process:
        for start in range(0, len(content), 5):
            process.stdin.write(content[start : start + 5])
        output, errors = process.communicate(timeout=program.GIVE_UP_SECONDS)
    outcome = program.Outcome(arguments, process.returncode, output, errors.decode())
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))
    program.expect_success(outcome)


# What has no plain counterpart


def test_header_that_changes_in_the_middle(inventory):
    content = (
        with_header(DEFAULT_RECORDS) + with_header(CUSTOM_RECORDS) + with_header(DEFAULT_RECORDS)
    )
    expect_all_of(DEFAULT_RECORDS + CUSTOM_RECORDS + DEFAULT_RECORDS, content, inventory)


def test_header_after_records_without_one(inventory):
    content = text(DEFAULT_RECORDS) + with_header(CUSTOM_RECORDS)
    expect_all_of(DEFAULT_RECORDS + CUSTOM_RECORDS, content, inventory)


def test_header_that_changes_between_gzip_members(inventory):
    content = gzip.compress(with_header(CUSTOM_RECORDS)) + gzip.compress(
        with_header(DEFAULT_RECORDS)
    )
    expect_all_of(CUSTOM_RECORDS + DEFAULT_RECORDS, content, inventory)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        " ".join(small_world.CUSTOM_FIELDS).encode() + b"\n",
        gzip.compress(b""),
        json.dumps(CONTROL).encode(),
        zipped(CONTROL),
        base64.b64encode(zipped(CONTROL)),
        b'{"events": [], "searchedLogStreams": []}',
        b"[]",
        firehose_event([]),
        firehose_event([zipped(CONTROL)]),
        b"timestamp,message\n",
    ],
    ids=[
        "empty",
        "blank-lines",
        "only-a-header",
        "gzip-of-nothing",
        "control-message",
        "control-message-gzip",
        "control-message-base64",
        "no-events",
        "empty-array",
        "firehose-without-records",
        "firehose-control-message",
        "console-csv-header",
    ],
)
def test_nothing_in_it_is_no_error(content, inventory):
    expect_all_of([], content, inventory)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_or_refused_with_advice(encoding, inventory, tmp_path):
    path = tmp_path / "flow.log"
    path.write_bytes(("\ufeff" + with_header(DEFAULT_RECORDS).decode()).encode(encoding))
    outcome = program.enrich("--format", "classic", path, inventory=inventory)
    if outcome.exit_code == 0:
        program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))
        return
    assert outcome.exit_code == 1 and outcome.output == b"", f"\n{outcome}"
    assert str(path) in outcome.errors and "UTF-16" in outcome.errors, f"\n{outcome}"
    assert "UTF-8" in outcome.errors, f"\n{outcome}"
    assert len(outcome.errors.splitlines()) <= 2, f"\n{outcome}"


def test_objects_of_different_keys(inventory):
    """Each object says its own fields; a key that is absent is left out."""
    records = [
        {"interface-id": small_world.WEB, "flow-direction": "ingress", "srcport": "443"},
        {"srcport": "22", "interface-id": small_world.WEB},
        {"flow-direction": "egress", "interface-id": small_world.WEB},
    ]
    expect_all_of(records, objects(underscored)(records), inventory)


def test_objects_carry_unknown_fields_as_text(inventory):
    records = [{"interface-id": small_world.WEB, "field-of-tomorrow": "12", "version": "12"}]
    expect_all_of(records, objects()(records), inventory)


def test_unknown_field_in_a_header_is_carried_as_text(inventory):
    records = [{"interface-id": small_world.WEB, "field-of-tomorrow": "012", "srcport": "22"}]
    expect_all_of(records, with_header(records), inventory)


def test_same_value_escapes(inventory):
    """Escapes inside JSON text are undone before the fields are told apart."""
    record = DEFAULT_RECORDS[0]
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in line(record))
    content = f'{{"\\u006dessage": "{escaped}"}}'.encode()
    expect_all_of([record], content, inventory)


# Files


def test_files_are_read_in_their_order_and_by_content(inventory, tmp_path):
    first, second, third = tmp_path / "a.gz", tmp_path / "b.txt", tmp_path / "c.parquet"
    first.write_bytes(text(DEFAULT_RECORDS[:2]))
    second.write_bytes(gzip.compress(with_header(CUSTOM_RECORDS)))
    third.write_bytes(one_envelope(DEFAULT_RECORDS[2:4]))
    outcome = program.enrich(
        "--format", "classic", second, first, "-", third,
        inventory=inventory, stdin=text(DEFAULT_RECORDS[4:]),
    )  # fmt: skip
    records = CUSTOM_RECORDS + DEFAULT_RECORDS[:2] + DEFAULT_RECORDS[4:] + DEFAULT_RECORDS[2:4]
    program.expect_bytes(outcome, classic_bytes(records, CONFIGURATION))
    program.expect_success(outcome)


def test_header_does_not_reach_into_the_next_file(inventory, tmp_path):
    with_custom_header, without = tmp_path / "custom.log", tmp_path / "default.log"
    with_custom_header.write_bytes(with_header(CUSTOM_RECORDS))
    without.write_bytes(text(DEFAULT_RECORDS))
    outcome = program.enrich(
        "--format", "classic", with_custom_header, without, inventory=inventory
    )
    program.expect_bytes(outcome, classic_bytes(CUSTOM_RECORDS + DEFAULT_RECORDS, CONFIGURATION))


def test_dash_is_standard_input(inventory):
    content = text(DEFAULT_RECORDS)
    outcome = program.enrich("--format", "classic", "-", inventory=inventory, stdin=content)
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))
    program.expect_success(outcome)


def test_a_file_may_be_a_pipe(inventory):
    """As with `sgflow enrich <(zcat ...)`."""
    script = 'exec "$0" enrich --format classic --inventory "$1" <(cat)'
    done = subprocess.run(
        ["bash", "-c", script, program.BINARY, inventory],
        input=text(DEFAULT_RECORDS), capture_output=True, timeout=program.GIVE_UP_SECONDS,
    )  # fmt: skip
    outcome = program.Outcome(
        ["enrich", "<(cat)"], done.returncode, done.stdout, done.stderr.decode()
    )
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))
    program.expect_success(outcome)


def test_inventory_may_be_a_pipe(inventory, tmp_path):
    path = tmp_path / "flow.log"
    path.write_bytes(text(DEFAULT_RECORDS))
    script = 'exec "$0" enrich --format classic --inventory <(cat "$1") "$2"'
    done = subprocess.run(
        ["bash", "-c", script, program.BINARY, inventory, path],
        capture_output=True, timeout=program.GIVE_UP_SECONDS,
    )  # fmt: skip
    outcome = program.Outcome(
        ["enrich", "<(cat)"], done.returncode, done.stdout, done.stderr.decode()
    )
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))
    program.expect_success(outcome)
