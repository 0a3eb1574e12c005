"""AWS's own emulator of the Lambda service."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.request

from .go_program import go_program
from .versitygw import free_port, wait_for

PATH = "/2015-03-31/functions/function/invocations"

# Against hanging for ever; nothing is measured by it.
GIVE_UP_SECONDS = 120


def program() -> pathlib.Path:
    return go_program(
        "github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie",
        "v0.0.0-20261030222936-bef5c4ba774d",
    )


class LambdaEmulator:
    def __init__(self, port: int):
        self.url = f"http://127.0.0.1:{port}{PATH}"

    def invoke(self, event: dict) -> dict:
        request = urllib.request.Request(self.url, json.dumps(event).encode())
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=GIVE_UP_SECONDS) as answer:
            return json.load(answer)


@contextlib.contextmanager
def running(bootstrap: pathlib.Path, **variables: str):
    """Starts the function at the first invocation."""
    port, runtime_port = free_port(), free_port()
    # It listens on every interface unless told.
    command = [program(), "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
               "--runtime-api-address", f"127.0.0.1:{runtime_port}", bootstrap]  # fmt: skip
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*map(str, command)], env={"PATH": os.environ["PATH"], **variables},
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_for(port, process)
            yield LambdaEmulator(port)
        finally:
            process.terminate()
            process.wait()
