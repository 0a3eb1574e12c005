"""A web server that does what it is told to each request in turn, faults included."""

import contextlib
import http.server
import socket
import struct
import threading
from dataclasses import dataclass, field


@dataclass
class Answer:
    status: int = 200
    body: bytes = b"<ok/>"
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "text/xml"})


@dataclass
class CutOff:
    """Less of a body than the headers say."""

    body: bytes = b"<ok"
    claimed: int = 1000


class Reset:
    """The connection is reset before a byte of an answer."""


class Silence:
    """No answer as long as the server runs."""


@dataclass
class Drip:
    """A byte at a time, never the last one."""

    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


class FaultServer:
    """`steps` are done one after the other; the last one is done for all further requests."""

    def __init__(self, *steps):
        self.steps = list(steps) or [Answer()]
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def take(self, asked: Asked):
        with self._lock:
            self.asked.append(asked)
            return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]

    @contextlib.contextmanager
    def running(self):
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: FaultServer
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        # Not self.path, which loses all but the first of slashes at its front.
        path = self.requestline.split(" ")[1]
        step = self.owner.take(Asked(self.command, path, headers, body))
        match step:
            case Answer():
                self.answer(step.status, step.headers, step.body, len(step.body))
            case CutOff():
                self.answer(200, {}, step.body, step.claimed)
                self.close_connection = True
            case Reset():
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()
            case Silence():
                self.owner.over.wait()
                self.close_connection = True
            case Drip():
                self.answer(200, step.headers, b"<", 1 << 30)
                with contextlib.suppress(OSError):
                    while not self.owner.over.wait(0.01):
                        self.wfile.write(b"a")
                self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_DELETE = do_CONNECT = do_POST

    def answer(self, status, headers, body, length):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("content-length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    def finish(self):
        with contextlib.suppress(OSError, ValueError):
            super().finish()
