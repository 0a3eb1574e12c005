"""A small inventory, records of its interfaces as Firehose brings them, and what becomes of these."""

import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from classic_oracle import Configuration, classic_line  # noqa: E402
from runtime_api_server import MOST_RESPONSE_BYTES  # noqa: E402

ACCOUNT = "111122223333"
WEB = "eni-0a000000000000001"
MANY_RULES = "eni-0a000000000000002"
GONE = "eni-0a000000000000099"
FIELDS = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start"
    " end action log-status"
).split()


def rule(number, group, **members):
    return {
        "SecurityGroupRuleId": f"sgr-0a{number:015x}",
        "GroupId": group,
        "IsEgress": False,
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        **members,
    }


INVENTORY = {
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": WEB,
            "VpcId": "vpc-0a000000000000001",
            "PrivateIpAddress": "192.0.2.5",
            "Groups": [{"GroupId": "sg-0a000000000000001"}],
        },
        {
            "NetworkInterfaceId": MANY_RULES,
            "VpcId": "vpc-0a000000000000001",
            "PrivateIpAddress": "192.0.2.6",
            "Groups": [{"GroupId": "sg-0a000000000000002"}],
        },
    ],
    "SecurityGroups": [{"GroupId": "sg-0a000000000000001"}, {"GroupId": "sg-0a000000000000002"}],
    "SecurityGroupRules": [
        rule(1, "sg-0a000000000000001", CidrIpv4="0.0.0.0/0"),
        rule(2, "sg-0a000000000000001", IsEgress=True, IpProtocol="-1", FromPort=-1, ToPort=-1,
             CidrIpv4="0.0.0.0/0"),
        *(rule(100 + i, "sg-0a000000000000002", CidrIpv4=f"203.0.113.{i}/32") for i in range(60)),
    ],
}  # fmt: skip
CONFIGURATION = Configuration(INVENTORY)


def line(number: int, interface: str = WEB, local: str = "192.0.2.5") -> str:
    """A record of the default format, unlike every other number's."""
    return (
        f"2 {ACCOUNT} {interface} 198.51.100.{number % 250} {local} {1024 + number} 443 6 10 840"
        f" {1620000000 + number} {1620000060 + number} ACCEPT OK"
    )


def heavy(number: int) -> str:
    """One whose enriched form is some twenty times as long."""
    return line(number, MANY_RULES, "192.0.2.6")


def enriched(*lines: str) -> bytes:
    records = (dict(zip(FIELDS, text.split(" "), strict=True)) for text in lines)
    return b"".join(classic_line(record, CONFIGURATION) for record in records)


def message(text: str) -> bytes:
    """As VPC flow logs put one record straight into Firehose."""
    return json.dumps({"message": text}, separators=(",", ":")).encode()


def envelope(*lines: str, kind: str = "DATA_MESSAGE") -> bytes:
    """As CloudWatch Logs sends it to a subscriber, before gzip."""
    events = [
        {"id": f"{i:056}", "timestamp": 1620000000000 + i, "message": text}
        for i, text in enumerate(lines)
    ]
    return json.dumps(
        {
            "messageType": kind,
            "owner": ACCOUNT,
            "logGroup": "flow-logs",
            "logStream": f"{WEB}-all",
            "subscriptionFilters": ["all"],
            "logEvents": events,
        }
    ).encode()


CONTROL_MESSAGE = envelope("CWL CONTROL MESSAGE: Checking health of destination Firehose.",
                           kind="CONTROL_MESSAGE")  # fmt: skip


def firehose_event(*payloads: bytes | str) -> dict:
    """Text is taken as the `data` that it should be; bytes become base64."""
    return {
        "invocationId": "0d3b1f0a-6c2b-4c2a-9f3e-1d2c3b4a5f60",
        "deliveryStreamArn": f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/flow-logs",
        "region": "us-east-1",
        "records": [
            {
                "recordId": record_id(i),
                "approximateArrivalTimestamp": 1620000100000 + i,
                "data": payload if isinstance(payload, str) else base64.b64encode(payload).decode(),
            }
            for i, payload in enumerate(payloads)
        ],
    }


def record_id(number: int) -> str:
    return f"495469866831355442865074579363216256757001924711567{number:05}"


def results(event: dict, answer) -> list[tuple[str, bytes | str]]:
    """(result, data) of each record: decoded where Ok, else as it came. Checks what always holds."""
    assert answer.path.endswith("/response"), answer.body[:500]
    assert answer.status == 202
    assert len(answer.body) <= MOST_RESPONSE_BYTES
    records = answer.json()["records"]
    sent = event["records"]
    assert [record["recordId"] for record in records] == [record["recordId"] for record in sent]
    for record, original in zip(records, sent, strict=True):
        assert set(record) == {"recordId", "result", "data"}
        if record["result"] == "Dropped":
            assert record["data"] == ""
        elif record["result"] == "ProcessingFailed":
            assert record["data"] == original["data"]
        else:
            assert record["result"] == "Ok"
    return [
        (
            record["result"],
            base64.b64decode(record["data"], validate=True)
            if record["result"] == "Ok"
            else record["data"],
        )
        for record in records
    ]
