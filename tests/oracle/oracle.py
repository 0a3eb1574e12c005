"""The oracle: which security-group rule let a record through or kept it out.

Naive on purpose: every rule is scanned, every table of the architecture page is gone through
from the top, and quoted comments are that page's sentences. Where the page is silent the
reading taken stands in DECISIONS.md; "D7" in a comment is its line 7.
"""

import json
from collections import Counter

from rows import ROWS
from verdict_table import judge

from inventory import Inventory


class Oracle:
    def __init__(self, documents):
        self.inventory = Inventory(documents)
        self.coverage = Counter({row: 0 for row in ROWS})

    def hit(self, row):
        if row not in self.coverage:
            raise KeyError(row)
        self.coverage[row] += 1
        return row

    def judge_file(self, fields, records):
        """The answers for one file's records, in order, with one memory of conversations."""
        conversations = {}
        return [judge(self, fields, record, conversations) for record in records]


def read_log(path):
    """(field names, records) of a text file whose first line is the header."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    fields = lines[0].split(" ")
    return fields, [dict(zip(fields, line.split(" "), strict=True)) for line in lines[1:] if line]


def load(*paths):
    documents = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            documents.append(json.load(file))
    return Oracle(documents)
