"""CloudFormation and Terraform make the same: resource by resource, property by property.

Both are brought to lines `path: expression`, with Terraform's names and in Terraform's language, and
these must be equal. What stands differently in the two by their nature is in the tables here.
"""

import re

import pytest
import terraform_modules
import write_templates
from tables.terraform import LISTS, is_switch
from tables.values import hcl, snake
from templates import TEMPLATES, template
from terraform_modules import Expression

# What of a path is called otherwise by Terraform: applied in order to CloudFormation's, in snake case.
RENAMED = {
    "aws_cloudwatch_event_rule": [(r"^targets\.id$", "target_id"), (r"^targets\.", "")],
    "aws_cloudwatch_log_stream": [(r"^log_stream_name$", "name")],
    "aws_elasticache_replication_group": [
        (r"^replication_group_description$", "description"), (r"^cache_(node_type|subnet_group_name)$", r"\1"),
        (r"^subnet_group_name$", "subnet_group_name"),
    ],
    "aws_flow_log": [(r"^deliver_logs_permission_arn$", "iam_role_arn")],
    "aws_kinesis_firehose_delivery_stream": [
        (r"^delivery_stream_name$", "name"),
        (r"^delivery_stream_encryption_configuration_input\.", "server_side_encryption."),
        (r"_destination_configuration\.", "_configuration."),
        (r"cloud_watch_logging_options", "cloudwatch_logging_options"),
        (r"buffering_hints\.size_in_m_bs$", "buffering_size"),
        (r"buffering_hints\.interval_in_seconds$", "buffering_interval"),
        (r"retry_options\.duration_in_seconds$", "retry_duration"),
        (r"timeout_in_seconds$", "timeout"),
        (r"\.endpoint_configuration\.", "."),
    ],
    "aws_lambda_function": [(r"^code\.", "")],
    "aws_s3_bucket": [
        (r"^bucket_encryption\.server_side_encryption_configuration\.", "rule."),
        (r"^rule\.server_side_encryption_by_default\.", "rule.apply_server_side_encryption_by_default."),
        (r"^ownership_controls\.rules\.", "rule."),
        (r"^public_access_block_configuration\.", ""),
        (r"^lifecycle_configuration\.rules\.(\d)\.", r"rule.\1."),
        (r"\.transitions\.transition_in_days$", ".transition.days"), (r"\.transitions\.", ".transition."),
        (r"\.expiration_in_days$", ".expiration.days"),
        (r"^notification_configuration\.queue_configurations\.", "queue."),
        (r"^queue\.event$", "queue.events"), (r"^queue\.queue$", "queue.queue_arn"),
        (r"^queue\.filter\.s3_key\.rules\.value$", "queue.filter_suffix"),
    ],
    "aws_secretsmanager_secret": [(r"^generate_secret_string\.", "")],
    "aws_security_group": [
        (r"^group_description$", "description"), (r"^security_group_(in|e)gress\.", r"\1gress."),
        (r"gress\.source_security_group_id$", "gress.referenced_security_group_id"),
        (r"gress\.cidr_ip$", "gress.cidr_ipv4"),
    ],
    "aws_sqs_queue": [
        (r"^visibility_timeout$", "visibility_timeout_seconds"),
        (r"^message_retention_period$", "message_retention_seconds"),
    ],
    "aws_vpc_security_group_egress_rule": [
        (r"^group_id$", "security_group_id"),
        (r"^destination_security_group_id$", "referenced_security_group_id"),
    ],
}  # fmt: skip

# Terraform has it as a resource, or as a source of data, of its own.
PARTS = {
    "aws_cloudwatch_event_target": "aws_cloudwatch_event_rule",
    "aws_s3_bucket_lifecycle_configuration": "aws_s3_bucket",
    "aws_s3_bucket_notification": "aws_s3_bucket",
    "aws_s3_bucket_ownership_controls": "aws_s3_bucket",
    "aws_s3_bucket_public_access_block": "aws_s3_bucket",
    "aws_s3_bucket_server_side_encryption_configuration": "aws_s3_bucket",
    "aws_secretsmanager_random_password": "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_version": "aws_secretsmanager_secret",
    "aws_vpc_security_group_egress_rule": "aws_security_group",
    "aws_vpc_security_group_ingress_rule": "aws_security_group",
}
# Parts of which a whole has two of one kind of property: where these stand.
WITHIN = {
    "aws_vpc_security_group_egress_rule": "egress.",
    "aws_vpc_security_group_ingress_rule": "ingress.",
}
# Written from one table for both (test_permissions.py).
GENERATED = {
    "aws_cloudwatch_dashboard", "aws_cloudwatch_metric_alarm", "aws_iam_role", "aws_iam_role_policy",
    "aws_s3_bucket_policy", "aws_sqs_queue_policy",
}  # fmt: skip
# JSON, which CloudFormation has as an object.
JSON = {"redrive_policy", "event_pattern"}
# One side has it alone; why.
ONLY_TERRAFORM = {
    r"\.(name|name_prefix|bucket_prefix|function_name|replication_group_id)$": "CloudFormation names what has no name",
    r"server_side_encryption\.enabled$": "CloudFormation: by its being there",
    r"aws_kinesis_firehose_delivery_stream\.stream\.destination$": "CloudFormation: by the configuration",
    r"\.rule\.\d\.filter$": "all objects; the provider wants it said",
    r"aws_s3_bucket[.\w]*\.bucket$": "the link between the parts",
    r"security_group\.(in|e)gress\.security_group_id$": "likewise",
    r"security_group\.(in|e)gress\.count$": "CloudFormation: the group's",
    r"source_rule\.rule$": "likewise",
    r"cache_password\.(secret_id|secret_string)$": "likewise",
}
ONLY_CLOUDFORMATION = {
    r"\.delivery_stream_type$": "Terraform's has no other",
    r"\.rules\.name$": "Terraform: filter_suffix says it",
    r"^aws_lambda_function\.\w+\.tags\.": "SAM's own mark",
}
# The same, said in different ways: looked at by hand.
SAID_DIFFERENTLY = {
    r"flow_log\.(resource_id|resource_type|vpc_id|subnet_id|eni_id)$":
        "one identifier with its kind, or one variable for each kind",
    r"processors\.parameters": "a list, or a map that becomes one",
    r"stream\.tags": "a list of keys and values, or a map",
    r"reserved_concurrent_executions$": "a number in Terraform",
    r"auth_token$": "a reference that CloudFormation resolves, or the value",
}  # fmt: skip


def matches(path: str, table: dict) -> bool:
    return any(re.search(pattern, path) for pattern in table)


def plain(expression: str) -> str:
    text = re.sub(r"\s+", "", expression).replace(",]", "]").replace(",}", "}")
    return re.sub(r'join\(",",([\w.]+)\)', r"\1", text)


def of_cloudformation(name: str) -> dict[str, str]:
    """ADDRESS.path to expression."""
    names = write_templates.names_of(template(name))
    lines = {}
    for logical_id, resource in template(name)["Resources"].items():
        address = names.address(logical_id).removesuffix("[0]")
        kind = address.split(".")[0]
        if condition := resource.get("Condition"):
            lines[f"{address}.count"] = plain(f"local.{snake(condition)} ? 1 : 0")
        if kind in GENERATED:
            lines[address] = "generated"
            continue
        for path, value in leaves(resource["Properties"], names):
            for pattern, replacement in RENAMED.get(kind, []):
                path = re.sub(pattern, replacement, path)
            lines[f"{address}.{path}"] = value
        if kind == "aws_security_group" and "SecurityGroupEgress" not in resource["Properties"]:
            lines[f"{address}.egress"] = "all, as CloudFormation gives it where none is said"
    return lines


def leaves(value, names, path: str = ""):
    at = f"{path}." if path else ""
    if path in JSON:
        yield path, as_json(hcl(value, names))
    elif (
        isinstance(value, dict)
        and "Fn::If" in value
        and value["Fn::If"][2] == {"Ref": "AWS::NoValue"}
    ):
        condition, yes, _ = value["Fn::If"]
        if is_function(yes) or not isinstance(yes, dict):
            yield path, plain(f"local.{snake(condition)} ? {hcl(yes, names)} : null")
        else:
            yield f"{at}for_each", plain(f"local.{snake(condition)} ? [1] : []")
            yield from leaves(yes, names, path)
    elif isinstance(value, dict) and not is_function(value):
        for key, one in value.items():
            yield from leaves(one, names, at + (key if at.endswith("variables.") else snake(key)))
    elif isinstance(value, list) and any(
        isinstance(one, dict) and not is_function(one) for one in value
    ):
        for i, one in enumerate(value):
            yield from leaves(one, names, path if len(value) == 1 else f"{at}{i}")
    elif re.search(r"queue_configurations\.event$", path):
        yield path, plain(hcl([value], names))
    else:
        yield path, plain(hcl(value, names))


def is_function(value) -> bool:
    return (
        isinstance(value, dict)
        and len(value) == 1
        and next(iter(value)).startswith(("Ref", "Fn::"))
    )


def of_terraform(name: str) -> dict[str, str]:
    lines = {}
    everything = dict(terraform_modules.resources(name))
    for block in terraform_modules.blocks(name).get("data", []):
        for kind, named in block.items():
            everything |= {f"{kind}.{one}": body for one, body in named.items() if kind in PARTS}
    wholes = {address for address in everything if address.split(".")[0] not in PARTS}
    for address, body in everything.items():
        kind, one = address.split(".")
        whole = f"{PARTS.get(kind, kind)}.{one}"
        # A rule of a group that is a resource in CloudFormation too has no group of its name.
        within = WITHIN.get(kind, "") if whole in wholes else ""
        address = whole if whole in wholes else address
        if kind == "terraform_data" or kind == "aws_iam_role_policy":
            continue
        if kind in GENERATED:
            lines[address] = "generated"
            if "count" in body:
                lines[f"{address}.count"] = plain(body["count"])
            continue
        for path, value in flat(body):
            if path.split(".")[0] not in ("depends_on", "lifecycle"):
                lines[f"{address}.{within}{path}"] = value
    return lines


def flat(value, path: str = ""):
    at = f"{path}." if path else ""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from flat(one, at + key)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for i, one in enumerate(value):
            yield from flat(one, path if len(value) == 1 else f"{at}{i}")
    else:
        yield path, as_json(value) if path in JSON else plain(said(value))


def as_json(expression: str) -> str:
    """Without quotes and commas, which Terraform lets away."""
    text = plain(expression).removeprefix("jsonencode(").removesuffix(")")
    return re.sub(r'[",]', "", text)


def said(value) -> str:
    """As Terraform's language has it."""
    if isinstance(value, Expression):
        return f'"{value}"' if value.quoted else value
    if value == {}:
        return "{}"  # a block that is there and says nothing
    if isinstance(value, list):
        return f"[{','.join(said(one) for one in value)}]"
    return hcl(value, None)


@pytest.mark.parametrize("name", TEMPLATES)
def test_resources_and_properties_are_the_same(name):
    left, right = of_cloudformation(name), of_terraform(name)
    left = {path: value for path, value in left.items()
            if not matches(path, ONLY_CLOUDFORMATION) and not matches(path, SAID_DIFFERENTLY)}  # fmt: skip
    right = {path: value for path, value in right.items()
             if not matches(path, SAID_DIFFERENTLY)
             and (path in left or not matches(path, ONLY_TERRAFORM))}  # fmt: skip
    assert sorted(left.items() - right.items()) == sorted(right.items() - left.items()) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_parameters_and_outputs_are_the_same(name):
    content = template(name)
    variables = terraform_modules.names(name, "variable") - {"name"}
    assert variables == {snake(one) for one in content["Parameters"]}
    outputs = {snake(one) for one in content.get("Outputs", {})}
    assert terraform_modules.names(name, "output") == outputs
    declared = {
        one: body
        for block in terraform_modules.blocks(name)["variable"]
        for one, body in block.items()
    }
    for one, parameter in content["Parameters"].items():
        default = declared[snake(one)].get("default")
        if one in LISTS:
            assert default == ([] if "Default" in parameter else None), one
        elif is_switch(parameter):
            assert default == (parameter["Default"] == "true"), one
        else:
            assert default == parameter.get("Default"), one


def test_the_tables_of_differences_have_nothing_that_is_not_needed():
    """A line that no path matches any more would hide the next difference."""
    left = [path for one in TEMPLATES for path in of_cloudformation(one)]
    right = [path for one in TEMPLATES for path in of_terraform(one)]
    for table, paths in (
        (ONLY_CLOUDFORMATION, left),
        (ONLY_TERRAFORM, right),
        (SAID_DIFFERENTLY, left),
    ):
        unused = [
            pattern for pattern in table if not any(re.search(pattern, path) for path in paths)
        ]
        assert unused == []
