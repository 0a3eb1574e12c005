"""What does not fit into the answer: each record is accounted for once, whatever happens, and in the
memory of the smallest function."""

import base64
import collections
import gzip
import json
import pathlib
import subprocess
import sys

import pytest
from firehose_world import (
    INVENTORY,
    enriched,
    envelope,
    firehose_event,
    heavy,
    line,
    message,
    results,
    rule,
)
from function_process import BINARY
from runtime_api_server import MOST_RESPONSE_BYTES
from servers.firehose_stub import (
    Denied,
    DiesBefore,
    DiesBehind,
    FirehoseStub,
    TakesEvery,
    Throttled,
    Unavailable,
)

RULES = 400
WIDE = "eni-0a000000000000400"

# Lambda gives a function 128 MB at least.
SMALLEST_FUNCTION = 128 << 20
LIMITED = pathlib.Path(__file__).parent / "limited_memory.py"


@pytest.fixture
def start_limited(start):
    """As `start`; the address sanitizer's own memory would be no measure of the program's."""
    if b"__asan_init" in BINARY.read_bytes():
        return start

    def run(api, **variables):
        command = (sys.executable, "-S", LIMITED, SMALLEST_FUNCTION, BINARY, "lambda")
        return start(api, command=command, **variables)

    return run


# What a record may become, and how it is asked for.
OUTPUTS = {
    "classic": {"SGFLOW_FORMAT": "classic"},
    "classic-with-id": {"SGFLOW_FORMAT": "classic", "SGFLOW_FIELDS": "+sgflow_record_id"},
    "json": {"SGFLOW_FORMAT": "json", "SGFLOW_FIELDS": "+sg_rules"},
}


@pytest.fixture
def firehose():
    with FirehoseStub() as stub:
        yield stub


@pytest.fixture(scope="module")
def wide_inventory(tmp_path_factory) -> str:
    """With an interface that has 400 rules."""
    groups = [f"sg-0a0000000000004{i:02}" for i in range(5)]
    world = {
        "NetworkInterfaces": [
            *INVENTORY["NetworkInterfaces"],
            {"NetworkInterfaceId": WIDE, "PrivateIpAddress": "192.0.2.7",
             "VpcId": "vpc-0a000000000000001", "Groups": [{"GroupId": group} for group in groups]},
        ],
        "SecurityGroups": INVENTORY["SecurityGroups"] + [{"GroupId": group} for group in groups],
        "SecurityGroupRules": INVENTORY["SecurityGroupRules"] + [
            rule(1000 + i, groups[i % 5], FromPort=i, ToPort=i, CidrIpv4=f"10.{i // 200}.{i % 200}.0/24")
            for i in range(RULES)
        ],
    }  # fmt: skip
    path = tmp_path_factory.mktemp("wide") / "inventory.json"
    path.write_text(json.dumps(world))
    return str(path)


def wide(number: int) -> str:
    return (
        f"2 111122223333 {WIDE} 10.0.{number % 200}.9 192.0.2.7 {1024 + number % 60000}"
        f" {number % 200} 6 10 840 {1620000000 + number} {1620000060 + number} ACCEPT OK"
    )


def event_of(megabytes: int) -> dict:
    """Of wide records, and now and then one of another kind; as large as Lambda hands it over."""
    payloads = []
    size = 0
    while size < megabytes * 1_000_000 - 100_000:
        number = len(payloads)
        if number % 50 == 7:
            payload = b""
        elif number % 50 == 9:
            payload = f"no record, {number}".encode()
        else:
            payload = message(wide(number))
        payloads.append(payload)
        size += 170 + len(payload) * 4 // 3
    event = firehose_event(*payloads)
    assert len(json.dumps(event)) < MOST_RESPONSE_BYTES
    return event


def originals(event: dict, got, result: str) -> list[str]:
    return [one["data"] for one, (told, _) in zip(event["records"], got, strict=True)
            if told == result]  # fmt: skip


def account_for(event: dict, got, firehose) -> None:
    """Delivered, in the stream again, or at the error prefix: one of these, and one only."""
    empty = originals(event, got, "Dropped").count("")
    assert empty == sum(one["data"] == "" for one in event["records"])
    accounted = collections.Counter(
        base64_of(firehose.taken)
        + originals(event, got, "Ok")
        + originals(event, got, "ProcessingFailed")
        + [""] * empty
    )
    assert accounted == collections.Counter(one["data"] for one in event["records"])
    assert not firehose.refused


def base64_of(records: list[bytes]) -> list[str]:
    return [one["data"] for one in firehose_event(*records)["records"]]


TROUBLE = {
    "none": [],
    "partly": [TakesEvery(3)] * 2,
    "dies-in-the-middle": [TakesEvery(1), DiesBefore(), TakesEvery(2), DiesBefore()],
    "throttled": [Throttled()] * 3,
    "unavailable": [Unavailable(), TakesEvery(2), Unavailable()],
    "dies-before": [DiesBefore(), DiesBefore()],
    "denied": [Denied()] * 400,
    "partly-and-denied": [*[TakesEvery(2)] * 5, *[Denied()] * 400],
}


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("megabytes", [1, 3, 6])
def test_every_record_is_accounted_for_once(
    api, start_limited, firehose, wide_inventory, megabytes, output, trouble
):  # fmt: skip
    firehose.turns += TROUBLE[trouble]
    function = start_limited(api, SGFLOW_INVENTORY=wide_inventory, SGFLOW_REINGEST="flow-logs",
                             **OUTPUTS[output], **firehose.environment)  # fmt: skip
    event = event_of(megabytes)
    answer = api.invoke(event)
    got = results(event, answer)
    account_for(event, got, firehose)

    summary = function.summary(answer)
    (metrics,) = function.metrics()
    assert metrics["OverflowReingested"] == len(firehose.taken)
    assert metrics["OverflowFailed"] == summary["overflowed"] - len(firehose.taken)
    assert metrics["ApiCalls"] >= len(firehose.calls), "one that came to nothing is one too"
    assert summary["reingested"] == len(firehose.taken)
    assert 0 < summary["overflowed"]
    assert ("reingestFault" in summary) == ("denied" in trouble)
    if "denied" in trouble:
        assert "firehose:PutRecordBatch" in summary["reingestFault"]
    else:
        assert summary["overflowed"] == len(firehose.taken)
        assert summary["failed"] == len(originals(event, got, "ProcessingFailed"))


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("megabytes", [1, 3, 6])
def test_without_a_stream_the_error_prefix_has_the_rest(
    api, start_limited, firehose, wide_inventory, megabytes, output
):  # fmt: skip
    function = start_limited(api, SGFLOW_INVENTORY=wide_inventory, **OUTPUTS[output])
    event = event_of(megabytes)
    answer = api.invoke(event)
    account_for(event, results(event, answer), firehose)
    assert firehose.calls == []
    (metrics,) = function.metrics()
    assert metrics["OverflowFailed"] == function.summary(answer)["overflowed"] > 0
    assert metrics["OverflowReingested"] == 0


def ids_of(got) -> list[str]:
    lines = b"".join(data for told, data in got if told == "Ok").splitlines()
    return [json.loads(one)["sgflow_record_id"] for one in lines]


@pytest.mark.parametrize("output", ["classic-with-id", "json"])
def test_a_record_has_one_id_however_often_it_comes(
    api, start, firehose, wide_inventory, output
):  # fmt: skip
    """The function dies behind PutRecordBatch; Firehose hands the event out once more."""
    variables = {"SGFLOW_INVENTORY": wide_inventory, "SGFLOW_REINGEST": "flow-logs",
                 **OUTPUTS[output], **firehose.environment}  # fmt: skip
    event = firehose_event(*(message(wide(i)) for i in range(400)))
    start(api, **variables)
    delivered = []
    for _ in range(2):  # the first answer is lost
        got = results(event, api.invoke(event))
        first, rest = ids_of(got), firehose.taken
        firehose.taken = []
        assert rest and len(first) + len(rest) == 400
    delivered += first
    pending = rest * 2  # of both invocations
    while pending:
        again = firehose_event(*pending)
        got = results(again, api.invoke(again))
        delivered += ids_of(got)
        pending, firehose.taken = firehose.taken, []
    assert len(delivered) > 400
    assert len(set(delivered)) == 400


def test_equal_records_of_one_envelope_have_ids_of_their_own(api, start, firehose):
    start(api, SGFLOW_FORMAT="json", SGFLOW_REINGEST="flow-logs", **firehose.environment)
    data = gzip.compress(envelope(line(1), line(2), line(1)))
    event = firehose_event(data, message(line(1)), data)
    first, _, third, alone, *copies = ids_of(results(event, api.invoke(event)))
    assert first != third
    assert alone == first, "nothing but its values tells it apart"
    assert copies == [first, _, third]


def sgflow(*arguments) -> bytes:
    command = [BINARY, *map(str, arguments), "-f", "json", "--fields", "+sgflow_record_id"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_the_error_prefix_tells_the_same_ids(
    api, start, firehose, inventory, tmp_path
):  # fmt: skip
    """What Firehose writes there has the data in base64, and what sgflow reads of it is numbered as
    in the function; a line that stands by itself is of no such data."""
    start(api, SGFLOW_FORMAT="json", SGFLOW_REINGEST="flow-logs", **firehose.environment)
    event = firehose_event(
        gzip.compress(envelope(line(1), line(2), line(1))),
        message(line(1)),
        f"{line(2)}\n{line(2)}\n".encode(),
    )
    ids = ids_of(results(event, api.invoke(event)))
    assert len(ids) == 6 and len(set(ids)) == 4
    failed = tmp_path / "failed"
    failed.mkdir()
    prefix = failed / "prefix"
    objects = [{"attemptsMade": 1, "rawData": record["data"]} for record in event["records"]]
    prefix.write_text("".join(json.dumps(one) + "\n" for one in objects) + 2 * f"{line(1)}\n")
    as_it_came = failed / "event.json"
    as_it_came.write_text(json.dumps(event))

    copies = tmp_path / "copies"
    sgflow("batch", failed, "-o", copies, "-i", inventory)
    of_prefix = gzip.decompress((copies / "prefix.jsonl.gz").read_bytes())
    assert ids_of([("Ok", of_prefix)]) == [*ids, ids[0], ids[0]]
    assert sgflow("enrich", prefix, "-i", inventory) == of_prefix
    assert ids_of([("Ok", sgflow("enrich", as_it_came, "-i", inventory))]) == ids


def test_what_is_taken_and_not_told_is_there_twice(api, start, firehose, wide_inventory):
    firehose.turns += [DiesBehind()]
    start(api, SGFLOW_INVENTORY=wide_inventory, SGFLOW_REINGEST="flow-logs",
          **firehose.environment)  # fmt: skip
    event = event_of(1)
    got = results(event, api.invoke(event))
    account_for(event, got, firehose)
    assert firehose.lost and set(firehose.lost) <= set(firehose.taken)


def test_bytes_go_round_as_they_came_and_fit_the_next_time(api, start, firehose):
    """An envelope of CloudWatch Logs, gzip and all."""
    start(api, SGFLOW_REINGEST="flow-logs", **firehose.environment)
    lines = [[heavy(i * 100 + j) for j in range(100)] for i in range(40)]
    payloads = [gzip.compress(envelope(*some)) for some in lines]
    event = firehose_event(*payloads)
    rounds = 0
    delivered = []
    while payloads:
        event = firehose_event(*payloads)
        got = results(event, api.invoke(event))
        assert {told for told, _ in got} <= {"Ok", "Dropped"}
        delivered += [data for told, data in got if told == "Ok"]
        payloads, firehose.taken = firehose.taken, []
        rounds += 1
    assert rounds > 1
    assert sorted(delivered) == sorted(enriched(*some) for some in lines)


def test_what_would_not_fit_alone_is_never_sent_round(api, start, firehose):
    function = start(api, SGFLOW_REINGEST="flow-logs", **firehose.environment)
    huge = "\n".join(heavy(i) for i in range(3000)).encode()
    event = firehose_event(huge, message(heavy(1)))
    answer = api.invoke(event)
    got = results(event, answer)
    assert [told for told, _ in got] == ["ProcessingFailed", "Ok"]
    assert firehose.calls == []
    summary = function.summary(answer)
    assert (summary["level"], summary["overflowed"], summary["reingested"]) == ("WARN", 1, 0)


def test_an_invocation_that_has_no_time_left_answers_all_the_same(api, start, firehose):
    function = start(api, SGFLOW_REINGEST="flow-logs", **firehose.environment)
    event = firehose_event(message(heavy(1)), b"", b"nonsense")
    over = {"Lambda-Runtime-Deadline-Ms": "1700000000000"}
    answer = api.invoke(event, headers=over)
    assert [told for told, _ in results(event, answer)] == ["ProcessingFailed"] * 3
    assert firehose.calls == []
    summary = function.summary(answer)
    assert (summary["late"], summary["overflowed"], summary["reingested"]) == (3, 3, 0)
    assert summary["reingestFault"].startswith("no time was left")
    answer = api.invoke(event)
    assert results(event, answer)[0] == ("Ok", enriched(heavy(1)))


# Packed


def packed(got) -> bytes:
    """What the one record brings, unpacked by another gzip than ours."""
    bringing = [data for told, data in got if told == "Ok"]
    assert len(bringing) == 1
    return gzip.decompress(bringing[0])


@pytest.mark.parametrize("count", [1, 500, 10_000])
def test_all_output_comes_in_one_record(api, start, count):
    function = start(api, SGFLOW_PACKING="gzip")
    lines = [heavy(i) for i in range(count)]
    event = firehose_event(*map(message, lines))
    answer = api.invoke(event)
    got = results(event, answer)
    assert collections.Counter(told for told, _ in got) == +collections.Counter(
        {"Ok": 1, "Dropped": count - 1}
    )
    assert packed(got) == enriched(*lines)
    summary = function.summary(answer)
    assert (summary["ok"], summary["dropped"], summary["overflowed"]) == (count, 0, 0)


def test_a_packed_event_says_of_each_record_what_became_of_it(api, start):
    start(api, SGFLOW_PACKING="gzip")
    event = firehose_event(message(heavy(1)), b"nonsense", message(heavy(2)), b"")
    got = results(event, api.invoke(event))
    assert [told for told, _ in got] == ["Dropped", "ProcessingFailed", "Ok", "Dropped"]
    assert packed(got) == enriched(heavy(1), heavy(2))
    event = firehose_event(b"", b"nonsense")
    got = results(event, api.invoke(event))
    assert [told for told, _ in got] == ["Dropped", "ProcessingFailed"], "nothing to bring"


# Rules that are written out are longer than what gzip remembers, and shrink less.
@pytest.mark.parametrize(
    ("megabytes", "output", "fields", "all_fit"),
    [
        (1, "classic", "", True),
        (3, "classic", "", False),
        (3, "json", "", True),
        (6, "json", "", True),
        (6, "classic", "", False),
        (6, "json", "+sg_rules", False),
        (1, "json", "+sg_rules", False),
        (3, "json", "+sg_rules", False),
    ],
)
def test_a_packed_event_with_400_rules(
    api, start_limited, firehose, wide_inventory, megabytes, output, fields, all_fit
):  # fmt: skip
    firehose.turns += [TakesEvery(2), Throttled(), DiesBefore()]
    function = start_limited(api, SGFLOW_INVENTORY=wide_inventory, SGFLOW_FORMAT=output,
                     SGFLOW_FIELDS=fields, SGFLOW_PACKING="gzip", SGFLOW_REINGEST="flow-logs",
                     **firehose.environment)  # fmt: skip
    event = event_of(megabytes)
    answer = api.invoke(event)
    got = results(event, answer)
    summary = function.summary(answer)
    assert summary["overflowed"] == summary["reingested"] == len(firehose.taken)
    assert (summary["overflowed"] == 0) == all_fit
    # Each record is in the pack, or in the stream again, or came back.
    ports = [int(json.loads(text)["srcport"]) for text in packed(got).splitlines()]
    assert len(ports) == summary["ok"]
    ports += [int(record.split()[5]) for record in firehose.taken]
    sent = [decoded(one) for one in event["records"]]
    assert sorted(ports) == sorted(int(one.split()[5]) for one in sent if b"message" in one)
    failed = originals(event, got, "ProcessingFailed")
    assert failed == [one["data"] for one in event["records"] if b"no record" in decoded(one)]


def test_one_record_of_many_lines_is_packed_as_it_is_made(api, start_limited):
    """100,000 lines in some kilobytes of gzip become more than the function has memory for."""
    function = start_limited(api, SGFLOW_PACKING="gzip")
    lines = 100_000
    event = firehose_event(
        gzip.compress(b"\n".join([heavy(1).encode()] * lines)), message(heavy(2))
    )
    answer = api.invoke(event)
    got = results(event, answer)
    assert [told for told, _ in got] == ["Dropped", "Ok"]
    assert packed(got) == lines * enriched(heavy(1)) + enriched(heavy(2))
    assert function.summary(answer)["ok"] == 2


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_record_that_ends_where_a_part_of_it_is_packed_is_not_lost(api, start, more):
    """Output is packed by the mebibyte."""
    function = start(api, SGFLOW_PACKING="gzip")
    lines = (1 << 20) // len(enriched(heavy(1))) + 1 + more
    event = firehose_event("\n".join([heavy(1)] * lines).encode())
    answer = api.invoke(event)
    got = results(event, answer)
    assert [told for told, _ in got] == ["Ok"]
    assert packed(got) == lines * enriched(heavy(1))
    assert function.summary(answer)["flowRecords"] == lines


def test_records_that_overflow_together_do_not_go_round_for_ever(api, start, firehose):
    """Each fits alone, but not beside what the others came as. What is sent again comes again."""
    start(api, SGFLOW_REINGEST="flow-logs", **firehose.environment)
    waiting = ["\n".join([line(1)] * (9000 + i)).encode() for i in range(3)]
    for count in (3, 2):
        assert len(waiting) == count
        event = firehose_event(message(heavy(2)), *waiting, message(heavy(3)))
        got = results(event, api.invoke(event))
        told = [result for result, _ in got]
        assert told == ["Ok", "Ok"] + ["Dropped"] * (count - 1) + ["Ok"]
        assert got[1][1] == len(waiting[0].splitlines()) * enriched(line(1))
        assert firehose.taken == waiting[1:]
        waiting, firehose.taken[:] = list(firehose.taken), []


def decoded(record: dict) -> bytes:
    return base64.b64decode(record["data"])


def test_a_stream_that_is_not_there_loses_nothing(api, start, firehose, wide_inventory):
    function = start(api, SGFLOW_INVENTORY=wide_inventory, SGFLOW_REINGEST="flow-log",
                     **firehose.environment)  # fmt: skip
    event = event_of(1)
    answer = api.invoke(event)
    got = results(event, answer)
    assert "there is no such stream" in function.summary(answer)["reingestFault"]
    firehose.refused.clear()
    account_for(event, got, firehose)


def test_an_arn_is_no_name_of_a_stream(api, start):
    start(api, SGFLOW_REINGEST="arn:aws:firehose:eu-west-1:111122223333:deliverystream/flow-logs")
    answer = api.wait_for_answer()
    assert answer.path == "/init/error"
    assert answer.json()["errorMessage"].endswith("give the stream's name, not its ARN")
