"""A redis-server of a test's own, on loopback, with or without TLS and a password."""

import contextlib
import pathlib
import socket
import subprocess
from dataclasses import dataclass

from servers.versitygw import free_port


@dataclass
class RedisServer:
    port: int
    scheme: str
    certificate: pathlib.Path | None
    process: subprocess.Popen

    def url(self, who: str = "", key: str = "") -> str:
        # By name: that is what the certificate is of.
        return f"{self.scheme}://{who}localhost:{self.port}{key}"

    @property
    def environment(self) -> dict[str, str]:
        return {"AWS_CA_BUNDLE": str(self.certificate)} if self.certificate else {}

    def command(self, *words: str, stdin: pathlib.Path | None = None) -> str:
        tls = ["--tls", "--cacert", self.certificate] if self.certificate else []
        command = ["redis-cli", "-h", "localhost", "-p", str(self.port), *tls, *words]
        with open(stdin or "/dev/null", "rb") as words_from:
            done = subprocess.run(command, check=True, capture_output=True, text=True,
                                  stdin=words_from)  # fmt: skip
        return done.stdout.strip()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def make_certificate(folder: pathlib.Path, name: str = "localhost") -> tuple[str, str]:
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return str(key), str(certificate)


@contextlib.contextmanager
def running(folder: pathlib.Path, tls: bool = False, name: str = "localhost", **settings: str):
    port = free_port()
    words = ["--bind", "127.0.0.1", "--save", "", "--dir", folder]
    certificate = None
    if tls:
        key, certificate = make_certificate(folder, name)
        words += ["--port", "0", "--tls-port", port, "--tls-key-file", key, "--tls-cert-file",
                  certificate, "--tls-ca-cert-file", certificate,
                  "--tls-auth-clients", "no"]  # fmt: skip
    else:
        words += ["--port", port]
    for setting, value in settings.items():
        words += [f"--{setting}", *value.split(" ")]
    with open(folder / "redis.log", "w") as log:
        process = subprocess.Popen(["redis-server", *map(str, words)], stdout=log, stderr=log)
    server = RedisServer(port, "rediss" if tls else "redis",
                         certificate and pathlib.Path(certificate), process)  # fmt: skip
    try:
        _wait_for(server)
        yield server
    finally:
        server.end()


def _wait_for(server: RedisServer) -> None:
    while True:
        if server.process.poll() is not None:
            raise RuntimeError(f"redis-server ended with {server.process.returncode}")
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port)).close()
            return
