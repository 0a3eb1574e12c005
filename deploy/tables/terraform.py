"""What a CloudFormation template's parameters, rules, mappings and conditions are in Terraform."""

import json
import re

from tables.values import Names, hcl, snake

# Parameters that are a list in Terraform; CloudFormation has them set apart by commas.
LISTS = {"FunctionRoleArns", "Regions", "RouteTableIds", "SecretKmsKeyArns", "SecurityGroupIds",
         "SenderAccountIds", "SnapshotRoleArns", "StreamArns", "SubnetIds"}  # fmt: skip


def is_switch(parameter: dict) -> bool:
    return parameter.get("AllowedValues") == ["true", "false"]


def variable(name: str, parameters: dict) -> str:
    local, parameter = snake(name), parameters[name]
    kind, default = "string", parameter.get("Default")
    checks = []
    if name in LISTS:
        kind, default = "list(string)", [] if default == "" else default
    elif is_switch(parameter):
        kind, default = "bool", default == "true"
    elif parameter["Type"] == "Number":
        kind = "number"
    if (allowed := parameter.get("AllowedValues")) and kind != "bool":
        named = ", ".join(map(str, allowed))
        checks.append((f"contains({json.dumps(allowed)}, var.{local})", f"One of: {named}."))
    if pattern := parameter.get("AllowedPattern"):
        said = parameter["ConstraintDescription"]
        checks.append((f'can(regex("^{pattern}$", var.{local}))', f"{said}."))
    for key, sign, word in (("MinValue", ">=", "least"), ("MaxValue", "<=", "most")):
        if key in parameter:
            checks.append((f"var.{local} {sign} {parameter[key]}", f"At {word} {parameter[key]}."))
    description = json.dumps(_in_terraform(parameter["Description"], parameters)).replace(
        "${", "$${"
    )
    text = f'variable "{local}" {{\n  description = {description}\n  type = {kind}\n'
    if default is not None:
        text += f"  default = {json.dumps(default)}\n".replace("${", "$${")
    for condition, message in checks:
        text += (
            f"\n  validation {{\n    condition = {condition}\n"
            f"    error_message = {json.dumps(message)}\n  }}\n"
        )
    return text + "}\n"


def _in_terraform(description: str, parameters: dict) -> str:
    text = description.replace(", set apart by commas", "").replace("CloudFormation", "Terraform")
    return _with_variables(_as_modules(text), parameters)


def _as_modules(text: str) -> str:
    return text.replace(".yaml", "")


def _with_variables(text: str, parameters: dict) -> str:
    """With the variables' names for the parameters' of several words."""
    return "".join(snake(word) if word in parameters and "_" in snake(word) else word
                   for word in re.split(r"\b", text))  # fmt: skip


def condition(value: dict, parameters: dict) -> str:
    """An expression of Fn::Equals, Not, And and Or."""
    ((function, arguments),) = value.items()
    if function == "Condition":
        return f"local.{snake(arguments)}"
    if function == "Fn::Not":
        (inner,) = arguments
        if "Fn::Equals" in inner:
            return equals(*inner["Fn::Equals"], parameters, negated=True)
        return f"!({condition(inner, parameters)})"
    if function == "Fn::Equals":
        return equals(*arguments, parameters)
    sign = {"Fn::And": " && ", "Fn::Or": " || "}[function]
    return sign.join(condition(one, parameters) for one in arguments)


def equals(left: dict, right, parameters: dict, negated: bool = False) -> str:
    name = left["Ref"]
    variable_name = f"var.{snake(name)}"
    sign = "!=" if negated else "=="
    if name in LISTS:
        return f"length({variable_name}) {'>' if negated else '=='} 0"
    if is_switch(parameters[name]):
        return variable_name if (right == "true") != negated else f"!{variable_name}"
    return f"{variable_name} {sign} {json.dumps(right)}".replace("${", "$${")


def mapping(name: str, content: dict) -> str:
    value = {key: {snake(k): v for k, v in one.items()} for key, one in content.items()}
    return f"  {snake(name)} = {hcl(value, Names({}), 1)}\n"


def locals_of(template: dict) -> str:
    parameters = template.get("Parameters", {})
    text = "locals {\n"
    for name, value in template.get("Conditions", {}).items():
        if "Fn::And" in value:
            value = without_demanded(value["Fn::And"], template.get("Rules", {}))
        text += f"  {snake(name)} = {condition(value, parameters)}\n"
    for name, content in template.get("Mappings", {}).items():
        text += "\n" + mapping(name, content)
    return text + "}\n"


def without_demanded(operands: list[dict], rules: dict) -> dict:
    """An Fn::And without what a rule demands where another operand holds: resources are counted by
    it, and whether an ARN or id is empty a plan need not know."""
    demanded = [one["Assert"] for rule in rules.values() if rule["RuleCondition"] in operands
                for one in rule["Assertions"]]  # fmt: skip
    left = [one for one in operands if one not in demanded]
    return {"Fn::And": left} if len(left) > 1 else left[0]


def rules_of(template: dict) -> str:
    """All assertions as preconditions of a resource that is nothing else."""
    parameters = template["Parameters"]
    text = 'resource "terraform_data" "rules" {\n  lifecycle {\n'
    for rule in template["Rules"].values():
        unless = condition({"Fn::Not": [rule["RuleCondition"]]}, parameters)
        for assertion in rule["Assertions"]:
            text += (
                "    precondition {\n"
                f"      condition = {unless} || {condition(assertion['Assert'], parameters)}\n"
                f"      error_message = {message(assertion, parameters)}\n    }}\n"
            )
    return text + "  }\n}\n"


def message(assertion: dict, parameters: dict) -> str:
    return json.dumps("".join(snake(word) if word in parameters else word
                              for word in re.split(r"\b", _as_modules(assertion["AssertDescription"]) + ".")))  # fmt: skip


def bucket(logical_id: str, names: Names, count: str) -> str:
    """The bucket, and what of it Terraform has apart."""
    local, one = snake(logical_id), names.address(logical_id)

    def part(kind, body):
        return f'resource "{kind}" "{local}" {{\n{count}  bucket = {one}.id\n{body}}}\n'

    return "\n".join([
        f'resource "aws_s3_bucket" "{local}" {{\n{count}'
        f'  bucket_prefix = "${{var.name}}-{local.replace("_", "-")}-"\n'
        "\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n",
        part("aws_s3_bucket_ownership_controls",
             '\n  rule {\n    object_ownership = "BucketOwnerEnforced"\n  }\n'),
        part("aws_s3_bucket_public_access_block",
             "  block_public_acls = true\n  block_public_policy = true\n"
             "  ignore_public_acls = true\n  restrict_public_buckets = true\n"),
        part("aws_s3_bucket_server_side_encryption_configuration",
             "\n  rule {\n    bucket_key_enabled = local.has_key ? true : false\n\n"
             "    apply_server_side_encryption_by_default {\n"
             '      sse_algorithm = local.has_key ? "aws:kms" : "AES256"\n'
             "      kms_master_key_id = local.has_key ? var.kms_key_arn : null\n    }\n  }\n"),
        part("aws_s3_bucket_lifecycle_configuration", LIFECYCLE),
    ])  # fmt: skip


LIFECYCLE = """
  rule {
    id     = "archive"
    status = "Enabled"

    filter {}

    transition {
      storage_class = var.archive_class
      days          = var.archive_after_days
    }
  }

  rule {
    id     = "expire"
    status = local.expires ? "Enabled" : "Disabled"

    filter {}

    expiration {
      days = local.expires ? var.retention_days : 1
    }
  }

  rule {
    id     = "uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
"""


def endpoint(logical_id: str, properties: dict, names: Names, count: str) -> str:
    return (
        f'resource "aws_vpc_endpoint" "{snake(logical_id)}" {{\n{count}  vpc_endpoint_type = "Interface"\n'
        f"  service_name = {hcl(properties['ServiceName'], names)}\n  private_dns_enabled = true\n"
        "  vpc_id = var.vpc_id\n  subnet_ids = var.subnet_ids\n"
        f"  security_group_ids = {hcl(properties['SecurityGroupIds'], names)}\n}}\n"
    )
