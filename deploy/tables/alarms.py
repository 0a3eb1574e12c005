"""Alarms and the dashboard. docs/operations.md has a section for each alarm."""

import json
from dataclasses import dataclass

from tables.permissions import chosen, ref, sub

# Where a metric is from: namespace, dimension, value; `stream` and `function` are the template's.
SOURCES = {
    "function": ("AWS/Lambda", "FunctionName", ref("Function")),
    "snapshot": ("AWS/Lambda", "FunctionName", ref("SnapshotFunction")),
    "stream": ("AWS/Firehose", "DeliveryStreamName", ref("Stream")),
    "sgflow": ("sgflow", "FunctionName", ref("Function")),
    "queue": ("AWS/SQS", "QueueName", {"Fn::GetAtt": ["Queue", "QueueName"]}),
    "letters": ("AWS/SQS", "QueueName", {"Fn::GetAtt": ["DeadLetterQueue", "QueueName"]}),
}


@dataclass
class Metric:
    source: str
    name: object
    statistic: str = "Sum"


@dataclass
class Alarm:
    template: str
    name: str
    description: str  # what has happened, as a person is told
    metrics: dict[str, Metric]
    threshold: object
    expression: object = None  # of the metrics; none: the one metric itself
    comparison: str = "GreaterThanThreshold"
    periods: int = 1  # of five minutes
    when: str | None = None


PERIOD = 300


def share(of: str, total: str, *parts: str) -> dict:
    """Metrics and expression: a hundred times the parts, which may be absent, by the total."""
    metrics = {"m0": Metric(of, total)} | {
        f"m{i}": Metric(of, part) for i, part in enumerate(parts, 1)
    }
    added = "+".join(f"FILL(m{i},0)" for i in range(1, len(parts) + 1))
    return {"metrics": metrics, "expression": f"100*({added})/m0"}


STREAM_ALARMS = [
    Alarm("stream", "FunctionErrors", "Invocations of the function failed; Firehose tries again",
          {"m1": Metric("function", "Errors")}, 0),
    Alarm("stream", "FunctionThrottles", "Lambda refused invocations: too many at once",
          {"m1": Metric("function", "Throttles")}, 0),
    Alarm("stream", "FunctionDuration", "An invocation took more than 80 % of the timeout",
          {"m1": Metric("function", "Duration", "Maximum")}, 80,
          expression=sub("100*m1/(1000*${Timeout})")),
    Alarm("stream", "FunctionMemory", "The function used more than 80 % of its memory",
          {"m1": Metric("sgflow", "PeakMemory", "Maximum")}, 80,
          expression=sub("100*m1/(1048576*${MemorySize})")),
    Alarm("stream", "StreamFreshness", "The oldest record in the stream is older than three delivery intervals",
          {"m1": Metric("stream", {"Fn::FindInMap": ["Freshness", ref("Destination"), "Metric"]}, "Maximum")}, 3,
          expression=sub("m1/${DeliveryInterval}")),
    Alarm("stream", "StreamProcessing", "Firehose could not have all records transformed",
          {"m1": Metric("stream", "ExecuteProcessing.Success", "Average")}, 1,
          comparison="LessThanThreshold"),
    Alarm("stream", "StreamThrottled", "Firehose refused records: its quota is used up",
          {"m1": Metric("stream", "ThrottledRecords")}, 0),
    Alarm("stream", "StreamBytes", "The stream takes more than 80 % of the bytes per second that it may",
          {"m1": Metric("stream", "IncomingBytes"), "m2": Metric("stream", "BytesPerSecondLimit", "Minimum")}, 80,
          expression="100*m1/PERIOD(m1)/m2"),
    Alarm("stream", "StreamRecords", "The stream takes more than 80 % of the records per second that it may",
          {"m1": Metric("stream", "IncomingRecords"), "m2": Metric("stream", "RecordsPerSecondLimit", "Minimum")}, 80,
          expression="100*m1/PERIOD(m1)/m2"),
    Alarm("stream", "StreamPartitions", "Firehose has more partitions open than it may",
          {"m1": Metric("stream", "PartitionCountExceeded", "Maximum")}, 0, when="HasPartitions"),
    Alarm("stream", "RecordsFailed", "More than 1 % of the records could not be read",
          **share("sgflow", "RecordsIn", "RecordsFailed"), threshold=1),
    Alarm("stream", "RecordsOverflowed", "More than 5 % of the records did not fit into an answer",
          **share("sgflow", "RecordsIn", "OverflowReingested", "OverflowFailed"), threshold=5, periods=3),
    Alarm("stream", "OverflowLost", "Records that did not fit went to the error prefix",
          {"m1": Metric("sgflow", "OverflowFailed")}, 0),
    Alarm("stream", "RecordsUnexplained", "More than 5 % of the flow records contradict the inventory, or are of interfaces that it lacks",
          **share("sgflow", "FlowRecords", "UnknownInterface", "allowed-unexplained", "denied-unexplained"),
          threshold=5, periods=3),
    Alarm("stream", "ApiThrottles", "AWS throttled more than ten calls of the function",
          {"m1": Metric("sgflow", "Throttles")}, 10),
    Alarm("stream", "InventoryAge", "What the function knows of the configuration is old",
          {"m1": Metric("sgflow", "InventoryAge", "Maximum")}, ref("MaxInventoryAge"), periods=3),
    Alarm("stream", "SnapshotErrors", "A snapshot could not be taken or written",
          {"m1": Metric("snapshot", "Errors")}, 0, when="TakesSnapshots"),
]  # fmt: skip

BATCH_ALARMS = [
    Alarm("batch", "FunctionErrors", "Invocations of the function failed; their files are tried again",
          {"m1": Metric("function", "Errors")}, 0),
    Alarm("batch", "FunctionThrottles", "Lambda refused invocations: too many at once",
          {"m1": Metric("function", "Throttles")}, 0),
    Alarm("batch", "FunctionDuration", "An invocation took more than 80 % of the timeout",
          {"m1": Metric("function", "Duration", "Maximum")}, 240_000),
    Alarm("batch", "QueueAge", "A file has waited for more than an hour",
          {"m1": Metric("queue", "ApproximateAgeOfOldestMessage", "Maximum")}, 3600),
    Alarm("batch", "DeadLetters", "Files could not be enriched at five attempts",
          {"m1": Metric("letters", "ApproximateNumberOfMessagesVisible", "Maximum")}, 0),
]  # fmt: skip

ALARMS = STREAM_ALARMS + BATCH_ALARMS


def queries(alarm: Alarm) -> list[dict]:
    """As CloudFormation's `Metrics`."""
    made = []
    if alarm.expression is not None:
        made.append({"Id": "answer", "Expression": alarm.expression, "Label": alarm.name,
                     "ReturnData": True})  # fmt: skip
    for id_, metric in alarm.metrics.items():
        namespace, dimension, value = SOURCES[metric.source]
        made.append({
            "Id": id_,
            "ReturnData": alarm.expression is None,
            "MetricStat": {
                "Period": PERIOD,
                "Stat": metric.statistic,
                "Metric": {
                    "Namespace": namespace,
                    "MetricName": metric.name,
                    "Dimensions": [{"Name": dimension, "Value": value}],
                },
            },
        })  # fmt: skip
    return made


def actions():
    return chosen("HasAlarmTopic", [ref("AlarmTopicArn")], ref("AWS::NoValue"))


def widget(place: int, title: str, lines: list[list], **properties) -> dict:
    """Two in a row, each 12 wide and 6 high. A line is (source, metric, statistic)."""
    metrics: list[list] = []
    for source, name, *statistic in lines:
        whole = [source[0], name, *source[1:]]
        # As in the line before: CloudWatch's own way to be short.
        before = lines[len(metrics) - 1][0] if metrics else None
        line = [".", name, ".", "."] if source == before else whole
        metrics.append([*line, *({"stat": one} for one in statistic)])
    return {
        "type": "metric", "x": 12 * (place % 2), "y": 6 * (place // 2), "width": 12, "height": 6,
        "properties": {"title": title, "region": "${AWS::Region}", "stat": "Sum", "period": PERIOD,
                       "metrics": metrics, **properties},
    }  # fmt: skip


def dashboard() -> str:
    """The stream's, as a text of Fn::Sub."""
    sgflow = ["sgflow", "FunctionName", "${Function}"]
    function = ["AWS/Lambda", "FunctionName", "${Function}"]
    stream = ["AWS/Firehose", "DeliveryStreamName", "${Stream}"]
    results = [
        "RecordsOk",
        "RecordsDropped",
        "RecordsFailed",
        "OverflowReingested",
        "OverflowFailed",
    ]
    verdicts = ["allowed-by-rule", "allowed-as-return", "allowed-unexplained",
                "denied-by-security-group", "denied-by-network-acl", "denied-after-close",
                "denied-no-connection", "denied-by-vpc", "denied-unexplained", "UnknownInterface"]  # fmt: skip
    freshness = [f"DeliveryTo{name}.DataFreshness" for name in ("S3", "Splunk", "HttpEndpoint")]
    widgets = [
        widget(0, "Firehose records by result", [(sgflow, name) for name in results], stacked=True),
        widget(1, "Flow records by verdict", [(sgflow, name) for name in verdicts], stacked=True),
        widget(2, "Stream: incoming bytes, throttled records",
               [(stream, name) for name in ("IncomingBytes", "ThrottledRecords")]),
        widget(3, "Stream: seconds until delivery", [(stream, name) for name in freshness], stat="Maximum"),
        widget(4, "Function: invocations",
               [(function, name) for name in ("Invocations", "Errors", "Throttles")]),
        widget(5, "Function: milliseconds",
               [(function, "Duration", statistic) for statistic in ("p50", "p99", "Maximum")]),
        widget(6, "Calls to AWS", [(sgflow, name) for name in ("ApiCalls", "Throttles", "NotLearned")]),
        widget(7, "Age of the inventory, seconds", [(sgflow, "InventoryAge")], stat="Maximum"),
        widget(8, "Function: peak of memory, bytes", [(sgflow, "PeakMemory")], stat="Maximum"),
    ]  # fmt: skip
    return json.dumps({"widgets": widgets}, separators=(",", ":"))
