"""How much memory the function ever has: what Lambda charges for."""

import collections
import json
import pathlib
import random

import pytest
from firehose_world import firehose_event, message, results
from function_process import BINARY
from runtime_api_server import MOST_RESPONSE_BYTES
from servers.synthetic_account import SyntheticAccount, make_account

INTERFACES = 1000
MOST_KILOBYTES = 48 * 1024


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    made = make_account(interfaces=INTERFACES, groups=100)
    path = tmp_path_factory.mktemp("account") / "inventory.json"
    path.write_text(json.dumps(made.described()))
    return made.interfaces, str(path)


def own_groups(rules_each: int) -> tuple[list, dict]:
    """Each interface has a group of its own: nothing is shared."""
    interfaces, groups, rules = [], [], []
    for number in range(INTERFACES):
        group = f"sg-0a{number:015x}"
        interfaces.append(
            {"NetworkInterfaceId": f"eni-0a{number:015x}", "VpcId": "vpc-0a000000000000001",
             "PrivateIpAddress": f"10.0.{number // 250}.{number % 250 + 1}",
             "Groups": [{"GroupId": group}]}
        )  # fmt: skip
        groups.append({"GroupId": group, "VpcId": "vpc-0a000000000000001"})
        rules += (
            {"SecurityGroupRuleId": f"sgr-0a{1000 * number + rule:015x}", "GroupId": group,
             "GroupOwnerId": "111122223333", "IsEgress": rule % 2 == 1, "IpProtocol": "tcp",
             "FromPort": 443 + rule, "ToPort": 443 + rule,
             "CidrIpv4": f"10.{rule}.{number % 250}.0/24", "Description": f"port {rule}"}
            for rule in range(rules_each)
        )  # fmt: skip
    described = {"NetworkInterfaces": interfaces, "SecurityGroups": groups}
    return interfaces, {**described, "SecurityGroupRules": rules}


def event_of(interfaces, size: int, fragments: bool = False) -> dict:
    """Of so many bytes, nearly."""
    payloads = []
    size -= 1000
    while size > 0:
        number = len(payloads)
        interface = interfaces[number % INTERFACES]
        payloads.append(
            message(
                f"2 111122223333 {interface['NetworkInterfaceId']} 198.51.{number % 250}.9"
                f" {interface['PrivateIpAddress']}"
                f" {'0 0' if fragments else f'{1024 + number % 60000} 443'} 6 10 840"
                f" {1620000000 + number} {1620000060 + number}"
                f" {'REJECT' if fragments else 'ACCEPT'} OK"
            )
        )
        size -= len(json.dumps(firehose_event(payloads[-1])["records"]))
    return firehose_event(*payloads)


def peak_kilobytes(process) -> int:
    """Of the program alone: what the process was before it became sgflow is not in it."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


without_sanitizer = pytest.mark.skipif(
    BINARY.exists() and b"__asan_init" in BINARY.read_bytes(),
    reason="skipped: built with the address sanitizer",
)


@without_sanitizer
@pytest.mark.parametrize("packing", ["none", "gzip"])
@pytest.mark.parametrize("output", ["classic", "json"])
@pytest.mark.parametrize("megabytes", [3, 6])
def test_a_full_event_of_a_large_account_stays_small(
    api, start, account, megabytes, output, packing
):  # fmt: skip
    interfaces, path = account
    function = start(api, SGFLOW_INVENTORY=path, SGFLOW_FORMAT=output, SGFLOW_PACKING=packing)
    event = event_of(interfaces, megabytes * 1_000_000)
    for _ in range(3):
        answer = api.invoke(event)
        told = collections.Counter(result for result, _ in results(event, answer))
        assert told["Ok"] and function.summary(answer)["unknownInterface"] == 0
    assert len(json.dumps(event)) < MOST_RESPONSE_BYTES
    peak = peak_kilobytes(function.process)
    print(f"{megabytes} MB, {output}, packing {packing}: {peak} kB")
    assert peak < MOST_KILOBYTES, f"{peak} kB"
    # The next event's metric tells at least as much: an event's own is written before its answer.
    function.summary(api.invoke(event))
    assert function.metrics()[-1]["PeakMemory"] >= 1024 * peak


def groups_in_many_ways(only: dict | None = None) -> tuple[list, dict]:
    """Hardly two interfaces have the same groups; each has 400 rules, of all kinds of sources, or of
    one only."""
    chosen = random.Random(1)
    groups = [f"sg-0a{number:015x}" for number in range(100)]
    interfaces = [
        {"NetworkInterfaceId": f"eni-0a{number:015x}", "VpcId": "vpc-0a000000000000001",
         "PrivateIpAddress": f"10.0.{number // 250}.{number % 250 + 1}",
         "Groups": [{"GroupId": group} for group in chosen.sample(groups, 5)]}
        for number in range(INTERFACES)
    ]  # fmt: skip
    rules = []
    for number, group in enumerate(groups):
        for rule in range(80):
            sources = [{"CidrIpv4": f"10.{rule}.{number}.0/24"}] * 3 + [
                {"CidrIpv6": f"2001:db8:{rule}:{number}::/64"},
                {"ReferencedGroupInfo": {"GroupId": chosen.choice(groups)}},
            ]
            rules.append(
                {"SecurityGroupRuleId": f"sgr-0a{1000 * number + rule:015x}", "GroupId": group,
                 "GroupOwnerId": "111122223333", "IsEgress": rule % 2 == 1, "IpProtocol": "tcp",
                 "FromPort": 443 + rule, "ToPort": 443 + rule, **(only or sources[rule % 5])}
            )  # fmt: skip
    described = {
        "NetworkInterfaces": interfaces,
        "SecurityGroups": [{"GroupId": group} for group in groups],
        "SecurityGroupRules": rules,
    }
    return interfaces, described


def stays_small(api, function, event: dict) -> None:
    for _ in range(3):
        assert function.summary(api.invoke(event))["unknownInterface"] == 0
    peak = peak_kilobytes(function.process)
    print(f"{peak} kB")
    assert peak < MOST_KILOBYTES, f"{peak} kB"


# AWS's quota allows a group 60 rules in each direction.
@without_sanitizer
@pytest.mark.parametrize("packing", ["none", "gzip"])
@pytest.mark.parametrize("output", ["classic", "json"])
@pytest.mark.parametrize(
    "made", [lambda: own_groups(60), groups_in_many_ways], ids=["own groups", "in many ways"]
)
def test_many_rules_that_no_two_interfaces_share_stay_small(
    api, start, tmp_path, made, output, packing
):  # fmt: skip
    interfaces, described = made()
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(described))
    function = start(api, SGFLOW_INVENTORY=str(path), SGFLOW_FORMAT=output, SGFLOW_PACKING=packing)
    stays_small(api, function, event_of(interfaces, 3_000_000))


@without_sanitizer
def test_what_is_said_of_each_rule_stays_small(api, start, tmp_path):
    """Of a fragment, which has no ports, no rule that names some can be told."""
    interfaces, described = groups_in_many_ways({"CidrIpv4": "0.0.0.0/0"})
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(described))
    function = start(api, SGFLOW_INVENTORY=str(path), SGFLOW_FORMAT="json")
    stays_small(api, function, event_of(interfaces, 1_000_000, fragments=True))


@without_sanitizer
@pytest.mark.parametrize("packing", ["none", "gzip"])
def test_what_aws_is_asked_for_stays_small(api, start, ec2_stub, packing):
    interfaces, described = groups_in_many_ways()
    ec2_stub.accounts[:] = [
        SyntheticAccount(
            interfaces=interfaces,
            groups=described["SecurityGroups"],
            rules=described["SecurityGroupRules"],
        )
    ]
    function = start(api, SGFLOW_INVENTORY=None, SGFLOW_FORMAT="classic", SGFLOW_PACKING=packing,
                     **ec2_stub.environment, NO_PROXY="127.0.0.1")  # fmt: skip
    stays_small(api, function, event_of(interfaces, 3_000_000))


@without_sanitizer
def test_a_large_inventory_is_read_in_little_more_than_it_and_its_text(api, start, tmp_path):
    interfaces, described = own_groups(120)
    path = tmp_path / "inventory.json"
    path.write_text(json.dumps(described))
    function = start(api, SGFLOW_INVENTORY=str(path))
    api.invoke(event_of(interfaces, 10_000))
    peak = peak_kilobytes(function.process)
    text = path.stat().st_size // 1024
    print(f"{text} kB of text: {peak} kB")
    # Of a rule less is kept than it has letters.
    assert peak < 10_000 + 2 * text, f"{peak} kB for {text} kB of text"
