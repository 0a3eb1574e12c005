#!/usr/bin/env python3
"""Writes what both kinds of template are told from deploy/tables: roles, alarms and the dashboard.

In CloudFormation's templates between `# generated: ...` and `# end`, in Terraform's modules as
files of their own; there parameters, conditions and rules come from the template too. With --check it writes nothing and fails where
something is not as it would write it. Runs in the tests' Python environment.
"""

import argparse
import pathlib
import re
import sys

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from tables import alarms, dashboards, permissions, rules  # noqa: E402
from tables import terraform as in_terraform  # noqa: E402
from tables.values import Names, hcl, quoted, snake  # noqa: E402

HEADER = "# Written by deploy/write_templates.py from deploy/tables: change these.\n"
TEMPLATES = ("stream", "batch", "account", "receiver", "network")
NO_VALUE = {"Ref": "AWS::NoValue"}


class Loader(yaml.SafeLoader):
    """Of CloudFormation's short forms, as the long ones."""


def _long_form(loader, suffix, node):
    value = (
        loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode)
        else loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode)
        else loader.construct_mapping(node, deep=True)
    )  # fmt: skip
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".")
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", _long_form)


def read_template(name: str) -> dict:
    return yaml.load((FOLDER / f"cloudformation/{name}.yaml").read_text(), Loader)


def names_of(template: dict) -> Names:
    kinds = {"AWS::Serverless::Function": "AWS::Lambda::Function"}
    return Names({
        logical_id: (kinds.get(one["Type"], one["Type"]), one.get("Condition"))
        for logical_id, one in template["Resources"].items()
    })  # fmt: skip


# CloudFormation


def role_properties(role) -> dict:
    policies = []
    for policy in role.policies:
        made = {
            "PolicyName": policy.name,
            "PolicyDocument": policy_document(policy.statements),
        }
        policies.append({"Fn::If": [policy.when, made, NO_VALUE]} if policy.when else made)
    named = {"RoleName": role.fixed_name} if role.fixed_name else {}
    return {**named, "AssumeRolePolicyDocument": OneLine(role.trust), "Policies": policies}


def policy_document(statements: list[dict]) -> dict:
    if len(statements) == 1:
        return OneLine(permissions.document(statements))
    return permissions.document([OneLine(one) for one in statements])


def processing() -> dict:
    def parameter(name, value):
        return OneLine({"ParameterName": name, "ParameterValue": value})

    return {"ProcessingConfiguration": {"Enabled": True, "Processors": [{
        "Type": "Lambda",
        "Parameters": [
            parameter("LambdaArn", permissions.arn("Function")),
            parameter("BufferSizeInMBs", permissions.ref("BufferSize")),
            parameter("BufferIntervalInSeconds", permissions.ref("BufferInterval")),
            parameter("NumberOfRetries", "3"),
            parameter("RoleArn", permissions.arn("StreamRole")),
        ],
    }]}}  # fmt: skip


def backup() -> dict:
    return {"S3Configuration": {
        "BucketARN": permissions.arn("Bucket"),
        "RoleARN": permissions.arn("StreamRole"),
        # Of all records, were they backed up; those that failed are under ErrorOutputPrefix.
        "Prefix": "errors/",
        "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/",
        "CompressionFormat": "GZIP",
        "CloudWatchLoggingOptions": {"Enabled": True, "LogGroupName": permissions.ref("StreamLogGroup"),
                                     "LogStreamName": permissions.ref("BackupLogStream")},
    }}  # fmt: skip


def bucket() -> dict:
    key = permissions.ref("KmsKeyArn")
    return {
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [{
            "BucketKeyEnabled": permissions.chosen("HasKey", True, False),
            "ServerSideEncryptionByDefault": {
                "SSEAlgorithm": permissions.chosen("HasKey", "aws:kms", "AES256"),
                "KMSMasterKeyID": permissions.chosen("HasKey", key, NO_VALUE),
            },
        }]},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True, "BlockPublicPolicy": True,
            "IgnorePublicAcls": True, "RestrictPublicBuckets": True,
        },
        "LifecycleConfiguration": {"Rules": [
            {"Id": "archive", "Status": "Enabled", "Transitions": [{
                "StorageClass": permissions.ref("ArchiveClass"),
                "TransitionInDays": permissions.ref("ArchiveAfterDays")}]},
            {"Id": "expire", "Status": permissions.chosen("Expires", "Enabled", "Disabled"),
             "ExpirationInDays": permissions.chosen("Expires", permissions.ref("RetentionDays"), 1)},
            {"Id": "uploads", "Status": "Enabled",
             "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
        ]},
    }  # fmt: skip


# The services of the action table, by the name of their endpoint. S3 has one of its own kind.
ENDPOINTS = {"ec2": "ec2", "sts": "sts", "secretsmanager": "secretsmanager",
             "firehose": "kinesis-firehose"}  # fmt: skip


def endpoints() -> dict:
    services = sorted({call.service for call in permissions.read_calls()} - {"s3"})
    return {f"{service.capitalize()}Endpoint": {"Type": "AWS::EC2::VPCEndpoint",
                                                "Condition": f"Has{service.capitalize()}Endpoint", "Properties": {
        "VpcEndpointType": "Interface",
        "ServiceName": permissions.sub(f"com.amazonaws.${{AWS::Region}}.{ENDPOINTS[service]}"),
        "PrivateDnsEnabled": True,
        "VpcId": permissions.ref("VpcId"),
        "SubnetIds": permissions.listed("SubnetIds"),
        "SecurityGroupIds": [permissions.ref("EndpointSecurityGroup")],
    }} for service in services}  # fmt: skip


def alarm_resource(alarm) -> dict:
    condition = {"Condition": alarm.when} if alarm.when else {}
    return {"Type": "AWS::CloudWatch::Alarm", **condition, "Properties": {
        "AlarmDescription": alarm.description,
        "Metrics": [OneLine(query) for query in alarms.queries(alarm)],
        "ComparisonOperator": alarm.comparison,
        "Threshold": alarm.threshold,
        "EvaluationPeriods": alarm.periods,
        "TreatMissingData": "notBreaching",
        "AlarmActions": OneLine(alarms.actions()),
    }}  # fmt: skip


def void_rules(template: str, parameters: dict) -> dict:
    return {void.name: {
        "RuleCondition": OneLine(void.when),
        "Assertions": [OneLine(rules.assertion(void, one, parameters[one]["Default"]))
                       for one in void.parameters],
    } for void in rules.VOID[template]}  # fmt: skip


def fragment(template: str, mark: str, parameters: dict) -> dict:
    kind, _, name = mark.partition(" ")
    if kind == "role":
        (role,) = (r for r in permissions.ROLES if (r.template, r.name) == (template, name))
        return role_properties(role)
    if kind == "policy":
        _, statements = permissions.RESOURCE_POLICIES[template, name]
        return {"PolicyDocument": permissions.document(statements)}
    if kind == "alarms":
        return {
            f"{a.name}Alarm": alarm_resource(a) for a in alarms.ALARMS if a.template == template
        }
    if kind == "rules":
        return void_rules(template, parameters)
    if kind == "dashboard":
        return {"Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {
            "DashboardBody": permissions.sub(dashboards.dashboard(template))}}}  # fmt: skip
    makers = {"processing": processing, "backup": backup, "bucket": bucket, "endpoints": endpoints}
    return makers[kind]()


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


class OneLine(dict):
    """Written in one line, so that a role or an alarm is seen as a whole."""


def _represent(dumper, data):
    """A function in its short form."""
    flow = True if isinstance(data, OneLine) else None
    if len(data) == 1:
        ((name, argument),) = data.items()
        if name == "Ref" or name.startswith("Fn::"):
            tag = f"!{name.removeprefix('Fn::')}"
            if name == "Fn::GetAtt":
                argument = ".".join(argument)
            if isinstance(argument, str):
                return dumper.represent_scalar(tag, argument)
            return dumper.represent_sequence(tag, argument, flow_style=flow)
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=flow)


Dumper.add_representer(dict, _represent)
Dumper.add_representer(OneLine, _represent)


def cloudformation(template: str, text: str) -> str:
    parameters = yaml.load(text, Loader)["Parameters"]

    def write(found):
        indent, mark = found["indent"], found["mark"]
        made = yaml.dump(fragment(template, mark, parameters), Dumper=Dumper, sort_keys=False,
                         width=10_000, default_flow_style=None)  # fmt: skip
        # The dumper quotes all that has a tag.
        made = re.sub(r"!(Ref|GetAtt) '([\w.:]+)'", r"!\1 \2", made)
        lines = "".join(f"{indent}{line}\n" for line in made.splitlines())
        return f"{indent}# generated: {mark}\n{lines}{indent}# end\n"

    pattern = r"(?m)^(?P<indent> *)# generated: (?P<mark>.*)\n(?:.*\n)*?\1# end\n"
    return re.sub(pattern, write, text)


# Terraform


def count(when: str | None) -> str:
    return f"  count = local.{snake(when)} ? 1 : 0\n" if when else ""


def policy_json(statements, names: Names, indent: int = 1) -> str:
    document = permissions.document(statements) if isinstance(statements, list) else statements
    return f"jsonencode({hcl(document, names, indent)})"


def terraform_role(role, names: Names) -> str:
    address = names.address(role.name)
    local_name = snake(role.name)
    name = hcl(role.fixed_name, names) if role.fixed_name else None
    named = f"  name = {name}\n" if name else '  name_prefix = "${var.name}-"\n'
    text = (
        f'resource "aws_iam_role" "{local_name}" {{\n{count(role.when)}{named}'
        f"  assume_role_policy = {policy_json(role.trust, names)}\n}}\n"
    )
    return text + (
        f'\nresource "aws_iam_role_policy" "{local_name}" {{\n{count(role.when)}'
        f'  name = "sgflow"\n  role = {address}.name\n'
        f"  policy = {terraform_policy(role.policies, names)}\n}}\n"
    )


def terraform_policy(policies, names: Names) -> str:
    """One for all: whether a policy is there may hang on an ARN that only the apply tells, which
    `count` cannot take and a text can. A `for`, as the two sides of `?` would have to be of one type."""
    always = [one for policy in policies if not policy.when for one in policy.statements]
    lists = [hcl(always, names, 3)] + [
        f"[for one in {hcl(policy.statements, names, 3)} : one if local.{snake(policy.when)}]"
        for policy in policies
        if policy.when
    ]
    if len(lists) == 1:
        return policy_json(always, names)
    joined = "".join(f"      {one},\n" for one in lists)
    return (
        f'jsonencode({{\n    Version = "2012-10-17"\n    Statement = concat(\n{joined}    )\n  }})'
    )


def terraform_alarm(alarm, names: Names) -> str:
    blocks = ""
    for query in alarms.queries(alarm):
        lines = [f'id = "{query["Id"]}"']
        if "Expression" in query:
            lines += [f"expression = {hcl(query['Expression'], names)}",
                      f'label = "{query["Label"]}"']  # fmt: skip
        lines.append(f"return_data = {hcl(query['ReturnData'], names)}")
        blocks += "\n  metric_query {\n" + "".join(f"    {line}\n" for line in lines)
        if stat := query.get("MetricStat"):
            metric = stat["Metric"]
            (dimension,) = metric["Dimensions"]
            blocks += (
                f'    metric {{\n      period = {stat["Period"]}\n      stat = "{stat["Stat"]}"\n'
                f'      namespace = "{metric["Namespace"]}"\n'
                f"      metric_name = {hcl(metric['MetricName'], names)}\n"
                f"      dimensions = {{ {dimension['Name']} = {hcl(dimension['Value'], names)} }}\n"
                "    }\n"
            )
        blocks += "  }\n"
    return (
        f'resource "aws_cloudwatch_metric_alarm" "{snake(alarm.name)}_alarm" {{\n{count(alarm.when)}'
        f'  alarm_name = "${{var.name}}-{alarm.name}"\n'
        f'  alarm_description = "{alarm.description}"\n'
        f'  comparison_operator = "{alarm.comparison}"\n'
        f"  threshold = {hcl(alarm.threshold, names)}\n"
        f"  evaluation_periods = {alarm.periods}\n"
        '  treat_missing_data = "notBreaching"\n'
        "  alarm_actions = local.has_alarm_topic ? [var.alarm_topic_arn] : null\n"
        f"{blocks}}}\n"
    )


def terraform(template: str, content: dict) -> dict[str, str]:
    """Of the module, from the template's content."""
    names = names_of(content)
    roles = [terraform_role(r, names) for r in permissions.ROLES if r.template == template]
    for (of, name), (bucket_or_queue, statements) in permissions.RESOURCE_POLICIES.items():
        if of != template:
            continue
        kind, when = names.resources[name]
        target = ("queue_url", "url") if kind == "AWS::SQS::QueuePolicy" else ("bucket", "bucket")
        resource = names.address(name).split("[")[0].replace(".", '" "')
        roles.append(
            f'resource "{resource}" {{\n{count(when)}'
            f"  {target[0]} = {names.address(bucket_or_queue)}.{target[1]}\n"
            f"  policy = {policy_json(statements, names)}\n}}\n"
        )
    watched = [terraform_alarm(a, names) for a in alarms.ALARMS if a.template == template]
    if template in dashboards.WIDGETS:
        watched.append(
            'resource "aws_cloudwatch_dashboard" "dashboard" {\n  dashboard_name = var.name\n'
            f"  dashboard_body = {dashboard_text(template, names)}\n}}\n"
        )
    buckets = [in_terraform.bucket(logical_id, names, count(when))
               for logical_id, (kind, when) in names.resources.items() if kind == "AWS::S3::Bucket"]  # fmt: skip
    made = [in_terraform.endpoint(name, one["Properties"], names, count(one["Condition"]))
            for name, one in (endpoints() if template == "network" else {}).items()]  # fmt: skip
    variables = [name_variable(template)] if uses_name(template) else []
    variables += [
        in_terraform.variable(one, content["Parameters"]) for one in content["Parameters"]
    ]
    files = {
        "variables.tf": variables,
        "conditions.tf": [in_terraform.locals_of(content)] if content.get("Conditions") else [],
        "rules.tf": [in_terraform.rules_of(content)] if content.get("Rules") else [],
        "buckets.tf": buckets,
        "endpoints.tf": made,
        "roles.tf": roles,
        "alarms.tf": watched,
    }
    return {
        name: formatted(HEADER + "\n" + "\n".join(parts)) for name, parts in files.items() if parts
    }


# How long `name` may be, so that each name made with it is as long as AWS and the provider take:
# the prefix of a bucket 37 characters, the id of a cache 40.
NAME_LENGTHS = {"stream": 29, "batch": 22, "network": 34}


def name_variable(template: str) -> str:
    """Where CloudFormation has the stack's name."""
    longest = NAME_LENGTHS[template]
    return (
        'variable "name" {\n  description = "What names of resources begin with"\n'
        f'  type = string\n  default = "sgflow-{template}"\n'
        "\n  validation {\n"
        '    condition = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name))'
        f" && length(var.name) <= {longest}\n"
        f'    error_message = "At most {longest} characters: small letters, digits and single hyphens,'
        ' a letter first."\n  }\n}\n'
    )


def uses_name(template: str) -> bool:
    return template in NAME_LENGTHS


def dashboard_text(template: str, names: Names) -> str:
    return quoted(dashboards.dashboard(template).replace('"', '\\"'), names)


def formatted(text: str) -> str:
    """As `terraform fmt` aligns: the `=` of neighbouring lines of one depth."""
    lines = text.split("\n")
    block: list[int] = []

    def align():
        width = max((len(lines[i].split(" = ", 1)[0]) for i in block), default=0)
        for i in block:
            key, value = lines[i].split(" = ", 1)
            lines[i] = f"{key:<{width}} = {value}"
        block.clear()

    for i, line in enumerate(lines):
        one = re.fullmatch(r'( *)("?[\w:.-]+"?) += (.*)', line)
        if one is None or one[3].endswith(("{", "[", "(")):
            align()
        if one is not None:
            lines[i] = f"{one[1]}{one[2]} = {one[3]}"
            if not one[3].endswith(("{", "[", "(")):
                block.append(i)
    align()
    return "\n".join(lines)


def generate() -> dict[pathlib.Path, str]:
    """The files as they should be."""
    made = {}
    for name in TEMPLATES:
        path = FOLDER / f"cloudformation/{name}.yaml"
        made[path] = cloudformation(name, path.read_text())
        for file, text in terraform(name, yaml.load(made[path], Loader)).items():
            made[FOLDER / f"terraform/{name}/{file}"] = text
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where it differs")
    check = parser.parse_args().check
    stale = [path for path, text in generate().items()
             if not path.exists() or path.read_text() != text]  # fmt: skip
    for path in stale:
        print(f"{path.relative_to(FOLDER.parent)}: {'is not' if check else 'written'}"
              f"{' what deploy/write_templates.py writes' if check else ''}")  # fmt: skip
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(generate()[path])
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
