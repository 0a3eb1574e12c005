"""The function's log, its metrics, and the page that tells of them."""

import base64
import gzip
import json
import re
import sys

from firehose_world import GONE, envelope, firehose_event, line, message
from function_process import BINARY, REPOSITORY

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
