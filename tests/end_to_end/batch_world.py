"""What tests of `sgflow batch` have in common."""

import base64
import gzip
import json
import pathlib
import re

import program
from small_world import DEFAULT_RECORDS, text

ACCOUNT, OTHER_ACCOUNT = "111122223333", "444455556666"
FLOW_LOG = "fl-0123456789abcdef0"
RECORDS = text(DEFAULT_RECORDS)


def write(path: pathlib.Path, content: bytes = RECORDS) -> pathlib.Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def batch(*arguments, inventory, **options) -> program.Outcome:
    return program.run("batch", *arguments, "--inventory", inventory, **options)


def outputs(folder: pathlib.Path) -> list[str]:
    """What is no output has a name that begins with a dot."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in paths if path.name[0] != ".")


def lines_of(path: pathlib.Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def enriched(inventory, *options, stdin=RECORDS) -> bytes:
    return program.enrich(*options, inventory=inventory, stdin=stdin).output


def files_written(outcome: program.Outcome) -> int:
    return int(re.search(r"(\d+) files? written", outcome.errors)[1])


def plain(account: str, region: str, day: str, minute: str) -> str:
    return (
        f"AWSLogs/{account}/vpcflowlogs/{region}/{day[:4]}/{day[4:6]}/{day[6:]}/"
        f"{account}_vpcflowlogs_{region}_{FLOW_LOG}_{day}T{minute}Z_0a1b2c3d.log.gz"
    )


def hive(account: str, region: str, day: str, minute: str) -> str:
    return (
        f"AWSLogs/aws-account-id={account}/aws-service=vpcflowlogs/aws-region={region}/"
        f"year={day[:4]}/month={day[4:6]}/day={day[6:]}/hour={minute[:2]}/"
        f"{account}_vpcflowlogs_{region}_{FLOW_LOG}_{day}T{minute}Z_0a1b2c3d.log.gz"
    )


def failed(data: bytes, spelled: str = "lambdaARN") -> str:
    return json.dumps(
        {
            "attemptsMade": 4,
            "arrivalTimestamp": 1767225600123,
            "errorCode": "Lambda.FunctionError",
            "errorMessage": "The Lambda function was successfully invoked but it returned an error.",
            "attemptEndingTimestamp": 1767225660456,
            "rawData": base64.b64encode(data).decode(),
            spelled: "arn:aws:lambda:eu-west-1:111122223333:function:sgflow:$LATEST",
        }
    )
