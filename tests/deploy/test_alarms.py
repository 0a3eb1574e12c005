"""Alarms and dashboards look at metrics that there are, of what the stack makes, and at each
destination a stream that is well has no alarm."""

import json
import re

import pytest
from emulated_stack import Stack
from tables import dashboards
from tables.alarms import ALARMS, queries
from templates import REPOSITORY, template

# docs.aws.amazon.com: firehose/latest/dev/monitoring-with-cloudwatch-metrics.html,
# lambda/latest/dg/monitoring-metrics-types.html,
# AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
DESTINATIONS = {"s3": "S3", "splunk": "Splunk", "http": "HttpEndpoint"}
METRICS_OF_AWS = {
    ("AWS/Firehose", "DeliveryStreamName"): {
        "IncomingBytes", "IncomingRecords", "IncomingPutRequests", "BytesPerSecondLimit",
        "RecordsPerSecondLimit", "PutRequestsPerSecondLimit", "ThrottledRecords",
        "ExecuteProcessing.Success", "PartitionCountExceeded",
        *(f"DeliveryTo{name}.{what}" for name in DESTINATIONS.values()
          for what in ("DataFreshness", "Success")),
    },
    ("AWS/Lambda", "FunctionName"): {"Invocations", "Errors", "Throttles", "Duration"},
    ("AWS/SQS", "QueueName"): {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
}  # fmt: skip


def written_by_sgflow(name: str) -> set[str]:
    """By the function of that stack, as its source has them."""
    source = (REPOSITORY / "src/lambda/metrics.cc").read_text()
    counts = dict(re.findall(r"(?ms)^void AddCounts\(const (\w+)& .*?\{(.*?)^}", source))
    assert set(counts) == {"InvocationReport", "ObjectCounts"}
    shared = source.split("void Metrics::Write(")[1]
    own = counts["InvocationReport" if name == "stream" else "ObjectCounts"]
    verdicts = (REPOSITORY / "src/verdict/verdict.cc").read_text()
    return {*re.findall(r'(?:Count|Add)\(\s*"(\w+)"', shared + own),
            *re.findall(r'"((?:allowed|denied)-[a-z-]+)"', verdicts)}  # fmt: skip


def known(name: str) -> dict[tuple[str, str], set[str]]:
    return {**METRICS_OF_AWS, ("sgflow", "FunctionName"): written_by_sgflow(name)}


def stack(name: str, **given: str) -> Stack:
    endpoint = {"SplunkUrl": "https://x", "HttpUrl": "https://x", "EndpointSecretArn": "arn"}
    made = Stack("", "s", template(name), {**given, **(endpoint if "Destination" in given else {})})
    made.references |= {one: one for one in made.template["Resources"]}
    made.created |= {one: "" for one in made.template["Resources"]}
    made.attributes |= {(one, "QueueName"): one for one in ("Queue", "DeadLetterQueue")}
    return made


@pytest.mark.parametrize("destination", DESTINATIONS)
@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: f"{alarm.template}-{alarm.name}")
def test_an_alarm_looks_at_a_metric_that_there_is(alarm, destination):
    given = {"Destination": destination} if alarm.template == "stream" else {}
    made = stack(alarm.template, **given)
    if alarm.when and not made.holds(alarm.when) and alarm.when != "HasPartitions":
        pytest.skip("it is not made there")
    for query in made.value(queries(alarm)):
        if metric := query.get("MetricStat", {}).get("Metric"):
            ((dimension),) = metric["Dimensions"]
            kind = (metric["Namespace"], dimension["Name"])
            assert metric["MetricName"] in known(alarm.template)[kind]
            if found := re.match(r"DeliveryTo(\w+)\.", metric["MetricName"]):
                assert found[1] == DESTINATIONS[destination]


@pytest.mark.parametrize("name", dashboards.WIDGETS)
def test_a_dashboard_shows_metrics_that_there_are(name):
    made = stack(name)
    body = made.value(made.template["Resources"]["Dashboard"]["Properties"]["DashboardBody"])
    widgets = json.loads(body)["widgets"]
    places = [(one["x"], one["y"]) for one in widgets]
    assert len(set(places)) == len(places)
    for widget in widgets:
        before = None
        for line in widget["properties"]["metrics"]:
            namespace, metric, dimension, _ = [
                old if one == "." else one for one, old in zip(line, before or line, strict=False)
            ][:4]
            before = [namespace, metric, dimension, line[3] if line[3] != "." else before[3]]
            assert metric in known(name)[namespace, dimension], widget["properties"]["title"]


def freshness(made: Stack, age: float) -> bool:
    """Whether records of that age are told."""
    alarm = made.value(made.template["Resources"]["StreamFreshnessAlarm"]["Properties"])
    (answer,) = (one for one in alarm["Metrics"] if one["ReturnData"])
    assert re.fullmatch(r"m1/\(\d+(\+\d+)+\)", answer["Expression"])
    value = eval(answer["Expression"], {"__builtins__": {}}, {"m1": age})
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    return value > float(alarm["Threshold"])


# docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html
ANSWER_OF_AN_HTTP_ENDPOINT = 180


@pytest.mark.parametrize("buffer", ["0", "60", "900"])
@pytest.mark.parametrize(
    ("destination", "interval"),
    [
        ("s3", "60"),
        ("s3", "300"),
        ("s3", "900"),
        ("splunk", "300"),
        ("http", "60"),
        ("http", "900"),
    ],
)
def test_records_are_old_only_by_what_their_destination_gathers_and_tries(
    destination, interval, buffer
):
    made = stack(
        "stream", Destination=destination, DeliveryInterval=interval, BufferInterval=buffer
    )
    properties = made.template["Resources"]["Stream"]["Properties"]
    name = {"s3": "ExtendedS3", "splunk": "Splunk", "http": "HttpEndpoint"}[destination]
    configuration = properties[f"{name}DestinationConfiguration"]["Fn::If"][1]
    hints = made.value(configuration["BufferingHints"])
    waits = float(hints["IntervalInSeconds"]) + float(buffer)
    if destination == "s3":
        assert not freshness(made, 2 * waits) and freshness(made, 3.1 * waits)
        return
    tried = configuration["RetryOptions"]["DurationInSeconds"]
    answer = configuration.get("HECAcknowledgmentTimeoutInSeconds", ANSWER_OF_AN_HTTP_ENDPOINT)
    # One that is given up: its first answer, the attempts after that, and the last one's answer.
    assert not freshness(made, waits + answer + tried + answer)
    assert freshness(made, 3.1 * (waits + tried + answer))


def test_what_an_endpoint_refuses_is_told_though_it_is_given_up_before_it_is_old():
    properties = template("stream")["Resources"]["Stream"]["Properties"]
    tried = [
        properties[f"{name}DestinationConfiguration"]["Fn::If"][1]["RetryOptions"]["DurationInSeconds"]
        for name in ("Splunk", "HttpEndpoint")
    ]  # fmt: skip
    assert tried == [300, 300]  # the five minutes that the alarm's description names
    (told,) = (one for one in ALARMS if one.name == "EndpointDelivery")
    assert (told.when, told.comparison, told.threshold) == ("ToEndpoint", "LessThanThreshold", 1)
    assert "five minutes" in told.description


def test_the_timeout_behind_a_threshold_is_the_functions():
    (duration,) = (
        one for one in ALARMS if (one.template, one.name) == ("batch", "FunctionDuration")
    )
    timeout = template("batch")["Resources"]["Function"]["Properties"]["Timeout"]
    assert duration.threshold == 0.8 * 1000 * timeout


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: f"{alarm.template}-{alarm.name}")
def test_no_traffic_is_no_alarm(alarm):
    properties = template(alarm.template)["Resources"][f"{alarm.name}Alarm"]["Properties"]
    assert properties["TreatMissingData"] == "notBreaching"
    # A metric that is written only where it is not 0 counts as 0, and is no divisor.
    text = json.dumps(alarm.expression)
    for id_, metric in alarm.metrics.items():
        if isinstance(metric.name, str) and metric.name.endswith("-unexplained"):
            assert f"FILL({id_},0)" in text
