#!/usr/bin/env python3
"""What a cold Firehose event costs `sgflow lambda` with the live inventory, and what it costs a
Python function that asks AWS in the way of the one before, on the same server.

    bench/live_against_boto3.py [--server moto|stub] [--rounds 5]

The event has 3,000 records of 100 instances with 40 groups of CIDR rules. The Python function makes
the calls of the one before, as that one made them: DescribeInstances for each instance by a
`boto3.resource` of its own, DescribeSecurityGroupRules for each group by a `boto3.client` of its
own. `one client` makes the same calls by one client that is there before the event. The
Python function judges nothing; it puts the rules of the groups to each record.

Each is measured twice. From the start: the process is made, starts (Python: imports boto3), is
handed the event and answers, as in a cold Lambda function. From the event: it is started already.
Time is the clock's, CPU that of the function's process alone. sgflow is handed the event by a
Runtime API in Python, Python's function by a pipe. The same event once more, with all answers known,
tells what of it is enriching.
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
from dataclasses import astuple, dataclass

import boto3
from firehose_function import REPOSITORY, Sgflow, firehose_event
from servers.moto_server import moto_server
from servers.synthetic_account import make_account

RECORDS, INSTANCES, GROUPS = 3000, 100, 40
HELD_TO = 20
REGION = "eu-west-1"
# AWS's default format, and what the function before went by.
FIELDS = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start"
    " end action log-status instance-id"
)

Instances = list[tuple[str, str]]  # their ids, and those of their interfaces


@dataclass
class Cost:
    calls: float
    seconds_from_start: float
    cpu_from_start: float
    seconds: float  # from the event
    cpu: float
    cpu_warm: float


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


# The servers, and the instances there.


def fill_moto(url: str) -> Instances:
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

    def instance(number: int) -> tuple[str, str]:
        chosen = [groups[number % GROUPS], groups[(number + 7) % GROUPS]]
        [made] = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet,
                                   SecurityGroupIds=chosen)["Instances"]  # fmt: skip
        return made["InstanceId"], made["NetworkInterfaces"][0]["NetworkInterfaceId"]

    return [instance(number) for number in range(INSTANCES)]


@contextlib.contextmanager
def moto():
    with tempfile.TemporaryDirectory() as folder:
        with moto_server(pathlib.Path(folder) / "moto.log") as url:
            yield url, fill_moto(url)


@contextlib.contextmanager
def stub():
    # One in ten of its interfaces is nobody's.
    size = {"interfaces": INSTANCES * 10 // 9 + 1, "groups": GROUPS, "prefix_lists": 0}
    options = [f"--{name.replace('_', '-')}={value}" for name, value in size.items()]
    process = subprocess.Popen(
        [sys.executable, str(REPOSITORY / "tests/servers/ec2_stub.py"), *options],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        url = process.stdout.readline().strip()
        interfaces = make_account(region=REGION, **size).interfaces
        instances = [(one["Attachment"]["InstanceId"], one["NetworkInterfaceId"])
                     for one in interfaces if "Attachment" in one]  # fmt: skip
        yield url, instances[:INSTANCES]
    finally:
        process.terminate()
        process.wait()


def line_of(number: int, instances: Instances) -> str:
    instance, interface = instances[number % len(instances)]
    return (
        f"2 111122223333 {interface} 203.0.113.9 10.0.0.10 {20_000 + number} 443 6 10 840 1620000000"
        f" 1620000060 ACCEPT OK {instance}"
    )


def seconds_of_server(url: str, instances: Instances) -> float:
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
    answer = ask("DescribeNetworkInterfaces", "network-interface-id", [i for _, i in instances])
    groups = sorted(set(re.findall(r"<groupId>(.*?)</groupId>", answer)))
    ask("DescribeSecurityGroupRules", "group-id", groups)
    return time.monotonic() - begin


# The functions.


def cost_of_sgflow(url: str, event: bytes) -> Cost:
    live = {"SGFLOW_INVENTORY": "live", "SGFLOW_FORMAT": "classic", "SGFLOW_RECORD_FORMAT": FIELDS}
    with Sgflow(**environment_for(url), **live) as sgflow:
        sgflow.api.wait_for_next()
        begin, cpu = time.monotonic(), sgflow.cpu()
        answer = sgflow.handle(event)
        end, cold = time.monotonic(), sgflow.cpu()
        sgflow.handle(event)
        warm = sgflow.cpu()
        summary = sgflow.log()[0]
        started = sgflow.started
    results = collections.Counter(record["result"] for record in json.loads(answer)["records"])
    if results != {"Ok": RECORDS} or summary["unknownInterface"] != 0:
        sys.exit(f"sgflow did not enrich the event: {results}, {summary}")
    return Cost(summary["apiCalls"], end - started, cold, end - begin, cold - cpu, warm - cold)


class OneByOne:
    """Asks unpaginated, one by one, anew for each event."""

    def __init__(self, ec2=None):
        self.ec2 = ec2  # none: each call has a client of its own
        self.calls = 0
        self.groups_of: dict[str, list[str]] = {}
        self.rules_of: dict[str, list[dict]] = {}

    def groups(self, instance: str) -> list[str]:
        if instance not in self.groups_of:
            self.calls += 1
            if self.ec2 is None:
                groups = boto3.resource("ec2").Instance(instance).security_groups
            else:
                answer = self.ec2.describe_instances(InstanceIds=[instance])
                groups = answer["Reservations"][0]["Instances"][0]["SecurityGroups"]
            self.groups_of[instance] = [group["GroupId"] for group in groups]
        return self.groups_of[instance]

    def rules(self, group: str) -> list[dict]:
        if group not in self.rules_of:
            self.calls += 1
            ec2 = self.ec2 or boto3.client("ec2")
            one = [{"Name": "group-id", "Values": [group]}]
            answer = ec2.describe_security_group_rules(Filters=one)
            self.rules_of[group] = answer["SecurityGroupRules"]
        return self.rules_of[group]


def enrich(event: bytes, asking: OneByOne) -> bytes:
    answers = []
    for record in json.loads(event)["records"]:
        line = json.loads(base64.b64decode(record["data"]))["message"]
        groups = asking.groups(line.rsplit(" ", 1)[1])
        rules = [rule["SecurityGroupRuleId"] for group in groups for rule in asking.rules(group)]
        data = base64.b64encode(f"{line} {groups} {rules}\n".encode()).decode()
        answers.append({"recordId": record["recordId"], "result": "Ok", "data": data})
    return json.dumps({"records": answers}).encode()


def own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def be_the_boto3_function(one_client: bool) -> None:
    """Reads the event, answers with the moments of it."""
    client = boto3.client("ec2")
    boto3.resource("ec2")  # the one before had both made when it was loaded
    event = sys.stdin.buffer.read()
    asking = OneByOne(client if one_client else None)
    begin, cpu = time.monotonic(), own_cpu()
    enrich(event, asking)
    end, cold = time.monotonic(), own_cpu()
    enrich(event, asking)
    print(json.dumps([asking.calls, begin, cpu, end, cold, own_cpu()]))


def cost_of_boto3(url: str, event: bytes, *options: str) -> Cost:
    command = [sys.executable, __file__, "--be-the-boto3-function", *options]
    environment = {**environment_for(url), "PATH": os.environ["PATH"]}
    started = time.monotonic()
    answer = subprocess.run(
        command, input=event, env=environment, stdout=subprocess.PIPE, check=True
    )
    calls, begin, cpu, end, cold, warm = json.loads(answer.stdout)
    return Cost(calls, end - started, cold, end - begin, cold - cpu, warm - cold)


def median_of(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(values) for values in zip(*map(astuple, costs), strict=True)))


def show(name: str, cost: Cost) -> None:
    print(
        f"{name:11} {cost.calls:6.0f} {1000 * cost.seconds_from_start:10.1f}"
        f" {1000 * cost.cpu_from_start:10.1f} {1000 * cost.seconds:10.1f} {1000 * cost.cpu:10.1f}"
        f" {1000 * cost.cpu_warm:10.1f}"
    )


def show_ratios(name: str, python: Cost, sgflow: Cost) -> None:
    ratios = [one / other for one, other in zip(astuple(python), astuple(sgflow), strict=True)]
    print(f"{name:11} {ratios[0]:6.0f} " + " ".join(f"{ratio:10.1f}" for ratio in ratios[1:5]))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", choices=["moto", "stub"], default="moto")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--be-the-boto3-function", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--one-client", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.be_the_boto3_function:
        return be_the_boto3_function(chosen.one_client)
    with {"moto": moto, "stub": stub}[chosen.server]() as (url, instances):
        event = firehose_event([line_of(number, instances) for number in range(RECORDS)], REGION)
        rounds = [
            (
                cost_of_boto3(url, event),
                cost_of_boto3(url, event, "--one-client"),
                cost_of_sgflow(url, event),
                seconds_of_server(url, instances),
            )
            for _ in range(chosen.rounds)
        ]
    before, one_client, sgflow = (median_of([round[i] for round in rounds]) for i in range(3))
    server = statistics.median(round[3] for round in rounds)
    print(
        f"a cold event of {RECORDS} records, {INSTANCES} instances, {GROUPS} groups;"
        f" {chosen.server}; milliseconds, median of {chosen.rounds}\n"
        f"{'':18} {'from the start':>21} {'from the event':>21} {'once more':>10}\n"
        f"{'':12} calls {'time':>10} {'CPU':>10} {'time':>10} {'CPU':>10} {'CPU':>10}"
    )
    show("boto3", before)
    show("one client", one_client)
    show("sgflow", sgflow)
    print(f"times sgflow's (boto3 is held to {HELD_TO})")
    show_ratios("boto3", before, sgflow)
    show_ratios("one client", one_client, sgflow)
    print(
        f"The server takes {1000 * server:.1f} ms for sgflow's {sgflow.calls:.0f} answers alone: with no"
        f" client at all boto3 would take {before.seconds / server:.1f} times as long from the event,"
        f" one client {one_client.seconds / server:.1f}"
    )


if __name__ == "__main__":
    main()
