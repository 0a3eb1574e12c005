"""The json output against its JSON Schema and the page that shows a line of it."""

import json
import pathlib
import re
import subprocess

import jsonschema
import pytest
from program import BINARY

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
SCHEMA = json.loads((ROOT / "docs" / "record.schema.json").read_text())


def enriched(*options):
    command = [BINARY, "enrich", "--inventory", EXAMPLES / "inventory.json", *options]
    output = subprocess.run(
        [*map(str, command), str(EXAMPLES / "flow.log")], check=True, capture_output=True, text=True
    ).stdout
    return output.splitlines()


@pytest.mark.parametrize(
    "options", [[], ["--fields", "+sg_rules,+sgflow_record_id"], ["--drop", "sg_reason,bytes"]]
)
def test_every_line_fits_the_schema(options):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    lines = enriched(*options)
    assert len(lines) > 300
    for line in lines:
        errors = [error.message for error in validator.iter_errors(json.loads(line))]
        assert not errors, line


COLUMNS = [
    name
    for name in SCHEMA["properties"]
    if re.match("(sg|sgflow|nacl|flow|local|peer|inventory)_", name)
]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_selection_fits_the_schema(column):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for options in (["--fields", column], ["--fields", f"srcaddr,{column}"], ["--drop", column]):
        for line in enriched(*options)[:60]:
            assert validator.is_valid(json.loads(line)), (options, line)


def test_the_schema_refuses_what_is_not_the_output():
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for wrong in [
        {"srcport": "443"},
        {"sg_verdict": "allowed"},
        {"sg_confidence": "certain"},
        {"new_field": ""},
        {"inventory_as_of": "2026-01-01"},
        {"sg_nearest": [{"rule": "sgr-1"}]},
    ]:
        assert not validator.is_valid(wrong), wrong


def test_the_page_shows_a_real_line():
    assert enriched()[6] in (ROOT / "docs" / "schema.md").read_text()


def test_the_schema_names_every_column():
    page = (ROOT / "docs" / "schema.md").read_text()
    columns = [row.split("`")[1] for row in page.splitlines() if row.startswith("| `")]
    assert set(columns) <= set(SCHEMA["properties"])
