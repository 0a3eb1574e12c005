"""`sgflow explain` at a terminal: colour, and nothing else that drives it."""

import json
import os
import pty
import re
import subprocess

import program
from explaining import DATABASE, INVENTORY, REFUSED, explain, line


def in_a_terminal(*arguments, **environment) -> bytes:
    leader, follower = pty.openpty()
    kept = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    words = [str(each) for each in arguments]
    process = subprocess.Popen(
        [program.BINARY, "explain", "--inventory", INVENTORY, *words],
        stdout=follower,
        env={**kept, "TERM": "xterm", **environment},
    )
    os.close(follower)
    output = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # Linux tells the end of a terminal this way
            break
        if not piece:
            break
        output += piece
    os.close(leader)
    assert process.wait() == 0
    return output.replace(b"\r\n", b"\n")


def test_colour_on_a_terminal_only():
    plain = explain(*REFUSED).output
    coloured = in_a_terminal(*REFUSED)
    assert b"\x1b" not in plain
    assert coloured.startswith(b"\x1b[1;31mDENIED")
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", coloured) == plain
    assert in_a_terminal(*REFUSED, NO_COLOR="1") == plain
    assert in_a_terminal(*REFUSED, NO_COLOR="") == coloured
    assert in_a_terminal(*REFUSED, TERM="dumb") == plain
    assert b"\x1b" not in in_a_terminal("--json", *REFUSED)


def test_nothing_drives_the_terminal(tmp_path):
    inventory = json.loads(INVENTORY.read_text())
    for interface in inventory["NetworkInterfaces"]:
        interface["Description"] = "evil\x1b[2J\x07\u009b31m"
    path = tmp_path / "evil.json"
    path.write_text(json.dumps(inventory))
    output = explain(*REFUSED, inventory=path).output
    assert rb"evil\x1b[2J\x07\xc2\x9b31m" in output
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", output)
    bad = explain("--record-format", "v5", "5 \x1b[2J")
    assert bad.exit_code == 1 and "\x1b" not in bad.errors
    unknown = explain("--record-format", "v5", line(8).replace(DATABASE, "eni-\x1b[2J"))
    assert b"\x1b" not in unknown.output and "\x1b" not in unknown.errors
