"""Runs sgflow as a person would and says plainly what differs."""

import difflib
import json
import os
import pathlib
import subprocess
from dataclasses import dataclass

from json_statement import without_verdict

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")
BINARY = (pathlib.Path.cwd() / BINARY).resolve()

# Against hanging for ever; nothing is measured by it.
GIVE_UP_SECONDS = 600


@dataclass
class Outcome:
    arguments: list[str]
    exit_code: int
    output: bytes
    errors: str

    def __str__(self):
        return (
            f"sgflow {' '.join(self.arguments)}\n"
            f"exit code {self.exit_code}\n"
            f"--- standard output, {len(self.output)} bytes\n{_beginning(self.output.decode(errors='replace'))}\n"
            f"--- standard error, {len(self.errors)} characters\n{_beginning(self.errors)}"
        )

    def records(self) -> list[dict]:
        """The output's lines, each read as JSON that names no key twice."""
        return [
            json.loads(line, object_pairs_hook=_unique_keys) for line in self.output.splitlines()
        ]


def run(*arguments, stdin: bytes = b"", **options) -> Outcome:
    words = [str(word) for word in arguments]
    done = subprocess.run(
        [BINARY, *words], input=stdin, capture_output=True, timeout=GIVE_UP_SECONDS, **options
    )
    return Outcome(words, done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def enrich(*arguments, inventory, **options) -> Outcome:
    """`sgflow enrich`, with one inventory file or several."""
    inventories = inventory if isinstance(inventory, (list, tuple)) else [inventory]
    chosen = [word for path in inventories for word in ("--inventory", path)]
    return run("enrich", *chosen, *arguments, **options)


def expect_success(outcome: Outcome) -> None:
    assert outcome.exit_code == 0 and outcome.errors == "", f"\n{outcome}"


def expect_bytes(outcome: Outcome, expected: bytes) -> None:
    if outcome.output != expected:
        raise AssertionError(f"\n{outcome}\n--- difference\n{difference(expected, outcome.output)}")


# The json output with what is stated apart from the program: the record, its groups, their rules.
AS_JSON = ["--format", "json", "--fields", "+sg_rules"]
AS_CLASSIC = ["--format", "classic"]
OUTPUTS = {"classic": AS_CLASSIC, "json": AS_JSON}


def expect_records(outcome: Outcome, expected: list[dict]) -> None:
    """Equal as JSON values, with numbers and text told apart; the verdict is not looked at."""
    expect_equal(outcome, expected, [without_verdict(record) for record in outcome.records()])


def expect_equal(outcome: Outcome, expected: list[dict], got: list[dict]) -> None:
    wanted = "".join(json.dumps(record, sort_keys=True) + "\n" for record in expected).encode()
    written = "".join(json.dumps(record, sort_keys=True) + "\n" for record in got).encode()
    if wanted != written:
        raise AssertionError(f"\n{outcome}\n--- difference\n{difference(wanted, written)}")


def difference(expected: bytes, got: bytes) -> str:
    """The first lines that differ; a JSON line is told by its members."""
    wanted = expected.decode(errors="replace").split("\n")
    written = got.decode(errors="replace").split("\n")
    told = [f"{len(wanted)} lines expected, {len(written)} written"]
    for number, (left, right) in enumerate(zip(wanted, written, strict=False), start=1):
        if left != right:
            told += [f"first difference in line {number}:", *_members_that_differ(left, right)]
            break
    else:
        unified = difflib.unified_diff(wanted, written, "expected", "written", n=1, lineterm="")
        told += list(unified)[:20]
    return "\n".join(told)


def _members_that_differ(left: str, right: str) -> list[str]:
    told = [f"- {left}", f"+ {right}"]
    try:
        wanted, written = json.loads(left), json.loads(right)
    except ValueError:
        return told
    for key in {**wanted, **written}:
        if wanted.get(key) != written.get(key) or (key in wanted) != (key in written):
            told.append(f"  {key}:")
            told.append(f"    expected {json.dumps(wanted[key]) if key in wanted else 'nothing'}")
            told.append(f"    written  {json.dumps(written[key]) if key in written else 'nothing'}")
    if list(wanted) != list(written):
        told.append(f"  order expected {list(wanted)}")
        told.append(f"  order written  {list(written)}")
    return told


def _beginning(text: str, limit: int = 2000) -> str:
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text) - limit} more)"


def _unique_keys(pairs: list[tuple]) -> dict:
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key twice in one object: {keys}"
    return dict(pairs)
