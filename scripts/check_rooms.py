#!/usr/bin/env python3
"""Each file of src/<room> includes headers of its own room and of those that it DEPENDS on only.

A wrong call does not link, but a wrong include of a header's inline part would."""

import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "src"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"/]+)/[^"]+"')
ROOM = re.compile(r"sgflow_room\(([^)]*)\)")
KEYWORDS = {"NAME", "SOURCES", "DEPENDS", "PRIVATE_LIBRARIES"}


def dependencies(room: pathlib.Path) -> set[str]:
    listing = room / "CMakeLists.txt"
    call = ROOM.search(listing.read_text(encoding="utf-8")) if listing.exists() else None
    named, keyword = set(), ""
    for word in call.group(1).split() if call else []:
        if word in KEYWORDS:
            keyword = word
        elif keyword == "DEPENDS":
            named.add(word)
    return named


def main() -> int:
    faults = []
    for room in sorted(path for path in SOURCE.iterdir() if (path / "CMakeLists.txt").exists()):
        allowed = dependencies(room) | {room.name}
        for file in sorted(room.rglob("*")):
            if file.suffix not in {".h", ".cc", ".inc"}:
                continue
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                found = INCLUDE.match(line)
                # The program itself may wire whatever it likes.
                if found and found.group(1) not in allowed and file.name != "main.cc":
                    place = f"{file.relative_to(SOURCE.parent)}:{number}"
                    faults.append(f"{place}: {room.name} does not depend on {found.group(1)}")
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
