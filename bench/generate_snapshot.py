#!/usr/bin/env python3
"""Makes the snapshot of a large account for benchmarks, as `sgflow snapshot` writes it.

    bench/generate_snapshot.py FILE [--interfaces 100000] [--groups 10000] [--rules 600000]

What stands in it is made up; ids are random and elements in the order of their ids, as AWS's are.
The same arguments give the same bytes.
"""

import argparse
import json
import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))

from servers.synthetic_account import SyntheticAccount, make_account  # noqa: E402

IDS = {
    "NetworkInterfaces": "NetworkInterfaceId",
    "SecurityGroups": "GroupId",
    "SecurityGroupRules": "SecurityGroupRuleId",
    "PrefixLists": "PrefixListId",
    "NetworkAcls": "NetworkAclId",
    "Subnets": "SubnetId",
}


def fill_up_rules(account: SyntheticAccount, rules: int) -> None:
    pick = random.Random(1)
    for number in range(len(account.rules), rules):
        port = pick.choice([22, 53, 80, 123, 443, 5432, 6379, 8080])
        account.rules.append(
            {
                "SecurityGroupRuleId": f"sgr-0ffffffff{number:08x}",
                "GroupId": account.groups[number % len(account.groups)]["GroupId"],
                "GroupOwnerId": account.account_id,
                "IsEgress": number % 8 == 0,
                "IpProtocol": pick.choice(["tcp", "tcp", "udp"]),
                "FromPort": port,
                "ToPort": port + pick.choice([0, 0, 10]),
                "CidrIpv4": f"10.{pick.randrange(256)}.{pick.randrange(256)}.0/24",
                "Tags": [],
            }
        )
        if number % 2:
            account.rules[-1]["Description"] = f"for service {number}"


def add_arns(account: SyntheticAccount) -> None:
    arn = f"arn:aws:ec2:{account.region}:{account.account_id}"
    for group in account.groups:
        group["SecurityGroupArn"] = f"{arn}:security-group/{group['GroupId']}"
    for rule in account.rules:
        rule["SecurityGroupRuleArn"] = f"{arn}:security-group-rule/{rule['SecurityGroupRuleId']}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--interfaces", type=int, default=100_000)
    parser.add_argument("--groups", type=int, default=10_000)
    parser.add_argument("--rules", type=int, default=600_000)
    arguments = parser.parse_args()

    account = make_account(interfaces=arguments.interfaces, groups=arguments.groups, vpcs=16)
    fill_up_rules(account, arguments.rules)
    add_arns(account)
    for prefix_list in account.prefix_lists:
        prefix_list["Entries"] = account.entries[prefix_list["PrefixListId"]]
    for group in account.groups:  # the rules say it all, with their ids
        del group["IpPermissions"], group["IpPermissionsEgress"]

    pick = random.Random(2)
    random_ids: dict[str, str] = {}

    def scramble(match: re.Match) -> str:
        return random_ids.setdefault(match[0], f"{match[1]}-0{pick.getrandbits(64):016x}")

    def line(element: dict) -> str:
        text = json.dumps(element, ensure_ascii=False, separators=(",", ":"))
        return re.sub(r"\b(eni|sg|sgr|i|subnet|vpc|acl|eni-attach)-0[0-9a-f]{16}\b", scramble, text)

    header = {
        "Version": 1,
        "CapturedAt": "2026-01-02T03:04:05Z",
        "AccountId": account.account_id,
        "Region": account.region,
        "Coverage": {
            "Kinds": list(IDS),
            "AccountIds": [account.account_id],
            "Regions": [account.region],
        },
    }
    with arguments.file.open("w") as file:
        file.write('{"Snapshot":' + json.dumps(header, separators=(",", ":")))
        for kind, elements in account.described().items():
            by_id = re.compile(f'"{IDS[kind]}":"([^"]*)"')
            lines = sorted(map(line, elements), key=lambda text: by_id.search(text)[1])
            file.write(f',\n"{kind}":[\n' + ",\n".join(lines) + "\n]")
        file.write("}\n")


if __name__ == "__main__":
    main()
