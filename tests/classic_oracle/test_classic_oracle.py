"""The oracle itself, held against hand-written lines and the real sample."""

import json
import os
import pathlib

import pytest

from classic_oracle import Configuration, Rule, classic_bytes, classic_line
from classic_oracle.classic import ports_text, rule_text, security_groups

CLASSIC_FIELDS = (
    "account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id "
    "log-status packets pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr protocol "
    "region srcaddr srcport start sublocation-id sublocation-type subnet-id tcp-flags traffic-path "
    "type version vpc-id"
).split()


def listed(number: int, group: str, egress: bool, protocol: str, first: int, last: int, **source):
    return {
        "SecurityGroupRuleId": f"sgr-{number}",
        "GroupId": group,
        "IsEgress": egress,
        "IpProtocol": protocol,
        "FromPort": first,
        "ToPort": last,
        **source,
    }


DOCUMENT = {
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": "eni-1",
            "PrivateIpAddress": "10.0.0.1",
            "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}],
            "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.8.0/28"}],
            "Groups": [{"GroupId": "sg-b"}, {"GroupId": "sg-a"}],
        },
        {"NetworkInterfaceId": "eni-bare", "PrivateIpAddress": "10.0.0.9", "Groups": []},
    ],
    "SecurityGroupRules": [
        listed(1, "sg-a", False, "tcp", 443, 443, CidrIpv4="0.0.0.0/0"),
        listed(2, "sg-a", False, "icmp", 8, -1, CidrIpv4="10.0.0.0/16"),
        listed(3, "sg-b", False, "-1", -1, -1, ReferencedGroupInfo={"GroupId": "sg-a"}),
        listed(4, "sg-a", False, "udp", 1024, 65535, CidrIpv6="2001:db8::/32"),
    ],
}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(
            {"interface-id": "eni-1", "flow-direction": "ingress"},
            "sgr-3|All protocols|All ports|sg-a|sg-b;sgr-1|tcp|443|0.0.0.0/0|sg-a;"
            "sgr-2|icmp|8--1|10.0.0.0/16|sg-a;sgr-4|udp|1024-65535|2001:db8::/32|sg-a",
            id="groups-in-the-interface-order-rules-in-the-inventory-order",
        ),
        pytest.param(
            {"interface-id": "eni-1", "flow-direction": "egress"},
            "no-outbound-rules||||sg-b;no-outbound-rules||||sg-a",
            id="groups-without-rules-in-that-direction",
        ),
        pytest.param(
            {"interface-id": "eni-1", "srcaddr": "10.0.0.1", "dstaddr": "192.0.2.1"},
            "no-outbound-rules||||sg-b;no-outbound-rules||||sg-a",
            id="direction-inferred-from-the-source",
        ),
        pytest.param(
            {"interface-id": "eni-1", "srcaddr": "10.0.0.1", "dstaddr": "10.0.8.3"},
            "||||no-security-groups",
            id="both-addresses-are-the-interface's",
        ),
        pytest.param(
            {"interface-id": "eni-1", "flow-direction": "ingress", "log-status": "NODATA"},
            "||||no-security-groups",
            id="nodata",
        ),
        pytest.param(
            {"interface-id": "eni-bare", "flow-direction": "ingress"},
            "||||no-security-groups",
            id="interface-without-groups",
        ),
        pytest.param(
            {"interface-id": "eni-2", "flow-direction": "ingress"},
            "||||no-security-groups",
            id="unknown-interface",
        ),
        pytest.param(
            {"dstaddr": "10.0.0.1", "flow-direction": "egress", "srcaddr": "10.0.0.9"},
            "||||no-security-groups",
            id="format-without-interface-one-fits-but-has-no-groups",
        ),
        pytest.param(
            {"dstaddr": "10.0.0.1", "srcaddr": "192.0.2.1"},
            "sgr-3|All protocols|All ports|sg-a|sg-b;sgr-1|tcp|443|0.0.0.0/0|sg-a;"
            "sgr-2|icmp|8--1|10.0.0.0/16|sg-a;sgr-4|udp|1024-65535|2001:db8::/32|sg-a",
            id="format-without-interface-one-fits",
        ),
        pytest.param(
            {"dstaddr": "10.0.0.1", "srcaddr": "10.0.0.9"},
            "||||no-security-groups",
            id="format-without-interface-two-fit",
        ),
        pytest.param(
            {"dstaddr": "10.0.0.1", "flow-direction": "ingress", "vpc-id": "vpc-2"},
            "||||no-security-groups",
            id="format-without-interface-another-vpc",
        ),
        pytest.param(
            {
                "dstaddr": "10.0.0.1",
                "flow-direction": "ingress",
                "interface-id": "-",
                "resource-id": "nat-1",
            },
            "||||no-security-groups",
            id="a-regional-nat-gateway",
        ),
        pytest.param(
            {"srcaddr": "10.0.0.1", "flow-direction": "egress", "tgw-id": "tgw-1"},
            "||||no-security-groups",
            id="transit-gateway",
        ),
    ],
)
def test_security_groups(record, expected):
    assert security_groups(record, Configuration(DOCUMENT)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(22, 22, "22"), (0, 65535, "0-65535"), (-1, -1, "All ports"), (8, -1, "8--1"), (0, 0, "0")],
)
def test_ports(first, last, expected):
    assert ports_text(Rule("sgr-1", "sg-1", False, "tcp", first, last, "0.0.0.0/0")) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "no-outbound-rules||||sg-b;no-outbound-rules||||sg-a"),
        ({"SecurityGroupRules": []}, "no-outbound-rules||||sg-b;no-outbound-rules||||sg-a"),
        ({"SecurityGroupRules": None}, "||||sg-b;||||sg-a"),
        ({"NextToken": "more"}, "||||sg-b;||||sg-a"),
        (
            {
                "SecurityGroupRules": None,
                "SecurityGroups": [
                    {"GroupId": "sg-a", "IpPermissionsEgress": []},
                    {"GroupId": "sg-b"},
                ],
            },
            "||||sg-b;no-outbound-rules||||sg-a",
        ),
        (
            {"Snapshot": {"Coverage": {"Kinds": [], "RulesOfGroupIds": ["sg-b"]}}},
            "no-outbound-rules||||sg-b;||||sg-a",
        ),
    ],
)
def test_a_group_whose_rules_nobody_has_listed(change, expected):
    document = {key: value for key, value in (DOCUMENT | change).items() if value is not None}
    record = {"interface-id": "eni-1", "flow-direction": "egress"}
    assert security_groups(record, Configuration(document)) == expected


def test_permissions_are_rules_when_a_group_has_no_listed_ones():
    permission = {
        "IpProtocol": "-1",
        "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
        "UserIdGroupPairs": [{"GroupId": "sg-2"}],
    }
    group = {"GroupId": "sg-1", "IpPermissions": [permission]}
    rules = Configuration({"SecurityGroups": [group]}).rules("sg-1", egress=False)
    assert [rule_text(rule) for rule in rules] == [
        "sg-1/IpPermissions/0|All protocols|All ports|0.0.0.0/0|sg-1",
        "sg-1/IpPermissions/0|All protocols|All ports|sg-2|sg-1",
    ]


def test_line_is_spaced_and_escaped_as_json_dumps_does():
    record = {"interface-tag": 'a"\\é😀\x7f', "bytes": "40"}
    assert classic_line(record, Configuration()) == (
        b'{"interface-tag": "a\\"\\\\\\u00e9\\ud83d\\ude00\\u007f", "bytes": "40", '
        b'"security-groups": "||||no-security-groups"}\n'
    )


def test_real_sample():
    if "SGFLOW_REAL_DATA" not in os.environ:
        pytest.skip("skipped: SGFLOW_REAL_DATA is not set")
    real_data = pathlib.Path(os.environ["SGFLOW_REAL_DATA"])
    document = json.loads((real_data / "real-inventory.json").read_text())
    lines = (real_data / "real-sample.log").read_text().splitlines()
    records = [dict(zip(CLASSIC_FIELDS, line.split(" "), strict=True)) for line in lines]
    expected = (real_data / "real-enriched-sample.jsonl").read_bytes()
    assert classic_bytes(records, Configuration(document)) == expected
