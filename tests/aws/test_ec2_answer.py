"""EC2's XML as JSON, held against botocore's parser: on real answers, and on random ones of every
member that botocore's model knows."""

import json
import os
import pathlib
import random
import subprocess
import xml.etree.ElementTree as ElementTree

import botocore.parsers
import botocore.session
import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow").parent
PROGRAM = (pathlib.Path.cwd() / BUILD / "tests/ec2_answer").resolve()

LIST = "pl-0a000000000000001"  # the one that the program asks for
ACTIONS = {
    "DescribeNetworkInterfaces": "NetworkInterfaces",
    "DescribeSecurityGroups": "SecurityGroups",
    "DescribeSecurityGroupRules": "SecurityGroupRules",
    "DescribeManagedPrefixLists": "PrefixLists",
    "GetManagedPrefixListEntries": "Entries",
    "DescribeNetworkAcls": "NetworkAcls",
    "DescribeSubnets": "Subnets",
}
EC2 = botocore.session.Session().get_service_model("ec2")


def sgflow_reads(action: str, files: list[pathlib.Path]) -> list[dict]:
    if not PROGRAM.exists():
        pytest.skip(f"skipped: {PROGRAM} is not built")
    done = subprocess.run([PROGRAM, action, *files], capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def botocore_reads(action: str, xml: bytes) -> dict:
    parser = botocore.parsers.EC2QueryParser(timestamp_parser=str)
    response = {"body": xml, "status_code": 200, "headers": {}}
    parsed = parser.parse(response, EC2.operation_model(action).output_shape)
    key = ACTIONS[action]
    expected = {key: parsed.get(key, [])}
    if action == "GetManagedPrefixListEntries":
        expected["PrefixListId"] = LIST
    return expected


def random_element(rng: random.Random, shape, name: str) -> ElementTree.Element:
    element = ElementTree.Element(name)
    match shape.type_name:
        case "structure":
            members = list(shape.members.items())
            rng.shuffle(members)  # EC2's order differs from call to call
            for key, inner in members:
                if key != "NextToken" and rng.random() < 0.7:
                    element.append(random_element(rng, inner, inner.serialization.get("name", key)))
        case "list":
            for _ in range(rng.choice([0, 1, 1, 2, 5])):
                element.append(random_element(rng, shape.member, "item"))
        case "boolean":
            element.text = rng.choice(["true", "false"])
        case "integer" | "long":
            element.text = str(rng.choice([-1, 0, 1, 443, 65535, 2**31 - 1, -(2**63), 2**63 - 1]))
        case "timestamp":
            element.text = f"20{rng.randrange(10, 40)}-01-02T03:04:05.000Z"
        case "string":
            letters = "ab -_:/.\\\"'<>&;é€😀\u2028 \t\n{}[]"
            element.text = "".join(rng.choices(letters, k=rng.choice([0, 1, 3, 20, 300])))
        case other:
            raise NotImplementedError(other)
    return element


@pytest.mark.parametrize("action", ACTIONS)
def test_random_answers(action, tmp_path):
    rng = random.Random(action)
    files = []
    for number in range(60):
        answer = random_element(rng, EC2.operation_model(action).output_shape, f"{action}Response")
        file = tmp_path / f"{number}.xml"
        file.write_bytes(ElementTree.tostring(answer, encoding="utf-8", xml_declaration=True))
        files.append(file)
    expected = [botocore_reads(action, file.read_bytes()) for file in files]
    assert sgflow_reads(action, files) == expected
    # Something was there to compare.
    assert sum(len(answer[ACTIONS[action]]) for answer in expected) > 20


def test_real_answers():
    if not os.environ.get("SGFLOW_REAL_DATA"):
        pytest.skip("skipped: SGFLOW_REAL_DATA is not set")
    folder = pathlib.Path(os.environ["SGFLOW_REAL_DATA"]) / "aws-documents/xml"
    compared = 0
    for file in sorted(folder.glob("*.xml")):
        action = ElementTree.parse(file).getroot().tag.split("}")[-1].removesuffix("Response")
        if action not in ACTIONS:  # one that sgflow never calls
            continue
        expected = botocore_reads(action, file.read_bytes())
        assert sgflow_reads(action, [file]) == [expected], file.name
        assert expected[ACTIONS[action]]
        compared += 1
    assert compared >= 8
