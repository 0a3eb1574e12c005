"""Alarms. docs/operations.md has a row for each."""

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
# Seconds that Firehose tries an endpoint again for, and waits for an answer at most: of Splunk's
# HECAcknowledgmentTimeoutInSeconds, and HTTP endpoints have three minutes
# (docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html).
RETRIES, ANSWER = 300, 180


def share(of: str, total: str, *parts: str) -> dict:
    """Metrics and expression: a hundred times the parts, which may be absent, by the total."""
    metrics = {"m0": Metric(of, total)} | {
        f"m{i}": Metric(of, part) for i, part in enumerate(parts, 1)
    }
    added = "+".join(f"FILL(m{i},0)" for i in range(1, len(parts) + 1))
    return {"metrics": metrics, "expression": f"100*({added})/m0"}


def delivery(what: str, statistic: str) -> Metric:
    """Each destination's has a name of its own."""
    return Metric("stream", {"Fn::FindInMap": ["Delivery", ref("Destination"), what]}, statistic)


def of_function(template: str, again: str, duration: dict, aged: str | None = None) -> list[Alarm]:
    """What is watched alike wherever sgflow enriches. `again`: what becomes of a failed invocation;
    `aged`: the condition on which an inventory grows old."""
    return [
        Alarm(template, "FunctionErrors", f"Invocations of the function failed; {again}",
              {"m1": Metric("function", "Errors")}, 0),
        Alarm(template, "FunctionThrottles", "Lambda refused invocations: too many at once",
              {"m1": Metric("function", "Throttles")}, 0),
        Alarm(template, "FunctionDuration", "An invocation took more than 80 % of the timeout",
              {"m1": Metric("function", "Duration", "Maximum")}, **duration),
        Alarm(template, "FunctionMemory", "The function used more than 80 % of its memory",
              {"m1": Metric("sgflow", "PeakMemory", "Maximum")}, 80,
              expression=sub("100*m1/(1048576*${MemorySize})")),
        Alarm(template, "RecordsUnexplained", "More than 5 % of the flow records contradict the inventory, or are of interfaces that it lacks",
              **share("sgflow", "FlowRecords", "UnknownInterface", "allowed-unexplained", "denied-unexplained"),
              threshold=5, periods=3),
        Alarm(template, "ApiThrottles", "AWS throttled more than ten calls of the function",
              {"m1": Metric("sgflow", "Throttles")}, 10),
        Alarm(template, "InventoryAge", "What the function knows of the configuration is old",
              {"m1": Metric("sgflow", "InventoryAge", "Maximum")}, ref("MaxInventoryAge"), periods=3,
              when=aged),
    ]  # fmt: skip


def of_quota(name: str, what: str, metric: str, limit: str) -> Alarm:
    return Alarm("stream", name, f"The stream takes more than 80 % of the {what} per second that it may",
                 {"m1": Metric("stream", metric), "m2": Metric("stream", limit, "Minimum")}, 80,
                 expression="100*m1/PERIOD(m1)/m2")  # fmt: skip


STREAM_ALARMS = [
    *of_function("stream", "Firehose tries again",
                 {"threshold": 80, "expression": sub("100*m1/(1000*${Timeout})")}),
    # A record waits in the function's buffer, then in the destination's, which is Splunk's own. An
    # endpoint is tried for RETRIES seconds then, in which its answers are not counted: one is.
    Alarm("stream", "StreamFreshness", "The oldest record in the stream has waited three times as long as it may",
          {"m1": delivery("Freshness", "Maximum")}, 3,
          expression=chosen("ToS3", sub("m1/(${BufferInterval}+${DeliveryInterval})"),
                            chosen("ToSplunk", sub(f"m1/(${{BufferInterval}}+60+{RETRIES + ANSWER})"),
                                   sub(f"m1/(${{BufferInterval}}+${{DeliveryInterval}}+{RETRIES + ANSWER})")))),
    Alarm("stream", "EndpointDelivery",
          "The endpoint did not take records, which are tried again for five minutes and then go to the bucket",
          {"m1": delivery("Success", "Average")}, 1, comparison="LessThanThreshold",
          when="ToEndpoint"),
    Alarm("stream", "StreamProcessing", "Firehose could not have all records transformed",
          {"m1": Metric("stream", "ExecuteProcessing.Success", "Average")}, 1,
          comparison="LessThanThreshold"),
    Alarm("stream", "StreamThrottled", "Firehose refused records: its quota is used up",
          {"m1": Metric("stream", "ThrottledRecords")}, 0),
    of_quota("StreamBytes", "bytes", "IncomingBytes", "BytesPerSecondLimit"),
    of_quota("StreamRecords", "records", "IncomingRecords", "RecordsPerSecondLimit"),
    of_quota("StreamRequests", "requests", "IncomingPutRequests", "PutRequestsPerSecondLimit"),
    Alarm("stream", "StreamPartitions", "Firehose has more partitions open than it may",
          {"m1": Metric("stream", "PartitionCountExceeded", "Maximum")}, 0, when="HasPartitions"),
    Alarm("stream", "RecordsFailed", "More than 1 % of the records could not be read",
          **share("sgflow", "RecordsIn", "RecordsFailed"), threshold=1),
    Alarm("stream", "RecordsOverflowed", "More than 5 % of the records did not fit into an answer",
          **share("sgflow", "RecordsIn", "OverflowReingested", "OverflowFailed"), threshold=5, periods=3),
    Alarm("stream", "OverflowLost", "Records that did not fit went to the error prefix",
          {"m1": Metric("sgflow", "OverflowFailed")}, 0),
    Alarm("stream", "SnapshotErrors", "A snapshot could not be taken or written",
          {"m1": Metric("snapshot", "Errors")}, 0, when="TakesSnapshots"),
]  # fmt: skip

BATCH_ALARMS = [
    # The timeout is five minutes.
    *of_function("batch", "their files are tried again", {"threshold": 240_000},
                 aged="JudgesByNow"),
    # To Lambda they are no errors: the answer names their messages, which come again.
    Alarm("batch", "ObjectsFailed", "More than 5 % of the files could not be enriched, and come again",
          **share("sgflow", "ObjectsIn", "ObjectsFailed", "ObjectsIncomplete"), threshold=5),
    Alarm("batch", "RecordsFailed", "More than 1 % of the flow records could not be read",
          {"m0": Metric("sgflow", "FlowRecords"), "m1": Metric("sgflow", "FlowRecordsFailed")}, 1,
          expression="100*m1/(m0+m1)"),
    # How many records are lacking nobody knows, so they are in no share of what was read.
    Alarm("batch", "ObjectsCutOff", "A file was enriched only in part: its data ends in the middle or is damaged",
          {"m1": Metric("sgflow", "ObjectsCutOff")}, 0),
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
