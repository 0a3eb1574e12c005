"""Random inventories and flow logs for the oracle, from a seed.

One case is one inventory document and one log file with a header line; every record has its own
`start`.

    python3 tests/oracle/generate.py --seed 1 --records 500 --output DIRECTORY
"""

import argparse
import json
import pathlib

from dice import FEATURES, Dice
from generate_inventory import make_inventory
from generate_layout import make_layout
from generate_records import make_records
from generated_world import World


class Case:
    def __init__(self, seed, records=500, skip=()):
        dice = Dice(seed, skip)
        world = World(dice)
        self.inventory = make_inventory(world)
        self.fields = make_layout(dice)
        self.records = make_records(world, self.fields, records)

    def write(self, directory):
        """(path of the inventory, path of the log)."""
        directory = pathlib.Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        inventory, log = directory / "inventory.json", directory / "flow.log"
        inventory.write_text(json.dumps(self.inventory, indent=1) + "\n", encoding="utf-8")
        lines = [" ".join(self.fields)]
        lines += [" ".join(record[name] for name in self.fields) for record in self.records]
        log.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return inventory, log


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--records", type=int, default=500)
    parser.add_argument("--skip", action="append", default=[], choices=FEATURES)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    for path in Case(arguments.seed, arguments.records, arguments.skip).write(arguments.output):
        print(path)


if __name__ == "__main__":
    main()
