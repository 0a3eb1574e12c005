"""The Lambda Runtime API on loopback, for tests and benchmarks: what AWS documents, and its faults.

A script of steps says what happens at each `GET next`; where it is at its end, `next` waits, as
Lambda does, for more. Answers are taken as Lambda takes them: once, for the invocation that is
running, and up to 6,291,556 bytes.
"""

import contextlib
import http.server
import json
import queue
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field

MOST_RESPONSE_BYTES = 6_291_556
ROOT = "/2018-06-01/runtime"
FUNCTION_ARN = "arn:aws:lambda:us-east-1:111122223333:function:enrich"

# Against hanging for ever; nothing is measured by it.
GIVE_UP_SECONDS = 120


@dataclass
class Invoke:
    """Hands out an event."""

    event: bytes
    request_id: str
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None  # bytes of the event, then the connection is cut
    pieces: int = 1  # the event comes in so many


@dataclass
class Status:
    """Answers `next` with a status and no invocation."""

    code: int


class Cut:
    """Closes the connection without a word."""


@dataclass
class Request:
    method: str
    path: str  # below ROOT
    headers: dict[str, str]  # names in small letters
    body: bytes
    connection: tuple[str, int]  # the client's address and port
    status: int = 0  # what it was answered; 0: nothing

    def json(self):
        return json.loads(self.body)


class RuntimeApi:
    """Serves from the `with` statement on until its end."""

    def __init__(self, max_response_bytes: int = MOST_RESPONSE_BYTES):
        self.max_response_bytes = max_response_bytes
        self.requests: list[Request] = []  # all that came, in order
        self.process: subprocess.Popen | None = None  # the function, where it is known
        self._script: queue.SimpleQueue = queue.SimpleQueue()
        self._answers: queue.SimpleQueue = queue.SimpleQueue()
        self._faults: dict[str, list] = {}
        self._running: str | None = None
        self._answered: set[str] = set()
        self._count = 0
        self._asked = threading.Event()

    def __enter__(self):
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._script.put(None)  # ends the wait of a `next` that nobody will answer

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def plan(self, *steps) -> None:
        """What happens at the next `GET next`s."""
        for step in steps:
            self._script.put(step)

    def fail(self, route: str, *faults) -> None:
        """What a POST to a route, as "response", meets: a status, Cut or "silence"; then all is
        well again."""
        self._faults.setdefault(route, []).extend(faults)

    def invocation(self, event, **options) -> Invoke:
        self._count += 1
        if not isinstance(event, bytes):
            event = json.dumps(event).encode()
        return Invoke(event, request_id=f"00000000-0000-4000-8000-{self._count:012}", **options)

    def invoke(self, event, **options) -> Request:
        """Hands an event out and waits for what the function says to it."""
        self.plan(self.invocation(event, **options))
        return self.wait_for_answer()

    def wait_for_answer(self) -> Request:
        """The next POST on any route. Does not wait for a process that has gone."""
        give_up = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < give_up:
            gone = self.process is not None and self.process.poll() is not None
            with contextlib.suppress(queue.Empty):
                return self._answers.get(timeout=0 if gone else 0.1)
            assert not gone, f"the function went away with exit code {self.process.returncode}"
        raise AssertionError(f"no answer in {GIVE_UP_SECONDS} seconds")

    def wait_for_next(self) -> None:
        """Until the function has asked for its first invocation."""
        assert self._asked.wait(GIVE_UP_SECONDS), "the function never asked for an invocation"

    def count(self, path: str) -> int:
        return sum(request.path == path for request in self.requests)

    def handle_next(self, handler: "_Handler", request: Request) -> None:
        self._asked.set()
        step = self._script.get()
        if isinstance(step, Status):
            request.status = step.code
            handler.answer(step.code, _error_body("InternalServerError"))
        elif isinstance(step, Invoke):
            request.status = 200
            self._running = step.request_id
            handler.hand_out(step)
        else:
            handler.cut()

    def handle_answer(self, handler: "_Handler", request: Request, request_id: str) -> None:
        route = request.path.rsplit("/", 1)[1]
        fault = self._faults[route].pop(0) if self._faults.get(route) else None
        # What comes on another connection once this one has ended comes after it here too.
        if fault is Cut:
            self._answers.put(request)
            handler.cut()
        elif fault == "silence":
            request.connection = handler.client_address
            self._answers.put(request)
            handler.wait_for_client()
        else:
            request.status = fault or self._status(request, request_id, route)
            body = b'{"status":"OK"}' if request.status == 202 else _error_body("Refused")
            handler.answer(request.status, body)
            self._answers.put(request)

    def _status(self, request: Request, request_id: str, route: str) -> int:
        if request.path == "/init/error":
            return 202
        if request_id != self._running:
            return 400
        if request_id in self._answered:
            return 403
        if route == "response" and len(request.body) > self.max_response_bytes:
            return 413
        self._answered.add(request_id)
        return 202


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    api: RuntimeApi

    def handle_error(self, request, client_address):
        """A client that goes away is part of the play."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self):
        request = self._read()
        if request.path == "/invocation/next":
            self.server.api.handle_next(self, request)
        else:
            self.answer(404, b"")

    def do_POST(self):
        request = self._read()
        words = request.path.split("/")
        if request.path == "/init/error":
            self.server.api.handle_answer(self, request, "")
        elif len(words) == 4 and words[1] == "invocation" and words[3] in ("response", "error"):
            self.server.api.handle_answer(self, request, words[2])
        else:
            self.answer(404, b"")

    def _read(self) -> Request:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = self.path.removeprefix(ROOT) if self.path.startswith(ROOT) else "?" + self.path
        request = Request(self.command, path, headers, body, self.client_address)
        self.server.api.requests.append(request)
        return request

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hand_out(self, step: Invoke) -> None:
        self.send_response(200)
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(step.event)),
            "Lambda-Runtime-Aws-Request-Id": step.request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 60_000),
            "Lambda-Runtime-Invoked-Function-Arn": FUNCTION_ARN,
            **step.headers,
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        event = step.event if step.cut_after is None else step.event[: step.cut_after]
        size = max(1, -(-len(event) // step.pieces))
        for start in range(0, len(event), size):
            self.wfile.write(event[start : start + size])
        if step.cut_after is not None:
            self.cut()

    def cut(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        # What was sent arrives; then the connection ends.
        self.connection.shutdown(socket.SHUT_RDWR)

    def wait_for_client(self) -> None:
        """Says nothing until the client has closed the connection."""
        self.close_connection = True
        while self.rfile.read1(4096):
            pass

    def log_message(self, *_):
        pass


def _error_body(kind: str) -> bytes:
    return json.dumps({"errorMessage": kind, "errorType": kind}).encode()
