"""What benches of a function share: a Firehose event of given lines, and the function in a process
of its own that is handed one: `sgflow lambda`, or another."""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "tests/lambda")]

from runtime_api_server import RuntimeApi  # noqa: E402


def firehose_event(lines: list[str], region: str = "eu-west-1") -> bytes:
    def data(line: str) -> str:
        # Without blanks, as VPC flow logs write it.
        message = json.dumps({"message": line}, separators=(",", ":"))
        return base64.b64encode(message.encode()).decode()

    records = [
        {"recordId": f"{i:056}", "approximateArrivalTimestamp": 1620000100000, "data": data(line)}
        for i, line in enumerate(lines)
    ]
    return json.dumps(
        {
            "invocationId": "0d3b1f0a-6c2b-4c2a-9f3e-1d2c3b4a5f60",
            "deliveryStreamArn": f"arn:aws:firehose:{region}:111122223333:deliverystream/flow-logs",
            "region": region,
            "records": records,
        }
    ).encode()


class Function:
    """In a process, from the `with` statement on until its end."""

    def __init__(self, command: list, **environment: str):
        self.command, self.environment = command, environment

    def __enter__(self):
        self.api = RuntimeApi().__enter__()
        self._log = tempfile.TemporaryFile()
        environment = {"AWS_LAMBDA_RUNTIME_API": self.api.address, **self.environment}
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            self.command, env=environment, stdout=self._log, stderr=self._log
        )
        self.api.process = self._process
        return self

    def __exit__(self, *problem):
        self._process.terminate()
        self._process.wait()
        self._log.close()
        self.api.__exit__(*problem)

    def handle(self, event: bytes) -> bytes:
        return self.api.invoke(event).body

    def cpu(self) -> float:
        """Seconds since its start: Linux's clock of all its threads."""
        return time.clock_gettime((~self._process.pid << 3) | 2)

    def log(self) -> list[dict]:
        self._log.seek(0)
        lines = self._log.read().splitlines()
        return [json.loads(line) for line in lines if line.startswith(b"{")]


class Sgflow(Function):
    def __init__(self, **environment: str):
        super().__init__([BINARY, "lambda"], **environment)
