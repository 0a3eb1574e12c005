"""Makes a flow log and its inventory for benchmarks: made-up traffic, documentation addresses.

    python3 bench/generate.py FOLDER [--lines 1000000] [--interfaces 100] [--groups 40] [--rules 10]

FOLDER gets inventory.json and flow.log: no header, the 29 fields of version 5 in alphabetical
order (--record-format classic). The same arguments give the same bytes.
"""

import argparse
import json
import pathlib
import random

ACCOUNT = "111122223333"
VPC = "vpc-0b00000000000001"
SUBNET = "subnet-0b00000000000001"


def interface_id(number):
    return f"eni-{0xB000000000000000 + number:016x}"


def group_id(number):
    return f"sg-{0xB000000000000000 + number:016x}"


def private_address(number):
    return f"10.0.{number // 250}.{number % 250 + 4}"


def inventory(interfaces, groups, rules, groups_each):
    pick = random.Random(1)
    document = {"NetworkInterfaces": [], "SecurityGroups": [], "SecurityGroupRules": []}
    for number in range(groups):
        document["SecurityGroups"].append(
            {
                "GroupId": group_id(number),
                "GroupName": f"group-{number}",
                "OwnerId": ACCOUNT,
                "VpcId": VPC,
            }
        )
        for rule in range(rules):
            port = pick.choice([22, 53, 80, 123, 443, 5432, 6379, 8080])
            document["SecurityGroupRules"].append(
                {
                    "SecurityGroupRuleId": f"sgr-{number * rules + rule + 0xB000000000000000:016x}",
                    "GroupId": group_id(number),
                    "GroupOwnerId": ACCOUNT,
                    "IsEgress": rule % 2 == 1,
                    "IpProtocol": "tcp",
                    "FromPort": port,
                    "ToPort": port + pick.choice([0, 0, 10]),
                    "CidrIpv4": f"10.{pick.randrange(256)}.{pick.randrange(256)}.0/24",
                }
            )
    for number in range(interfaces):
        carried = [group_id((number + i * 7) % groups) for i in range(groups_each)]
        document["NetworkInterfaces"].append(
            {
                "NetworkInterfaceId": interface_id(number),
                "InterfaceType": "interface",
                "OwnerId": ACCOUNT,
                "VpcId": VPC,
                "SubnetId": SUBNET,
                "PrivateIpAddress": private_address(number),
                "PrivateIpAddresses": [
                    {"Primary": True, "PrivateIpAddress": private_address(number)}
                ],
                "Groups": [{"GroupId": group} for group in carried],
                "Attachment": {"InstanceId": f"i-{0xB000000000000000 + number:016x}"},
            }
        )
    return document


def lines(count, interfaces):
    pick = random.Random(2)
    start = 1_700_000_000
    for number in range(count):
        interface = pick.randrange(interfaces)
        local = private_address(interface)
        peer = f"{pick.choice(['198.51.100', '203.0.113', '192.0.2'])}.{pick.randrange(256)}"
        egress = pick.random() < 0.5
        packets = pick.randrange(1, 90)
        ports = (pick.randrange(32768, 61000), pick.choice([22, 53, 80, 443, 5432]))
        source, destination = (local, peer) if egress else (peer, local)
        start += number % 97 == 0
        yield (
            f"{ACCOUNT} {'ACCEPT' if pick.random() < 0.8 else 'REJECT'} use1-az1"
            f" {packets * pick.randrange(40, 1500)} {destination} {ports[1]} {start + 59}"
            f" {'egress' if egress else 'ingress'} i-{0xB000000000000000 + interface:016x}"
            f" {interface_id(interface)} OK {packets} - {destination} - {source} 6"
            f" us-east-1 {source} {ports[0]} {start} - - {SUBNET}"
            f" {pick.choice([0, 2, 3, 18, 19])} {1 if egress else '-'} IPv4 5 {VPC}\n"
        )


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--interfaces", type=int, default=100)
    arguments.add_argument("--groups", type=int, default=40)
    arguments.add_argument("--rules", type=int, default=10)
    arguments.add_argument("--groups-each", type=int, default=2)
    chosen = arguments.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    document = inventory(chosen.interfaces, chosen.groups, chosen.rules, chosen.groups_each)
    (chosen.folder / "inventory.json").write_text(json.dumps(document, indent=1) + "\n")
    with (chosen.folder / "flow.log").open("w") as log:
        log.writelines(lines(chosen.lines, chosen.interfaces))


if __name__ == "__main__":
    main()
