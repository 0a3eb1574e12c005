"""Servers that several tests ask."""

import pytest
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
