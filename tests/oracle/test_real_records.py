"""The oracle on the real sample."""

import os
import pathlib
from collections import Counter

import oracle
import pytest
from generate_layout import CLASSIC


def test_real_records():
    folder = os.environ.get("SGFLOW_REAL_DATA")
    if not folder:
        pytest.skip("SGFLOW_REAL_DATA is not set")
    folder = pathlib.Path(folder)
    text = (folder / "real-sample.log").read_text(encoding="utf-8")
    records = [dict(zip(CLASSIC, row.split(), strict=True)) for row in text.splitlines()]
    answers = oracle.load(folder / "real-inventory.json").judge_file(CLASSIC, records)
    assert Counter((a.sg_verdict, *a.sg_matched_rules) for a in answers) == {
        ("allowed-by-rule", "sgr-09c9a1735de2a080a"): 35,
        ("allowed-as-return", "sgr-09c9a1735de2a080a"): 35,
        ("denied-by-security-group",): 120,
    }
