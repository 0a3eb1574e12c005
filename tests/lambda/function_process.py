"""The program as a process of a Lambda function."""

import json
import os
import pathlib
import subprocess
import tempfile

from runtime_api_server import GIVE_UP_SECONDS

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")
BINARY = (pathlib.Path.cwd() / BINARY).resolve()


class Function:
    """A process of the function; killed, as Lambda does, when the test is over."""

    def __init__(self, address: str, command, **variables: str):
        self._output = tempfile.TemporaryFile()
        environment = {"AWS_LAMBDA_RUNTIME_API": address, "PATH": "/nowhere", **variables}
        # Loopback is never asked for through a proxy.
        environment |= {"http_proxy": "http://192.0.2.1:9", "HTTP_PROXY": "http://192.0.2.1:9"}
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL,
            stdout=self._output, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._output.close()

    def exit_code(self) -> int:
        return self.process.wait(timeout=GIVE_UP_SECONDS)

    def output(self) -> str:
        self._output.seek(0)
        return self._output.read().decode()

    def log(self) -> list[dict]:
        return [entry for entry in self._lines() if "_aws" not in entry]

    def metrics(self) -> list[dict]:
        """The lines in the embedded metric format."""
        return [entry for entry in self._lines() if "_aws" in entry]

    def _lines(self) -> list[dict]:
        return [json.loads(text) for text in self.output().splitlines()]

    def summary(self, answer) -> dict:
        """The log line of the invocation that was answered."""
        request_id = answer.path.split("/")[2]
        lines = [entry for entry in self.log() if entry.get("requestId") == request_id]
        assert len(lines) == 1, self.output()
        return lines[0]
