"""What the function is told by its environment, and what it says where that will not do."""

import gzip
import json
import socket

import pytest
from firehose_world import INVENTORY, WEB, enriched, firehose_event, line, message, results


def init_error(api, function, kind: str) -> str:
    answer = api.wait_for_answer()
    assert answer.path == "/init/error"
    assert answer.headers["lambda-runtime-function-error-type"] == kind
    body = answer.json()
    assert (body["errorType"], body["stackTrace"]) == (kind, [])
    assert function.exit_code() == 2
    assert api.count("/invocation/next") == 0
    fatal = [entry["message"] for entry in function.log() if entry["level"] == "FATAL"]
    assert "\n".join(fatal) == body["errorMessage"]
    return body["errorMessage"]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"SGFLOW_INVENTORY_TTL": "5m"}, "SGFLOW_INVENTORY_TTL: '5m' is no number of seconds"),
        ({"SGFLOW_FORMAT": "xml"}, "SGFLOW_FORMAT: there is no format 'xml'; one of: classic, json"),
        ({"SGFLOW_RECORD_FORMAT": "v1"}, "SGFLOW_RECORD_FORMAT: 'v1' is no flow-log field"),
        ({"SGFLOW_RECORD_FORMAT": "${srcaddr} ${srcaddr}"}, "SGFLOW_RECORD_FORMAT: field 'srcaddr'"),
    ],
)  # fmt: skip
def test_a_bad_configuration_fails_the_start(api, start, variables, told):
    function = start(api, **variables)
    assert init_error(api, function, "Runtime.ConfigInvalid").startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"NetworkInterfaces": [', "inventory.json:1:"),
        (b'{"NetworkInterfaces": [{"NetworkInterfaceId": 5}]}', "NetworkInterfaces[0]"),
        (b'{"nothing": "known"}', ""),
        (gzip.compress(json.dumps(INVENTORY).encode())[:-30], "inventory.json"),
        (None, "inventory.json"),
    ],
    ids=["broken", "wrong-type", "nothing-known", "gzip-cut", "missing"],
)
def test_an_unusable_inventory_fails_the_start(api, start, tmp_path, content, told):
    path = tmp_path / "inventory.json"
    if content is not None:
        path.write_bytes(content)
    function = start(api, SGFLOW_INVENTORY=str(path))
    message = init_error(api, function, "Runtime.InvalidInventory")
    assert message and told in message


def test_an_inventory_may_be_gzip(api, start, tmp_path):
    path = tmp_path / "inventory"
    path.write_bytes(gzip.compress(json.dumps(INVENTORY).encode()))
    start(api, SGFLOW_INVENTORY=str(path))
    event = firehose_event(message(line(1)))
    assert results(event, api.invoke(event)) == [("Ok", enriched(line(1)))]


def test_a_failed_start_is_told_even_when_nobody_takes_it(start):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        function = start(None, address=address, SGFLOW_FORMAT="xml")
        assert function.exit_code() == 2
    assert [entry["level"] for entry in function.log()] == ["FATAL", "ERROR"]


def test_the_json_format(api, start):
    start(api, SGFLOW_FORMAT="json", SGFLOW_FIELDS="+sg_rules")
    event = firehose_event(message(line(1)))
    ((result, data),) = results(event, api.invoke(event))
    assert result == "Ok" and data.endswith(b"}\n")
    record = json.loads(data)
    assert (record["interface_id"], record["srcport"]) == (WEB, 1025)
    assert record["sg_ids"] == ["sg-0a000000000000001"]
    assert [rule["id"] for rule in record["sg_rules"]] == ["sgr-0a000000000000001"]


def test_a_record_format_is_taken_as_the_flow_log_has_it(api, start):
    start(api, SGFLOW_RECORD_FORMAT="${interface-id} ${dstaddr} ${flow-direction}")
    event = firehose_event(message(f"{WEB} 192.0.2.5 ingress"), message(line(1)))
    got = results(event, api.invoke(event))
    assert got[0][0] == "Ok"
    assert json.loads(got[0][1]) == {
        "interface-id": WEB, "dstaddr": "192.0.2.5", "flow-direction": "ingress",
        "security-groups": "sgr-0a000000000000001|tcp|443|0.0.0.0/0|sg-0a000000000000001",
    }  # fmt: skip
    assert got[1][0] == "ProcessingFailed"


def test_a_variable_that_is_none_of_ours_is_told(api, start):
    function = start(api, SGFLOW_RECORDFORMAT="v5", SGFLOW_INVENTROY="x")
    api.invoke(firehose_event(message(line(1))))
    warnings = [entry["message"] for entry in function.log() if entry["level"] == "WARN"]
    assert warnings == [
        "SGFLOW_INVENTROY means nothing to sgflow; did you mean SGFLOW_INVENTORY?",
        "SGFLOW_RECORDFORMAT means nothing to sgflow; did you mean SGFLOW_RECORD_FORMAT?",
    ]
