"""An S3 server that verifies signatures: versitygw."""

import contextlib
import os
import pathlib
import socket
import subprocess
import tempfile
from dataclasses import dataclass

import boto3

from .go_program import go_program

ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def program() -> pathlib.Path:
    return go_program("github.com/versity/versitygw/cmd/versitygw", "v1.8.0")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@dataclass
class Versitygw:
    """Has one bucket, `snapshots`."""

    url: str
    buckets: pathlib.Path  # folders, whose files are objects

    def environment(self, secret_key: str = SECRET_KEY) -> dict[str, str]:
        """What leads AWS's tools here."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": secret_key,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": self.url,
        }

    def client(self):
        """boto3's, for what tests put there and look at."""
        return boto3.client(
            "s3", endpoint_url=self.url, region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY,
        )  # fmt: skip


@contextlib.contextmanager
def running():
    binary = program()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "buckets/snapshots").mkdir(parents=True)
        port = free_port()
        with open(folder / "log", "w") as log:
            process = subprocess.Popen(
                [binary, "--quiet", "--port", f"127.0.0.1:{port}", "posix", folder / "buckets"],
                env={**os.environ, "ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY},
                stdout=log,
                stderr=log,
            )
        try:
            wait_for(port, process)
            yield Versitygw(f"http://127.0.0.1:{port}", folder / "buckets")
        finally:
            # Asked to end it waits for connections to close, and what it holds is of no use any more.
            process.kill()
            process.wait()


def wait_for(port: int, process: subprocess.Popen) -> None:
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"versitygw ended with {process.returncode}")
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
