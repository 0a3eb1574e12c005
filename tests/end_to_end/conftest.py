"""Where the program and the real data are found."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import program  # noqa: E402
import small_world  # noqa: E402
from s3_world import Bucket  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes seconds rather than milliseconds")


@pytest.fixture(scope="session", autouse=True)
def sgflow_is_built():
    if not program.BINARY.exists():
        pytest.fail(f"{program.BINARY} is not there: run `make`, or set SGFLOW_BINARY")


@pytest.fixture(scope="session")
def real_data() -> pathlib.Path:
    if not os.environ.get("SGFLOW_REAL_DATA"):
        pytest.skip("skipped: SGFLOW_REAL_DATA is not set")
    return pathlib.Path(os.environ["SGFLOW_REAL_DATA"]).resolve()


@pytest.fixture
def bucket(s3_server) -> Bucket:
    return Bucket(s3_server.client(), s3_server.environment())


@pytest.fixture
def inventory(tmp_path):
    (tmp_path / "configuration").mkdir()
    return small_world.write_inventory(tmp_path / "configuration")


@pytest.fixture
def logs(tmp_path):
    return tmp_path / "logs"


@pytest.fixture
def destination(tmp_path):
    return tmp_path / "enriched"
