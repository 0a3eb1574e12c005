"""What the tests of `sgflow explain` ask, and of which example."""

import program
from program import REPOSITORY

INVENTORY = REPOSITORY / "examples" / "inventory.json"
FLOW_LOG = REPOSITORY / "examples" / "flow.log"

DATABASE = "eni-04aab42c933419f09"
LOAD_BALANCER = "eni-04b548b0788cc14a6"
REFUSED = ("--file", FLOW_LOG, "--line", 8)


def explain(*arguments, inventory=INVENTORY, **options):
    return program.run("explain", "--inventory", inventory, *arguments, **options)


def answer(*arguments, **options) -> dict:
    outcome = explain("--json", *arguments, **options)
    program.expect_success(outcome)
    (record,) = outcome.records()
    return record


def line(number: int) -> str:
    return FLOW_LOG.read_text().splitlines()[number - 1]
