"""The static program needs nothing of the system but trusted certificates: it looks a name up and
speaks TLS from a folder that holds only these."""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys

import pytest
from calling import AWS_CALL, KEYS

HERE = pathlib.Path(__file__).resolve().parent


NEW_CERTIFICATE = shlex.split(
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """ca.pem, and one of its own for EC2: server.pem and server.key."""
    folder = tmp_path_factory.mktemp("certificates")
    for command in (
        [*NEW_CERTIFICATE, "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem"],
        [
            *NEW_CERTIFICATE,
            "-subj",
            "/CN=EC2",
            "-addext",
            "subjectAltName=DNS:ec2.eu-west-1.amazonaws.com",
        ]
        + ["-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", "server.key", "-out", "server.pem"],
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def call_from(root: pathlib.Path, certificates: pathlib.Path) -> subprocess.CompletedProcess:
    if os.geteuid() != 0 or subprocess.run(["unshare", "--net", "true"]).returncode != 0:
        pytest.skip("takes root, and a network of its own")
    shutil.copy(AWS_CALL, root / "aws_call")
    world = [sys.executable, HERE / "chroot_world.py", certificates, root]
    return subprocess.run(
        ["unshare", "--net", *world, "/aws_call", "ec2", "eu-west-1", "POST", "/"],
        env=KEYS,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_a_bundle_is_all_that_it_takes(tmp_path, certificates):
    (tmp_path / "etc/ssl/certs").mkdir(parents=True)
    shutil.copy(certificates / "ca.pem", tmp_path / "etc/ssl/certs/ca-certificates.crt")
    ran = call_from(tmp_path, certificates)
    assert (ran.returncode, ran.stdout) == (0, "<ok/>"), ran.stderr


def test_without_one_it_says_so(tmp_path, certificates):
    ran = call_from(tmp_path, certificates)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == (
        "this system has no trusted certificates, so no server can be trusted; install them"
        " (ca-certificates), or name a file of them in SSL_CERT_FILE"
    )


def test_a_server_that_is_not_trusted_is_not_spoken_to(tmp_path, certificates):
    (tmp_path / "etc/ssl/certs").mkdir(parents=True)
    bundle = tmp_path / "etc/ssl/certs/ca-certificates.crt"
    subprocess.run(
        [*NEW_CERTIFICATE, "-subj", "/CN=Another CA", "-keyout", "/dev/null", "-out", bundle],
        check=True,
        capture_output=True,
    )
    ran = call_from(tmp_path, certificates)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == (
        "ec2:Test in eu-west-1: ec2.eu-west-1.amazonaws.com has a certificate that is not trusted"
        " here, or does not agree on TLS; if its certificate is your company's own, name the file that"
        " has it in AWS_CA_BUNDLE"
    )
