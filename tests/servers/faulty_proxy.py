"""A web proxy of one server that loses requests and answers as it is told."""

import contextlib
import http.client
import http.server
import socket
import struct
import threading
import urllib.parse
from collections.abc import Callable
from enum import Enum, auto


class Loss(Enum):
    NOTHING = auto()
    REQUEST = auto()  # the connection is reset before the server is asked
    ANSWER = auto()  # the server has done what it was asked for, and nobody is told
    HALF = auto()  # the answer is cut off in its middle


class FaultyProxy:
    """`choose` is asked for each request's method and path, by one thread at a time."""

    def __init__(self, upstream: str, choose: Callable[[str, str], Loss]):
        self.choose = choose
        self.upstream = urllib.parse.urlsplit(upstream).netloc
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextlib.contextmanager
    def running(self):
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: FaultyProxy
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        path = self.requestline.split(" ")[1]
        with self.owner.lock:
            loss = self.owner.choose(self.command, path)
        if loss is Loss.REQUEST:
            return self.reset()
        # The signature is over the headers as they came, Host among them.
        upstream = http.client.HTTPConnection(self.owner.upstream)
        upstream.putrequest(self.command, path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        if loss is Loss.ANSWER:
            return self.reset()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        length = answer.getheader("content-length") or str(len(content))
        if answer.status not in (204, 304):
            self.send_header("content-length", length)
        self.end_headers()
        if loss is Loss.HALF:
            self.wfile.write(content[: len(content) // 2])
            return self.reset()
        self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = pass_on

    def reset(self):
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_):
        pass

    def finish(self):
        with contextlib.suppress(OSError, ValueError):
            super().finish()
