"""A small Internet, for a network of its own (unshare --net): a name server that knows every name as
127.0.0.1, and EC2 behind HTTPS there. Runs a program in a folder as its root.

chroot_world.py CERTIFICATES ROOT PROGRAM [ARGUMENT...]
"""

import fcntl
import http.server
import os
import pathlib
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import threading

LOOPBACK = "127.0.0.1"


def loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        set_flags, up_and_running = 0x8914, 0x41
        fcntl.ioctl(control, set_flags, struct.pack("16sh14x", b"lo", up_and_running))


class Names(socketserver.BaseRequestHandler):
    def handle(self):
        question, reply_to = self.request
        name_end = question.index(b"\0", 12) + 1
        kind = struct.unpack("!H", question[name_end : name_end + 2])[0]
        is_ipv4 = kind == 1
        header = question[:2] + struct.pack("!HHHHH", 0x8180, 1, int(is_ipv4), 0, 0)
        address = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(LOOPBACK)
        answer = header + question[12 : name_end + 4] + (address if is_ipv4 else b"")
        reply_to.sendto(answer, self.client_address)


class Ec2(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        signed = self.headers["authorization"].startswith(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"
        )
        self.send_response(200 if signed else 403)
        self.send_header("content-length", "5")
        self.end_headers()
        self.wfile.write(b"<ok/>")

    def log_message(self, *_):
        pass


def main() -> int:
    certificates, root = pathlib.Path(sys.argv[1]), sys.argv[2]
    loopback_up()
    names = socketserver.UDPServer((LOOPBACK, 53), Names)
    ec2 = http.server.ThreadingHTTPServer((LOOPBACK, 443), Ec2)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    ec2.socket = context.wrap_socket(ec2.socket, server_side=True)
    for server in (names, ec2):
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def enter():
        os.chroot(root)
        os.chdir("/")

    return subprocess.run(sys.argv[3:], preexec_fn=enter).returncode


if __name__ == "__main__":
    sys.exit(main())
