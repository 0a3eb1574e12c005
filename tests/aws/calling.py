"""Runs aws_call, which sends one call."""

import os
import pathlib
import subprocess
from dataclasses import dataclass

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")
AWS_CALL = (pathlib.Path.cwd() / BINARY).resolve().parent / "tests/aws_call"

GIVE_UP_SECONDS = 60

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
}


@dataclass
class Called:
    body: bytes
    status: int  # 0 for a fault
    code: str
    requests: int
    message: str  # of a fault


def call(
    environment: dict[str, str],
    service: str = "ec2",
    method: str = "POST",
    path: str = "/",
    *headers: str,
    body: bytes = b"",
    region: str = "eu-west-1",
) -> Called:
    """The environment is `environment` and nothing else."""
    ran = subprocess.run(
        [AWS_CALL, service, region, method, path, *headers],
        env=environment,
        input=body,
        capture_output=True,
        timeout=GIVE_UP_SECONDS,
    )
    assert ran.returncode in (0, 1), ran
    told = ran.stderr.decode().splitlines()
    values = dict(line.partition(" ")[::2] for line in told)
    return Called(
        body=ran.stdout,
        status=int(values.get("status", 0)),
        code=values.get("code", ""),
        requests=int(values["requests"]),
        message="" if ran.returncode == 0 else told[-1],
    )
