"""Dashboards, each a text of Fn::Sub."""

import json

from tables.alarms import PERIOD

SGFLOW = ("sgflow", "FunctionName", "${Function}")
FUNCTION = ("AWS/Lambda", "FunctionName", "${Function}")
STREAM = ("AWS/Firehose", "DeliveryStreamName", "${Stream}")
QUEUE = ("AWS/SQS", "QueueName", "${Queue.QueueName}")
LETTERS = ("AWS/SQS", "QueueName", "${DeadLetterQueue.QueueName}")

VERDICTS = ["allowed-by-rule", "allowed-as-return", "allowed-unexplained",
            "denied-by-security-group", "denied-by-network-acl", "denied-after-close",
            "denied-no-connection", "denied-by-vpc", "denied-unexplained", "UnknownInterface"]  # fmt: skip
RESULTS = ["RecordsOk", "RecordsDropped", "RecordsFailed", "OverflowReingested", "OverflowFailed"]
OBJECTS = ["ObjectsWritten", "ObjectsFinished", "ObjectsPassed", "ObjectsFailed"]
FRESHNESS = [f"DeliveryTo{name}.DataFreshness" for name in ("S3", "Splunk", "HttpEndpoint")]


def of(source, *names) -> list[tuple]:
    return [(source, name) for name in names]


# A widget: its title, its lines of (source, metric, statistic), and what else it has.
WATCHED_ALIKE = [
    ("Function: invocations", of(FUNCTION, "Invocations", "Errors", "Throttles"), {}),
    ("Function: milliseconds",
     [(FUNCTION, "Duration", statistic) for statistic in ("p50", "p99", "Maximum")], {}),
    ("Calls to AWS", of(SGFLOW, "ApiCalls", "Throttles", "NotLearned"), {}),
    ("Age of the inventory, seconds", of(SGFLOW, "InventoryAge"), {"stat": "Maximum"}),
    ("Function: peak of memory, bytes", of(SGFLOW, "PeakMemory"), {"stat": "Maximum"}),
]  # fmt: skip
BY_VERDICT = ("Flow records by verdict", of(SGFLOW, *VERDICTS), {"stacked": True})
WIDGETS = {
    "stream": [
        ("Firehose records by result", of(SGFLOW, *RESULTS), {"stacked": True}),
        BY_VERDICT,
        ("Stream: incoming bytes, throttled records",
         of(STREAM, "IncomingBytes", "ThrottledRecords"), {}),
        ("Stream: seconds until delivery", of(STREAM, *FRESHNESS), {"stat": "Maximum"}),
        *WATCHED_ALIKE,
    ],
    "batch": [
        ("Files by result", of(SGFLOW, *OBJECTS), {"stacked": True}),
        BY_VERDICT,
        ("Flow records, and lines that could not be read",
         of(SGFLOW, "FlowRecords", "FlowRecordsFailed"), {}),
        ("Queue: files that wait, and that were given up",
         [(source, "ApproximateNumberOfMessagesVisible") for source in (QUEUE, LETTERS)],
         {"stat": "Maximum"}),
        ("Queue: seconds that the oldest has waited",
         of(QUEUE, "ApproximateAgeOfOldestMessage"), {"stat": "Maximum"}),
        *WATCHED_ALIKE,
    ],
}  # fmt: skip


def widget(place: int, title: str, lines: list[tuple], properties: dict) -> dict:
    """Two in a row, each 12 wide and 6 high."""
    metrics: list[list] = []
    for source, name, *statistic in lines:
        # As in the line before: CloudWatch's own way to be short.
        before = lines[len(metrics) - 1][0] if metrics else None
        line = [".", name, ".", "."] if source == before else [source[0], name, *source[1:]]
        metrics.append([*line, *({"stat": one} for one in statistic)])
    return {
        "type": "metric", "x": 12 * (place % 2), "y": 6 * (place // 2), "width": 12, "height": 6,
        "properties": {"title": title, "region": "${AWS::Region}", "stat": "Sum", "period": PERIOD,
                       "metrics": metrics, **properties},
    }  # fmt: skip


def dashboard(template: str) -> str:
    widgets = [widget(place, *one) for place, one in enumerate(WIDGETS[template])]
    return json.dumps({"widgets": widgets}, separators=(",", ":"))
