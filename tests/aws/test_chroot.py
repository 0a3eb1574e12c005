"""The static program needs nothing of the system but trusted certificates: it looks a name up and
speaks TLS from a folder that holds only these."""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

import pytest
from calling import AWS_CALL, BINARY, KEYS

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
    return run_from(root, certificates, AWS_CALL, "ec2", "eu-west-1", "POST", "/")


def run_from(root, certificates, program, *arguments, stdin="") -> subprocess.CompletedProcess:
    if os.geteuid() != 0 or subprocess.run(["unshare", "--net", "true"]).returncode != 0:
        pytest.skip("takes root, and a network of its own")
    shutil.copy(program, root / "program")
    world = [sys.executable, HERE / "chroot_world.py", certificates, root]
    return subprocess.run(
        ["unshare", "--net", *world, "/program", *arguments],
        env={**KEYS, "AWS_REGION": "eu-west-1"},
        capture_output=True,
        text=True,
        input=stdin,
    )


def test_a_bundle_is_all_that_it_takes(tmp_path, certificates):
    (tmp_path / "etc/ssl/certs").mkdir(parents=True)
    shutil.copy(certificates / "ca.pem", tmp_path / "etc/ssl/certs/ca-certificates.crt")
    ran = call_from(tmp_path, certificates)
    assert (ran.returncode, ran.stdout) == (0, "<ok/>"), ran.stderr


def test_the_release_file_asks_ec2_from_there_and_is_small(tmp_path, certificates):
    (tmp_path / "etc/ssl/certs").mkdir(parents=True)
    shutil.copy(certificates / "ca.pem", tmp_path / "etc/ssl/certs/ca-certificates.crt")
    record = (
        "2 111122223333 eni-0a 203.0.113.9 10.0.0.10 50000 443 6 10 840 1620000000 1620000060"
        " ACCEPT OK\n"
    )
    ran = run_from(tmp_path, certificates, BINARY, "enrich", "--inventory", "live",
                   "--fields", "sg_reason", stdin=record)  # fmt: skip
    # So the call was signed, and its answer came through TLS: "<ok/>", as to all there.
    assert json.loads(ran.stdout) == {
        "sg_reason": "AWS could not be asked for the interface: its answer to"
        " DescribeNetworkInterfaces cannot be read."
    }, ran.stderr
    assert BINARY.stat().st_size <= 12_000_000


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
