"""Real logs and real AWS documents, which stay outside the repository."""

import json
import os
import pathlib
import re

import flow_fields
import program
import pytest
from classic_oracle import Configuration, classic_bytes
from json_statement import without_verdict

# Parameters are made at import, before fixtures exist.
DOCUMENTS = pathlib.Path(os.environ.get("SGFLOW_REAL_DATA") or "/nowhere") / "aws-documents/docs"
DOCUMENT_NAMES = sorted(path.name for path in DOCUMENTS.glob("*.json"))

# It names no prefix list, so alone it is an inventory in which nothing is known.
ENTRIES_WITHOUT_LIST = "28-cli-prefix-list-entries.json"
DESERVE_A_WARNING = ("21-", "22-", "27-", "28-", "32-", "33-")


def real_inventory(real_data):
    return real_data / "real-inventory.json"


# The sample


@pytest.mark.parametrize("layout", [["--record-format", "classic"], []], ids=["told", "found-out"])
def test_sample_is_enriched_byte_for_byte(real_data, layout):
    outcome = program.enrich(
        "--format", "classic", *layout, real_data / "real-sample.log",
        inventory=real_inventory(real_data),
    )  # fmt: skip
    program.expect_bytes(outcome, (real_data / "real-enriched-sample.jsonl").read_bytes())
    program.expect_success(outcome)


def test_sample_as_json_says_the_same(real_data):
    outcome = program.enrich(real_data / "real-sample.log", inventory=real_inventory(real_data))
    program.expect_success(outcome)
    lines = (real_data / "real-sample.log").read_text().splitlines()
    got = outcome.records()
    assert len(got) == len(lines)
    for line, written in zip(lines, got, strict=True):
        logged = flow_fields.record(flow_fields.CLASSIC, line)
        expected = {
            name.replace("-", "_"): int(text) if name in flow_fields.NUMBERS else text
            for name, text in logged.items()
            if text != "-"
        }
        expected["sg_ids"] = written["sg_ids"]
        assert without_verdict(written) == expected


# Configuration documents


def records_of_every_interface(documents: list[dict]) -> list[dict[str, str]]:
    """One record in and one out for each interface, in the default format."""
    records = []
    for interface in Configuration(*documents).interfaces.values():
        own = [str(network[0]) for network in interface.networks] or ["10.99.0.1"]
        for source, destination in (("192.0.2.1", own[0]), (own[0], "192.0.2.1")):
            line = (
                f"2 111122223333 {interface.interface_id} {source} {destination} 443 50000 6 10 840 "
                "1767225600 1767225660 ACCEPT OK"
            )
            records.append(flow_fields.record(flow_fields.VERSION_2, line))
    return records


def text_of(records: list[dict[str, str]]) -> bytes:
    return "".join(" ".join(record.values()) + "\n" for record in records).encode()


@pytest.mark.skipif(not DOCUMENT_NAMES, reason="skipped: SGFLOW_REAL_DATA is not set")
@pytest.mark.parametrize("name", DOCUMENT_NAMES or ["none"])
def test_document_loads_and_its_rules_are_written(real_data, name):
    documents = [json.loads((DOCUMENTS / name).read_text())]
    files = [DOCUMENTS / name]
    if name == ENTRIES_WITHOUT_LIST:
        documents.append(json.loads(real_inventory(real_data).read_text()))
        files.append(real_inventory(real_data))
    records = records_of_every_interface(documents)
    outcome = program.enrich("--format", "classic", inventory=files, stdin=text_of(records))
    assert outcome.exit_code == 0, f"\n{outcome}"
    if name.startswith(DESERVE_A_WARNING):
        assert name in outcome.errors, f"a warning is missing\n{outcome}"
    program.expect_bytes(outcome, classic_bytes(records, Configuration(*documents)))


def test_all_documents_load_together(real_data):
    files = [DOCUMENTS / name for name in DOCUMENT_NAMES]
    documents = [json.loads(path.read_text()) for path in files]
    records = records_of_every_interface(documents)
    outcome = program.enrich("--format", "classic", inventory=files, stdin=text_of(records))
    assert outcome.exit_code == 0, f"\n{outcome}"
    program.expect_bytes(outcome, classic_bytes(records, Configuration(*documents)))


def test_order_of_documents_does_not_matter(real_data):
    files = [DOCUMENTS / name for name in DOCUMENT_NAMES]
    records = records_of_every_interface([json.loads(path.read_text()) for path in files])
    one = program.enrich(inventory=files, stdin=text_of(records))
    other = program.enrich(inventory=files[::-1], stdin=text_of(records))
    program.expect_bytes(other, one.output)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        # Line, then column.
        ("01-truncated.json", r"\b26\b\D{1,9}\d+"),
        ("02-trailing-comma.json", r"\b5[23]\b\D{1,9}\d+"),
        ("03-single-quotes.json", r"\b17\b\D{1,9}\d+"),
        ("06-same-id-in-one-file.json", r"sg-0b070000000000009"),
        ("29-address-with-dashes.json", r"NetworkInterfaces\[0\]\.PrivateIpAddress.*10-0-0-157"),
    ],
)
def test_bad_document_is_refused_with_file_and_place(real_data, name, told):
    path = real_data / "aws-documents/bad" / name
    outcome = program.enrich(real_data / "real-sample.log", inventory=path)
    assert outcome.exit_code == 2, f"\n{outcome}"
    assert outcome.output == b"", f"\n{outcome}"
    assert name in outcome.errors, f"\n{outcome}"
    assert re.search(told, outcome.errors), f"expected {told}\n{outcome}"


def test_bad_host_bits_are_a_warning(real_data):
    path = real_data / "aws-documents/bad/27-host-bits.json"
    outcome = program.enrich(
        real_data / "real-sample.log", inventory=[path, real_inventory(real_data)]
    )
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert len(outcome.records()) == 190
    assert "27-host-bits.json" in outcome.errors, f"\n{outcome}"
    assert "192.0.2.2/28" in outcome.errors, f"\n{outcome}"
    assert "3" in outcome.errors, f"all three are counted\n{outcome}"


# Lines


def enriched_lines(real_data, name: str) -> program.Outcome:
    return program.enrich(real_data / "lines" / name, inventory=real_inventory(real_data))


def version_2(interface: str, source: str, destination: str, numbers: list[int], action: str):
    keys = "srcport dstport protocol packets bytes start end".split()
    return {
        "version": 2,
        "account_id": "123456789010",
        "interface_id": interface,
        "srcaddr": source,
        "dstaddr": destination,
        **dict(zip(keys, numbers, strict=True)),
        "action": action,
        "log_status": "OK",
    }


def skipped_data(start: int, end: int) -> dict:
    return {
        "version": 2,
        "account_id": "123456789010",
        "interface_id": "eni-4b118871",
        "start": start,
        "end": end,
        "log_status": "SKIPDATA",
    }


WAVELENGTH = {
    "account_id": "000000000000",
    "bytes": 6392,
    "dstaddr": "172.18.160.93",
    "dstport": 47460,
    "end": 1568300425,
    "instance_id": "i-06f9249b",
    "packets": 10,
    "pkt_dstaddr": "172.18.160.93",
    "pkt_srcaddr": "192.168.0.1",
    "protocol": 6,
    "srcaddr": "172.18.160.68",
    "srcport": 443,
    "start": 1568300367,
    "subnet_id": "subnet-089e7569",
    "tcp_flags": 19,
    "type": "IPv4",
    "version": 3,
    "vpc_id": "vpc-0461a061",
}
OUTPOST = WAVELENGTH | {
    "bytes": 1698,
    "dstaddr": "172.18.160.68",
    "dstport": 443,
    "pkt_dstaddr": "192.168.0.1",
    "pkt_srcaddr": "172.18.160.9",
    "srcaddr": "172.18.160.93",
    "srcport": 8088,
    "tcp_flags": 3,
}

UNDERSCORES = {
    "log_status": "OK",
    "az_id": "use2-az2",
    "instance_id": "i-00123456789abcdef",
    "vpc_id": "vpc-04456ab739938ee3f",
    "subnet_id": "subnet-0123456789abcdef",
    "start": 1614866493,
    "end": 1614866511,
    "flow_direction": "ingress",
    "action": "ACCEPT",
    "pkt_src_aws_service": "S3",
    "srcaddr": "198.51.100.7",
    "pkt_srcaddr": "198.51.100.6",
    "srcport": 443,
    "dstaddr": "192.0.2.156",
    "dstport": 50318,
    "pkt_dstaddr": "192.0.2.156",
    "protocol": 6,
    "type": "IPv4",
    "packets": 15,
    "bytes": 4895,
}
NO_DATA_KEYS = "az_id instance_id vpc_id subnet_id start end".split()

FILTERED = version_2(
    "eni-102010ab", "198.51.100.1", "192.0.2.1", [443, 49152, 6, 10, 840, 1439387263, 1439387264], "ACCEPT"
)  # fmt: skip
REFUSED = version_2(
    "eni-102010cd", "192.0.2.1", "198.51.100.1", [49152, 443, 6, 20, 1680, 1439387263, 1439387266], "REJECT"
)  # fmt: skip

EXPECTED_LINES = {
    "04-v3-alpha-no-eni-no-action.log": [WAVELENGTH, OUTPOST],
    "05-v4-sublocation.log": [
        WAVELENGTH
        | {
            "version": 4,
            "region": "us-east-1",
            "az_id": "use1-az4",
            "sublocation_type": "wavelength",
            "sublocation_id": "wlid04",
        },
        OUTPOST
        | {
            "version": 4,
            "region": "us-east-1",
            "az_id": "use1-az4",
            "sublocation_type": "outpost",
            "sublocation_id": "outpostid04",
        },
    ],
    "24-tgw-v6-only-tgw-fields.log": [
        {
            "resource_type": "TransitGateway",
            "tgw_id": "00000000",
            "tgw_attachment_id": "00000001",
            "tgw_src_vpc_account_id": "00000002",
            "tgw_dst_vpc_account_id": "00000003",
            "tgw_src_vpc_id": "00000004",
            "tgw_dst_vpc_id": "00000005",
            "tgw_src_subnet_id": "00000006",
            "tgw_dst_subnet_id": "00000007",
            "tgw_src_eni": "00000008",
            "tgw_dst_eni": "00000009",
            "tgw_src_az_id": "00000010",
            "tgw_dst_az_id": "00000011",
            "tgw_pair_attachment_id": "00000012",
            "packets_lost_no_route": 13,
            "packets_lost_blackhole": 14,
            "packets_lost_mtu_exceeded": 15,
            "packets_lost_ttl_expired": 16,
        }
    ],
    "48-header-underscores.log": [
        UNDERSCORES,
        {"log_status": "NODATA"} | {key: UNDERSCORES[key] for key in NO_DATA_KEYS},
    ],
    "55-filter-log-events.json": [FILTERED, REFUSED, skipped_data(1431280876, 1431280934)],
    "62-millisecond-times.log": [skipped_data(1512564058000, 1512564059000), FILTERED],
}


@pytest.mark.parametrize("name", EXPECTED_LINES)
def test_lines_of_unknown_interfaces(real_data, name):
    """None of these interfaces is in the inventory, so the logged fields are all there is."""
    outcome = enriched_lines(real_data, name)
    program.expect_success(outcome)
    logged = [without_verdict(record) for record in outcome.records()]
    program.expect_equal(outcome, EXPECTED_LINES[name], logged)


def test_classic_output_of_an_underscored_header_has_the_hyphenated_names(real_data):
    outcome = program.enrich(
        "--format", "classic", real_data / "lines/48-header-underscores.log",
        inventory=real_inventory(real_data),
    )  # fmt: skip
    program.expect_success(outcome)
    names = [key.replace("_", "-") for key in UNDERSCORES]
    names.insert(names.index("pkt-src-aws-service") + 1, "pkt-dst-aws-service")
    assert [list(record) for record in outcome.records()] == [[*names, "security-groups"]] * 2


def test_bad_line_is_told_and_the_good_ones_are_written(real_data):
    path = real_data / "lines/06-v5-alpha-bad-line.log"
    outcome = program.enrich("--format", "classic", path, inventory=real_inventory(real_data))
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert f"{path}:3: " in outcome.errors, f"\n{outcome}"
    good = [line for line in path.read_text().splitlines()[1:] if line != "bogus line"]
    records = [flow_fields.record(flow_fields.CLASSIC, line) for line in good]
    program.expect_bytes(outcome, classic_bytes(records, Configuration()))


def test_same_five_tuple_in_both_directions(real_data, tmp_path):
    """No direction is logged: the interface's addresses tell it."""
    document = {
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": "eni-0b13344793d4fde67",
                "PrivateIpAddress": "172.31.77.31",
                "PrivateIpAddresses": [
                    {"Primary": True, "PrivateIpAddress": "172.31.77.31"},
                    {"Primary": False, "PrivateIpAddress": "172.31.44.17"},
                ],
                "Groups": [{"GroupId": "sg-1"}],
            }
        ],
        "SecurityGroups": [{"GroupId": "sg-1"}],
        "SecurityGroupRules": [
            {
                "SecurityGroupRuleId": "sgr-in",
                "GroupId": "sg-1",
                "IsEgress": False,
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "CidrIpv4": "203.0.113.0/24",
            }
        ],
    }
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps(document))
    path = real_data / "lines/75-scenario-same-five-tuple.log"
    outcome = program.enrich("--format", "classic", path, inventory=inventory)
    program.expect_success(outcome)
    inbound, outbound = "sgr-in|tcp|22|203.0.113.0/24|sg-1", "no-outbound-rules||||sg-1"
    assert [record["security-groups"] for record in outcome.records()] == [
        inbound,
        outbound,
        outbound,
        outbound,
        inbound,
        outbound,
        outbound,
    ]


def test_parquet_is_refused_clearly(real_data):
    path = real_data / "lines/58-pandas-rewritten.parquet"
    outcome = program.enrich(
        path, real_data / "lines/62-millisecond-times.log", inventory=real_inventory(real_data)
    )
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert (
        str(path) in outcome.errors and "parquet" in outcome.errors.replace(str(path), "").lower()
    )
    assert len(outcome.errors.splitlines()) <= 2, f"\n{outcome}"
    assert len(outcome.records()) == 2, "the other file is read all the same"
