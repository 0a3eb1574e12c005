#!/usr/bin/env python3
"""What a warm Firehose event of 3,000 records costs `sgflow lambda`, and what it costs a Python
function that does the same work: processor time, both in one run, in turns.

    bench/warm_event.py [--events 20] [--rounds 5] [--python build/bench-venv/bin/python]

Twice: with the classic output, of which the verdict is only counted, and with the json output, whose
default columns tell it. All know the records' fields, as deployed functions are told them, and all
answers of AWS's API already, write the same bytes and count the same verdicts: that is checked. The
Python functions are those of python_functions.py, under Lambda's own Python runtime (awslambdaric).
Each cost is that of a whole process: HTTP, the event's JSON, the answer's and the log. What of it
is not for enriching shows where build/release/bench/ready_function is built (scripts/bench.sh): in
C++ too, it answers with lines that are ready.
"""

import argparse
import base64
import contextlib
import json
import pathlib
import statistics
import sys
import tempfile
from dataclasses import dataclass

from firehose_function import REPOSITORY, Function, Sgflow, firehose_event

READY_FUNCTION = REPOSITORY / "build/release/bench/ready_function"
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


@dataclass
class Contender:
    name: str
    function: Function
    events: int

    def verdicts(self) -> dict[str, int]:
        """Of the first event."""
        for line in self.function.log():
            if "_aws" in line:
                return {name: count for name, count in line.items() if name.startswith("allowed-")}
            if "verdicts" in line:
                return line["verdicts"]
        sys.exit(f"{self.name} has not told what it counted")

    def milliseconds(self, event: bytes) -> float:
        """Of one event."""
        begin = self.function.cpu()
        for _ in range(self.events):
            self.function.handle(event)
        return 1000 * (self.function.cpu() - begin) / self.events


def python(name: str, inventory: str, chosen) -> Contender:
    handler = [chosen.python, "-m", "awslambdaric", "python_functions.handler"]
    function = Function(
        handler, FUNCTION=name, INVENTORY=inventory, LAMBDA_TASK_ROOT=str(REPOSITORY / "bench"),
        AWS_LAMBDA_FUNCTION_NAME=name, AWS_LAMBDA_FUNCTION_VERSION="1", AWS_REGION="eu-west-1",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE="256", PYTHONPATH=str(REPOSITORY / "bench"),
    )  # fmt: skip
    return Contender(name, function, max(1, chosen.events // 5))


def compare(output: str, names: list[str], inventory: str, event: bytes, chosen) -> None:
    settings = {
        "SGFLOW_INVENTORY": inventory,
        "SGFLOW_FORMAT": output,
        "SGFLOW_RECORD_FORMAT": "v2",
    }
    ours = Contender("sgflow", Sgflow(**settings), chosen.events)
    contenders = [*(python(name, inventory, chosen) for name in names), ours]
    with contextlib.ExitStack() as running:
        for one in contenders:
            running.enter_context(one.function)
        answers = [json.loads(one.function.handle(event)) for one in contenders]
        if any(answer != answers[0] for answer in answers):
            sys.exit(f"{output}: the functions do not answer the same")
        verdicts = [one.verdicts() for one in contenders]
        if any(counts != verdicts[0] for counts in verdicts):
            sys.exit(f"{output}: they do not judge the same: {verdicts}")
        if READY_FUNCTION.exists():
            lines = running.enter_context(tempfile.NamedTemporaryFile())
            for record in answers[0]["records"]:
                lines.write(base64.b64decode(record["data"]))
            lines.flush()
            ready = Contender(
                "(lines ready)", Function([READY_FUNCTION, lines.name]), chosen.events
            )
            running.enter_context(ready.function)
            if json.loads(ready.function.handle(event)) != answers[0]:
                sys.exit(f"{output}: {READY_FUNCTION} does not answer the same")
            contenders.insert(-1, ready)
        rounds = [[one.milliseconds(event) for one in contenders] for _ in range(chosen.rounds)]
    costs = [statistics.median(times) for times in zip(*rounds, strict=True)]
    size = sum(len(one["data"]) for one in answers[0]["records"])
    print(f"{output}, {size / 1e6:.1f} MB of answer, verdicts {verdicts[0]}")
    for one, cost in zip(contenders, costs, strict=True):
        ratio = "" if one is ours else f"{cost / costs[-1]:8.1f} times sgflow's"
        print(f"  {one.name:14}{cost:8.2f} ms{ratio}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--python", type=pathlib.Path, default=REPOSITORY / "build/bench-venv/bin/python",
        help="one that has bench/requirements.txt; scripts/bench.sh installs it",
    )  # fmt: skip
    chosen = parser.parse_args()
    inventory = make_inventory()
    event = firehose_event([make_line(number) for number in range(RECORDS)])
    print(
        f"a warm event of {RECORDS} records, {INTERFACES} interfaces; processor time, median of"
        f" {chosen.rounds} rounds; Python is held to {HELD_TO} times"
    )
    with tempfile.NamedTemporaryFile("w") as file:
        json.dump(inventory, file)
        file.flush()
        compare("classic", ["PlainClassic", "Classic", "TunedClassic"], file.name, event, chosen)
        compare("json", ["PlainJson", "Json"], file.name, event, chosen)


if __name__ == "__main__":
    main()
