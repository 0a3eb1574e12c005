"""The function, and the Runtime API that it asks."""

import contextlib
import json

import pytest
from firehose_world import INVENTORY
from function_process import BINARY, Function
from runtime_api_server import RuntimeApi


@pytest.fixture(scope="session", autouse=True)
def sgflow_is_built():
    if not BINARY.exists():
        pytest.fail(f"{BINARY} is not there: run `make`, or set SGFLOW_BINARY")


@pytest.fixture(scope="session")
def inventory(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("inventory") / "inventory.json"
    path.write_text(json.dumps(INVENTORY))
    return str(path)


@pytest.fixture
def api():
    with RuntimeApi() as server:
        yield server


@pytest.fixture
def start(inventory):
    """start(api, NAME=value...) runs the function; without `command`, as `sgflow lambda`."""
    with contextlib.ExitStack() as stack:

        def run(api, command=(BINARY, "lambda"), address=None, **variables):
            variables = {"SGFLOW_INVENTORY": inventory, **variables}
            given = {name: value for name, value in variables.items() if value is not None}
            function = Function(address or api.address, [str(word) for word in command], **given)
            stack.callback(function.end)
            if api is not None:
                api.process = function.process
            return function

        yield run
