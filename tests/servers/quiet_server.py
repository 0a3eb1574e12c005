"""What the stubs of services have in common: HTTP on loopback, in threads, without a word."""

import contextlib
import http.server
import socket
import struct
import threading


class QuietServer(http.server.ThreadingHTTPServer):
    """Serves from `start` until `stop`. `stub` is its handlers' to ask."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler, stub, port: int = 0):
        super().__init__(("127.0.0.1", port), handler)
        self.stub = stub
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request, client_address):
        pass  # a client that goes away is no error of ours


class QuietHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: QuietServer

    def log_message(self, *_):
        pass

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def reply(self, status: int, body: bytes, type: str, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        # Lingering for no time makes the close a reset.
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()

    def finish(self):
        with contextlib.suppress(OSError, ValueError):
            super().finish()
