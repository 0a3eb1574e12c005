"""Which layout a record has: told, from a header, or one of three that are sure. Never guessed."""

import itertools
import json
import random

import flow_fields
import program
import pytest
import small_world
from classic_oracle import classic_bytes, classic_line
from json_statement import json_record, without_verdict
from small_world import CONFIGURATION, DEFAULT_RECORDS, WEB, line, text

VERSION_5_RECORDS = [
    flow_fields.record(
        flow_fields.VERSION_5,
        f"5 111122223333 {WEB} 192.0.2.10 10.0.1.5 50000 443 6 10 840 1767225600 1767225660 ACCEPT OK "
        "vpc-0a000000000000001 subnet-0a000000000000001 i-0a000000000000001 2 IPv4 192.0.2.10 10.0.1.5 "
        "eu-west-1 euw1-az1 - - - - ingress -",
    ),
    flow_fields.record(
        flow_fields.VERSION_5,
        f"5 111122223333 {WEB} 10.0.1.5 192.0.2.10 443 50000 6 9 6400 1767225600 1767225660 ACCEPT OK "
        "vpc-0a000000000000001 subnet-0a000000000000001 - 18 IPv4 10.0.1.5 192.0.2.10 "
        "eu-west-1 euw1-az1 - - - S3 egress 8",
    ),
    flow_fields.record(
        flow_fields.VERSION_5,
        f"5 111122223333 {WEB} - - - - - - - 1767225600 1767225660 - NODATA "
        "vpc-0a000000000000001 subnet-0a000000000000001 - - - - - - - - - - - - -",
    ),
]


def reordered(records, fields):
    return [{name: record[name] for name in fields} for record in records]


def full_record(names: list[str]) -> dict[str, str]:
    """A value for every field of a preset."""
    values = {
        **VERSION_5_RECORDS[0],
        "resource-type": "TransitGateway",
        "encryption-status": "3",
        "ecs-task-id": "0123456789abcdef",
        "instance-tag": "web%20server",
        "packets-lost-mtu-exceeded": "7",
    }
    return {name: values.get(name, "-") for name in names}


@pytest.fixture(scope="module")
def inventory(tmp_path_factory):
    return small_world.write_inventory(tmp_path_factory.mktemp("inventory"))


def expect_records_of(records, outcome):
    program.expect_bytes(outcome, classic_bytes(records, CONFIGURATION))
    program.expect_success(outcome)


@pytest.mark.parametrize("preset", flow_fields.PRESETS)
def test_preset(preset, inventory):
    record = full_record(flow_fields.PRESETS[preset])
    options = ["--record-format", preset]
    content = text([record])
    expect_records_of(
        [record],
        program.enrich("--format", "classic", *options, inventory=inventory, stdin=content),
    )
    written = program.enrich(*program.AS_JSON, *options, inventory=inventory, stdin=content)
    program.expect_records(written, [json_record(record, CONFIGURATION)])


@pytest.mark.parametrize("preset", flow_fields.PRESETS)
def test_header_of_all_fields(preset, inventory):
    record = full_record(flow_fields.PRESETS[preset])
    content = (" ".join(record) + "\n").encode() + text([record])
    expect_records_of(
        [record], program.enrich("--format", "classic", inventory=inventory, stdin=content)
    )


@pytest.mark.parametrize(
    "told",
    [
        "${interface-id} ${srcaddr} ${dstaddr} ${flow-direction}",
        "interface-id srcaddr dstaddr flow-direction",
        "interface_id srcaddr dstaddr flow_direction",
        "interface-id,srcaddr,dstaddr,flow-direction",
        "  ${interface-id}   ${srcaddr} ${dstaddr} ${flow-direction} ",
    ],
    ids=["as-AWS-writes-it", "plain-names", "underscores", "commas", "more-spaces"],
)
def test_told_format_spellings(told, inventory):
    record = {
        "interface-id": WEB,
        "srcaddr": "192.0.2.1",
        "dstaddr": "10.0.1.5",
        "flow-direction": "ingress",
    }
    outcome = program.enrich(
        "--format", "classic", "--record-format", told, inventory=inventory, stdin=text([record])
    )
    expect_records_of([record], outcome)


def test_header_goes_before_the_told_format(inventory):
    records = reordered(VERSION_5_RECORDS, random.Random(1).sample(flow_fields.VERSION_5, 29))
    content = (" ".join(records[0]) + "\n").encode() + text(records)
    outcome = program.enrich(
        "--format", "classic", "--record-format", "v5", inventory=inventory, stdin=content
    )
    expect_records_of(records, outcome)


@pytest.mark.parametrize("at", range(3))
def test_console_order_is_found_out(at, inventory):
    """Also where the first record says little, as NODATA does."""
    records = reordered(VERSION_5_RECORDS, flow_fields.CLASSIC)
    records = records[at:] + records[:at]
    outcome = program.enrich("--format", "classic", inventory=inventory, stdin=text(records))
    expect_records_of(records, outcome)


# No header, nothing told, and none of the three layouts


def swapped(names: list[str], one: str, other: str) -> list[str]:
    exchange = {one: other, other: one}
    return [exchange.get(name, name) for name in names]


UNKNOWN_LAYOUTS = {
    "version-5-in-its-own-order": reordered(VERSION_5_RECORDS, flow_fields.VERSION_5),
    "29-in-another-order": reordered(
        VERSION_5_RECORDS, random.Random(5).sample(flow_fields.VERSION_5, 29)
    ),
    "29-backwards": reordered(VERSION_5_RECORDS, flow_fields.CLASSIC[::-1]),
    "console-order-two-swapped": reordered(
        VERSION_5_RECORDS, swapped(flow_fields.CLASSIC, "srcaddr", "srcport")
    ),
    "14-in-alphabetical-order": reordered(DEFAULT_RECORDS, sorted(flow_fields.VERSION_2)),
    "14-in-another-order": reordered(
        DEFAULT_RECORDS, random.Random(2).sample(flow_fields.VERSION_2, 14)
    ),
    "14-status-before-action": reordered(
        DEFAULT_RECORDS, swapped(flow_fields.VERSION_2, "action", "log-status")
    ),
    "14-interface-before-account": reordered(
        DEFAULT_RECORDS, swapped(flow_fields.VERSION_2, "account-id", "interface-id")
    ),
    "14-ports-before-addresses": reordered(
        DEFAULT_RECORDS, swapped(flow_fields.VERSION_2, "srcaddr", "dstport")
    ),
    "13-fields": reordered(DEFAULT_RECORDS, flow_fields.VERSION_2[:-1]),
    "version-3": reordered(VERSION_5_RECORDS, flow_fields.VERSION_3),
    "version-11": [full_record(flow_fields.VERSION_11)],
    "transit-gateway-in-another-order": [full_record(sorted(flow_fields.TRANSIT_GATEWAY))],
}


def expect_nothing_untrue(records, output_format, outcome):
    """A record without data may fit two layouts, where all that changed places is missing."""
    if output_format == "classic":
        true = [json.loads(classic_line(record, CONFIGURATION)) for record in records]
    else:
        true = [json_record(record, CONFIGURATION) for record in records]
    for written in map(without_verdict, outcome.records()):
        assert written in true, f"written from a guess: {written}\n{outcome}"


@pytest.mark.parametrize("output_format", ["classic", "json"])
@pytest.mark.parametrize("name", UNKNOWN_LAYOUTS)
def test_unknown_layout_is_refused(name, output_format, inventory, tmp_path):
    path = tmp_path / "flow.log"
    path.write_bytes(text(UNKNOWN_LAYOUTS[name]))
    outcome = program.enrich(*program.OUTPUTS[output_format], path, inventory=inventory)
    expect_nothing_untrue(UNKNOWN_LAYOUTS[name], output_format, outcome)
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert str(path) in outcome.errors and "--record-format" in outcome.errors, f"\n{outcome}"
    assert len(outcome.errors.splitlines()) <= 8, f"\n{outcome}"


def test_unknown_layout_is_refused_in_messages_too(inventory):
    content = b"".join(
        b'{"message": "%s"}' % line(record).encode() for record in UNKNOWN_LAYOUTS["29-backwards"]
    )
    outcome = program.enrich(inventory=inventory, stdin=content)
    expect_nothing_untrue(UNKNOWN_LAYOUTS["29-backwards"], "json", outcome)
    assert outcome.exit_code == 1 and "--record-format" in outcome.errors, f"\n{outcome}"


def test_told_format_does_not_bend(inventory):
    """Records of 29 fields in another order than told are bad lines: a type shows it."""
    records = UNKNOWN_LAYOUTS["29-backwards"]
    outcome = program.enrich("--record-format", "v5", inventory=inventory, stdin=text(records))
    assert outcome.output == b"" and outcome.exit_code == 1, f"\n{outcome}"


def test_other_files_are_read_when_one_is_refused(inventory, tmp_path):
    bad, good = tmp_path / "bad.log", tmp_path / "good.log"
    bad.write_bytes(text(UNKNOWN_LAYOUTS["version-5-in-its-own-order"]))
    good.write_bytes(text(DEFAULT_RECORDS))
    outcome = program.enrich("--format", "classic", bad, good, inventory=inventory)
    program.expect_bytes(outcome, classic_bytes(DEFAULT_RECORDS, CONFIGURATION))
    assert outcome.exit_code == 1 and str(bad) in outcome.errors, f"\n{outcome}"
    assert str(good) not in outcome.errors, f"\n{outcome}"


# Two columns changed places. No reader can see it between two of one kind; between kinds it must.

KINDS = {
    **dict.fromkeys("srcaddr dstaddr pkt-srcaddr pkt-dstaddr".split(), "address"),
    **dict.fromkeys("start end".split(), "time"),
    **dict.fromkeys("srcport dstport protocol packets bytes".split(), "number"),
    **dict.fromkeys("tcp-flags traffic-path".split(), "number"),
    **dict.fromkeys("pkt-src-aws-service pkt-dst-aws-service".split(), "service"),
}


def swaps(records, fields):
    for record in records:
        for one, other in itertools.combinations(fields, 2):
            kinds = KINDS.get(one, one), KINDS.get(other, other)
            if record[one] != record[other] and kinds[0] != kinds[1]:
                yield one, other, {name: record[name] for name in swapped(fields, one, other)}


@pytest.mark.parametrize(
    ("records", "fields"),
    [
        (DEFAULT_RECORDS[:4], flow_fields.VERSION_2),
        (VERSION_5_RECORDS[:2], flow_fields.CLASSIC),
    ],
    ids=["default", "console-order"],
)
def test_two_columns_that_changed_places_are_seen(records, fields, inventory):
    changed = list(swaps(records, fields))
    content = text([record for _, _, record in changed])
    outcome = program.enrich("--format", "classic", inventory=inventory, stdin=content)
    assert outcome.exit_code == 1
    unseen = {
        f"{one} <-> {other}: {line(record)}"
        for one, other, record in changed
        if classic_bytes([dict(zip(fields, record.values(), strict=True))], CONFIGURATION)
        in outcome.output
    }
    assert not unseen, "\n".join(sorted(unseen))
