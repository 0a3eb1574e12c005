"""Random inventories and records, held against the plain Python statements of the outputs."""

import json
import random

import flow_fields
import program
import pytest
from classic_oracle import Configuration, classic_bytes
from json_statement import json_record
from random_world import World, make_world

SEEDS = range(60)


def write_documents(tmp_path, world: World) -> list:
    paths = []
    for number, document in enumerate(world.documents):
        paths.append(tmp_path / f"inventory-{number}.json")
        paths[-1].write_text(json.dumps(document, indent=number or None))
    return paths


def input_of(world: World, seed: int) -> tuple[bytes, list[str]]:
    """The records as text, and the options without which they could not be read."""
    preset = next((name for name, each in flow_fields.PRESETS.items() if each == world.fields), "")
    if world.has_unknown_fields() or seed % 3 == 0:
        return world.text_with_header(), []
    if seed % 3 == 1 and preset:
        return world.text(), ["--record-format", preset]
    return world.text(), ["--record-format", " ".join(f"${{{name}}}" for name in world.fields)]


@pytest.mark.parametrize("seed", SEEDS)
def test_classic_output(tmp_path, seed):
    world = make_world(seed)
    text, layout = input_of(world, seed)
    inventory = write_documents(tmp_path, world)
    outcome = program.enrich("--format", "classic", *layout, inventory=inventory, stdin=text)
    program.expect_bytes(outcome, classic_bytes(world.records, Configuration(*world.documents)))
    assert outcome.exit_code == 0, f"\n{outcome}"


@pytest.mark.parametrize("seed", SEEDS)
def test_json_output(tmp_path, seed):
    world = make_world(seed)
    text, layout = input_of(world, seed)
    inventory = write_documents(tmp_path, world)
    outcome = program.enrich(*program.AS_JSON, *layout, inventory=inventory, stdin=text)
    configuration = Configuration(*world.documents)
    expected = [json_record(record, configuration) for record in world.records]
    program.expect_records(outcome, expected)
    assert outcome.exit_code == 0, f"\n{outcome}"


def test_json_is_the_default_output(tmp_path):
    world = make_world(1)
    inventory = write_documents(tmp_path, world)
    text = world.text_with_header()
    default = program.enrich(inventory=inventory, stdin=text)
    program.expect_bytes(
        default, program.enrich("--format", "json", inventory=inventory, stdin=text).output
    )


@pytest.mark.parametrize("seed", range(5))
def test_many_records_of_mixed_layouts(tmp_path, seed):
    """Enough text for several of any buffer, with the header changing on the way."""
    worlds = [make_world(1000 + seed * 10 + number, record_count=700) for number in range(4)]
    inventory = write_documents(tmp_path, worlds[0])
    configuration = Configuration(*worlds[0].documents)
    chance = random.Random(seed)
    text, records = b"", []
    for _ in range(12):
        world = chance.choice(worlds)
        text += world.text_with_header()
        records += world.records
    outcome = program.enrich("--format", "classic", inventory=inventory, stdin=text)
    program.expect_bytes(outcome, classic_bytes(records, configuration))


@pytest.mark.parametrize("output_format", ["classic", "json"])
def test_transit_gateway_records(tmp_path, output_format):
    """They have no interface of ours; the layout is found out or told."""
    line = (
        "6 TransitGateway 111122223333 tgw-0123456789abcdef0 tgw-attach-0123456789abcdef0 "
        "111122223333 444455556666 vpc-0123456789abcdef0 vpc-0123456789abcdef1 subnet-1 subnet-2 "
        "eni-1 eni-2 euw1-az1 euw1-az2 tgw-attach-1 10.0.1.9 10.1.2.3 45000 443 6 11 2222 "
        "1767225600 1767225660 OK IPv4 0 1 2 3 18 eu-west-1 ingress - -"
    )
    record = flow_fields.record(flow_fields.TRANSIT_GATEWAY, line)
    document = {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "Groups": []}]}
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps(document))
    for layout in ([], ["--record-format", "v6"]):
        outcome = program.enrich(
            *program.OUTPUTS[output_format],
            *layout,
            inventory=inventory,
            stdin=f"{line}\n".encode(),
        )
        program.expect_success(outcome)
        if output_format == "classic":
            program.expect_bytes(outcome, classic_bytes([record], Configuration(document)))
        else:
            program.expect_records(outcome, [json_record(record, Configuration(document))])


def test_oracle_meets_every_kind():
    """The random worlds are no test of anything that they do not contain."""
    text = "".join(
        classic_bytes(world.records, Configuration(*world.documents)).decode()
        for world in map(make_world, SEEDS)
    )
    for wanted in (
        "|tcp|443|",
        "|tcp|0-65535|",
        "|icmp|8--1|",
        "|icmp|8-0|",
        "|icmpv6|All ports|",
        "|All protocols|All ports|",
        "|50|All ports|",
        "|6|443|",
        "|TCP|443|",
        "|2001:DB8:",
        "|pl-",
        "|sg-",
        "|2001:db8:",
        "/IpPermissions/0|",
        "/IpPermissionsEgress/1|",
        "no-inbound-rules||||sg-",
        "no-outbound-rules||||sg-",
        '"||||no-security-groups"',
        "\\ud83d\\ude00",
        "\\u007f",
        '"log-status": "SKIPDATA"',
    ):
        assert wanted in text, wanted
