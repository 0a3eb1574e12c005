"""Help, version, and mistakes in what was typed."""

import re
import subprocess

import program
import pytest
import small_world
from small_world import DEFAULT_RECORDS, text


@pytest.fixture
def inventory(tmp_path):
    return small_world.write_inventory(tmp_path)


def test_version():
    outcome = program.run("--version")
    program.expect_success(outcome)
    assert re.fullmatch(rb"sgflow \d+\.\d+\.\d+\S*\n", outcome.output), f"\n{outcome}"


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_the_commands(flag):
    outcome = program.run(flag)
    program.expect_success(outcome)
    told = outcome.output.decode()
    assert re.search(r"^\s*enrich\b", told, re.M) and re.search(r"^\s*lambda\b", told, re.M), told
    assert "xample" in told and "sgflow enrich" in told, told


@pytest.mark.parametrize("command", ["enrich", "lambda"])
def test_help_of_each_command_has_examples(command):
    outcome = program.run(command, "--help")
    program.expect_success(outcome)
    told = outcome.output.decode()
    assert "xample" in told, told
    assert re.search(rf"^.*sgflow {command}\b.*$|AWS_LAMBDA_RUNTIME_API|bootstrap", told, re.M), (
        told
    )


def test_help_of_enrich_names_every_option_and_choice():
    told = program.run("enrich", "--help").output.decode()
    for word in (
        "--inventory", "--format", "classic", "json", "--record-format", "--output", "--stats",
        "v2", "v11", "${",
    ):  # fmt: skip
        assert word in told, f"{word} is missing in\n{told}"


def test_help_of_lambda_names_its_variables():
    told = program.run("lambda", "--help").output.decode()
    for word in ("docs/configuration.md", "SGFLOW_INVENTORY", "SGFLOW_FORMAT", "classic"):
        assert word in told, f"{word} is missing in\n{told}"


def test_help_fits_a_terminal():
    for arguments in (["--help"], ["enrich", "--help"], ["batch", "--help"], ["lambda", "--help"]):
        for line in program.run(*arguments).output.decode().splitlines():
            assert len(line) <= 100, line


def test_no_command_is_a_usage_error():
    outcome = program.run()
    assert outcome.exit_code == 2, f"\n{outcome}"
    assert "enrich" in outcome.errors + outcome.output.decode(), f"\n{outcome}"


# Mistakes


def expect_usage_error(outcome: program.Outcome, *words: str) -> None:
    assert outcome.exit_code == 2 and outcome.output == b"", f"\n{outcome}"
    for word in words:
        assert word in outcome.errors, f"{word} is missing\n{outcome}"
    assert len(outcome.errors.splitlines()) <= 6, f"a message, not the whole help\n{outcome}"


@pytest.mark.parametrize(
    ("typed", "meant"), [("enrch", "enrich"), ("lamda", "lambda"), ("Enrich", "enrich")]
)
def test_misspelt_command(typed, meant):
    expect_usage_error(program.run(typed), typed, meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("--inventry", "--inventory"),
        ("--outptu", "--output"),
        ("--recordformat", "--record-format"),
        ("--stat", "--stats"),
        ("--fromat=json", "--format"),
    ],
)
def test_misspelt_option(typed, meant, inventory):
    outcome = program.enrich(typed, "word", inventory=inventory)
    expect_usage_error(outcome, typed.split("=")[0], meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("jsno", "json"), ("clasic", "classic"), ("JSON", "json"), ("Classic", "classic")],
)
def test_misspelt_format(typed, meant, inventory):
    outcome = program.enrich("--format", typed, inventory=inventory, stdin=b"")
    if typed != typed.lower() and outcome.exit_code == 0:
        return
    expect_usage_error(outcome, typed, meant)


def test_unheard_format_tells_the_choices(inventory):
    outcome = program.enrich("--format", "yaml", inventory=inventory)
    expect_usage_error(outcome, "yaml", "json", "classic")


@pytest.mark.parametrize(("typed", "meant"), [("v12", "v11"), ("clasic", "classic")])
def test_misspelt_preset(typed, meant, inventory):
    outcome = program.enrich("--record-format", typed, inventory=inventory)
    expect_usage_error(outcome, typed, meant)


@pytest.mark.parametrize(
    ("typed", "wrong", "meant"),
    [
        ("${version} ${srcadr}", "srcadr", "srcaddr"),
        ("version dstprot", "dstprot", "dstport"),
    ],
)
def test_misspelt_field_is_told(typed, wrong, meant, inventory):
    """A new field of AWS is carried as text; one that looks like an old one is told all the same."""
    outcome = program.enrich("--record-format", typed, inventory=inventory)
    assert outcome.exit_code in (0, 2), f"\n{outcome}"
    assert wrong in outcome.errors and meant in outcome.errors, f"\n{outcome}"


@pytest.mark.parametrize(
    "typed", ["", "   ", "${", "${version", "${version} ${}", "srcaddr srcaddr"]
)
def test_broken_record_format(typed, inventory):
    outcome = program.enrich(
        "--record-format", typed, inventory=inventory, stdin=text(DEFAULT_RECORDS)
    )
    expect_usage_error(outcome, "--record-format")


def test_inventory_is_needed():
    outcome = program.run("enrich")
    expect_usage_error(outcome)
    assert outcome.errors == ("sgflow: --inventory is required (sgflow enrich --help tells more)\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output"], "--output lacks its value"),
        (["--drop", "a", "--drop", "b"], "--drop is given more than once"),
        (["-x"], "'-x' is not expected here"),
        (["--stats=perhaps"], "--stats = perhaps: that is no value of it"),
        (["--format", "jsom"], "--format: there is no 'jsom'; did you mean json?"),
        (["--format", "xml"], "--format: there is no 'xml'; one of: classic, json"),
    ],
)
def test_mistakes_are_told_in_one_form(arguments, said, inventory):
    outcome = program.enrich(*arguments, inventory=inventory)
    expect_usage_error(outcome)
    assert outcome.errors == f"sgflow: {said} (sgflow enrich --help tells more)\n"


@pytest.mark.parametrize("option", ["--format", "--output", "--record-format"])
def test_option_given_twice(option, inventory, tmp_path):
    """One of the two is not dropped in silence."""
    values = {"--format": ["json", "classic"], "--record-format": ["v2", "v5"]}
    first, second = values.get(option, [tmp_path / "a", tmp_path / "b"])
    outcome = program.enrich(option, first, option, second, inventory=inventory)
    expect_usage_error(outcome, option)


def test_options_may_stand_anywhere(inventory, tmp_path):
    path = tmp_path / "flow.log"
    path.write_bytes(text(DEFAULT_RECORDS))
    one = program.run("enrich", path, "--inventory", inventory, "--format", "classic")
    other = program.run("enrich", f"--inventory={inventory}", "--format=classic", "--", path)
    program.expect_success(one)
    program.expect_bytes(other, one.output)
    assert one.output != b""


def test_file_whose_name_begins_with_a_dash(inventory, tmp_path):
    (tmp_path / "-flow.log").write_bytes(text(DEFAULT_RECORDS))
    outcome = program.enrich("--", "-flow.log", inventory=inventory, cwd=tmp_path)
    program.expect_success(outcome)
    assert len(outcome.output.splitlines()) == len(DEFAULT_RECORDS)


def test_a_selection_that_writes_nothing_is_refused(inventory):
    def select(*options):
        return program.enrich(*options, inventory=inventory, stdin=text(DEFAULT_RECORDS))

    expect_usage_error(
        select("--format", "classic", "--fields", "sg_verdict"), "json format", "this is classic"
    )
    expect_usage_error(select("--fields", "security-groups"), "classic format", "this is json")
    expect_usage_error(select("--fields", "srcaddr", "--drop", "srcaddr"), "nothing to write")
    expect_usage_error(
        select("--fields", "srcadr", "--drop", "sg_verdit"),
        "--fields: 'srcadr'", "near it: srcaddr", "--drop: 'sg_verdit'", "near it: sg_verdict",
    )  # fmt: skip
    # The log's format may have it or not.
    assert select("--fields", "ecs-task-id").exit_code == 0


@pytest.mark.parametrize(
    "command",
    [["manual"], ["completion", "zsh"], ["size", "-i", "examples/inventory.json"],
     ["size", "--json", "-i", "examples/inventory.json"]],
)  # fmt: skip
def test_what_is_printed_in_vain_is_no_success(command):
    with open("/dev/full", "wb") as full:
        told = subprocess.run(
            [program.BINARY, *command], stdout=full, stderr=subprocess.PIPE,
            cwd=program.REPOSITORY,
        )  # fmt: skip
    assert told.returncode == 3
    assert told.stderr == b"sgflow: standard output could not be written\n"
