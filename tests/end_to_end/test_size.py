"""sgflow size: its numbers against those of the program itself, and its buffers against the Lambda
function."""

import itertools
import json
import pathlib
import random
import re
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
    return event_of_each(itertools.repeat(line), tenths)


def event_of_each(lines, tenths: int) -> dict:
    """As many records as a buffer of that size and a request to Lambda have room for."""
    records, gathered, length = [], 0, 0
    for number, line in enumerate(lines):
        data = message(line)
        (record,) = firehose_event(data)["records"]
        record["recordId"] = f"{number:062}"  # as long as Firehose's own
        gathered += len(data)
        length += len(json.dumps(record, separators=(",", ":"))) + 1
        if gathered > tenths * TENTH or length > MOST_RESPONSE_BYTES - 200:
            break
        records.append(record)
    return {**firehose_event(), "records": records}


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


def uneven_world(heavy: int, groups: int) -> dict:
    """Some interfaces carry so many groups of 60 rules, three hundred others one of a single rule."""
    small = "sg-0b000000000000000"
    made = {"NetworkInterfaces": [], "SecurityGroups": [{"GroupId": small}],
            "SecurityGroupRules": [rule(0, small)]}  # fmt: skip
    pick = random.Random(1)
    for number in range(heavy):
        carried = [f"sg-0a{number:07x}{i:08x}" for i in range(groups)]
        made["SecurityGroups"] += [{"GroupId": group} for group in carried]
        made["NetworkInterfaces"].append(
            {**interface(number + 1, small), "Groups": [{"GroupId": group} for group in carried]}
        )
        made["SecurityGroupRules"] += [
            {**rule(i, group), "SecurityGroupRuleId": f"sgr-0{pick.getrandbits(64):016x}"}
            for group in carried
            for i in range(60)
        ]
    for number in range(300):
        light = interface(1000 + number, small)
        light["PrivateIpAddress"] = f"172.16.{number // 200}.{number % 200 + 1}"
        made["NetworkInterfaces"].append(light)
    return made


def lines_of(heavy: int, fields: str):
    """Small packets to each of the heavy interfaces in turn, no two alike: some that a rule allows,
    most that it would if they came from elsewhere or asked for another port."""
    pick = random.Random(2)
    while True:
        for number in range(1, heavy + 1):
            allowed, kind = pick.randrange(60), pick.randrange(3)
            start = 1700000000 + pick.randrange(1000)
            values = {
                "version": "2", "account-id": "111122223333",
                "interface-id": f"eni-0a{number:015x}",
                "srcaddr": f"{11 if kind == 1 else 10}.{allowed}.{pick.randrange(256)}.{pick.randrange(256)}",
                "dstaddr": f"192.0.2.{number}", "srcport": str(pick.randrange(1024, 65536)),
                "dstport": str(443 + allowed if kind != 2 else 80), "protocol": "6", "packets": str(pick.randrange(1, 10)),
                "bytes": str(pick.randrange(40, 1000)), "start": str(start), "end": str(start + 59),
                "action": "REJECT" if kind else "ACCEPT", "log-status": "OK",
            }  # fmt: skip
            yield " ".join(values.get(field, "-") for field in fields.split())


DEFAULT_FIELDS = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets"
                  " bytes start end action log-status")  # fmt: skip


@pytest.mark.parametrize("heavy, groups", [(1, 5), (6, 2), (200, 1)])
@pytest.mark.parametrize("output_format", ["classic", "json"])
def test_the_buffer_is_enough_for_the_heaviest_interfaces_alone(
    tmp_path, heavy, groups, output_format
):
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(uneven_world(heavy, groups)))
    (one,) = size("-i", path, "-f", output_format)["formats"]
    for packing, told in (("none", one["buffer_mb"]), ("gzip", one["buffer_mb_with_gzip"])):
        set_up = {"SGFLOW_INVENTORY": str(path), "SGFLOW_FORMAT": output_format,
                  "SGFLOW_PACKING": packing}  # fmt: skip
        if told is None:
            event = event_of_each(lines_of(heavy, DEFAULT_FIELDS), tenths=2)
            assert packing == "none" and overflowed(event, **set_up) > 0
            continue
        for in_turn in sorted({1, heavy}):
            event = event_of_each(lines_of(in_turn, DEFAULT_FIELDS), round(10 * told))
            assert overflowed(event, **set_up) == 0, (packing, told, in_turn)


def stack_default(parameter: str) -> str:
    template = (REPOSITORY / "deploy/cloudformation/stream.yaml").read_text()
    return re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (.*)$", template, re.M)[1]


def test_for_the_stack_it_goes_by_what_the_stack_sets_up(tmp_path):
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(world(10)))
    record_format = stack_default("LogFormat")
    assert stack_default("Format") == "json" and stack_default("Reingest") == '"true"'
    stack = size("-i", path, "--stack")
    assert stack == size("-i", path, "-f", "json", "--fields", "+sgflow_record_id",
                         "-r", record_format)  # fmt: skip
    fields = re.findall(r"[\w-]+", record_format)
    (one,) = stack["formats"]
    assert len(one["heaviest_record"].split(" ")) == len(fields) == 31
    set_up = {"SGFLOW_INVENTORY": str(path), "SGFLOW_FORMAT": "json", "SGFLOW_REINGEST": "stream",
              "SGFLOW_RECORD_FORMAT": record_format, "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
              "AWS_REGION": "eu-west-1"}  # fmt: skip
    event = event_of_each(
        (line.replace("192.0.2.1", "192.0.2.5").replace(f"{1:015x}", f"{5:015x}")
         for line in lines_of(1, " ".join(fields))),
        round(10 * one["buffer_mb"]),
    )  # fmt: skip
    assert overflowed(event, **set_up) == 0
    assert size("-i", path, "--stack", "-f", "classic") == size(
        "-i", path, "-f", "classic", "-r", record_format
    )


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
