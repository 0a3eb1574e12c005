"""The completions and the manual page, as the shells and man take them."""

import re
import shutil
import subprocess

import program
import pytest


def help_of(*command) -> str:
    return program.run(*command, "--help").output.decode()


COMMANDS = re.findall(r"^  ([a-z]+) {2,}", help_of().partition("Subcommands:")[2], re.MULTILINE)


def options_of(command: str) -> set[str]:
    options = help_of(command).partition("Options:")[2].partition("Examples")[0]
    return set(re.findall(r"^ +(?:-\w,)?(--[a-z-]+)", options, re.MULTILINE))


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("completions")
    for shell in ("bash", "zsh", "fish"):
        told = program.run("completion", shell)
        assert (told.exit_code, told.errors) == (0, "")
        (folder / shell).write_bytes(told.output)
    return folder


def bash_offers(scripts, *words: str) -> set[str]:
    """What Tab offers for the last word; bash itself splits words at =."""
    ask = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sgflow; '
    ask += 'printf "%s\\n" "${COMPREPLY[@]}"'
    told = subprocess.run(
        ["bash", "-euc", ask, "bash", scripts / "bash", "sgflow", *words],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return set(told.stdout.split())


def test_bash_offers_every_command_and_option(scripts):
    assert len(COMMANDS) >= 9
    assert bash_offers(scripts, "") == set(COMMANDS)
    for command in COMMANDS:
        assert options_of(command) <= bash_offers(scripts, command, "--"), command
    assert bash_offers(scripts, "enrich", "--inv") == {"--inventory"}


def test_bash_offers_the_values_that_an_option_takes(scripts):
    assert bash_offers(scripts, "enrich", "--format", "") == {"classic", "json"}
    assert bash_offers(scripts, "enrich", "-f", "j") == {"json"}
    assert bash_offers(scripts, "batch", "--compress", "=", "g") == {"gzip"}
    assert bash_offers(scripts, "batch", "--compress", "=") == {"gzip", "none"}
    assert bash_offers(scripts, "enrich", "--inventory", "x") == set(), "file names, by bash"


KEYS = {"account_id", "region", "vpc_id", "day", "hour"}


def test_bash_offers_the_words_that_a_command_takes(scripts):
    assert bash_offers(scripts, "completion", "") == {"bash", "zsh", "fish"}
    assert bash_offers(scripts, "completion", "f") == {"fish"}
    assert bash_offers(scripts, "manual", "") == set()


def test_bash_offers_each_value_of_a_list(scripts):
    keys = ("size", "--partition-keys")
    assert bash_offers(scripts, *keys, "") == KEYS
    assert bash_offers(scripts, *keys, "day,h") == {"day,hour"}
    assert bash_offers(scripts, *keys, "=", "day,") == {f"day,{key}" for key in KEYS}
    refused = program.run("size", "-i", "none", *keys[1:], "none").errors
    assert set(re.findall(r"\w+", refused.rpartition("of: ")[2])) == KEYS, "all that there are"


def fish_offers(scripts, line: str) -> dict[str, str]:
    told = subprocess.run(
        ["fish", "--no-config", "-c", f'source "{scripts}/fish"; complete -C "{line}"'],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert told.stderr == ""
    return dict((text.split("\t") + [""])[:2] for text in told.stdout.splitlines())


needs_fish = pytest.mark.skipif(shutil.which("fish") is None, reason="skipped: no fish here")
needs_zsh = pytest.mark.skipif(shutil.which("zsh") is None, reason="skipped: no zsh here")


@needs_fish
def test_fish_offers_commands_options_and_values(scripts):
    offered = fish_offers(scripts, "sgflow ")
    assert set(COMMANDS) <= set(offered)
    assert offered["enrich"].startswith("Adds the security groups")
    for command in COMMANDS:
        assert options_of(command) <= set(fish_offers(scripts, f"sgflow {command} --")), command
    assert set(fish_offers(scripts, "sgflow enrich --format ")) == {"classic", "json"}
    assert set(fish_offers(scripts, "sgflow completion ")) == {"bash", "zsh", "fish"}
    assert set(fish_offers(scripts, "sgflow size --partition-keys ")) == KEYS
    assert set(fish_offers(scripts, "sgflow size --partition-keys day,h")) == {"day,hour"}


ZSH_DRIVER = """
zmodload zsh/zpty
zpty shell zsh -f
say() { zpty -w shell "$1" }
say 'PROMPT=""; autoload -U compinit; compinit -D; source "$SCRIPT"; cd /'
say 'zstyle ":completion:*" list-grouped false; LISTMAX=10000; stty columns 200'
# Once the prompt is there, keys are taken one by one.
say 'bindkey "^I" list-choices; PROMPT="rea""dy "'
zpty -r shell got '*ready *'
zpty -w -n shell "$1"$'\\t'
zpty -w -n shell $'\\x15echo en''d\\n'
zpty -r shell got '*end*'
print -r -- "$got"
zpty -d shell
"""


@needs_zsh
def test_zsh_offers_commands_and_options(scripts):
    subprocess.run(["zsh", "-fn", scripts / "zsh"], check=True)

    def offers(line: str) -> str:
        return subprocess.run(
            ["zsh", "-fc", ZSH_DRIVER, "zsh", line], check=True, capture_output=True, text=True,
            env={"SCRIPT": str(scripts / "zsh"), "PATH": "/usr/bin:/bin", "TERM": "dumb"},
            timeout=program.GIVE_UP_SECONDS,
        ).stdout  # fmt: skip

    told = offers("sgflow ")
    for command in COMMANDS:
        assert re.search(rf"\b{command}\b", told), (command, told)
    told = offers("sgflow batch --")
    for option in options_of("batch"):
        assert option in told, (option, told)
    told = offers("sgflow enrich --format ")
    assert "classic" in told and "json" in told
    told = offers("sgflow completion ")
    assert "bash" in told and "fish" in told
    told = offers("sgflow size --partition-keys day,")
    assert "account_id" in told and "hour" in told


def test_a_shell_that_there_is_no_completion_for():
    told = program.run("completion", "tcsh")
    assert told.exit_code == 2
    assert "tcsh" in told.errors and "bash" in told.errors


def page() -> str:
    told = program.run("manual")
    assert (told.exit_code, told.errors) == (0, "")
    return told.output.decode()


def test_the_manual_has_what_help_has():
    text = page().replace("\\-", "-")
    for command in COMMANDS:
        assert f".SS {command}\n" in text
        for option in options_of(command):
            assert option in text, (command, option)
    for variable in re.findall(r"SGFLOW_\w+", help_of("lambda").partition("Example")[0]):
        assert f"\\fB{variable}\\fR" in text


@pytest.mark.skipif(shutil.which("groff") is None, reason="skipped: no groff here")
def test_man_shows_the_page_without_a_complaint():
    told = subprocess.run(
        ["groff", "-man", "-ww", "-Tascii"],
        input=page(),
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stderr == ""
    plain = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", told.stdout)
    assert "'${version} ${account-id} ...'" in plain
    assert "sgflow batch logs --output enriched --inventory inventory.json" in plain
