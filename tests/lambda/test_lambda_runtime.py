"""The program as a Lambda function, over HTTP, against a Runtime API on loopback."""

import json
import os
import shutil
import socket
import subprocess

import pytest
from firehose_world import enriched, firehose_event, line, message, results
from function_process import BINARY
from runtime_api_server import Cut, Invoke, RuntimeApi, Status


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
