"""The program as a Lambda function, over HTTP, against a Runtime API on loopback."""

import base64
import contextlib
import gzip
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tests"))

from classic_oracle import Configuration, classic_line  # noqa: E402
from runtime_api_server import (  # noqa: E402
    GIVE_UP_SECONDS,
    MOST_RESPONSE_BYTES,
    Cut,
    Invoke,
    RuntimeApi,
    Status,
)

BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")
BINARY = (pathlib.Path.cwd() / BINARY).resolve()

ACCOUNT = "111122223333"
WEB = "eni-0a000000000000001"
MANY_RULES = "eni-0a000000000000002"
GONE = "eni-0a000000000000099"
FIELDS = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start"
    " end action log-status"
).split()


def rule(number, group, **members):
    return {
        "SecurityGroupRuleId": f"sgr-0a{number:015x}",
        "GroupId": group,
        "IsEgress": False,
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        **members,
    }


INVENTORY = {
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": WEB,
            "VpcId": "vpc-0a000000000000001",
            "PrivateIpAddress": "192.0.2.5",
            "Groups": [{"GroupId": "sg-0a000000000000001"}],
        },
        {
            "NetworkInterfaceId": MANY_RULES,
            "VpcId": "vpc-0a000000000000001",
            "PrivateIpAddress": "192.0.2.6",
            "Groups": [{"GroupId": "sg-0a000000000000002"}],
        },
    ],
    "SecurityGroups": [{"GroupId": "sg-0a000000000000001"}, {"GroupId": "sg-0a000000000000002"}],
    "SecurityGroupRules": [
        rule(1, "sg-0a000000000000001", CidrIpv4="0.0.0.0/0"),
        rule(2, "sg-0a000000000000001", IsEgress=True, IpProtocol="-1", FromPort=-1, ToPort=-1,
             CidrIpv4="0.0.0.0/0"),
        *(rule(100 + i, "sg-0a000000000000002", CidrIpv4=f"203.0.113.{i}/32") for i in range(60)),
    ],
}  # fmt: skip
CONFIGURATION = Configuration(INVENTORY)


def line(number: int, interface: str = WEB, local: str = "192.0.2.5") -> str:
    """A record of the default format, unlike every other number's."""
    return (
        f"2 {ACCOUNT} {interface} 198.51.100.{number % 250} {local} {1024 + number} 443 6 10 840"
        f" {1620000000 + number} {1620000060 + number} ACCEPT OK"
    )


def heavy(number: int) -> str:
    """One whose enriched form is some twenty times as long."""
    return line(number, MANY_RULES, "192.0.2.6")


def enriched(*lines: str) -> bytes:
    records = (dict(zip(FIELDS, text.split(" "), strict=True)) for text in lines)
    return b"".join(classic_line(record, CONFIGURATION) for record in records)


def message(text: str) -> bytes:
    """As VPC flow logs put one record straight into Firehose."""
    return json.dumps({"message": text}, separators=(",", ":")).encode()


def envelope(*lines: str, kind: str = "DATA_MESSAGE") -> bytes:
    """As CloudWatch Logs sends it to a subscriber, before gzip."""
    events = [
        {"id": f"{i:056}", "timestamp": 1620000000000 + i, "message": text}
        for i, text in enumerate(lines)
    ]
    return json.dumps(
        {
            "messageType": kind,
            "owner": ACCOUNT,
            "logGroup": "flow-logs",
            "logStream": f"{WEB}-all",
            "subscriptionFilters": ["all"],
            "logEvents": events,
        }
    ).encode()


CONTROL_MESSAGE = envelope("CWL CONTROL MESSAGE: Checking health of destination Firehose.",
                           kind="CONTROL_MESSAGE")  # fmt: skip


def firehose_event(*payloads: bytes | str) -> dict:
    """Text is taken as the `data` that it should be; bytes become base64."""
    return {
        "invocationId": "0d3b1f0a-6c2b-4c2a-9f3e-1d2c3b4a5f60",
        "deliveryStreamArn": f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/flow-logs",
        "region": "us-east-1",
        "records": [
            {
                "recordId": record_id(i),
                "approximateArrivalTimestamp": 1620000100000 + i,
                "data": payload if isinstance(payload, str) else base64.b64encode(payload).decode(),
            }
            for i, payload in enumerate(payloads)
        ],
    }


def record_id(number: int) -> str:
    return f"495469866831355442865074579363216256757001924711567{number:05}"


def results(event: dict, answer) -> list[tuple[str, bytes | str]]:
    """(result, data) of each record: decoded where Ok, else as it came. Checks what always holds."""
    assert answer.path.endswith("/response"), answer.body[:500]
    assert answer.status == 202
    assert len(answer.body) <= MOST_RESPONSE_BYTES
    records = answer.json()["records"]
    sent = event["records"]
    assert [record["recordId"] for record in records] == [record["recordId"] for record in sent]
    for record, original in zip(records, sent, strict=True):
        assert set(record) == {"recordId", "result", "data"}
        if record["result"] == "Dropped":
            assert record["data"] == ""
        elif record["result"] == "ProcessingFailed":
            assert record["data"] == original["data"]
        else:
            assert record["result"] == "Ok"
    return [
        (
            record["result"],
            base64.b64decode(record["data"], validate=True)
            if record["result"] == "Ok"
            else record["data"],
        )
        for record in records
    ]


class Function:
    """A process of the function; killed, as Lambda does, when the test is over."""

    def __init__(self, address: str, command, **variables: str):
        self._output = tempfile.TemporaryFile()
        environment = {"AWS_LAMBDA_RUNTIME_API": address, "PATH": "/nowhere", **variables}
        # Loopback is never asked for through a proxy.
        environment |= {"http_proxy": "http://192.0.2.1:9", "HTTP_PROXY": "http://192.0.2.1:9"}
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL,
            stdout=self._output, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._output.close()

    def exit_code(self) -> int:
        return self.process.wait(timeout=GIVE_UP_SECONDS)

    def output(self) -> str:
        self._output.seek(0)
        return self._output.read().decode()

    def log(self) -> list[dict]:
        return [entry for entry in self._lines() if "_aws" not in entry]

    def metrics(self) -> list[dict]:
        """The lines in the embedded metric format."""
        return [entry for entry in self._lines() if "_aws" in entry]

    def _lines(self) -> list[dict]:
        return [json.loads(text) for text in self.output().splitlines()]

    def summary(self, answer) -> dict:
        """The log line of the invocation that was answered."""
        request_id = answer.path.split("/")[2]
        lines = [entry for entry in self.log() if entry.get("requestId") == request_id]
        assert len(lines) == 1, self.output()
        return lines[0]


@pytest.fixture(scope="session", autouse=True)
def sgflow_is_built():
    if not BINARY.exists():
        pytest.fail(f"{BINARY} is not there: run `make`, or set SGFLOW_BINARY")


@pytest.fixture(scope="session")
def inventory(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("inventory") / "inventory.json"
    path.write_text(json.dumps(INVENTORY))
    return str(path)


@pytest.fixture
def api():
    with RuntimeApi() as server:
        yield server


@pytest.fixture
def start(inventory):
    """start(api, NAME=value...) runs the function; without `command`, as `sgflow lambda`."""
    with contextlib.ExitStack() as stack:

        def run(api, command=(BINARY, "lambda"), address=None, **variables):
            variables = {"SGFLOW_INVENTORY": inventory, **variables}
            given = {name: value for name, value in variables.items() if value is not None}
            function = Function(address or api.address, [str(word) for word in command], **given)
            stack.callback(function.end)
            if api is not None:
                api.process = function.process
            return function

        yield run


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


# The runtime


@pytest.mark.parametrize("make", [os.symlink, shutil.copy], ids=["link", "copy"])
def test_named_bootstrap_it_is_the_function(api, start, tmp_path, make):
    make(BINARY, tmp_path / "bootstrap")
    start(api, command=[tmp_path / "bootstrap"])
    event = firehose_event(message(line(1)))
    assert results(event, api.invoke(event)) == [("Ok", enriched(line(1)))]


def test_one_process_serves_many_invocations_over_one_connection(api, start):
    function = start(api)
    for round_number in range(5):
        # Shorter and longer by turns: nothing is left of the one before.
        lines = [line(1000 * round_number + i) for i in range([30, 1, 200, 2, 50][round_number])]
        event = firehose_event(*map(message, lines))
        answer = api.invoke(event)
        assert b"".join(data for _, data in results(event, answer)) == enriched(*lines)
        function.summary(answer)
    assert len({request.connection for request in api.requests}) == 1


def test_an_invocation_id_is_echoed_on_both_routes(api, start):
    start(api)
    headers = {"Lambda-Runtime-Invocation-Id": "invocation-7"}
    answer = api.invoke(firehose_event(message(line(1))), headers=headers)
    assert answer.headers["lambda-runtime-invocation-id"] == "invocation-7"
    answer = api.invoke({"no": "records"}, headers=headers)
    assert answer.headers["lambda-runtime-invocation-id"] == "invocation-7"
    answer = api.invoke(firehose_event(message(line(1))))
    assert "lambda-runtime-invocation-id" not in answer.headers


def test_an_event_may_come_in_pieces(api, start):
    start(api)
    event = firehose_event(*(message(line(i)) for i in range(50)))
    answer = api.invoke(event, pieces=40)
    assert {result for result, _ in results(event, answer)} == {"Ok"}


def test_an_answer_that_is_too_large_is_told_and_life_goes_on(start):
    with RuntimeApi(max_response_bytes=1000) as api:
        function = start(api)
        answer = api.invoke(firehose_event(*[message(line(1))] * 10))
        assert answer.status == 413
        event = firehose_event(message(line(2)))
        assert results(event, api.invoke(event)) == [("Ok", enriched(line(2)))]
        errors = [entry for entry in function.log() if entry["level"] == "ERROR"]
        assert [entry["requestId"] for entry in errors] == [answer.path.split("/")[2]]
        assert "413" in errors[0]["message"]


@pytest.mark.parametrize("fault", [400, 403, Cut, "silence"])
def test_an_answer_that_is_not_taken_is_told_and_life_goes_on(api, start, fault):
    function = start(api)
    # A cut connection is tried once more; what is cut twice is given up.
    api.fail("response", *([fault, fault] if fault is Cut else [fault]))
    api.plan(api.invocation(firehose_event(message(line(1)))))
    api.plan(api.invocation(event := firehose_event(message(line(2)))))
    answers = [api.wait_for_answer() for _ in range(3 if fault is Cut else 2)]
    assert results(event, answers[-1]) == [("Ok", enriched(line(2)))]
    errors = [entry for entry in function.log() if entry["level"] == "ERROR"]
    assert [entry["requestId"] for entry in errors] == [answers[0].path.split("/")[2]]


def test_an_answer_is_sent_again_when_the_connection_is_cut(api, start):
    function = start(api)
    api.fail("response", Cut)
    event = firehose_event(message(line(1)))
    first = api.invoke(event)
    second = api.wait_for_answer()
    assert (first.path, first.body) == (second.path, second.body)
    assert results(event, second) == [("Ok", enriched(line(1)))]
    assert [entry["level"] for entry in function.log()] == ["INFO", "INFO"]


def test_an_invocation_that_is_cut_off_is_asked_for_again(api, start):
    function = start(api)
    event = firehose_event(*(message(line(i)) for i in range(100)))
    api.plan(api.invocation(event, cut_after=5000), api.invocation(event, cut_after=0), Cut())
    answer = api.invoke(event)
    assert {result for result, _ in results(event, answer)} == {"Ok"}
    asked = [request.path for request in api.requests]
    assert asked[: asked.index(answer.path)] == ["/invocation/next"] * 4
    assert [entry["level"] for entry in function.log()] == ["INFO", "WARN", "WARN", "WARN", "INFO"]


@pytest.mark.parametrize("step", [Cut(), Status(400), Status(403), Status(503)])
def test_it_gives_up_when_no_invocation_can_be_had(api, start, step):
    api.plan(*[step] * 4)
    function = start(api)
    assert function.exit_code() == 3
    assert api.count("/invocation/next") == 4
    assert function.log()[-1]["level"] == "FATAL"
    assert "giving up after 4 attempts" in function.log()[-1]["message"]


def test_it_exits_at_once_when_the_container_is_unusable(api, start):
    api.plan(Status(500))
    function = start(api)
    assert function.exit_code() == 3
    assert api.count("/invocation/next") == 1
    assert "answered 500" in function.log()[-1]["message"]


def test_it_exits_at_once_when_an_answer_meets_an_unusable_container(api, start):
    api.fail("response", 500)
    function = start(api)
    api.invoke(firehose_event(message(line(1))))
    assert function.exit_code() == 3
    assert api.count("/invocation/next") == 1


def test_it_gives_up_when_the_connection_is_refused(start):
    # Bound and not listening: nobody else can take the port.
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        function = start(None, address=f"127.0.0.1:{nobody.getsockname()[1]}")
        assert function.exit_code() == 3
    fatal = function.log()[-1]
    assert fatal["level"] == "FATAL"
    assert "cannot be reached" in fatal["message"]


def test_outside_of_lambda_it_says_so(start):
    for variables in ({"AWS_LAMBDA_RUNTIME_API": None}, {"AWS_LAMBDA_RUNTIME_API": ""}):
        environment = {"PATH": "/nowhere"} | {k: v for k, v in variables.items() if v is not None}
        done = subprocess.run([BINARY, "lambda"], env=environment, capture_output=True)
        assert done.returncode == 2
        assert "AWS_LAMBDA_RUNTIME_API is not set" in json.loads(done.stdout)["message"]


# Configuration


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


# The log


def test_the_log_level_is_lambdas(api, start):
    function = start(api, AWS_LAMBDA_LOG_LEVEL="WARN", SGFLOW_METRICS_NAMESPACE="none")
    api.invoke(firehose_event(message(line(1))))
    assert function.output() == ""
    api.invoke(firehose_event("%%%"))
    assert [entry["level"] for entry in function.log()] == ["WARN"]


def test_no_payload_is_in_the_log(api, start):
    function = start(api, AWS_LAMBDA_LOG_LEVEL="TRACE")
    secret = (
        "2 s3cretaccount s3creteni s3cretsource 192.0.2.77 s3cretport 443 6 10 840 1 2 ACCEPT OK"
    )
    payloads = [
        secret, secret + " s3cret", secret.replace(" 192.0.2.77", " it's s3cret 'again"),
        "s3cret", "s3cret " * 14, '{"s3cret": 5}', '{"message": "s3cret"', '{"s3cret": "s3cret"',
        secret.replace(" ", ","), secret.replace(" ", "\t"), "s3cret,s3cret\ns3cret",
        "\ufeffs3cret", "version account-id s3cret\n2 s3cret", "version s3cret version\n1 2 3",
    ]  # fmt: skip
    for payload in payloads:
        for data in (payload.encode(), message(payload), gzip.compress(envelope(payload))):
            for event in (firehose_event(data), {"records": [{"recordId": 5, "data": payload}]}):
                api.invoke(event)
    api.invoke(firehose_event(secret))
    api.invoke(json.dumps(firehose_event(message(secret))).encode()[:-3])
    output = function.output()
    assert output.count("firstFailure") >= len(payloads)
    assert "s3cret" not in output
    assert base64.b64encode(b"2 s3cret").decode()[:9] not in output


# Metrics


def test_each_invocation_leaves_its_metrics(api, start):
    function = start(api, AWS_LAMBDA_FUNCTION_NAME="enrich", SGFLOW_METRICS_NAMESPACE="Flows/Test",
                     AWS_LAMBDA_LOG_LEVEL="FATAL")  # fmt: skip
    api.invoke(firehose_event(message(line(1)), "%%%", b"", message(line(2, GONE))))
    api.invoke({"no": "records"})
    good, bad = function.metrics()
    assert function.log() == []
    for entry in (good, bad):
        (directive,) = entry["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "Flows/Test"
        assert directive["Dimensions"] == [["FunctionName"]]
        assert entry["FunctionName"] == "enrich"
        assert 1_700_000_000_000 < entry["_aws"]["Timestamp"] < 10_000_000_000_000
        names = [metric["Name"] for metric in directive["Metrics"]]
        assert len(names) <= 100, "CloudWatch takes no more"
        assert set(names) | {"_aws", "FunctionName"} == set(entry)
        assert all(type(entry[name]) in (int, float) for name in names)
        assert 1_000_000 < entry["PeakMemory"] < 500_000_000
    counts = {name: good[name] for name in ("RecordsIn", "RecordsOk", "RecordsDropped",
              "RecordsFailed", "OverflowReingested", "OverflowFailed", "FlowRecords",
              "UnknownInterface", "allowed-by-rule", "InvocationsFailed", "ApiCalls")}  # fmt: skip
    assert list(counts.values()) == [4, 2, 1, 1, 0, 0, 2, 1, 1, 0, 0]
    assert bad["InvocationsFailed"] == 1 and "RecordsIn" not in bad


def test_metrics_tell_what_an_operator_asks_for(api, start):
    function = start(api, SGFLOW_INVENTORY=str(REPOSITORY / "examples/inventory.json"))
    api.invoke(firehose_event(message(line(1))))
    (entry,) = function.metrics()
    assert set(entry) >= {
        "RecordsIn", "RecordsOk", "RecordsDropped", "RecordsFailed", "OverflowReingested",
        "OverflowFailed", "OverflowLate", "FlowRecords", "UnknownInterface", "ApiCalls",
        "Throttles", "CacheHits", "InventoryAge", "PeakMemory", "Duration",
    }  # fmt: skip


def test_the_peak_of_memory_is_the_function_s_own(api, start):
    """Not that of a larger program which became it."""
    megabytes = 300
    became = f"import os, sys; b'x' * ({megabytes} << 20); os.execv(sys.argv[1], sys.argv[1:])"
    function = start(api, command=(sys.executable, "-S", "-c", became, BINARY, "lambda"))
    api.invoke(firehose_event(message(line(1))))
    (entry,) = function.metrics()
    assert 1_000_000 < entry["PeakMemory"] < megabytes << 20


def test_metrics_are_documented(api, start):
    function = start(api)
    api.invoke(firehose_event(message(line(1))))
    page = (REPOSITORY / "docs/configuration.md").read_text()
    (entry,) = function.metrics()
    for metric in entry["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
        assert f"`{metric['Name']}`" in page
        assert metric["Unit"] in ("Count", "Seconds", "Bytes", "Milliseconds")
    assert entry["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [[]]


# The documentation


def test_the_example_in_the_documentation(api, start):
    text = (REPOSITORY / "docs/configuration.md").read_text()
    blocks = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    event, response, log = (json.loads(block) for block in blocks)
    function = start(api, SGFLOW_INVENTORY=str(REPOSITORY / "examples/inventory.json"))
    answer = api.invoke(event)
    assert answer.json() == response
    summary = function.summary(answer)
    for name in ("requestId", "milliseconds", "inventoryAgeSeconds", "timestamp"):
        assert type(summary.pop(name)) is type(log.pop(name))
    assert summary == log


def test_faults_of_the_server_are_seen_by_it():
    """The stand-in itself: an answer to no invocation, and one given twice, are refused."""
    import http.client

    with RuntimeApi() as api:
        connection = http.client.HTTPConnection(api.address)

        def post(path):
            connection.request("POST", "/2018-06-01/runtime" + path, b"{}")
            answer = connection.getresponse()
            answer.read()
            return answer.status

        assert post("/invocation/unknown/response") == 400
        invocation: Invoke = api.invocation({})
        api.plan(invocation)
        connection.request("GET", "/2018-06-01/runtime/invocation/next")
        assert connection.getresponse().read() == b"{}"
        assert post(f"/invocation/{invocation.request_id}/response") == 202
        assert post(f"/invocation/{invocation.request_id}/response") == 403
        connection.close()
