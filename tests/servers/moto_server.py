"""moto, the AWS of tests, as a process of its own on loopback."""

import contextlib
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

GIVE_UP_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def moto_server(log: pathlib.Path):
    """Its URL."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _await(process, url, log)
        yield url
    finally:
        process.terminate()
        process.wait()


def _await(process: subprocess.Popen, url: str, log: pathlib.Path) -> None:
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{url}/moto-api/data.json").read()
            return
        except OSError:
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < give_up, f"moto does not answer at {url}"
            time.sleep(0.05)
