"""The committed example data: reproducible, harmless, and enriched as it should be."""

import ipaddress
import json
import re
import subprocess
import sys

import flow_fields
import program
import pytest
from classic_oracle import Configuration, classic_bytes
from json_statement import json_record
from program import REPOSITORY

EXAMPLES = REPOSITORY / "examples"
INVENTORY = EXAMPLES / "inventory.json"
FLOW_LOG = EXAMPLES / "flow.log"


def example_records() -> list[dict[str, str]]:
    header, *lines = FLOW_LOG.read_text().splitlines()
    return [flow_fields.record(header.split(" "), line) for line in lines]


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    return Configuration(json.loads(INVENTORY.read_text()))


@pytest.mark.parametrize("name", ["inventory.json", "flow.log"])
def test_generator_reproduces(name, tmp_path):
    subprocess.run([sys.executable, EXAMPLES / "generate.py", tmp_path], check=True)
    made, committed = (tmp_path / name).read_bytes(), (EXAMPLES / name).read_bytes()
    assert made == committed, program.difference(committed, made)
    assert len(committed) < 200_000


def test_addresses_are_for_documentation_or_private():
    text = FLOW_LOG.read_text() + INVENTORY.read_text()
    allowed = "10.0.0.0/16 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32".split()
    networks = [ipaddress.ip_network(block) for block in allowed]
    found = set(re.findall(r"\b\d+\.\d+\.\d+\.\d+\b|\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}", text))
    for each in found - {"0.0.0.0"}:
        assert any(ipaddress.ip_address(each) in network for network in networks), each
    assert set(re.findall(r"\b\d{12}\b", text)) == {"111122223333"}


def test_header_is_version_5():
    assert FLOW_LOG.read_text().splitlines()[0].split(" ") == flow_fields.VERSION_5


def test_classic_output(configuration):
    outcome = program.enrich("--format", "classic", FLOW_LOG, inventory=INVENTORY)
    program.expect_bytes(outcome, classic_bytes(example_records(), configuration))
    program.expect_success(outcome)


def test_json_output(configuration):
    outcome = program.enrich(*program.AS_JSON, FLOW_LOG, inventory=INVENTORY)
    expected = [json_record(record, configuration) for record in example_records()]
    program.expect_records(outcome, expected)
    program.expect_success(outcome)


# Each story is there, so that nothing built on the examples goes missing unseen.
STORIES = {
    "served": {"dstaddr": "10.0.0.10", "dstport": "443", "action": "ACCEPT"},
    "replies": {"srcaddr": "10.0.0.10", "srcport": "443", "flow-direction": "egress"},
    "ipv6": {"dstaddr": "2001:db8:1::10", "type": "IPv6", "dstport": "443"},
    "health-checks": {"dstaddr": "10.0.1.12", "dstport": "8081", "action": "ACCEPT"},
    "scanned": {"dstaddr": "10.0.0.30", "dstport": "22", "action": "REJECT"},
    "wrong-group-leaves": {"srcaddr": "10.0.1.22", "dstport": "5432", "action": "ACCEPT"},
    "wrong-group-refused": {"srcaddr": "10.0.1.22", "dstport": "5432", "action": "REJECT"},
    "wrong-group-unreachable": {"dstaddr": "10.0.1.22", "dstport": "9000", "action": "REJECT"},
    "database": {"srcaddr": "10.0.1.21", "dstport": "5432", "action": "ACCEPT"},
    "banned": {"srcaddr": "198.51.100.66", "dstport": "443", "action": "REJECT"},
    "office": {"srcaddr": "203.0.113.10", "dstport": "22", "action": "ACCEPT"},
    "ping": {"srcaddr": "203.0.113.10", "protocol": "1"},
    "s3": {"pkt-dst-aws-service": "S3", "traffic-path": "7"},
    "time": {"protocol": "17", "dstport": "123", "instance-id": "-"},
    "function": {"srcaddr": "10.0.1.40", "dstaddr": "10.0.2.10"},
    "silence": {"log-status": "NODATA"},
    "lost": {"log-status": "SKIPDATA"},
    "deleted": {"srcaddr": "10.0.1.77"},
}


@pytest.mark.parametrize("story", STORIES)
def test_story_is_told(story):
    assert any(STORIES[story].items() <= record.items() for record in example_records())


def test_only_the_deleted_interface_is_unknown(configuration):
    unknown = {
        record["srcaddr"]
        for record in example_records()
        if record["interface-id"] not in configuration.interfaces
    }
    assert "10.0.1.77" in unknown and unknown <= {"10.0.1.77", "192.0.2.5"}
