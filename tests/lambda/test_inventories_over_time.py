"""The function with a folder of snapshots over time."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "end_to_end"))

from firehose_world import firehose_event, results  # noqa: E402
from history_world import (  # noqa: E402
    GONE,
    GROUPS,
    SECOND,
    SIDES,
    appended_name,
    line,
    snapshot,
    time_text,
    write,
    write_folder,
)


def test_each_record_is_judged_by_what_was_true(api, start, tmp_path):
    folder = write_folder(tmp_path / "inventories")
    function = start(api, SGFLOW_INVENTORY=str(folder), SGFLOW_FORMAT="json",
                     SGFLOW_INVENTORY_TTL="1")  # fmt: skip
    event = firehose_event(
        *(line(end, GROUPS[group] if group else 443).encode() for end, group, _ in SIDES)
    )
    records = [json.loads(data) for _, data in results(event, api.invoke(event))]
    assert [record.get("sg_ids", [None]) for record in records] == [[g] for _, g, _ in SIDES]
    assert [record["inventory_as_of"] for record in records] == [time_text(m) for *_, m in SIDES]
    assert "inventory loaded" in function.output()


def test_an_inventory_that_cannot_be_loaded_fails_the_invocation_alone(api, start, tmp_path):
    folder = write_folder(tmp_path / "inventories")
    (folder / appended_name(SECOND)).write_bytes(b"{")
    start(api, SGFLOW_INVENTORY=str(folder), SGFLOW_FORMAT="json")
    answer = api.invoke(firehose_event(line(SECOND, 443).encode()))
    assert answer.path.endswith("/error") and appended_name(SECOND) in answer.body.decode()
    event = firehose_event(line(GONE, 443).encode())
    assert results(event, api.invoke(event))[0][0] == "Ok"
    write(folder / appended_name(SECOND), snapshot(SECOND, "sg-0b"))
    event = firehose_event(line(SECOND, 8443).encode())
    assert b'"sg_ids":["sg-0b"]' in results(event, api.invoke(event))[0][1]
