"""Input that is broken: told with its place, and every good record is written all the same."""

import base64
import gzip
import json
import random
import re
import zlib

import flow_fields
import program
import pytest
import small_world
from classic_oracle import classic_bytes
from small_world import CONFIGURATION, DEFAULT_LINES, DEFAULT_RECORDS, WEB, many, text

GOOD = DEFAULT_LINES[0]
FIELDS_OF_GOOD = GOOD.split()


@pytest.fixture(scope="module")
def inventory(tmp_path_factory):
    return small_world.write_inventory(tmp_path_factory.mktemp("inventory"))


@pytest.fixture
def flow_log(tmp_path):
    return tmp_path / "flow.log"


def enrich_classic(path, inventory, *options) -> program.Outcome:
    return program.enrich("--format", "classic", *options, path, inventory=inventory)


def good_with(**changes) -> bytes:
    values = {**DEFAULT_RECORDS[0], **{key.replace("_", "-"): new for key, new in changes.items()}}
    return " ".join(values.values()).encode()


BAD_LINES = {
    "one-word": b"bogus",
    "too-few-fields": " ".join(FIELDS_OF_GOOD[:-1]).encode(),
    "too-many-fields": f"{GOOD} more".encode(),
    "port-is-text": good_with(srcport="https"),
    "port-too-large": good_with(dstport="65536"),
    "port-negative": good_with(dstport="-5"),
    "port-with-fraction": good_with(dstport="443.5"),
    "protocol-is-a-name": good_with(protocol="tcp"),
    "protocol-too-large": good_with(protocol="256"),
    "bytes-beyond-64-bits": good_with(bytes="18446744073709551616"),
    "start-is-a-date": good_with(start="2026-01-01T00:00:00Z"),
    "number-with-plus": good_with(packets="+5"),
    "number-in-hexadecimal": good_with(packets="0x10"),
    "address-is-none": good_with(srcaddr="10.0.0.256"),
    "address-is-a-name": good_with(dstaddr="example.com"),
    "address-ipv6-broken": good_with(dstaddr="2001:db8:::1"),
    "invalid-utf-8": good_with(account_id="11\u00e9").replace("\u00e9".encode(), b"\xff\xfe"),
    "utf-8-surrogate": good_with(account_id="X").replace(b"X", b"\xed\xa0\x80"),
    "utf-8-overlong": good_with(account_id="X").replace(b"X", b"\xc0\xaf"),
    "zero-bytes": b"\0" * 40,
    "half-a-message": b'{"message": "2 1111',
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_bad_line_between_good_ones(name, inventory, flow_log):
    flow_log.write_bytes(GOOD.encode() + b"\n" + BAD_LINES[name] + b"\n" + text(DEFAULT_RECORDS))
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    told = [told for told in outcome.errors.splitlines() if told.startswith(f"{flow_log}:2: ")]
    assert len(told) == 1 and len(told[0]) > len(f"{flow_log}:2: "), f"\n{outcome}"
    program.expect_bytes(
        outcome, classic_bytes([DEFAULT_RECORDS[0], *DEFAULT_RECORDS], CONFIGURATION)
    )


@pytest.mark.parametrize("header", [True, False], ids=["header", "no-header"])
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("too-few-fields", r"\b13\b"),
        ("too-many-fields", r"\b15\b"),
        ("one-word", r"\b1\b|\bone\b"),
        ("invalid-utf-8", r"UTF-8"),
    ],
)
def test_message_says_what_is_wrong(name, wanted, header, inventory, flow_log):
    first = " ".join(DEFAULT_RECORDS[0]) if header else GOOD
    flow_log.write_bytes(first.encode() + b"\n" + BAD_LINES[name] + b"\n")
    outcome = enrich_classic(flow_log, inventory)
    what = outcome.errors.replace(f"{flow_log}:2: ", "")
    assert re.search(wanted, what), f"expected {wanted}\n{outcome}"
    if header and "fields" in name:
        assert re.search(r"\b14\b", what), f"how many were expected\n{outcome}"


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("port-is-text", "srcport", "https"),
        ("port-too-large", "dstport", "65536"),
        ("protocol-too-large", "protocol", "256"),
        ("address-is-none", "srcaddr", "10.0.0.256"),
        ("start-is-a-date", "start", "2026-01-01"),
        ("number-with-plus", "packets", "+5"),
    ],
)
def test_message_names_the_field_and_its_value(name, field, value, inventory, flow_log):
    """Where a header tells the order; without one the order itself is in doubt."""
    flow_log.write_bytes(" ".join(DEFAULT_RECORDS[0]).encode() + b"\n" + BAD_LINES[name] + b"\n")
    outcome = enrich_classic(flow_log, inventory)
    what = outcome.errors.replace(f"{flow_log}:2: ", "")
    assert field in what and value in what, f"\n{outcome}"


def test_invalid_utf_8_in_text_fields(inventory, flow_log):
    flow_log.write_bytes(
        b"interface-id instance-tag\n%s \xff\n%s fine\n" % (WEB.encode(), WEB.encode())
    )
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1 and f"{flow_log}:2: " in outcome.errors, f"\n{outcome}"
    record = {"interface-id": WEB, "instance-tag": "fine"}
    program.expect_bytes(outcome, classic_bytes([record], CONFIGURATION))


def test_messages_carry_no_bytes_that_move_the_cursor(inventory, flow_log):
    """A bad line is quoted, if at all, so that a terminal survives it."""
    flow_log.write_bytes(
        GOOD.encode() + b"\n\x1b[2Jbad \x07\x00\n" + good_with(srcport="\x1b[31m") + b"\n"
    )
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", outcome.errors), f"\n{outcome.errors!r}"


# Line numbers


def test_line_numbers_count_every_line(inventory, flow_log):
    content = (
        b"\n" + " ".join(DEFAULT_RECORDS[0]).encode() + b"\r\n\r\n" + text(DEFAULT_RECORDS[:1])
    )
    flow_log.write_bytes(content + b"bad\n   \nworse words\n")
    outcome = enrich_classic(flow_log, inventory)
    assert f"{flow_log}:5: " in outcome.errors and f"{flow_log}:7: " in outcome.errors, (
        f"\n{outcome}"
    )


def test_line_numbers_far_down(inventory, flow_log):
    records = many(DEFAULT_RECORDS, 9000)
    lines = text(records).splitlines(keepends=True)
    lines[8000:8000] = [b"bad\n"]
    flow_log.write_bytes(b"".join(lines))
    outcome = enrich_classic(flow_log, inventory)
    assert f"{flow_log}:8001: " in outcome.errors, f"\n{outcome}"
    program.expect_bytes(outcome, classic_bytes(records, CONFIGURATION))


def test_line_numbers_in_gzip_are_those_of_the_text(inventory, flow_log):
    flow_log.write_bytes(gzip.compress(GOOD.encode() + b"\n") + gzip.compress(b"bad\n"))
    outcome = enrich_classic(flow_log, inventory)
    assert f"{flow_log}:2: " in outcome.errors, f"\n{outcome}"


def test_line_numbers_of_messages_one_a_line(inventory, flow_log):
    lines = [json.dumps({"message": words}) for words in (GOOD, "bad", GOOD)]
    flow_log.write_text("\n".join(lines) + "\n")
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1 and f"{flow_log}:2: " in outcome.errors, f"\n{outcome}"
    program.expect_bytes(outcome, classic_bytes([DEFAULT_RECORDS[0]] * 2, CONFIGURATION))


def test_standard_input_is_named(inventory):
    outcome = program.enrich(inventory=inventory, stdin=f"{GOOD}\nbad\n".encode())
    assert re.search(r"^(-|<?stdin>?|standard input):2: ", outcome.errors, re.M), f"\n{outcome}"


# Floods


def test_floods_are_cut_with_a_count(inventory, flow_log):
    flow_log.write_bytes(f"{GOOD}\n".encode() + b"bad line\n" * 10_000 + f"{GOOD}\n".encode())
    outcome = enrich_classic(flow_log, inventory)
    program.expect_bytes(outcome, classic_bytes([DEFAULT_RECORDS[0]] * 2, CONFIGURATION))
    told = outcome.errors.splitlines()
    assert len(told) <= 50, f"{len(told)} lines\n{outcome}"
    placed = [each for each in told if re.match(rf"{re.escape(str(flow_log))}:\d+: ", each)]
    numbers = {int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*", outcome.errors)}
    assert {10_000, 10_000 - len(placed)} & numbers, f"\n{outcome}"


def test_a_flood_hides_no_other_message(inventory, flow_log):
    bad = b"bad line\n" * 1000 + good_with(srcport="https") + b"\n" + b"bad line\n" * 1000
    flow_log.write_bytes(" ".join(DEFAULT_RECORDS[0]).encode() + b"\n" + bad)
    outcome = enrich_classic(flow_log, inventory)
    assert "https" in outcome.errors and f"{flow_log}:1002: " in outcome.errors, f"\n{outcome}"


def test_floods_of_different_values_are_cut_too(inventory, flow_log):
    bad = [good_with(srcport=f"port{number}") for number in range(5000)]
    flow_log.write_bytes(f"{GOOD}\n".encode() + b"\n".join(bad) + b"\n")
    outcome = enrich_classic(flow_log, inventory)
    assert len(outcome.errors.splitlines()) <= 50, f"\n{outcome}"


# Compressed and binary


@pytest.mark.parametrize("left", [1, 5, 9, 100, 5000])
def test_truncated_gzip(left, inventory, flow_log):
    """What could be unpacked is written, up to the line that was cut."""
    chance = random.Random(left)
    records = many(DEFAULT_RECORDS, 5000)
    for record in records:
        record["account-id"] = f"{chance.randrange(10**12):012}"
    packed = gzip.compress(text(records))
    cut = packed[:-left]
    flow_log.write_bytes(cut)
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert str(flow_log) in outcome.errors and "gzip" in outcome.errors.lower(), f"\n{outcome}"
    unpacked = zlib.decompressobj(31).decompress(cut)
    whole = unpacked.decode().split("\n")[:-1]
    expected = classic_bytes(
        (flow_fields.record(flow_fields.VERSION_2, each) for each in whole), CONFIGURATION
    )
    assert outcome.output.startswith(expected[: len(expected) - 1000]), program.difference(
        expected, outcome.output
    )
    assert len(outcome.output.splitlines()) in (len(whole), len(whole) - 1)


def test_gzip_with_a_wrong_checksum(inventory, flow_log):
    packed = bytearray(gzip.compress(text(DEFAULT_RECORDS)))
    packed[-8] ^= 1
    flow_log.write_bytes(packed)
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1 and str(flow_log) in outcome.errors, f"\n{outcome}"
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))


def test_gzip_with_rubbish_behind(inventory, flow_log):
    flow_log.write_bytes(gzip.compress(text(DEFAULT_RECORDS)) + b"rubbish")
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1 and str(flow_log) in outcome.errors, f"\n{outcome}"
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))


def test_gzip_header_alone(inventory, flow_log):
    flow_log.write_bytes(gzip.compress(b"")[:10])
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1 and str(flow_log) in outcome.errors, f"\n{outcome}"


BINARIES = {
    "random": random.Random(7).randbytes(200_000),
    "zeros": bytes(100_000),
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + random.Random(8).randbytes(3000),
    "elf": b"\x7fELF\x02\x01\x01" + random.Random(9).randbytes(3000),
    "zip": b"PK\x03\x04\x14\0\0\0\x08\0" + random.Random(10).randbytes(3000),
    "zstd": b"\x28\xb5\x2f\xfd" + random.Random(11).randbytes(3000),
    "bzip2": b"BZh91AY&SY" + random.Random(12).randbytes(3000),
    "parquet": b"PAR1" + random.Random(13).randbytes(3000) + b"PAR1",
}


@pytest.mark.parametrize("name", BINARIES)
def test_binary_junk(name, inventory, flow_log, tmp_path):
    flow_log.write_bytes(BINARIES[name])
    good = tmp_path / "good.log"
    good.write_bytes(text(DEFAULT_RECORDS))
    outcome = program.enrich("--format", "classic", flow_log, good, inventory=inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert str(flow_log) in outcome.errors, f"\n{outcome}"
    assert len(outcome.errors.splitlines()) <= 20, f"\n{outcome}"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]", outcome.errors), f"{outcome.errors!r}"
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))


# Large


@pytest.mark.parametrize("word", [b"x", b"x "], ids=["one-word", "words"])
def test_line_of_ten_megabytes(word, inventory, flow_log):
    long_line = word * (10_000_000 // len(word))
    flow_log.write_bytes(text(DEFAULT_RECORDS) + long_line + b"\n" + text(DEFAULT_RECORDS))
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert f"{flow_log}:{len(DEFAULT_RECORDS) + 1}: " in outcome.errors, f"\n{outcome}"
    assert len(outcome.errors) < 2000, f"the line itself is not repeated\n{outcome}"
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS * 2, CONFIGURATION))


def test_field_of_ten_megabytes_in_a_message(inventory, flow_log):
    good = json.dumps({"message": GOOD}).encode()
    flow_log.write_bytes(good + b'\n{"message": "' + b"x" * 10_000_000 + b'"}\n' + good + b"\n")
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1 and str(flow_log) in outcome.errors, f"\n{outcome}"
    assert len(outcome.errors) < 2000, f"\n{outcome}"
    program.expect_bytes(outcome, classic_bytes([DEFAULT_RECORDS[0]] * 2, CONFIGURATION))


# JSON


BROKEN_JSON = {
    "cut-envelope": json.dumps({"messageType": "DATA_MESSAGE", "logEvents": [{"message": GOOD}]})[
        :-9
    ],
    "cut-array": json.dumps([DEFAULT_RECORDS[0], DEFAULT_RECORDS[0]])[:-30],
    "unknown-object": '{"some": "thing", "else": 1}',
    "number": "12345",
    "message-is-a-number": '{"message": 12}',
    "message-is-null": '{"message": null}',
    "deep": "[" * 100_000,
    "deep-object": '{"a":' * 100_000,
    "records-without-data": '{"records": [{"recordId": "1"}], "deliveryStreamArn": "x"}',
    "records-bad-base64": '{"records": [{"recordId": "1", "data": "???"}], "deliveryStreamArn": "x"}',
    "awslogs-bad-base64": '{"awslogs": {"data": "???"}}',
    "awslogs-not-gzip": json.dumps({"awslogs": {"data": base64.b64encode(b"words").decode()}}),
    "bad-escape": '{"message": "\\q"}',
    "lone-surrogate": '{"message": "\\ud800"}',
    "object-with-a-bad-port": json.dumps({**DEFAULT_RECORDS[0], "srcport": "https"}),
    "object-with-an-object": json.dumps({**DEFAULT_RECORDS[0], "srcport": {"a": 1}}),
}


@pytest.mark.parametrize("name", BROKEN_JSON)
def test_broken_json(name, inventory, flow_log, tmp_path):
    flow_log.write_text(BROKEN_JSON[name])
    good = tmp_path / "good.log"
    good.write_bytes(text(DEFAULT_RECORDS))
    outcome = program.enrich("--format", "classic", flow_log, good, inventory=inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert str(flow_log) in outcome.errors and len(outcome.errors) < 2000, f"\n{outcome}"
    records = [*DEFAULT_RECORDS]
    if name in ("cut-envelope", "cut-array"):
        records.insert(0, DEFAULT_RECORDS[0])
        written = outcome.output.splitlines()
        assert len(written) in (len(records), len(records) - 1), f"\n{outcome}"
        records = records[-len(written) :]
    program.expect_bytes(outcome, classic_bytes(records, CONFIGURATION))


def test_good_messages_around_a_broken_one(inventory, flow_log):
    good = json.dumps({"message": GOOD})
    flow_log.write_text(f'{good}\n{{"message": "2 1111\n{good}\n{good}\n')
    outcome = enrich_classic(flow_log, inventory)
    assert outcome.exit_code == 1 and str(flow_log) in outcome.errors, f"\n{outcome}"
    written = outcome.output.splitlines()
    assert 2 <= len(written) <= 3, f"\n{outcome}"


@pytest.mark.parametrize(
    "number",
    ["007", "-0", "+1", "1e3", "1.0", "0x1f", "1_000", "\u0661", "99999999999999999999", "", " "],
)
@pytest.mark.parametrize("field", ["srcport", "bytes", "tcp-flags", "traffic-path", "version"])
def test_json_output_is_json_whatever_the_numbers(number, field, inventory, flow_log):
    """Either a bad line, or a line that every reader of JSON takes."""
    header = f"interface-id,{field},action\n"
    flow_log.write_text(f"{header}{WEB},{number},ACCEPT\n{WEB},1,ACCEPT\n", encoding="utf-8")
    outcome = program.enrich(flow_log, inventory=inventory)
    written = outcome.records()
    assert outcome.exit_code == (0 if len(written) == 2 else 1), f"\n{outcome}"
    for record in written:
        assert isinstance(record.get(field.replace("-", "_"), 0), int), f"\n{outcome}"
    if number.strip() == "" and len(written) == 2:
        assert field.replace("-", "_") not in written[0], "missing is left out, never 0"


# Files


def test_missing_file_and_folder(inventory, tmp_path):
    good = tmp_path / "good.log"
    good.write_bytes(text(DEFAULT_RECORDS))
    missing = tmp_path / "missing.log"
    outcome = program.enrich("--format", "classic", missing, tmp_path, good, inventory=inventory)
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert re.search(
        rf"{re.escape(str(missing))}: .*(?i:no such file|not found|does not exist)", outcome.errors
    )
    assert re.search(rf"{re.escape(str(tmp_path))}: .*(?i:directory|folder)", outcome.errors), (
        f"\n{outcome}"
    )
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))


def test_links_that_lead_nowhere(inventory, tmp_path):
    """What cannot be opened is the input's fault, or the inventory's; exit code 3 is the system's."""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    good = tmp_path / "good.log"
    good.write_bytes(text(DEFAULT_RECORDS))
    outcome = program.enrich("--format", "classic", loop, good, inventory=inventory)
    assert outcome.exit_code == 1 and f"{loop}: " in outcome.errors, f"\n{outcome}"
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))
    outcome = program.enrich(good, inventory=loop)
    assert outcome.exit_code == 2 and f"{loop}: " in outcome.errors, f"\n{outcome}"


def test_file_without_permission(inventory, flow_log):
    flow_log.write_bytes(text(DEFAULT_RECORDS))
    flow_log.chmod(0)
    try:
        flow_log.read_bytes()
    except PermissionError:
        outcome = enrich_classic(flow_log, inventory)
        assert outcome.exit_code == 1, f"\n{outcome}"
        assert re.search(r"(?i)permission", outcome.errors), f"\n{outcome}"
    else:
        pytest.skip("skipped: this user may read everything")
