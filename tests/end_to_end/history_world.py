"""An interface that changes groups twice and is then deleted: as snapshots, and as AWS Config tells
it. Times are Unix seconds; A, B and C each let another port in."""

import datetime
import gzip
import json
import pathlib

ENI, PEER = "eni-0a00000000000cafe", "eni-0a00000000000beef"
VPC, SUBNET = "vpc-0a000000000000001", "subnet-0a000000000000001"
GROUPS = {"sg-0a": 443, "sg-0b": 8443, "sg-0c": 9443}

START = 1767225600  # 2026-01-01T00:00:00Z
HOUR = 3600
FIRST, SECOND, THIRD, GONE = (START + HOUR * hour for hour in (1, 2, 3, 4))
# From when on the interface carries which group.
CARRIED = {FIRST: "sg-0a", SECOND: "sg-0b", THIRD: "sg-0c", GONE: None}


def time_text(moment: int, layout="%Y-%m-%dT%H:%M:%SZ") -> str:
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).strftime(layout)


def interface(id: str, address: str, group: str) -> dict:
    return {
        "NetworkInterfaceId": id, "VpcId": VPC, "SubnetId": SUBNET, "PrivateIpAddress": address,
        "Groups": [{"GroupId": group}],
    }  # fmt: skip


def rule(group: str, port: int) -> dict:
    return {
        "SecurityGroupRuleId": f"sgr-0a{port:06}", "GroupId": group, "IsEgress": False,
        "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIpv4": "0.0.0.0/0",
    }  # fmt: skip


def snapshot(moment: int | None, group: str | None) -> dict:
    """A sgflow snapshot; without a moment what the CLI prints."""
    interfaces = [interface(PEER, "10.0.1.6", "sg-0a")]
    if group:
        interfaces.append(interface(ENI, "10.0.1.5", group))
    document = {
        "NetworkInterfaces": interfaces,
        "SecurityGroups": [{"GroupId": id, "VpcId": VPC} for id in GROUPS],
        "SecurityGroupRules": [rule(id, port) for id, port in GROUPS.items()],
    }
    if moment is not None:
        document["Snapshot"] = {
            "Version": 1, "CapturedAt": time_text(moment), "AccountId": "111122223333",
            "Region": "eu-west-1",
        }  # fmt: skip
    return document


def write(path: pathlib.Path, document: dict) -> pathlib.Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(document).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def appended_name(moment: int) -> str:
    return time_text(moment, "%Y%m%dT%H%M%SZ") + ".json.gz"


def write_folder(folder: pathlib.Path, name=appended_name) -> pathlib.Path:
    for moment, group in CARRIED.items():
        write(folder / name(moment), snapshot(moment, group))
    return folder


def line(end: int, port: int, interface=ENI, address="10.0.1.5", action="ACCEPT") -> str:
    """Of the default format; somebody's packet that reaches the port."""
    return (
        f"2 111122223333 {interface} 198.51.100.7 {address} 50000 {port} 6 1 40 {end - 30} {end}"
        f" {action} OK\n"
    )


# One second before and at each change: the end, the group that is carried then, the moment that
# the inventory is of.
SIDES = [
    (SECOND - 1, "sg-0a", FIRST),
    (SECOND, "sg-0b", SECOND),
    (THIRD - 1, "sg-0b", SECOND),
    (THIRD, "sg-0c", THIRD),
    (GONE - 1, "sg-0c", THIRD),
    (GONE, None, GONE),
]
