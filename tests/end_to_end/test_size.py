"""sgflow size: its numbers against those of the program itself, and its buffers against the Lambda
function."""

import json
import pathlib
import sys

import program
import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests/lambda"))

from firehose_world import firehose_event, message  # noqa: E402
from function_process import Function  # noqa: E402
from runtime_api_server import MOST_RESPONSE_BYTES, RuntimeApi  # noqa: E402

EXAMPLES = REPOSITORY / "examples"
TENTH = (1 << 20) // 10
VPC = "vpc-0a000000000000001"


def rule(number: int, group: str) -> dict:
    return {"SecurityGroupRuleId": f"sgr-0a{number:015x}", "GroupId": group, "IsEgress": False,
            "IpProtocol": "tcp", "FromPort": 443 + number, "ToPort": 443 + number,
            "CidrIpv4": f"10.{number % 200}.0.0/16"}  # fmt: skip


def interface(number: int, group: str) -> dict:
    return {"NetworkInterfaceId": f"eni-0a{number:015x}", "VpcId": VPC,
            "PrivateIpAddress": f"192.0.2.{number}", "Groups": [{"GroupId": group}]}  # fmt: skip


HEAVY = f"eni-0a{5:015x}"


def world(rules: int) -> dict:
    """Five interfaces; one has more rules than the others."""
    small, large = "sg-0a000000000000001", "sg-0a000000000000002"
    return {
        "NetworkInterfaces": [*(interface(i, small) for i in range(1, 5)), interface(5, large)],
        "SecurityGroups": [{"GroupId": small}, {"GroupId": large}],
        "SecurityGroupRules": [rule(0, small), *(rule(1 + i, large) for i in range(rules))],
    }


@pytest.fixture(params=[10, 30])
def inventory(request, tmp_path) -> str:
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(world(request.param)))
    return str(path)


def size(*arguments) -> dict:
    told = program.run("size", "--json", *map(str, arguments))
    assert told.exit_code == 0, told.errors
    return json.loads(told.output)


def by_format(predicted: dict) -> dict[str, dict]:
    return {one["format"]: one for one in predicted["formats"]}


def enriched(line: str, inventory: str, output_format: str) -> bytes:
    told = program.run("enrich", "-i", inventory, "-f", output_format, stdin=line.encode() + b"\n")
    assert told.exit_code == 0, told.errors
    return told.output


def test_the_worst_is_what_the_program_makes_of_the_record(inventory):
    formats = by_format(size("-i", inventory))
    assert set(formats) == {"classic", "json"}
    assert formats["classic"]["worst_interface"] == HEAVY
    for name, one in formats.items():
        line = one["heaviest_record"]
        growth = len(enriched(line, inventory, name)) / len(message(line))
        assert growth == pytest.approx(one["worst"], rel=0.02)
        assert 1 < one["mean"] <= one["p99"] + 0.01 and one["p99"] <= one["worst"] + 0.01


def event_of(line: str, tenths: int) -> dict:
    """As many such records as a buffer of that size and a request to Lambda have room for."""
    data = message(line)
    (record,) = firehose_event(data)["records"]
    record["recordId"] = f"{0:062}"  # as long as Firehose's own
    around = len(json.dumps(record, separators=(",", ":"))) + 1
    count = min(tenths * TENTH // len(data), MOST_RESPONSE_BYTES // around - 1)
    return {
        **firehose_event(),
        "records": [{**record, "recordId": f"{number:062}"} for number in range(count)],
    }


def overflowed(event: dict, **variables: str) -> int:
    with RuntimeApi() as api:
        function = Function(api.address, [str(program.BINARY), "lambda"], **variables)
        api.process = function.process
        try:
            return function.summary(api.invoke(event))["overflowed"]
        finally:
            function.end()


@pytest.mark.parametrize("output_format", ["classic", "json"])
def test_nothing_overflows_at_the_buffer_and_something_a_step_above(inventory, output_format):
    one = by_format(size("-i", inventory))[output_format]
    buffer = round(10 * one["buffer_mb"])
    assert 2 <= buffer < 30
    set_up = {"SGFLOW_INVENTORY": inventory, "SGFLOW_FORMAT": output_format}
    line = one["heaviest_record"]
    assert overflowed(event_of(line, buffer), **set_up) == 0
    assert overflowed(event_of(line, buffer + 1), **set_up) > 0


def test_partition_keys_are_a_part_of_the_answer(tmp_path):
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(world(10)))
    keys = "account_id,region,vpc_id,day,hour"
    fields = ["-f", "json", "--fields", "srcaddr,dstaddr,sg_ids,sg_verdict"]
    (without,) = size("-i", path, *fields)["formats"]
    (one,) = size("-i", path, *fields, "--partition-keys", keys)["formats"]
    buffer = round(10 * one["buffer_mb"])
    assert 2 <= buffer < round(10 * without["buffer_mb"])
    assert "buffer_mb_with_gzip" not in one, "the function takes one of the two"
    set_up = {"SGFLOW_INVENTORY": str(path), "SGFLOW_FORMAT": "json", "SGFLOW_FIELDS": fields[-1],
              "SGFLOW_PARTITION_KEYS": keys}  # fmt: skip
    line = one["heaviest_record"]
    assert overflowed(event_of(line, buffer), **set_up) == 0
    assert overflowed(event_of(line, buffer + 1), **set_up) > 0


def test_what_is_made_up_beside_a_sample_has_its_layout(tmp_path):
    """Of an interface that the sample lacks; its header came last."""
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(world(30)))
    header = "interface-id srcaddr dstaddr srcport dstport protocol action"
    sample = tmp_path / "sample.log"
    light = f"eni-0a{1:015x}"
    sample.write_text(f"{header}\n{light} 10.9.9.9 192.0.2.1 40000 443 6 REJECT\n")
    (one,) = size("-i", path, "--sample", sample, "-f", "classic")["formats"]
    heaviest = one["heaviest_record"].split(" ")
    assert heaviest[0] == HEAVY and len(heaviest) == len(header.split(" "))


def test_with_gzip_the_buffer_is_larger(inventory):
    for name, one in by_format(size("-i", inventory)).items():
        assert one["buffer_mb_with_gzip"] > one["buffer_mb"]
        event = event_of(one["heaviest_record"], round(10 * one["buffer_mb_with_gzip"]))
        set_up = {"SGFLOW_INVENTORY": inventory, "SGFLOW_FORMAT": name, "SGFLOW_PACKING": "gzip"}
        assert overflowed(event, **set_up) == 0


def test_hundreds_of_rules_overflow_whatever_the_buffer(tmp_path):
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(world(400)))
    classic = by_format(size("-i", path))["classic"]
    assert classic["buffer_mb"] is None
    told = program.run("size", "-i", path, "--format", "classic")
    assert "SGFLOW_REINGEST" in told.output.decode() and "none" in told.output.decode()


def test_a_sample_tells_of_the_traffic_there_is():
    log = EXAMPLES / "flow.log"
    predicted = size("-i", EXAMPLES / "inventory.json", "--sample", log)
    lines = log.read_text().splitlines()
    assert predicted["sampled"] and predicted["records"] in (len(lines), len(lines) - 1)
    for name, one in by_format(predicted).items():
        told = program.run("enrich", "-i", str(EXAMPLES / "inventory.json"), "-f", name, str(log))
        messages = sum(len(message(line)) for line in lines[-predicted["records"] :])
        assert one["mean"] == pytest.approx(len(told.output) / messages, rel=0.002)


def test_one_format_with_other_fields():
    inventory = EXAMPLES / "inventory.json"
    (more,) = size("-i", inventory, "--format", "json", "--fields", "+sg_rules")["formats"]
    (less,) = size("-i", inventory, "-f", "json", "--fields", "srcaddr,sg_ids")["formats"]
    assert less["mean"] < 1 < more["mean"]


def test_what_cannot_be_is_told(tmp_path):
    inventory = str(EXAMPLES / "inventory.json")
    told = program.run("size", "-i", inventory, "--fields", "srcaddr")
    assert (told.exit_code, told.errors) == (
        2, "sgflow: --fields and --drop are for one format; name it with --format\n",
    )  # fmt: skip
    told = program.run("size", "-i", inventory, "--partition-keys", "day,eni")
    assert (told.exit_code, told.errors) == (
        2, "sgflow: --partition-keys: there is no key 'eni'; one or several of: account_id, region,"
        " vpc_id, day, hour\n",
    )  # fmt: skip
    empty = tmp_path / "empty.log"
    empty.write_text("")
    told = program.run("size", "-i", inventory, "--sample", str(empty))
    assert (told.exit_code, told.errors) == (1, "sgflow: the sample has no record\n")
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps({"NetworkInterfaces": [
        {"NetworkInterfaceId": HEAVY, "PrivateIpAddress": "192.0.2.1", "Groups": []}]}))  # fmt: skip
    told = program.run("size", "-i", str(bare))
    assert told.exit_code == 2
    assert "no interface with a security group" in told.errors


def test_the_page_shows_what_is_printed():
    told = program.run("size", "-i", "examples/inventory.json", cwd=REPOSITORY)
    page = (REPOSITORY / "docs/size.md").read_text()
    assert told.output.decode() in page
