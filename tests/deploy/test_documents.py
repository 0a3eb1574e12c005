"""The pages about AWS: what they name is there, and what they calculate comes out so."""

import re

import pytest
from tables.alarms import ALARMS, BATCH_ALARMS, STREAM_ALARMS
from templates import DEPLOY, REPOSITORY, template, template_path

OPERATIONS = (REPOSITORY / "docs/operations.md").read_text()
ARCHITECTED = (REPOSITORY / "docs/well-architected.md").read_text()
README = (REPOSITORY / "README.md").read_text()


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table whose heading begins so."""
    body = page.split(f"\n| {heading} |", 1)[1].split("\n\n")[0]
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in body.split("\n")[2:]
    ]


def test_each_alarm_has_its_row():
    body = OPERATIONS.split("## Alarms")[1].split("\n## ")[0]
    table = [line.split("|")[1] for line in body.split("\n") if line.startswith("| `")]
    described = [name for cell in table for name in re.findall(r"`(\w+)`", cell)]
    assert set(described) == {alarm.name for alarm in ALARMS}
    # Of those that both templates have one row is enough.
    shared = {a.name for a in STREAM_ALARMS} & {a.name for a in BATCH_ALARMS}
    assert len(described) == len({alarm.name for alarm in ALARMS}), described
    assert shared == {"FunctionErrors", "FunctionThrottles", "FunctionDuration"}


def test_the_number_of_alarms_is_told_rightly():
    assert len(STREAM_ALARMS) == 17
    assert "Seventeen alarms" in ARCHITECTED and "seventeen alarms" in ARCHITECTED


def test_each_template_is_described():
    for name in ("stream", "batch", "network", "account", "receiver"):
        assert f"\n| `{name}` |" in OPERATIONS


@pytest.mark.parametrize("page", [OPERATIONS, README], ids=["operations", "readme"])
def test_commands_name_what_there_is(page):
    """Templates, and parameters of `--parameter-overrides`."""
    for file in re.findall(r"deploy/[\w./-]+\.(?:yaml|tf)\b", page):
        if "NAME" not in file:
            assert (REPOSITORY / file).exists(), file
    known = set().union(*(template(name)["Parameters"] for name in ("stream", "batch", "account")))
    for command in re.findall(r"--parameter-overrides ((?:[^\n]|\\\n)*)", page):
        for name in re.findall(r"(\w+)=", command):
            assert name in known, name


def test_what_the_quick_start_gives_is_all_that_is_needed():
    section = README.split("## In AWS")[1].split("\n## ")[0]
    assert len(re.findall(r"(?m)^\d\. ", section)) == 3
    assert str(template_path("stream").relative_to(REPOSITORY)) in section
    given = set(re.findall(r"(\w+)=", section.split("--parameter-overrides")[1]))
    needed = {
        name for name, one in template("stream")["Parameters"].items() if "Default" not in one
    }
    assert needed <= given <= set(template("stream")["Parameters"])
    # Named roles would need another capability.
    assert "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND" in section
    assert not any(
        "RoleName" in one.get("Properties", {}) for one in template("stream")["Resources"].values()
    )


def test_the_costs_follow_from_the_tables():
    letters = {}
    for row in rows(ARCHITECTED, "letter | price of"):
        letters[row[0].strip("`")] = float(row[2])
    for row in rows(ARCHITECTED, "letter | quantity"):
        letters[row[0].strip("`")] = float(row[2])
    costs = rows(ARCHITECTED, "cost of | formula")
    assert len(costs) == 11
    for what, formula, dollars in costs:
        expression = formula.strip("`")
        assert re.fullmatch(r"[\w.+*/() ]+", expression), formula
        value = eval(expression, {"__builtins__": {}}, letters)
        half_of_the_last_digit = 0.5 * 10 ** -len(dollars.partition(".")[2])
        assert abs(value - float(dollars)) <= half_of_the_last_digit + 1e-12, (what, value)
    used = set(re.findall(r"[A-Za-z]", " ".join(row[1] for row in costs).replace("1e", "")))
    assert set(letters) == used


def test_the_buffers_follow_from_the_formula():
    """In steps of 0.1, as Firehose's go, and never below 0.2."""
    (numerator,) = re.findall(r"<= ([\d.]+) / g", OPERATIONS)
    known = rows(OPERATIONS, "g | largest `BufferSize`")[:-1]
    assert len(known) == 4
    for growth, largest, _ in known:
        assert float(largest) == int(10 * float(numerator) / float(growth) + 1e-9) / 10 >= 0.2


# Diagrams


NODE = r'\w+(?:\["[^"]+"\]|\[\("[^"]+"\)\])?'
LINE = {
    "start": r"flowchart LR",
    "group": r'subgraph \w+\["[^"]+"\]',
    "end": r"end",
    "node": NODE,
    "edge": rf'{NODE} (?:-->|-\.->)(?:\|"[^"]+"\|)? {NODE}',
}


@pytest.mark.parametrize("diagram", re.findall(r"```mermaid\n(.*?)```", ARCHITECTED, re.DOTALL))
def test_a_diagram_is_of_mermaids_simplest_grammar(diagram):
    """That part of Mermaid's flowcharts alone, so that it renders wherever they do: nodes and edges
    with quoted texts, in groups that are closed."""
    lines = [line.strip() for line in diagram.splitlines()]
    kinds = []
    for line in lines:
        kind = next((kind for kind, form in LINE.items() if re.fullmatch(form, line)), None)
        assert kind, line
        kinds.append(kind)
    assert kinds[0] == "start" and kinds.count("start") == 1
    assert kinds.count("group") == kinds.count("end")
    named = re.findall(r'(\w+)(?:\["|\[\(")', diagram)
    assert len(named) == len(set(named))
    texts = re.sub(r'"[^"]*"', '""', diagram)
    ends = set(re.findall(r"(?m)^\s*(\w+)\S* (?:-->|-\.->)", texts))
    ends |= set(re.findall(r'(?:-->|-\.->)(?:\|""\|)? (\w+)', texts))
    assert ends <= set(named)


def test_the_folder_has_nothing_else():
    assert {path.name for path in DEPLOY.iterdir() if path.name != "__pycache__"} == {
        "cloudformation", "write_templates.py", "tables", "terraform",
    }  # fmt: skip
