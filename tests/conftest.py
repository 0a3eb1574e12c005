"""Servers that several tests ask."""

import pytest
from servers import versitygw
from servers.ec2_stub import Ec2Stub
from servers.moto_server import moto_server as run_moto


@pytest.fixture
def ec2_stub():
    """EC2 with one small account; `accounts` may be changed before the first call."""
    with Ec2Stub() as stub:
        yield stub


@pytest.fixture(scope="session")
def moto_server(tmp_path_factory):
    """moto's URL; what is made there is left to all tests of the session."""
    with run_moto(tmp_path_factory.mktemp("moto") / "log") as url:
        yield url


@pytest.fixture(scope="session")
def s3_server():
    """An S3 that verifies signatures. What is put there stays: each test has buckets of its own."""
    with versitygw.running() as running:
        yield running
