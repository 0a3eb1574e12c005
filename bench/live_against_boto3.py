#!/usr/bin/env python3
"""What a cold Firehose event costs `sgflow lambda` with the live inventory, and what it costs a
Python function that asks AWS in the way of the one before: a call for each interface and each
group, in one process that has imported boto3 and made its client already.

    bench/live_against_boto3.py [--server moto|stub] [--rounds 5]

The event has 3,000 records of 100 interfaces with 40 groups of CIDR rules. Both ask the same
server, a process of its own on loopback, and both are counted from the event to the answer, their
start left out: sgflow's through a Runtime API in Python, with all of its start of AWS's runtime. The
Python function judges nothing; it puts the rules of the groups to each record. The same event once
more, with all answers known, tells what of it is asking.
"""

import argparse
import base64
import collections
import contextlib
import http.client
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from dataclasses import dataclass

import boto3

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY / "tests/lambda")]

from runtime_api_server import RuntimeApi  # noqa: E402
from servers.moto_server import moto_server  # noqa: E402
from servers.synthetic_account import make_account  # noqa: E402

RECORDS, INTERFACES, GROUPS = 3000, 100, 40
HELD_TO = 20
REGION = "eu-west-1"


@dataclass
class Cost:
    calls: int
    seconds: float
    cpu_seconds: float
    cpu_seconds_warm: float


def environment_for(url: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "AKIDOFTHECALLER",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": "127.0.0.1",
    }


def own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def cpu_of(process: subprocess.Popen) -> float:
    """The same of another process that runs: Linux's clock of all its threads."""
    return time.clock_gettime((~process.pid << 3) | 2)


# The servers, and the ids of the interfaces there.


def fill_moto(url: str) -> list[str]:
    ec2 = boto3.client("ec2", endpoint_url=url, region_name=REGION,
                       aws_access_key_id="AKID", aws_secret_access_key="secret")  # fmt: skip
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/20")["Subnet"]["SubnetId"]
    groups = []
    for number in range(GROUPS):
        group = ec2.create_security_group(GroupName=f"g{number}", Description="-", VpcId=vpc)
        groups.append(group["GroupId"])
        ec2.authorize_security_group_ingress(
            GroupId=groups[-1],
            IpPermissions=[
                {"IpProtocol": "tcp", "FromPort": port, "ToPort": port,
                 "IpRanges": [{"CidrIp": f"10.{number}.{port % 256}.0/24"}]}
                for port in (22, 443, 5432)
            ],
        )  # fmt: skip
    return [
        ec2.create_network_interface(
            SubnetId=subnet, Groups=[groups[number % GROUPS], groups[(number + 7) % GROUPS]]
        )["NetworkInterface"]["NetworkInterfaceId"]
        for number in range(INTERFACES)
    ]


@contextlib.contextmanager
def moto():
    with tempfile.TemporaryDirectory() as folder:
        with moto_server(pathlib.Path(folder) / "moto.log") as url:
            yield url, fill_moto(url)


@contextlib.contextmanager
def stub():
    size = {"interfaces": INTERFACES, "groups": GROUPS, "prefix_lists": 0}
    options = [f"--{name.replace('_', '-')}={value}" for name, value in size.items()]
    process = subprocess.Popen(
        [sys.executable, str(REPOSITORY / "tests/servers/ec2_stub.py"), *options],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        url = process.stdout.readline().strip()
        interfaces = make_account(region=REGION, **size).interfaces
        yield url, [interface["NetworkInterfaceId"] for interface in interfaces]
    finally:
        process.terminate()
        process.wait()


def firehose_event(interfaces: list[str]) -> bytes:
    def data(number: int) -> str:
        line = (
            f"2 111122223333 {interfaces[number % len(interfaces)]} 203.0.113.9 10.0.0.10"
            f" {20_000 + number} 443 6 10 840 1620000000 1620000060 ACCEPT OK"
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
            "region": REGION,
            "records": records,
        }
    ).encode()


def seconds_of_server(url: str, interfaces: list[str]) -> float:
    """For the same answers that sgflow asks for, sent bare and read by nobody: no client can be
    quicker."""
    host = http.client.HTTPConnection(url.removeprefix("http://"))
    scope = f"AWS4-HMAC-SHA256 Credential=AKID/20200101/{REGION}/ec2/aws4_request"

    def ask(action: str, filter: str, values: list[str]) -> str:
        form = {"Action": action, "Version": "2016-11-15", "MaxResults": 1000,
                "IncludeManagedResources": "true", "Filter.1.Name": filter}  # fmt: skip
        form |= {f"Filter.1.Value.{i + 1}": value for i, value in enumerate(values)}
        headers = {"Authorization": scope, "Content-Type": "application/x-www-form-urlencoded"}
        host.request("POST", "/", urllib.parse.urlencode(form), headers)
        return host.getresponse().read().decode()

    begin = time.monotonic()
    answer = ask("DescribeNetworkInterfaces", "network-interface-id", interfaces)
    groups = sorted(set(re.findall(r"<groupId>(.*?)</groupId>", answer)))
    ask("DescribeSecurityGroupRules", "group-id", groups)
    return time.monotonic() - begin


# The two functions.


def cost_of_sgflow(url: str, event: bytes) -> Cost:
    with RuntimeApi() as api, tempfile.TemporaryFile() as log:
        environment = {
            **environment_for(url), "AWS_LAMBDA_RUNTIME_API": api.address,
            "SGFLOW_INVENTORY": "live", "SGFLOW_FORMAT": "classic",
        }  # fmt: skip
        process = subprocess.Popen([BINARY, "lambda"], env=environment, stdout=log, stderr=log)
        api.process = process
        api.wait_for_next()
        begin, cpu = time.monotonic(), cpu_of(process)
        answer = api.invoke(event)
        seconds, cold = time.monotonic() - begin, cpu_of(process)
        api.invoke(event)
        warm = cpu_of(process)
        process.terminate()
        process.wait()
        log.seek(0)
        summary = json.loads(log.read().splitlines()[0])
    results = collections.Counter(record["result"] for record in answer.json()["records"])
    if results != {"Ok": RECORDS} or summary["unknownInterface"] == RECORDS:
        sys.exit(f"sgflow did not enrich the event: {results}, {summary}")
    return Cost(summary["apiCalls"], seconds, cold - cpu, warm - cold)


class OneByOne:
    """The earlier function's way of asking: unpaginated, one by one, anew for each event."""

    def __init__(self, ec2):
        self.ec2 = ec2
        self.calls = 0
        self.groups_of: dict[str, list[str]] = {}
        self.rules_of: dict[str, list[dict]] = {}

    def groups(self, interface: str) -> list[str]:
        if interface not in self.groups_of:
            self.calls += 1
            one = [{"Name": "network-interface-id", "Values": [interface]}]
            answer = self.ec2.describe_network_interfaces(Filters=one)
            self.groups_of[interface] = [
                group["GroupId"]
                for found in answer["NetworkInterfaces"]
                for group in found["Groups"]
            ]
        return self.groups_of[interface]

    def rules(self, group: str) -> list[dict]:
        if group not in self.rules_of:
            self.calls += 1
            one = [{"Name": "group-id", "Values": [group]}]
            answer = self.ec2.describe_security_group_rules(Filters=one)
            self.rules_of[group] = answer["SecurityGroupRules"]
        return self.rules_of[group]


def enrich(event: bytes, asking: OneByOne) -> bytes:
    answers = []
    for record in json.loads(event)["records"]:
        line = json.loads(base64.b64decode(record["data"]))["message"]
        groups = asking.groups(line.split(" ")[2])
        rules = [rule["SecurityGroupRuleId"] for group in groups for rule in asking.rules(group)]
        data = base64.b64encode(f"{line} {groups} {rules}\n".encode()).decode()
        answers.append({"recordId": record["recordId"], "result": "Ok", "data": data})
    return json.dumps({"records": answers}).encode()


def be_the_boto3_function() -> None:
    """Reads the event, answers with what it cost."""
    ec2 = boto3.client("ec2")
    event = sys.stdin.buffer.read()
    asking = OneByOne(ec2)
    begin, cpu = time.monotonic(), own_cpu()
    enrich(event, asking)
    seconds, cold = time.monotonic() - begin, own_cpu()
    enrich(event, asking)
    print(json.dumps([asking.calls, seconds, cold - cpu, own_cpu() - cold]))


def cost_of_boto3(url: str, event: bytes) -> Cost:
    command = [sys.executable, __file__, "--be-the-boto3-function"]
    environment = {**environment_for(url), "PATH": os.environ["PATH"]}
    answer = subprocess.run(
        command, input=event, env=environment, stdout=subprocess.PIPE, check=True
    )
    return Cost(*json.loads(answer.stdout))


def show(name: str, costs: list[Cost]) -> Cost:
    """The median of the rounds."""
    middle = Cost(
        costs[0].calls,
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.cpu_seconds for cost in costs),
        statistics.median(cost.cpu_seconds_warm for cost in costs),
    )
    print(
        f"{name:8} {middle.calls:4} calls {1000 * middle.seconds:9.1f} ms"
        f" {1000 * middle.cpu_seconds:9.1f} ms CPU ({1000 * middle.cpu_seconds_warm:.1f} warm)"
        f" {1000 * max(0, middle.seconds - middle.cpu_seconds):9.1f} ms waiting"
    )
    return middle


def asking_cpu(cost: Cost) -> float:
    return cost.cpu_seconds - cost.cpu_seconds_warm


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", choices=["moto", "stub"], default="moto")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--be-the-boto3-function", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.be_the_boto3_function:
        return be_the_boto3_function()
    with {"moto": moto, "stub": stub}[chosen.server]() as (url, interfaces):
        event = firehose_event(interfaces)
        rounds = [
            (
                cost_of_boto3(url, event),
                cost_of_sgflow(url, event),
                seconds_of_server(url, interfaces),
            )
            for _ in range(chosen.rounds)
        ]
    print(
        f"a cold event of {RECORDS} records, {INTERFACES} interfaces, {GROUPS} groups;"
        f" {chosen.server}; median of {chosen.rounds}"
    )
    python = show("boto3", [cost for cost, _, _ in rounds])
    sgflow = show("sgflow", [cost for _, cost, _ in rounds])
    server = statistics.median(seconds for _, _, seconds in rounds)
    print(
        f"ratios   {python.calls / sgflow.calls:4.0f} calls"
        f" {python.seconds / sgflow.seconds:9.1f} time"
        f" {python.cpu_seconds / sgflow.cpu_seconds:9.1f} CPU (held to {HELD_TO}),"
        f" {asking_cpu(python) / asking_cpu(sgflow):.1f} CPU of asking alone"
    )
    print(
        f"server   {1000 * server:19.1f} ms for sgflow's {sgflow.calls} answers alone: with no client"
        f" at all the ratio of time were {python.seconds / server:.1f}"
    )


if __name__ == "__main__":
    main()
