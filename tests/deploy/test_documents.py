"""The pages about AWS: what they name is there, and what they calculate comes out so."""

import base64
import collections
import json
import re
import subprocess

import pytest
import write_templates
from function_process import BINARY
from tables.alarms import ALARMS, BATCH_ALARMS, STREAM_ALARMS
from templates import DEPLOY, REPOSITORY, template, template_path

OPERATIONS = (REPOSITORY / "docs/operations.md").read_text()
ARCHITECTED = (REPOSITORY / "docs/well-architected.md").read_text()
README = (REPOSITORY / "README.md").read_text()


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table whose heading begins so."""
    body = page.split(f"\n| {heading} |", 1)[1].split("\n\n")[0]
    return [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in body.split("\n")[2:]
    ]


def test_each_alarm_has_its_row():
    body = OPERATIONS.split("## Alarms")[1].split("\n## ")[0]
    table = [line.split("|")[1] for line in body.split("\n") if line.startswith("| `")]
    described = [name for cell in table for name in re.findall(r"`(\w+)`", cell)]
    assert set(described) == {alarm.name for alarm in ALARMS}
    # Those that both templates have mean the same, and have one row: but for this one.
    shared = {a.name for a in STREAM_ALARMS} & {a.name for a in BATCH_ALARMS}
    assert sorted(described) == sorted({alarm.name for alarm in ALARMS} | {"RecordsFailed"}) or (
        collections.Counter(described) - collections.Counter({a.name for a in ALARMS})
        == {"RecordsFailed": 1}
    )
    (sentence,) = re.findall(r"Of `batch`: (.*?) as above", body)
    assert set(re.findall(r"`(\w+)`", sentence)) == shared - {"RecordsFailed"}


def test_the_number_of_alarms_is_told_rightly():
    assert (len(STREAM_ALARMS), len(BATCH_ALARMS)) == (19, 12)
    assert "Nineteen alarms of a stream, twelve of a batch stack" in ARCHITECTED


def test_alarms_are_paid_for_by_the_metrics_that_they_look_at():
    always = [one for one in STREAM_ALARMS if one.when in (None, "TakesSnapshots")]
    looked_at = sum(len(one.metrics) for one in always)
    (row,) = (row for row in rows(ARCHITECTED, "letter | quantity") if row[0] == "`a`")
    assert row[2] == str(looked_at)
    assert f"a batch stack has {sum(len(one.metrics) for one in BATCH_ALARMS)}" in row[3]


def test_each_template_is_described():
    for name in ("stream", "batch", "network", "account", "receiver"):
        assert f"\n| `{name}` |" in OPERATIONS


@pytest.mark.parametrize("page", [OPERATIONS, README], ids=["operations", "readme"])
def test_commands_name_what_there_is(page):
    """Templates, and parameters of `--parameter-overrides`."""
    for file in re.findall(r"deploy/[\w./-]+\.(?:yaml|tf)\b", page):
        if "NAME" not in file:
            assert (REPOSITORY / file).exists(), file
    known = set().union(*(template(name)["Parameters"] for name in ("stream", "batch", "account")))
    for command in re.findall(r"--parameter-overrides ((?:\\\n|[^\n])*)", page):
        for name in re.findall(r"(\w+)=", command):
            assert name in known, name


@pytest.mark.parametrize("page", [OPERATIONS, README], ids=["operations", "readme"])
def test_a_large_template_goes_through_a_bucket(page):
    """`aws cloudformation deploy` takes up to 51,200 bytes without one, and a million with it."""
    commands = re.findall(r"aws cloudformation deploy --stack-name (?:\\\n|[^\n])*", page)
    assert len(commands) == 1
    for command in commands:
        (file,) = re.findall(r"--template-file (\S+)", command)
        size = (REPOSITORY / file).stat().st_size
        assert size <= 51_200 or "--s3-bucket CODE-BUCKET" in command
    for name in ("stream", "batch", "account", "receiver", "network"):
        limit = 1_000_000 if name == "stream" else 51_200
        assert template_path(name).stat().st_size <= limit


def test_what_the_quick_start_gives_is_all_that_is_needed():
    section = README.split("## In AWS")[1].split("\n## ")[0]
    assert len(re.findall(r"(?m)^\d\. ", section)) == 3
    assert str(template_path("stream").relative_to(REPOSITORY)) in section
    given = set(re.findall(r"(\w+)=", section.split("--parameter-overrides")[1]))
    needed = {
        name for name, one in template("stream")["Parameters"].items() if "Default" not in one
    }
    assert needed <= given <= set(template("stream")["Parameters"])
    # Named roles would need another capability.
    assert "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND" in section
    assert not any(
        "RoleName" in one.get("Properties", {}) for one in template("stream")["Resources"].values()
    )


def test_the_costs_follow_from_the_tables():
    letters = {}
    for row in rows(ARCHITECTED, "letter | price of"):
        letters[row[0].strip("`")] = float(row[2])
    for row in rows(ARCHITECTED, "letter | quantity"):
        letters[row[0].strip("`")] = float(row[2])
    costs = rows(ARCHITECTED, "cost of | formula")
    assert len(costs) == 14
    costs += rows(ARCHITECTED, "a month | formula")
    for what, formula, dollars in costs:
        expression = formula.strip("`")
        assert re.fullmatch(r"[\w.+*/() ]+", expression), formula
        value = eval(expression, {"__builtins__": {}}, letters)
        half_of_the_last_digit = 0.5 * 10 ** -len(dollars.partition(".")[2])
        assert abs(value - float(dollars)) <= half_of_the_last_digit + 1e-12, (what, value)
    used = set(re.findall(r"[A-Za-z]", " ".join(row[1] for row in costs).replace("1e", "")))
    assert set(letters) == used


def test_each_price_says_where_it_was_seen():
    links = dict(re.findall(r"(?m)^\[([\w-]+)\]: (https://\S+)$", ARCHITECTED))
    for letter, _, _, seen in rows(ARCHITECTED, "letter | price of"):
        assert (
            seen == "the same"
            or "the same" in seen
            or set(re.findall(r"\[([\w-]+)\]", seen)) & set(links)
        ), letter


def test_the_buffers_follow_from_the_formula():
    """In steps of 0.1, as Firehose's go, and never below 0.2."""
    (numerator,) = re.findall(r"<= ([\d.]+) / g", OPERATIONS)
    known = rows(OPERATIONS, "g | largest `BufferSize`")[:-1]
    assert len(known) == 4
    for growth, largest, _ in known:
        assert float(largest) == int(10 * float(numerator) / float(growth) + 1e-9) / 10 >= 0.2


def part(page: str, heading: str) -> str:
    return page.split(f"# {heading}\n", 1)[1].split("\n#", 1)[0]


# What Firehose puts under the error prefix, with a record of the default LogFormat.
LINE_IN_DEFAULT_FORMAT = (
    "5 123456789012 eni-03d6bd73013a9c1af 10.0.0.5 10.0.1.7 443 50000 6 10 840 1700000000 1700000060"
    " ACCEPT OK vpc-1 subnet-1 i-1 19 IPv4 10.0.0.5 10.0.1.7 eu-west-1 euw1-az1 - - - - ingress - - vpc-1"
)


def error_record(line: str) -> str:
    data = base64.b64encode(json.dumps({"message": line}).encode()).decode()
    return json.dumps({
        "attemptsMade": 4, "arrivalTimestamp": 1700000100000, "errorCode": "Lambda.FunctionError",
        "errorMessage": "The Lambda function was successfully invoked but it returned an error result.",
        "attemptEndingTimestamp": 1700000200000, "rawData": data,
        "lambdaArn": "arn:aws:lambda:eu-west-1:123456789012:function:sgflow-stream",
    }) + "\n"  # fmt: skip


@pytest.fixture
def terminal(tmp_path):
    """Runs what a page says, where sgflow is on the path; AWS knows the stack's LogFormat."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "sgflow").symlink_to(BINARY.resolve())
    form = template("stream")["Parameters"]["LogFormat"]["Default"]
    (tmp_path / "format").write_text(form + "\n")
    aws = programs / "aws"
    aws.write_text(f'#!/bin/sh\n[ "$1" = s3 ] || cat {tmp_path}/format\n')
    aws.chmod(0o755)

    def run(commands: str):
        for live in ("--inventory live", "--inventory inventory.json"):
            commands = commands.replace(live, f"--inventory {REPOSITORY}/examples/inventory.json")
        return subprocess.run(["bash", "-c", commands], cwd=tmp_path, capture_output=True, text=True,
                              env={"PATH": f"{programs}:/usr/bin:/bin"})  # fmt: skip

    return run


def test_records_under_errors_are_recovered_as_it_is_told(terminal, tmp_path):
    (commands,) = re.findall(r"```\n(.*?)```", part(OPERATIONS, "Records under errors"), re.DOTALL)
    folder = tmp_path / "failed/2023/11/14/22"
    folder.mkdir(parents=True)
    file = folder / "sgflow-flow-logs-1-2023-11-14-22-15-00-0a1b"
    file.write_text(error_record(LINE_IN_DEFAULT_FORMAT))
    done = terminal(commands)
    assert (done.returncode, done.stdout) == (0, "all of it\n"), done.stderr
    (output,) = (tmp_path / "recovered").rglob("*.jsonl.gz")
    record = json.loads(subprocess.run(["zcat", output], capture_output=True, check=True).stdout)
    assert (record["interface_id"], record["srcport"]) == ("eni-03d6bd73013a9c1af", 443)
    assert re.fullmatch("[0-9a-f]{32}", record["sgflow_record_id"])
    # As the page warns: one that cannot be read is told.
    file.write_text(error_record(LINE_IN_DEFAULT_FORMAT) + error_record("nonsense"))
    done = terminal(commands)
    assert "all of it" not in done.stdout and f"{file.name}:2" in done.stderr


@pytest.mark.parametrize("page", [OPERATIONS, README], ids=["operations", "readme"])
def test_sizes_are_predicted_with_the_id_that_reingest_adds(terminal, page):
    assert template("stream")["Parameters"]["Reingest"]["Default"] == "true"
    (command,) = re.findall(r"build/release/(sgflow size (?:\\\n|[^\n`])*)", page)
    # And of the records that its flow log has.
    form = template("stream")["Parameters"]["LogFormat"]["Default"]
    told = terminal(command + " --json")
    assert told.returncode == 0, told.stderr
    named = terminal(f"sgflow size --inventory inventory.json --json --format json "
                     f"--fields +sgflow_record_id --record-format '{form}'")  # fmt: skip
    assert json.loads(told.stdout) == json.loads(named.stdout)
    other = terminal("sgflow size --inventory inventory.json --json --format json "
                     "--fields +sgflow_record_id")  # fmt: skip
    assert json.loads(told.stdout) != json.loads(other.stdout)


def test_error_prefixes_are_those_of_the_stream():
    stream = template("stream")["Resources"]["Stream"]["Properties"]
    prefix = "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/"
    s3 = stream["ExtendedS3DestinationConfiguration"]["Fn::If"][1]
    backups = [stream[f"{kind}DestinationConfiguration"]["Fn::If"][1]["S3Configuration"]
               for kind in ("Splunk", "HttpEndpoint")]  # fmt: skip
    assert {one["ErrorOutputPrefix"] for one in [s3, *backups]} == {prefix}
    # The types of docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html that can come up here.
    assert set(re.findall(r"errors/([a-z-]+)/", OPERATIONS)) == {
        "processing-failed", "splunk-failed", "http-endpoint-failed",
    }  # fmt: skip


def test_what_another_accounts_flow_log_needs_is_told():
    section = part(OPERATIONS, "Several accounts")
    (demanding,) = (rule for name, rule in template("account")["Rules"].items()
                    if name == "FlowLogHasAStream")  # fmt: skip
    for assertion in demanding["Assertions"]:
        needed = assertion["Assert"]["Fn::Not"][0]["Fn::Equals"][0]["Ref"]
        assert f"`{needed}`" in section


def test_the_forms_of_an_endpoints_secret_are_told():
    """docs.aws.amazon.com/firehose/latest/dev/secrets-manager-whats-secret.html"""
    forms = {"splunk": '{"hec_token": "TOKEN"}', "http": '{"api_key": "TOKEN"}'}
    section = part(OPERATIONS, "To a SIEM")
    described = template("stream")["Parameters"]["EndpointSecretArn"]["Description"]
    for destination, form in forms.items():
        assert f"| `{destination}` | `{form}` |" in section and form in described


def test_the_longest_names_are_told():
    """As long as what CloudFormation names after the stack may be, and Terraform's `name`."""
    stream = template("stream")["Resources"]["Stream"]["Properties"]["DeliveryStreamName"]
    rule = template("batch")["Resources"]["SourceRule"]["Properties"]["Name"]
    longest = [64 - len(one["Fn::Sub"].replace("${AWS::StackName}", "")) for one in (stream, rule)]
    assert f"give a `stream` {longest[0]} characters at most" in OPERATIONS
    assert f"a `batch` {longest[1]} (" in OPERATIONS
    lengths = write_templates.NAME_LENGTHS
    for name, length in lengths.items():
        assert re.search(rf"\b{length} (characters )?in `{name}`", OPERATIONS)


def test_each_endpoint_that_can_be_left_out_is_told():
    section = part(OPERATIONS, "In a VPC")
    switches = {one for one in template("network")["Parameters"] if one.endswith("Endpoint")}
    assert len(switches) == 5
    for switch in switches:
        assert f"`{switch}" in section


def test_how_old_a_snapshot_may_become_is_told_at_both_settings():
    for name, other in (
        ("SnapshotSchedule", "MaxInventoryAge"),
        ("MaxInventoryAge", "SnapshotSchedule"),
    ):
        assert other in template("stream")["Parameters"][name]["Description"]
    assert "SnapshotSchedule" in template("batch")["Parameters"]["MaxInventoryAge"]["Description"]
    (row,) = re.findall(r"(?m)^\| `InventoryAge` .*$", OPERATIONS)
    assert "`MaxInventoryAge`" in row and "`SnapshotSchedule`" in row


@pytest.mark.parametrize("name", ["stream", "batch"])
def test_that_other_regions_take_a_nat_gateway_is_told(name):
    assert "NAT gateway" in template(name)["Parameters"]["SubnetIds"]["Description"]
    assert "NAT gateway" in part(OPERATIONS, "In a VPC")


def test_a_kms_keys_policy_lets_no_service_in_without_a_condition():
    (text,) = re.findall(r"```json\n(.*?)```", part(OPERATIONS, "Your own KMS key"), re.DOTALL)
    statements = json.loads(text)["Statement"]
    services = {
        one["Principal"]["Service"]: one for one in statements if "Service" in one["Principal"]
    }
    assert set(services) == {
        "logs.eu-west-1.amazonaws.com", "firehose.amazonaws.com", "delivery.logs.amazonaws.com",
    }  # fmt: skip
    for one in services.values():
        assert "111122223333" in json.dumps(one["Condition"])
    table = part(OPERATIONS, "Your own KMS key").split("| statement |")[1]
    assert re.findall(r"(?m)^\| `(\w+)` \|", table) == [one["Sid"] for one in statements]


# Diagrams


NODE = r'\w+(?:\["[^"]+"\]|\[\("[^"]+"\)\])?'
LINE = {
    "start": r"flowchart LR",
    "group": r'subgraph \w+\["[^"]+"\]',
    "end": r"end",
    "node": NODE,
    "edge": rf'{NODE} (?:-->|-\.->)(?:\|"[^"]+"\|)? {NODE}',
}


@pytest.mark.parametrize("diagram", re.findall(r"```mermaid\n(.*?)```", ARCHITECTED, re.DOTALL))
def test_a_diagram_is_of_mermaids_simplest_grammar(diagram):
    """That part of Mermaid's flowcharts alone, so that it renders wherever they do: nodes and edges
    with quoted texts, in groups that are closed."""
    lines = [line.strip() for line in diagram.splitlines()]
    kinds = []
    for line in lines:
        kind = next((kind for kind, form in LINE.items() if re.fullmatch(form, line)), None)
        assert kind, line
        kinds.append(kind)
    assert kinds[0] == "start" and kinds.count("start") == 1
    assert kinds.count("group") == kinds.count("end")
    named = re.findall(r'(\w+)(?:\["|\[\(")', diagram)
    assert len(named) == len(set(named))
    texts = re.sub(r'"[^"]*"', '""', diagram)
    ends = set(re.findall(r"(?m)^\s*(\w+)\S* (?:-->|-\.->)", texts))
    ends |= set(re.findall(r'(?:-->|-\.->)(?:\|""\|)? (\w+)', texts))
    assert ends <= set(named)


def test_the_folder_has_nothing_else():
    assert {path.name for path in DEPLOY.iterdir() if path.name != "__pycache__"} == {
        "cloudformation", "write_templates.py", "tables", "terraform",
    }  # fmt: skip
