"""No record that an inventory could have is heavier than the heaviest that sgflow size finds.

Everything hangs on the seed; SGFLOW_SIZE_SEEDS=first:last tries others."""

import json
import os
import pathlib
import random
import re
import sys

import program
import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests/lambda"))

from firehose_world import message  # noqa: E402

FIRST, LAST = map(int, os.environ.get("SGFLOW_SIZE_SEEDS", "0:3").split(":"))
OPTIONS = [["-f", "json"], ["-f", "json", "--fields", "+sg_rules"], ["-f", "classic"]]
VPCS = ["vpc-0a000000000000001", "vpc-0a000000000000002"]
LISTS = ["pl-63a5400a", "pl-0123456789abcdef0"]  # the second one's entries are not told
PORTS = [22, 53, 443, 1024, 5432, 65535]
BLOCKS = ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "10.0.0.8/29", "10.1.0.0/16", "198.51.100.0/24",
          "203.0.113.77/32"]  # fmt: skip
BLOCKS6 = ["::/0", "2001:db8::/32", "2001:db8:0:1::/64"]
OUTSIDERS = ["1.2.3.4", "198.51.100.7", "203.0.113.77", "10.0.0.200", "10.1.0.1", "2001:db8:5::1"]


def rules_of(chance: random.Random, groups: list[str], count: int) -> list[dict]:
    rules = []
    for number in range(count):
        protocol = chance.choice(["tcp", "tcp", "udp", "icmp", "-1", "47"])
        first = chance.choice(PORTS)
        rule = {"SecurityGroupRuleId": f"sgr-0a{number:015x}", "GroupId": chance.choice(groups),
                "IsEgress": chance.random() < 0.4, "IpProtocol": protocol,
                "FromPort": first if protocol in ("tcp", "udp") else -1,
                "ToPort": max(first, chance.choice(PORTS)) if protocol in ("tcp", "udp") else -1}  # fmt: skip
        kind = chance.randrange(10)
        if kind < 5:
            rule["CidrIpv4"] = chance.choice(BLOCKS)
        elif kind == 5:
            rule["CidrIpv6"] = chance.choice(BLOCKS6)
        elif kind == 6:
            rule["PrefixListId"] = chance.choice(LISTS)
        else:
            rule["ReferencedGroupInfo"] = {"GroupId": chance.choice(groups)}
        rules.append(rule)
    return rules


def acl_of(chance: random.Random, number: int, subnets: list[dict]) -> dict:
    entries = [
        {"RuleNumber": 100 + i, "Egress": chance.random() < 0.5, "Protocol": "6",
         "RuleAction": chance.choice(["allow", "deny"]), "CidrBlock": chance.choice(BLOCKS),
         "PortRange": {"From": (first := chance.choice(PORTS)), "To": max(first, 1024)}}
        for i in range(chance.randrange(5))
    ]  # fmt: skip
    entries += [{"RuleNumber": 200, "Egress": egress, "Protocol": "-1", "RuleAction": "allow",
                 "CidrBlock": "0.0.0.0/0"} for egress in (False, True)]  # fmt: skip
    return {"NetworkAclId": f"acl-0a{number:015x}", "VpcId": VPCS[0], "Entries": entries,
            "Associations": [{"SubnetId": one["SubnetId"]} for one in subnets]}  # fmt: skip


def make_world(seed: int) -> dict:
    chance = random.Random(seed)
    groups = [f"sg-0a{i:015x}" for i in range(chance.choice([2, 6]))]
    subnets = [{"SubnetId": f"subnet-0a{i:015x}", "VpcId": VPCS[0], "CidrBlock": f"10.0.{i}.0/24"}
               for i in range(2)]  # fmt: skip
    interfaces = []
    for i in range(chance.choice([3, 12])):
        one = {"NetworkInterfaceId": f"eni-0a{i:015x}", "VpcId": chance.choice([*VPCS, VPCS[0]]),
               "PrivateIpAddress": f"10.0.{i % 2}.{3 + i}", "InterfaceType": "interface",
               "SubnetId": subnets[i % 2]["SubnetId"],
               "Groups": [{"GroupId": group} for group in
                          chance.sample(groups, chance.randrange(i == 0, min(4, len(groups)) + 1))]}  # fmt: skip
        if chance.random() < 0.4:
            name = chance.choice(["web", "caf\u00e9", '"', "\u2028"]) * chance.choice([1, 20, 60])
            one["TagSet"] = [{"Key": "Name", "Value": name}]
        if chance.random() < 0.4:
            one["Attachment"] = {"InstanceId": f"i-0a{i:015x}"}
        if chance.random() < 0.3:
            one["Ipv6Addresses"] = [{"Ipv6Address": f"2001:db8::{i + 1:x}"}]
        interfaces.append(one)
    return {
        "NetworkInterfaces": interfaces,
        "SecurityGroups": [{"GroupId": group, "VpcId": VPCS[0]} for group in groups],
        "SecurityGroupRules": rules_of(chance, groups, chance.choice([2, 8, 30])),
        "PrefixLists": [
            {
                "PrefixListId": LISTS[0],
                "Entries": [{"Cidr": "198.51.100.0/25"}, {"Cidr": "10.0.0.0/26"}],
            }
        ],
        "NetworkAcls": [acl_of(chance, 1, subnets[:1])] if chance.random() < 0.6 else [],
        "Subnets": subnets,
    }


def record_formats() -> dict[str, str]:
    template = (REPOSITORY / "deploy/cloudformation/stream.yaml").read_text()
    of_stack = re.search(r"^  LogFormat:\n(?:    .*\n)*?    Default: (.*)$", template, re.M)[1]
    default = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets"
               " bytes start end action log-status")  # fmt: skip
    return {"default": "".join(f"${{{name}}} " for name in default.split()), "stack": of_stack}


def lines_of(world: dict, record_format: str, seed: int, count: int) -> list[str]:
    """Small packets between the interfaces, and from and to others, whatever the rules say."""
    chance = random.Random(seed)
    interfaces = world["NetworkInterfaces"]
    fields = re.findall(r"[\w-]+", record_format)
    lines = []
    while len(lines) < count:
        own, other = chance.choice(interfaces), chance.choice(interfaces)
        is_ipv6 = "Ipv6Addresses" in own and chance.random() < 0.5
        outsider = chance.choice([one for one in OUTSIDERS if (":" in one) == is_ipv6])
        address = [one["Ipv6Addresses"][0]["Ipv6Address"] if is_ipv6 and "Ipv6Addresses" in one
                   else one["PrivateIpAddress"] for one in (own, other)]  # fmt: skip
        peer = outsider if chance.random() < 0.4 or ":" in address[0] + address[1] else address[1]
        if is_ipv6 and ":" in address[1] and chance.random() < 0.6:
            peer = address[1]
        if peer == address[0]:
            continue
        protocol = chance.choice([6, 6, 17, 1, 47])
        ports = [chance.randrange(1024, 10000), chance.choice([*PORTS, 7, 8080])]
        chance.shuffle(ports)
        if protocol not in (6, 17):
            ports = [0, 0]
        inbound = chance.random() < 0.5
        ends = [peer, address[0]] if inbound else [address[0], peer]
        value = {
            "version": "2", "account-id": "111122223333", "interface-id": own["NetworkInterfaceId"],
            "srcaddr": ends[0], "dstaddr": ends[1], "pkt-srcaddr": ends[0], "pkt-dstaddr": ends[1],
            "srcport": ports[0], "dstport": ports[1], "protocol": protocol,
            "packets": chance.randrange(1, 10), "bytes": chance.randrange(40, 100),
            "start": 1767225600, "end": 1767225659, "action": chance.choice(["ACCEPT", "REJECT"]),
            "log-status": "OK", "vpc-id": own["VpcId"], "subnet-id": own["SubnetId"],
            "instance-id": own.get("Attachment", {}).get("InstanceId", "-"),
            "tcp-flags": chance.choice([0, 2, 3, 18]) if protocol == 6 else 0,
            "type": "IPv6" if is_ipv6 else "IPv4", "region": chance.choice(["eu-west-1", "-"]),
            "flow-direction": "ingress" if inbound else "egress",
            "traffic-path": "-" if inbound else chance.randrange(1, 9),
        }  # fmt: skip
        lines.append(" ".join(str(value.get(field, "-")) for field in fields))
    return lines


def enriched(lines: list[str], inventory: str, *options: str) -> list[bytes]:
    text = "".join(line + "\n" for line in lines).encode()
    told = program.run("enrich", "-i", inventory, *options, stdin=text)
    assert told.exit_code == 0, told.errors
    return told.output.splitlines()


@pytest.mark.parametrize("layout", ["default", "stack"])
@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_no_record_is_heavier_than_the_heaviest_that_is_found(tmp_path, seed, layout):
    world = make_world(seed)
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(world))
    record_format = record_formats()[layout]
    lines = lines_of(world, record_format, seed, 4000)
    # Where an earlier record's flags tell who opened, a sentence is that much longer.
    by_memory = 17 if layout == "stack" else 0
    options = [*OPTIONS[seed % len(OPTIONS)], "-r", record_format]
    told = program.run("size", "--json", "-i", str(path), *options)
    assert told.exit_code == 0, told.errors
    (one,) = json.loads(told.output)["formats"]
    for line, output in zip(lines, enriched(lines, str(path), *options), strict=True):
        growth = (len(output) + 1 - by_memory) / len(message(line))
        assert growth <= one["worst"] + 0.005, (line, output, one)
