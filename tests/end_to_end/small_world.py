"""One small inventory and a handful of records that most tests share."""

import json
import pathlib

import flow_fields
from classic_oracle import Configuration

WEB = "eni-0a000000000000001"
DATABASE = "eni-0a000000000000002"
GONE = "eni-0a000000000000099"


def _rule(number: int, group: str, egress: bool, protocol: str, first: int, last: int, **source):
    return {
        "SecurityGroupRuleId": f"sgr-0a00000000000000{number}",
        "GroupId": group,
        "GroupOwnerId": "111122223333",
        "IsEgress": egress,
        "IpProtocol": protocol,
        "FromPort": first,
        "ToPort": last,
        **source,
    }


DOCUMENT = {
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": WEB,
            "VpcId": "vpc-0a000000000000001",
            "PrivateIpAddress": "10.0.1.5",
            "Ipv6Addresses": [{"Ipv6Address": "2001:db8::5"}],
            "Groups": [{"GroupId": "sg-0web"}, {"GroupId": "sg-0admin"}],
        },
        {
            "NetworkInterfaceId": DATABASE,
            "VpcId": "vpc-0a000000000000001",
            "PrivateIpAddress": "10.0.2.6",
            "Groups": [{"GroupId": "sg-0database"}],
        },
    ],
    "SecurityGroups": [
        {"GroupId": "sg-0web"},
        {"GroupId": "sg-0admin"},
        {"GroupId": "sg-0database"},
    ],
    "SecurityGroupRules": [
        _rule(1, "sg-0web", False, "tcp", 443, 443, CidrIpv4="0.0.0.0/0"),
        _rule(2, "sg-0web", True, "-1", -1, -1, CidrIpv4="0.0.0.0/0"),
        _rule(3, "sg-0admin", False, "tcp", 22, 22, PrefixListId="pl-63a5400a"),
        _rule(4, "sg-0web", False, "icmp", 8, -1, CidrIpv4="10.0.0.0/16"),
        _rule(
            5, "sg-0database", False, "tcp", 5432, 5433,
            ReferencedGroupInfo={"GroupId": "sg-0web"},
        ),
    ],
}  # fmt: skip
CONFIGURATION = Configuration(DOCUMENT)


def write_inventory(folder: pathlib.Path) -> pathlib.Path:
    path = folder / "inventory.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


# The default format, which needs no header.
DEFAULT_LINES = [
    f"2 111122223333 {WEB} 192.0.2.10 10.0.1.5 50000 443 6 10 840 1767225600 1767225660 ACCEPT OK",
    f"2 111122223333 {WEB} 10.0.1.5 192.0.2.10 443 50000 6 9 6400 1767225600 1767225660 ACCEPT OK",
    f"2 011122223333 {DATABASE} 203.0.113.9 10.0.2.6 41000 22 6 1 40 1767225601 1767225661 REJECT OK",
    f"2 111122223333 {WEB} 2001:db8:f::9 2001:db8::5 0 0 58 1 104 1767225602 1767225662 ACCEPT OK",
    f"2 000000000042 {WEB} - - - - - - - 1767225600 1767225660 - NODATA",
    f"2 111122223333 {DATABASE} - - - - - - - 1767225600 1767225660 - SKIPDATA",
    f"2 unknown {GONE} 10.0.9.9 10.0.1.5 1 65535 17 1 9007199254740993 1767225603 1767225663 ACCEPT OK",
]
DEFAULT_RECORDS = [flow_fields.record(flow_fields.VERSION_2, line) for line in DEFAULT_LINES]

# A custom format, which does.
CUSTOM_FIELDS = (
    "start flow-direction interface-id dstaddr srcaddr tcp-flags pkt-srcaddr log-status "
    "account-id traffic-path pkt-dst-aws-service"
).split()
CUSTOM_LINES = [
    f"1767225600 ingress {WEB} 10.0.1.5 10.0.0.7 2 192.0.2.10 OK 111122223333 - -",
    f"1767225600 egress {WEB} 10.0.0.7 10.0.1.5 18 10.0.1.5 OK 011122223333 8 S3",
    f"1767225600 - {DATABASE} - - - - NODATA 000000000001 - -",
]
CUSTOM_RECORDS = [flow_fields.record(CUSTOM_FIELDS, line) for line in CUSTOM_LINES]


def many(records: list[dict], count: int) -> list[dict]:
    """So many records, no two of them equal: a lost or doubled one is seen."""
    made = []
    for number in range(count):
        record = dict(records[number % len(records)])
        for name in ("start", "end"):
            if name in record:
                record[name] = str(int(record[name]) + number)
        made.append(record)
    return made


def line(record: dict[str, str]) -> str:
    return " ".join(record.values())


def text(records: list[dict[str, str]]) -> bytes:
    return "".join(line(record) + "\n" for record in records).encode()
