"""`sgflow batch`: inputs are selected by AWS's names, and by what can be a name."""

import program
import pytest
from batch_world import ACCOUNT, FLOW_LOG, OTHER_ACCOUNT, batch, hive, outputs, plain, write


@pytest.mark.parametrize("style", [plain, hive])
@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["--from", "2026-01-02"], [1, 2, 3]),
        (["--to", "2026-01-02"], [0]),
        (["--from", "2026-01-02T00:00:00Z", "--to", "2026-01-02T23:55Z"], [1]),
        (["--from", "2026-01-02T00:05", "--to", "2027-01-01"], [2, 3]),
        (["--account", OTHER_ACCOUNT], [3]),
        (["--account", OTHER_ACCOUNT, "--account", ACCOUNT], [0, 1, 2, 3]),
        (["--region", "us-east-1"], [2]),
        (["--flow-log-id", FLOW_LOG, "--region", "eu-west-1"], [0, 1, 3]),
        (["--flow-log-id", "fl-0a"], []),
    ],
)
def test_selection_by_name(inventory, logs, destination, style, options, kept):
    names = [
        style(ACCOUNT, "eu-west-1", "20260101", "2355"),
        style(ACCOUNT, "eu-west-1", "20260102", "0000"),
        style(ACCOUNT, "us-east-1", "20260102", "2355"),
        style(OTHER_ACCOUNT, "eu-west-1", "20260103", "1200"),
    ]
    for name in names:
        write(logs / name)
    write(logs / "unknown.log.gz")
    outcome = batch(logs, "--output", destination, *options, inventory=inventory)
    assert outcome.exit_code == 0, f"\n{outcome}"
    wanted = sorted(names[i].replace(".log.gz", ".jsonl.gz") for i in kept)
    assert outputs(destination) == wanted
    assert (
        "sgflow: 1 file left out: the name does not tell what was selected by\n" in outcome.errors
    )


@pytest.mark.parametrize("value", ["2026", "2026-13-01", "yesterday", "2026-01-01T25:00"])
def test_time_that_is_none(inventory, logs, destination, value):
    outcome = batch(logs, "--output", destination, "--from", value, inventory=inventory)
    assert outcome.exit_code == 2
    assert outcome.errors == (
        f"sgflow: --from: '{value}' is no time; write 2026-01-02 or 2026-01-02T03:04:05Z\n"
    )


@pytest.mark.parametrize(
    ("option", "form"),
    [
        ("--account", "no account, which has 12 digits"),
        ("--region", "no Region, which is written as eu-west-1"),
        ("--flow-log-id", "no flow log, which is written as fl-0123456789abcdef0"),
    ],
)
@pytest.mark.parametrize("value", ["", "12", "0aaa", "EU-WEST-1", "111122223333,444455556666"])
def test_what_no_name_can_have_is_not_selected_by(
    inventory, logs, destination, option, form, value
):
    write(logs / plain(ACCOUNT, "eu-west-1", "20260101", "2355"))
    outcome = batch(logs, "--output", destination, option, value, inventory=inventory)
    assert (outcome.exit_code, outcome.errors) == (
        2,
        f"sgflow: {option}: '{value}' is {form}; for several give the option several times "
        "(sgflow batch --help tells more)\n",
    )


EITHER = ["--fields", "--drop", "--record-format", "--inventory"]


@pytest.mark.parametrize(
    ("command", "option"),
    [("batch", option) for option in ["--from", "--to", *EITHER]]
    + [("enrich", option) for option in EITHER],
)
def test_an_option_is_given_or_left_out(inventory, logs, destination, command, option):
    """A variable of the shell that is not set leaves an empty word."""
    log = write(logs / "a.log")
    for words in ([option, ""], [f"{option}="]):
        outcome = program.run(command, log, "--output", destination, *words,
                              *([] if option == "--inventory" else ["--inventory", inventory]))  # fmt: skip
        assert outcome.exit_code == 2, f"\n{outcome}"
        assert outcome.errors.startswith(f"sgflow: {option}"), f"\n{outcome}"
        assert not destination.exists()


def test_firehose_says_the_second(inventory, logs, destination):
    folder = logs / "2026/01/02/03"
    for time in ("03-44-59", "03-45-00", "03-59-59"):
        write(folder / f"PUT-S3-abc-1-2026-01-02-{time}-0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d")
    outcome = batch(logs, "--output", destination, "--from", "2026-01-02T03:45",
                    "--to", "2026-01-02T03:59:59", inventory=inventory)  # fmt: skip
    assert outcome.errors == "sgflow: 1 file written, 2 not selected\n"
    (name,) = outputs(destination)
    assert "-03-45-00-" in name
