"""What the function makes of Firehose's events."""

import base64
import gzip
import json
import re

import pytest
from firehose_world import (
    ACCOUNT,
    CONTROL_MESSAGE,
    FIELDS,
    GONE,
    WEB,
    enriched,
    envelope,
    firehose_event,
    heavy,
    line,
    message,
    results,
)
from runtime_api_server import MOST_RESPONSE_BYTES

# What records become


@pytest.mark.parametrize("count", [1, 500, 10_000])
def test_every_record_is_enriched(api, start, count):
    function = start(api)
    lines = [line(i) for i in range(count)]
    event = firehose_event(*map(message, lines))
    answer = api.invoke(event)
    got = results(event, answer)
    # In one piece: ten thousand comparisons one by one take pytest long.
    assert b"".join(data for _, data in got) == enriched(*lines)
    assert {result for result, _ in got} == {"Ok"}
    summary = function.summary(answer)
    assert summary["level"] == "INFO"
    assert isinstance(summary.pop("milliseconds"), float)
    assert summary.pop("inventoryAgeSeconds") < 1000
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", summary.pop("timestamp"))
    assert summary == {
        "level": "INFO", "requestId": answer.path.split("/")[2],
        "records": count, "ok": count, "dropped": 0, "failed": 0, "overflowed": 0,
        "flowRecords": count, "unknownInterface": 0, "allowed-by-rule": count, "judged": count, "unexplained": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("payload", "lines"),
    [
        (message(line(1)), [line(1)]),
        (message(line(1)) + b"\n" + message(line(2)), [line(1), line(2)]),
        (line(1).encode(), [line(1)]),
        (f"{line(1)}\n{line(2)}\n{line(3)}\n".encode(), [line(1), line(2), line(3)]),
        (f"{line(1)}\r\n\r\n{line(2)}\r\n".encode(), [line(1), line(2)]),
        (f"{' '.join(FIELDS)}\n{line(1)}\n".encode(), [line(1)]),
        (gzip.compress(envelope(line(1), line(2))), [line(1), line(2)]),
        (envelope(line(1)), [line(1)]),
        (base64.b64encode(gzip.compress(envelope(line(1)))), [line(1)]),
        (gzip.compress(envelope(line(1))) + gzip.compress(envelope(line(2))), [line(1), line(2)]),
        (gzip.compress(CONTROL_MESSAGE) + gzip.compress(envelope(line(2))), [line(2)]),
        (message(line(1, GONE)), [line(1, GONE)]),
        (message(f"2 {ACCOUNT} {WEB} - - - - - - - 1620000000 1620000060 - NODATA"),
         [f"2 {ACCOUNT} {WEB} - - - - - - - 1620000000 1620000060 - NODATA"]),
    ],
    ids=[
        "message", "messages", "line", "lines", "crlf-and-blank", "header", "envelope-gzip",
        "envelope-bare", "envelope-base64", "envelopes", "control-and-data", "unknown-interface",
        "nodata",
    ],
)  # fmt: skip
def test_shapes_of_a_record(api, start, payload, lines):
    start(api)
    event = firehose_event(payload)
    assert results(event, api.invoke(event)) == [("Ok", enriched(*lines))]


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"\n", b" \r\n \n", " ".join(FIELDS).encode(), CONTROL_MESSAGE,
        gzip.compress(CONTROL_MESSAGE), gzip.compress(b""), envelope(),
    ],
    ids=["empty", "newline", "blank", "header", "control", "control-gzip", "gzip-of-nothing",
         "no-events"],
)  # fmt: skip
def test_what_holds_no_record_is_dropped(api, start, payload):
    function = start(api)
    event = firehose_event(payload)
    answer = api.invoke(event)
    assert results(event, answer) == [("Dropped", "")]
    assert function.summary(answer)["dropped"] == 1


@pytest.mark.parametrize(
    "payload",
    [
        "not base64!", "YQ", "YQ=", "YWJj*", base64.b64encode(b"x").decode() + "\n",
        b"\x00\x01\x02\x03", b"{", b"[]]", b'{"message":5}', b"one two three",
        message("one two three"), line(1).replace("198.51.100.1", "somewhere").encode(),
        f"{line(1)}\n{line(2)} more\n{line(3)}\n".encode(), line(1)[:-3].encode(),
        gzip.compress(envelope(line(1)))[:-20], envelope(line(1))[:-5],
        envelope(line(1), "one two three"), gzip.compress(message(line(1))) + b"more",
    ],
    ids=[
        "no-base64", "no-padding", "half-padding", "star", "newline", "binary", "brace", "brackets",
        "message-number", "words", "message-words", "no-address", "second-of-three", "field-short",
        "gzip-cut", "json-cut", "envelope-half-good", "behind-gzip",
    ],
)  # fmt: skip
def test_what_cannot_be_read_comes_back_as_it_was(api, start, payload):
    function = start(api)
    event = firehose_event(message(line(7)), payload, message(line(8)))
    answer = api.invoke(event)
    assert results(event, answer) == [
        ("Ok", enriched(line(7))),
        ("ProcessingFailed", event["records"][1]["data"]),
        ("Ok", enriched(line(8))),
    ]
    summary = function.summary(answer)
    assert (summary["level"], summary["ok"], summary["failed"]) == ("WARN", 2, 1)
    assert summary["firstFailure"]


def test_good_and_bad_in_one_event(api, start):
    function = start(api)
    event = firehose_event(
        message(line(1)), "%%%", CONTROL_MESSAGE, message(line(2, GONE)), b"one two three",
        gzip.compress(envelope(line(3), line(4))), b"", message(line(5)),
    )  # fmt: skip
    answer = api.invoke(event)
    assert [result for result, _ in results(event, answer)] == [
        "Ok", "ProcessingFailed", "Dropped", "Ok", "ProcessingFailed", "Ok", "Dropped", "Ok",
    ]  # fmt: skip
    summary = function.summary(answer)
    counts = {name: summary[name] for name in ("records", "ok", "dropped", "failed", "overflowed",
                                               "flowRecords", "unknownInterface")}  # fmt: skip
    assert counts == {
        "records": 8, "ok": 4, "dropped": 2, "failed": 2, "overflowed": 0, "flowRecords": 5,
        "unknownInterface": 1,
    }  # fmt: skip


def test_record_ids_and_data_come_back_in_the_letters_they_came_in(api, start):
    start(api)
    answer = api.invoke(
        b'{"records": [ {"data" :"\\/\\/8=" , "recordId": "a\\u0041\\"" },'
        b' {"recordId":"a\\u0041\\"","data":""}]}'
    )
    assert answer.body == (
        b'{"records":[{"recordId":"a\\u0041\\"","result":"ProcessingFailed","data":"\\/\\/8="},'
        b'{"recordId":"a\\u0041\\"","result":"Dropped","data":""}]}'
    )


def test_an_event_without_records_is_answered_with_none(api, start):
    start(api)
    assert api.invoke({"records": []}).json() == {"records": []}


# The limit of the answer


def test_what_does_not_fit_comes_back_as_it_was(api, start):
    function = start(api)
    lines = [heavy(i) if i % 100 else line(i) for i in range(10_000)]
    event = firehose_event(*map(message, lines))
    answer = api.invoke(event)
    got = results(event, answer)
    wrong = [
        i for i, (result, data) in enumerate(got) if result == "Ok" and data != enriched(lines[i])
    ]
    assert wrong == []
    assert {result for result, _ in got} == {"Ok", "ProcessingFailed"}

    # The first ones fit, and small ones go on to fit after a large one did not.
    first_failed = next(i for i, (result, _) in enumerate(got) if result != "Ok")
    assert 500 < first_failed < 5000
    assert any(result == "Ok" for result, _ in got[first_failed:])
    # No room is wasted: another large one would not fit.
    assert len(answer.body) > MOST_RESPONSE_BYTES - 2 * len(enriched(heavy(1)))

    overflowed = sum(result == "ProcessingFailed" for result, _ in got)
    summary = function.summary(answer)
    assert summary["level"] == "WARN"
    assert (summary["overflowed"], summary["failed"]) == (overflowed, 0)
    assert summary["ok"] == 10_000 - overflowed


def test_an_event_of_six_megabytes_whose_records_all_fail(api, start):
    start(api)
    data = "?" * 590
    event = firehose_event(*[data] * 8500)
    assert 5_900_000 < len(json.dumps(event)) < MOST_RESPONSE_BYTES
    assert results(event, api.invoke(event)) == [("ProcessingFailed", data)] * 8500


def test_an_event_whose_own_data_are_too_long_is_an_error(api, start):
    start(api)
    event = {"records": [{"recordId": str(i), "data": "AAAA" * 200} for i in range(8000)]}
    answer = api.invoke(event)
    assert answer.path.endswith("/error")
    body = answer.json()
    assert body["errorType"] == "Function.InvalidEvent"
    assert "the event's own data would make an answer of" in body["errorMessage"]


# Events that are none


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (b"", "the event is no valid JSON"),
        (b"{", "the event is no valid JSON"),
        (b'{"records":[{"recordId":"1","data":"YQ=="}', "the event is no valid JSON"),
        (b"[]", "the event is no JSON object"),
        ({"Records": []}, "the event has no records"),
        ({"records": {}}, "records: no array"),
        ({"records": [{"data": "YQ=="}]}, "records[0].recordId: missing"),
        ({"records": [{"recordId": "1", "data": ""}, {"recordId": "2"}]}, "records[1].data: missing"),
    ],
)  # fmt: skip
def test_another_event_is_an_error_of_the_function(api, start, event, told):
    function = start(api)
    answer = api.invoke(event)
    assert answer.path.endswith("/error")
    assert answer.headers["lambda-runtime-function-error-type"] == "Function.InvalidEvent"
    body = answer.json()
    assert list(body) == ["errorMessage", "errorType", "stackTrace"]
    assert body["errorType"] == "Function.InvalidEvent"
    assert body["stackTrace"] == []
    assert body["errorMessage"].startswith(told)
    assert function.summary(answer)["level"] == "ERROR"
    # And life goes on.
    event = firehose_event(message(line(1)))
    assert results(event, api.invoke(event)) == [("Ok", enriched(line(1)))]
