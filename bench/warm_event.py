#!/usr/bin/env python3
"""What a warm Firehose event of 3,000 records costs `sgflow lambda`, and what it costs a Python
function that does the same work: processor time, both in one run, in turns.

    bench/warm_event.py [--events 20] [--rounds 5]

Twice: with the classic output, of which the verdict is only counted, and with the json output, whose
default columns tell it. All know the records' fields, as deployed functions are told them, and all
answers of AWS's API already, write the same bytes and count the same verdicts: that is checked. The
Python functions are those of python_functions.py; `tuned` also keeps the text of each interface's
rules, once made. Python's cost is that of its handler alone, from the event's JSON to the answer's;
sgflow's is that of the whole process, HTTP, log and metrics included.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

from firehose_function import Sgflow, firehose_event
from python_functions import ClassicFunction, JsonFunction, PythonFunction

RECORDS, INTERFACES, GROUPS, RULES_OF_GROUP = 3000, 1000, 100, 8
HELD_TO = 60


def make_inventory() -> dict:
    groups = [f"sg-0a{i:015x}" for i in range(GROUPS)]
    return {
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": f"eni-0a{i:015x}",
                "VpcId": "vpc-0a000000000000001",
                "PrivateIpAddress": address_of(i),
                "Attachment": {"InstanceId": f"i-0a{i:015x}"},
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
                "CidrIpv4": "10.0.0.0/12" if i % 3 == 0 else f"10.{number}.{i}.0/24",
            }
            for number, group in enumerate(groups)
            for i in range(RULES_OF_GROUP)
        ],
    }


def address_of(interface: int) -> str:
    return f"10.0.{interface // 250}.{1 + interface % 250}"


def make_line(number: int) -> str:
    """What servers see: two of three are called, one of five is a reply, one of seven peers is a
    neighbour."""
    interface = number % INTERFACES
    local, peer = address_of(interface), f"10.9.{number % 200}.7"
    if number % 7 == 0:
        peer = address_of((interface + 11) % INTERFACES)
    source, destination = (peer, local) if number % 3 else (local, peer)
    ports = f"{40_000 + number} 443"
    if number % 5 == 0:
        ports = f"443 {40_000 + number}"
    return (
        f"2 111122223333 eni-0a{interface:015x} {source} {destination} {ports} 6 10 840"
        f" {1_620_000_000 + number} {1_620_000_060 + number} ACCEPT OK"
    )


def verdicts_of(sgflow: Sgflow) -> dict[str, int]:
    """Of the first event."""
    metrics = next(line for line in sgflow.log() if "_aws" in line)
    return {name: value for name, value in metrics.items() if name.startswith("allowed-")}


@dataclass
class Contender:
    name: str
    handle: Callable[[bytes], bytes]
    verdicts: Callable[[], dict[str, int]]  # of the first event
    clock: Callable[[], float]
    events: int

    def milliseconds(self, event: bytes) -> float:
        """Of one event."""
        begin = self.clock()
        for _ in range(self.events):
            self.handle(event)
        return 1000 * (self.clock() - begin) / self.events


def python(name: str, function: PythonFunction, events: int) -> Contender:
    return Contender(
        name, function.handle, lambda: dict(function.verdicts), time.process_time, events
    )


def compare(output: str, functions: list[Contender], inventory: str, event: bytes, chosen) -> None:
    settings = {
        "SGFLOW_INVENTORY": inventory,
        "SGFLOW_FORMAT": output,
        "SGFLOW_RECORD_FORMAT": "v2",
    }
    with Sgflow(**settings) as sgflow:
        ours = Contender(
            "sgflow", sgflow.handle, lambda: verdicts_of(sgflow), sgflow.cpu, chosen.events
        )
        contenders = [*functions, ours]
        answers = [json.loads(one.handle(event)) for one in contenders]
        if any(answer != answers[0] for answer in answers):
            sys.exit(f"{output}: the functions do not answer the same")
        verdicts = [one.verdicts() for one in contenders]
        if any(counts != verdicts[0] for counts in verdicts):
            sys.exit(f"{output}: they do not judge the same: {verdicts}")
        rounds = [[one.milliseconds(event) for one in contenders] for _ in range(chosen.rounds)]
    costs = [statistics.median(times) for times in zip(*rounds, strict=True)]
    size = sum(len(one["data"]) for one in answers[0]["records"])
    print(f"{output}, {size / 1e6:.1f} MB of answer, verdicts {verdicts[0]}")
    for one, cost in zip(contenders, costs, strict=True):
        ratio = "" if one is ours else f"{cost / costs[-1]:8.1f} times sgflow's"
        print(f"  {one.name:8}{cost:8.2f} ms{ratio}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    inventory = make_inventory()
    event = firehose_event([make_line(number) for number in range(RECORDS)])
    events = max(1, chosen.events // 5)
    print(
        f"a warm event of {RECORDS} records, {INTERFACES} interfaces; processor time, median of"
        f" {chosen.rounds} rounds; Python is held to {HELD_TO} times"
    )
    with tempfile.NamedTemporaryFile("w") as file:
        json.dump(inventory, file)
        file.flush()
        classic = [
            python("python", ClassicFunction(inventory, keeps_texts=False), events),
            python("tuned", ClassicFunction(inventory, keeps_texts=True), events),
        ]
        compare("classic", classic, file.name, event, chosen)
        functions = [python("python", JsonFunction(inventory), events)]
        compare("json", functions, file.name, event, chosen)


if __name__ == "__main__":
    main()
