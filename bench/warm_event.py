#!/usr/bin/env python3
"""What a warm Firehose event of 3,000 records costs `sgflow lambda`, and what it costs a Python
function that does the same work: processor time, both in one run, in turns.

    bench/warm_event.py [--events 20] [--rounds 5]

Both write the classic output and count what the records' verdicts are, which the function's metrics
tell: the same bytes and the same counts, that is checked. Both know all answers of AWS's API already. The Python function is written as a careful person would: what it knows stands in
dictionaries by id, and nothing is looked at twice that need not be. `tuned` also keeps the text of
each interface's rules, once made. Python's cost is that of its handler alone, from the event's JSON
to the answer's; sgflow's is that of the whole process, HTTP, log and metrics included.
"""

import argparse
import base64
import collections
import ipaddress
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "tests/lambda")]

from runtime_api_server import RuntimeApi  # noqa: E402

RECORDS, INTERFACES, GROUPS, RULES_OF_GROUP = 3000, 1000, 100, 8
HELD_TO = 60
FIELDS = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start"
    " end action log-status"
).split()


def make_inventory() -> dict:
    groups = [f"sg-0a{i:015x}" for i in range(GROUPS)]
    return {
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": f"eni-0a{i:015x}",
                "VpcId": "vpc-0a000000000000001",
                "PrivateIpAddress": f"10.0.{i // 250}.{1 + i % 250}",
                "Groups": [{"GroupId": groups[i % GROUPS]}, {"GroupId": groups[(i + 7) % GROUPS]}],
            }
            for i in range(INTERFACES)
        ],
        "SecurityGroups": [{"GroupId": group} for group in groups],
        "SecurityGroupRules": [
            {
                "SecurityGroupRuleId": f"sgr-0a{number * RULES_OF_GROUP + i:015x}",
                "GroupId": group,
                "IsEgress": i == 0,
                "IpProtocol": "tcp",
                "FromPort": 440 + i if i else 0,
                "ToPort": 440 + i if i else 65535,
                "CidrIpv4": "10.9.0.0/16" if i % 3 == 0 else f"10.{number}.{i}.0/24",
            }
            for number, group in enumerate(groups)
            for i in range(RULES_OF_GROUP)
        ],
    }


def make_event() -> bytes:
    def data(number: int) -> str:
        interface = number % INTERFACES
        local, peer = f"10.0.{interface // 250}.{1 + interface % 250}", f"10.9.{number % 200}.7"
        source, destination = (peer, local) if number % 3 else (local, peer)
        line = (
            f"2 111122223333 eni-0a{interface:015x} {source} {destination} {20_000 + number} 443 6"
            f" 10 840 {1_620_000_000 + number} {1_620_000_060 + number} ACCEPT OK"
        )
        return base64.b64encode(json.dumps({"message": line}).encode()).decode()

    records = [
        {"recordId": f"{i:056}", "approximateArrivalTimestamp": 1620000100000, "data": data(i)}
        for i in range(RECORDS)
    ]
    return json.dumps(
        {
            "invocationId": "0d3b1f0a-6c2b-4c2a-9f3e-1d2c3b4a5f60",
            "deliveryStreamArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/flow-logs",
            "region": "eu-west-1",
            "records": records,
        }
    ).encode()


class PythonFunction:
    def __init__(self, answers: dict, keeps_texts: bool):
        self.groups_of = {
            one["NetworkInterfaceId"]: [group["GroupId"] for group in one["Groups"]]
            for one in answers["NetworkInterfaces"]
        }
        self.address_of = {
            one["NetworkInterfaceId"]: one["PrivateIpAddress"]
            for one in answers["NetworkInterfaces"]
        }
        self.rules_of: dict[tuple[str, bool], list[dict]] = {}
        self.matchers_of: dict[tuple[str, bool], list[tuple[int, int, int, int]]] = {}
        for rule in answers["SecurityGroupRules"]:
            key = (rule["GroupId"], rule["IsEgress"])
            self.rules_of.setdefault(key, []).append(rule)
            prefix = ipaddress.ip_network(rule["CidrIpv4"])
            matcher = (int(prefix.netmask), int(prefix.network_address), rule["FromPort"],
                       rule["ToPort"])  # fmt: skip
            self.matchers_of.setdefault(key, []).append(matcher)
        self.verdicts: collections.Counter[str] = collections.Counter()
        self.texts: dict[tuple[str, bool], str] | None = {} if keeps_texts else None

    def handle(self, event: bytes) -> bytes:
        answers = []
        for record in json.loads(event)["records"]:
            line = json.loads(base64.b64decode(record["data"]))["message"]
            output = json.dumps(self.enrich(dict(zip(FIELDS, line.split(" "), strict=True))))
            data = base64.b64encode((output + "\n").encode()).decode()
            answers.append({"recordId": record["recordId"], "result": "Ok", "data": data})
        return json.dumps({"records": answers}).encode()

    def enrich(self, record: dict[str, str]) -> dict[str, str]:
        interface = record["interface-id"]
        is_egress = record["srcaddr"] == self.address_of.get(interface)
        self.verdicts[self.judge(record, interface, is_egress)] += 1
        record["security-groups"] = self.groups_text(interface, is_egress)
        return record

    def judge(self, record: dict[str, str], interface: str, is_egress: bool) -> str:
        """Of accepted TCP records alone, which is all that the event has."""
        peer = int(ipaddress.IPv4Address(record["dstaddr" if is_egress else "srcaddr"]))
        if self.any_matches(interface, is_egress, peer, int(record["dstport"])):
            return "allowed-by-rule"
        if self.any_matches(interface, not is_egress, peer, int(record["srcport"])):
            return "allowed-as-return"
        return "allowed-unexplained"

    def any_matches(self, interface: str, is_egress: bool, peer: int, port: int) -> bool:
        return any(
            peer & mask == network and first <= port <= last
            for group in self.groups_of.get(interface, ())
            for mask, network, first, last in self.matchers_of.get((group, is_egress), ())
        )

    def groups_text(self, interface: str, is_egress: bool) -> str:
        if self.texts is None:
            return self.make_text(interface, is_egress)
        key = (interface, is_egress)
        if key not in self.texts:
            self.texts[key] = self.make_text(interface, is_egress)
        return self.texts[key]

    def make_text(self, interface: str, is_egress: bool) -> str:
        texts = []
        for group in self.groups_of.get(interface, []):
            rules = self.rules_of.get((group, is_egress))
            if not rules:
                texts.append(f"no-{'outbound' if is_egress else 'inbound'}-rules||||{group}")
            for rule in rules or []:
                first, last = rule["FromPort"], rule["ToPort"]
                ports = "All ports" if first == last == -1 else str(first)
                if first != last:
                    ports = f"{first}-{last}"
                protocol = rule["IpProtocol"]
                if protocol == "-1":
                    protocol = "All protocols"
                source = (
                    rule.get("CidrIpv4") or rule.get("CidrIpv6") or rule.get("PrefixListId")
                    or rule["ReferencedGroupInfo"]["GroupId"]
                )  # fmt: skip
                texts.append(f"{rule['SecurityGroupRuleId']}|{protocol}|{ports}|{source}|{group}")
        return ";".join(texts) or "||||no-security-groups"


class Sgflow:
    """The function in a process; warm once made."""

    def __init__(self, api: RuntimeApi, inventory: str):
        self.api = api
        environment = {"AWS_LAMBDA_RUNTIME_API": api.address, "SGFLOW_INVENTORY": inventory}
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([BINARY, "lambda"], env=environment, stdout=self.log)
        api.process = self.process

    def handle(self, event: bytes) -> bytes:
        return self.api.invoke(event).body

    def verdicts(self) -> dict[str, int]:
        """Of the first event."""
        self.log.seek(0)
        lines = [json.loads(line) for line in self.log.read().splitlines()]
        metrics = next(line for line in lines if "_aws" in line)
        return {name: value for name, value in metrics.items() if name.startswith("allowed-")}

    def cpu(self) -> float:
        """Linux's clock of all its threads."""
        return time.clock_gettime((~self.process.pid << 3) | 2)


def milliseconds(handle, clock, event: bytes, events: int) -> float:
    """Of one event."""
    begin = clock()
    for _ in range(events):
        handle(event)
    return 1000 * (clock() - begin) / events


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    inventory, event = make_inventory(), make_event()
    plain, tuned = (PythonFunction(inventory, keeps_texts=keeps) for keeps in (False, True))
    with tempfile.NamedTemporaryFile("w") as file, RuntimeApi() as api:
        json.dump(inventory, file)
        file.flush()
        sgflow = Sgflow(api, file.name)
        try:
            answers = [json.loads(one.handle(event)) for one in (plain, tuned, sgflow)]
            if not answers[0] == answers[1] == answers[2]:
                sys.exit("the functions do not answer the same")
            if not plain.verdicts == tuned.verdicts == sgflow.verdicts():
                sys.exit(f"they do not judge the same: {plain.verdicts}, {sgflow.verdicts()}")
            rounds = [
                (
                    milliseconds(
                        plain.handle, time.process_time, event, max(1, chosen.events // 5)
                    ),
                    milliseconds(
                        tuned.handle, time.process_time, event, max(1, chosen.events // 5)
                    ),
                    milliseconds(sgflow.handle, sgflow.cpu, event, chosen.events),
                )
                for _ in range(chosen.rounds)
            ]
        finally:
            sgflow.process.terminate()
            sgflow.process.wait()
    python, with_texts, ours = (statistics.median(times) for times in zip(*rounds, strict=True))
    size = sum(len(one["data"]) for one in answers[0]["records"])
    print(
        f"a warm event of {RECORDS} records, {INTERFACES} interfaces, {size / 1e6:.1f} MB of answer;"
        f" processor time, median of {chosen.rounds} rounds"
    )
    print(f"python  {python:8.2f} ms   {python / ours:6.1f} times sgflow's (held to {HELD_TO})")
    print(f"tuned   {with_texts:8.2f} ms   {with_texts / ours:6.1f} times")
    print(f"sgflow  {ours:8.2f} ms")


if __name__ == "__main__":
    main()
