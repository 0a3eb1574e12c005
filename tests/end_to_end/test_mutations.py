"""Damaged input of every shape: a message or an answer, never a crash, half a line or a hang."""

import json
import random
import re

import program
import pytest
import small_world
from small_world import DEFAULT_RECORDS, DOCUMENT, text
from test_input_shapes import SHAPES

ROUNDS = 4
STRANGE = [
    b"\0",
    b"\xff",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\n",
    b"\r",
    b"\x1f\x8b",
    b"\\u12",
]


def mutated(chance: random.Random, content: bytes) -> bytes:
    """One to four pieces changed, dropped, doubled or put in."""
    damaged = bytearray(content)
    for _ in range(chance.randrange(1, 5)):
        start = chance.randrange(len(damaged) + 1)
        stop = min(len(damaged), start + chance.choice([0, 1, 1, 2, 30, 300]))
        piece = chance.choice(
            [
                chance.choice(STRANGE),
                bytes(damaged[start:stop]) * 2,
                b"",
                chance.randbytes(stop - start),
            ]
        )
        damaged[start:stop] = piece
    return bytes(damaged)


def expect_decent(outcome: program.Outcome, exit_codes: tuple, content: bytes) -> None:
    told = f"\n{outcome}\ninput: {content[:3000]!r}"
    assert outcome.exit_code in exit_codes, told
    assert (outcome.exit_code == 0) or outcome.errors, f"no word about it{told}"
    assert outcome.output == b"" or outcome.output.endswith(b"\n"), f"half a line{told}"
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]", outcome.errors), told
    for written in outcome.output.splitlines():
        try:
            json.loads(written)
        except ValueError as problem:
            raise AssertionError(f"{problem}: {written!r}{told}") from problem


@pytest.mark.parametrize("name", SHAPES)
def test_damaged_input(name, tmp_path):
    inventory = small_world.write_inventory(tmp_path)
    chance = random.Random(name)
    content = SHAPES[name](DEFAULT_RECORDS)
    for number in range(ROUNDS):
        damaged = mutated(chance, content)
        output_format = ("classic", "json")[number % 2]
        outcome = program.enrich("--format", output_format, inventory=inventory, stdin=damaged)
        expect_decent(outcome, (0, 1), damaged)


@pytest.mark.parametrize("seed", range(60))
def test_damaged_inventory(seed, tmp_path):
    path = tmp_path / "inventory.json"
    damaged = mutated(random.Random(seed), json.dumps(DOCUMENT, indent=1).encode())
    path.write_bytes(damaged)
    outcome = program.enrich(inventory=path, stdin=text(DEFAULT_RECORDS))
    expect_decent(outcome, (0, 2), damaged)
    assert (outcome.output == b"") == (outcome.exit_code == 2), f"\n{outcome}"
