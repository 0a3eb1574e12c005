#!/usr/bin/env python3
"""How many requests and how long `sgflow batch` takes to find one day's files among those of 50
accounts, 5 Regions and 30 days in S3 (versitygw), at once and with 30 ms on the way to the server,
as to S3 itself.

    build/venv/bin/python bench/narrow_listing.py [PROGRAM...]
"""

import asyncio
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY / "tests"))

from servers import versitygw  # noqa: E402

ACCOUNTS, REGIONS, DAYS = 50, 5, 30
INVENTORY = REPOSITORY / "examples/inventory.json"


class SlowWay:
    """To the server and back; each stretch of bytes to it waits, as many at a time as there are."""

    def __init__(self, url: str, seconds: float):
        self.port = int(url.rsplit(":", 1)[1])
        self.seconds = seconds
        self.requests = 0
        self.loop = asyncio.new_event_loop()

    def __enter__(self):
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self.accept, "127.0.0.1", 0)
        )
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def accept(self, reader, writer):
        to, back = await asyncio.open_connection("127.0.0.1", self.port)
        answers = asyncio.create_task(self.carry(to, writer))
        while data := await reader.read(65536):
            self.requests += data.count(b" HTTP/1.1\r\n")
            await asyncio.sleep(self.seconds)
            back.write(data)
        back.close()
        await answers

    async def carry(self, reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()


def fill(folder: pathlib.Path) -> None:
    for account in range(ACCOUNTS):
        id = f"{111122223300 + account}"
        for region in range(REGIONS):
            for day in range(1, DAYS + 1):
                path = folder / f"AWSLogs/{id}/vpcflowlogs/eu-west-{region}/2026/01/{day:02}"
                path.mkdir(parents=True)
                name = f"{id}_vpcflowlogs_eu-west-{region}_fl-0a_202601{day:02}T0000Z_0a.log"
                (path / name).write_bytes(b"")


def measure(program: str, server, url: str, out: str) -> float:
    began = time.monotonic()
    done = subprocess.run(
        [program, "batch", "s3://logs/AWSLogs/", "--from", "2026-01-15", "--to", "2026-01-16",
         "--flow-log-id", "fl-0", "--inventory", INVENTORY, "--output", out],
        env={**os.environ, **server.environment(), "AWS_ENDPOINT_URL_S3": url},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    taken = time.monotonic() - began
    # The day itself and those beside it.
    assert f"{3 * ACCOUNTS * REGIONS} not selected" in done.stderr, done.stderr
    return taken


def main() -> None:
    programs = sys.argv[1:] or [str(REPOSITORY / "build/release/sgflow")]
    with versitygw.running() as server, tempfile.TemporaryDirectory() as out:
        fill(server.buckets / "logs")
        for program in programs:
            direct = min(measure(program, server, server.url, out) for _ in range(3))
            with SlowWay(server.url, 0.03) as way:
                slow = measure(program, server, way.url, out)
            print(f"{program}: {way.requests} requests, {direct:.2f} s; with 30 ms {slow:.2f} s")


if __name__ == "__main__":
    main()
