"""Values that stand in both kinds of template, written in CloudFormation's way.

A parameter is a variable in snake case, a condition a local, a resource one of the type in
TERRAFORM_TYPES: `Ref: KmsKeyArn` is var.kms_key_arn, the condition HasKey local.has_key, and
`Fn::GetAtt: [Function, Arn]` aws_lambda_function.function.arn.
"""

import json
import re
from dataclasses import dataclass

TERRAFORM_TYPES = {
    "AWS::CloudWatch::Alarm": "aws_cloudwatch_metric_alarm",
    "AWS::CloudWatch::Dashboard": "aws_cloudwatch_dashboard",
    "AWS::EC2::FlowLog": "aws_flow_log",
    "AWS::EC2::SecurityGroup": "aws_security_group",
    "AWS::EC2::SecurityGroupEgress": "aws_vpc_security_group_egress_rule",
    "AWS::EC2::SecurityGroupIngress": "aws_vpc_security_group_ingress_rule",
    "AWS::EC2::VPCEndpoint": "aws_vpc_endpoint",
    "AWS::ElastiCache::ReplicationGroup": "aws_elasticache_replication_group",
    "AWS::ElastiCache::SubnetGroup": "aws_elasticache_subnet_group",
    "AWS::Events::Rule": "aws_cloudwatch_event_rule",
    "AWS::IAM::Role": "aws_iam_role",
    "AWS::KinesisFirehose::DeliveryStream": "aws_kinesis_firehose_delivery_stream",
    "AWS::Lambda::EventSourceMapping": "aws_lambda_event_source_mapping",
    "AWS::Lambda::Function": "aws_lambda_function",
    "AWS::Logs::LogGroup": "aws_cloudwatch_log_group",
    "AWS::Logs::LogStream": "aws_cloudwatch_log_stream",
    "AWS::S3::Bucket": "aws_s3_bucket",
    "AWS::S3::BucketPolicy": "aws_s3_bucket_policy",
    "AWS::SQS::Queue": "aws_sqs_queue",
    "AWS::SQS::QueuePolicy": "aws_sqs_queue_policy",
    "AWS::Scheduler::Schedule": "aws_scheduler_schedule",
    "AWS::SecretsManager::Secret": "aws_secretsmanager_secret",
}

PSEUDO_PARAMETERS = {
    "AWS::AccountId": "data.aws_caller_identity.current.account_id",
    "AWS::Partition": "data.aws_partition.current.partition",
    "AWS::Region": "data.aws_region.current.region",
    "AWS::StackName": "var.name",
    "AWS::URLSuffix": "data.aws_partition.current.dns_suffix",
}

# What `Ref` gives of a resource.
REFERENCES = {
    "aws_elasticache_subnet_group": "name",
    "aws_secretsmanager_secret": "arn",
    "aws_security_group": "id",
    "aws_cloudwatch_log_group": "name",
    "aws_cloudwatch_log_stream": "name",
    "aws_s3_bucket": "bucket",
    "aws_lambda_function": "function_name",
    "aws_kinesis_firehose_delivery_stream": "name",
    "aws_sqs_queue": "url",
}
ATTRIBUTES = {"Arn": "arn", "QueueName": "name"}


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@dataclass
class Names:
    """The resources of one template: logical id to (type, condition)."""

    resources: dict[str, tuple[str, str | None]]

    def address(self, logical_id: str) -> str:
        kind, condition = self.resources[logical_id]
        address = f"{TERRAFORM_TYPES[kind]}.{snake(logical_id)}"
        return f"{address}[0]" if condition else address

    def expression(self, name: str) -> str:
        """Of what stands in ${...} or after Ref."""
        if name in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[name]
        if name in self.resources:
            address = self.address(name)
            return f"{address}.{REFERENCES[address.split('.')[0]]}"
        if "." in name:
            logical_id, attribute = name.split(".")
            return f"{self.address(logical_id)}.{ATTRIBUTES[attribute]}"
        return f"var.{snake(name)}"


def hcl(value, names: Names, indent: int = 0) -> str:
    """A value as Terraform's expression."""
    pad, inner = "  " * indent, "  " * (indent + 1)
    if isinstance(value, dict):
        if len(value) == 1:
            (key, argument), *_ = value.items()
            if key == "Ref":
                return names.expression(argument)
            if key == "Fn::GetAtt":
                return names.expression(".".join(argument))
            if key == "Fn::Sub":
                return quoted(argument, names)
            if key == "Fn::If":
                condition, yes, no = argument
                return (
                    f"local.{snake(condition)} ? {hcl(yes, names, indent)} : "
                    f"{hcl(no, names, indent)}"
                )
            if key == "Fn::FindInMap":
                name, first, second = argument
                return f"local.{snake(name)}[{hcl(first, names)}].{snake(second)}"
            if key == "Fn::Split":  # a list in Terraform
                return hcl(argument[1], names, indent)
            if key == "Fn::Join":  # of Fn::Split: puts another text in
                with_, (text, source) = argument[0], argument[1]["Fn::Split"]
                return f'replace({hcl(source, names)}, "{text}", "{with_}")'
        width = max(len(_key(key)) for key in value)
        members = [
            f"{inner}{_key(key):<{width}} = {hcl(member, names, indent + 1)}"
            for key, member in value.items()
        ]
        return "{\n" + "\n".join(members) + f"\n{pad}}}"
    if isinstance(value, list):
        items = [f"{inner}{hcl(item, names, indent + 1)},\n" for item in value]
        one_line = f"[{', '.join(hcl(item, names, indent) for item in value)}]"
        return one_line if len(one_line) < 80 and "\n" not in one_line else (
            "[\n" + "".join(items) + f"{pad}]"
        )  # fmt: skip
    text = json.dumps(value)
    return text.replace("${", "$${") if isinstance(value, str) else text


def quoted(text: str, names: Names) -> str:
    return f'"{substituted(text, names)}"'


def substituted(text: str, names: Names) -> str:
    """A text of Fn::Sub as the inside of a Terraform string."""
    return re.sub(r"\$\{([^}]+)\}", lambda found: f"${{{names.expression(found[1])}}}", text)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) else json.dumps(key)
