"""A CloudFormation template's resources, created by boto3 on an emulator: AWS's engine in small.

Properties of CloudFormation mostly have the names of the API's parameters, so botocore checks them
on the way. All types in the templates are emulated; one that is not would be told by CREATORS.
"""

import functools
import json
import re

import boto3

ACCOUNT, REGION = "123456789012", "eu-west-1"  # moto's account

NO_VALUE = object()


class Stack:
    """`create()` makes all resources of the template whose conditions hold."""

    def __init__(self, url: str, name: str, template: dict, parameters: dict[str, str]):
        self.url, self.name, self.template = url, name, template
        self.parameters = {
            key: str(parameters.get(key, one.get("Default", "")))
            for key, one in template["Parameters"].items()
        }
        self.references: dict[str, str] = {}
        self.arns: dict[str, str] = {}
        self.attributes: dict[tuple[str, str], str] = {}
        self.created: dict[str, str] = {}  # logical id to type

    @functools.cache  # noqa: B019
    def client(self, service: str):
        return boto3.client(service, endpoint_url=self.url, region_name=REGION,
                            aws_access_key_id="x", aws_secret_access_key="x")  # fmt: skip

    # Functions

    def holds(self, condition: str) -> bool:
        return self.truth(self.template["Conditions"][condition])

    def truth(self, value) -> bool:
        ((function, arguments),) = value.items()
        if function == "Condition":
            return self.holds(arguments)
        if function == "Fn::Equals":
            left, right = (str(self.value(one)) for one in arguments)
            return left == right
        return {"Fn::Not": lambda a: not a[0], "Fn::And": all, "Fn::Or": any}[function](
            [self.truth(one) for one in arguments]
        )

    def refusals(self) -> list[str]:
        """What CloudFormation would refuse the parameters with."""
        unlike = [
            one["ConstraintDescription"]
            for key, one in self.template["Parameters"].items()
            if not re.fullmatch(one.get("AllowedPattern", "(?s:.*)"), self.parameters[key])
        ]
        return unlike + [
            assertion["AssertDescription"]
            for rule in self.template.get("Rules", {}).values()
            if self.truth(rule["RuleCondition"])
            for assertion in rule["Assertions"]
            if not self.truth(assertion["Assert"])
        ]

    def value(self, value):
        if isinstance(value, list):
            return [made for one in value if (made := self.value(one)) is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self.function(function, argument)
        made = {key: self.value(one) for key, one in value.items()}
        return {key: one for key, one in made.items() if one is not NO_VALUE}

    def function(self, function: str, argument):
        if function == "Ref":
            return NO_VALUE if argument == "AWS::NoValue" else self.reference(argument)
        if function == "Fn::GetAtt":
            logical_id, attribute = argument
            self.create_one(logical_id)
            if attribute == "Arn":
                return self.arns[logical_id]
            return self.attributes[logical_id, attribute]
        if function == "Fn::Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda found: self.named(found[1]), argument)
        if function == "Fn::If":
            condition, yes, no = argument
            return self.value(yes if self.holds(condition) else no)
        if function == "Fn::Split":
            return self.value(argument[1]).split(argument[0])
        if function == "Fn::Join":
            return argument[0].join(self.value(argument[1]))
        assert function == "Fn::FindInMap", function
        name, first, second = argument
        return self.template["Mappings"][name][self.value(first)][self.value(second)]

    def named(self, name: str) -> str:
        if "." in name:
            return self.function("Fn::GetAtt", name.split("."))
        return str(self.reference(name))

    def reference(self, name: str) -> str:
        pseudo = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws",
                  "AWS::StackName": self.name, "AWS::URLSuffix": "amazonaws.com"}  # fmt: skip
        if name in pseudo:
            return pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        self.create_one(name)
        return self.references[name]

    # Resources

    def create(self) -> "Stack":
        for logical_id, resource in self.template["Resources"].items():
            if "Condition" not in resource or self.holds(resource["Condition"]):
                self.create_one(logical_id)
        return self

    def create_one(self, logical_id: str) -> None:
        if logical_id in self.created:
            return
        resource = self.template["Resources"][logical_id]
        depends = resource.get("DependsOn", [])
        for other in [depends] if isinstance(depends, str) else depends:
            self.create_one(other)
        kind = resource["Type"]
        properties = self.value(resource.get("Properties", {}))
        self.created[logical_id] = kind
        CREATORS[kind](self, logical_id, properties)

    def physical_name(self, logical_id: str) -> str:
        return f"{self.name}-{logical_id}".lower()


def _bucket(stack: Stack, logical_id: str, properties: dict) -> None:
    name = stack.physical_name(logical_id)
    s3 = stack.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION},
                     ObjectOwnership=properties["OwnershipControls"]["Rules"][0]["ObjectOwnership"])  # fmt: skip
    s3.put_public_access_block(
        Bucket=name, PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"]
    )
    encryption = [
        {"BucketKeyEnabled": rule["BucketKeyEnabled"],
         "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
        for rule in properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    ]  # fmt: skip
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": encryption})
    rules = []
    for rule in properties["LifecycleConfiguration"]["Rules"]:
        made = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": ""}}
        if "Transitions" in rule:
            made["Transitions"] = [
                {"StorageClass": one["StorageClass"], "Days": int(one["TransitionInDays"])}
                for one in rule["Transitions"]
            ]
        if "ExpirationInDays" in rule:
            made["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
        if "AbortIncompleteMultipartUpload" in rule:
            made["AbortIncompleteMultipartUpload"] = rule["AbortIncompleteMultipartUpload"]
        rules.append(made)
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    if notification := properties.get("NotificationConfiguration"):
        queues = [
            {"QueueArn": one["Queue"], "Events": [one["Event"]],
             "Filter": {"Key": {"FilterRules": one["Filter"]["S3Key"]["Rules"]}}}
            for one in notification["QueueConfigurations"]
        ]  # fmt: skip
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"QueueConfigurations": queues}
        )
    stack.references[logical_id], stack.arns[logical_id] = name, f"arn:aws:s3:::{name}"


def _bucket_policy(stack: Stack, _, properties: dict) -> None:
    stack.client("s3").put_bucket_policy(
        Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"])
    )


def _log_group(stack: Stack, logical_id: str, properties: dict) -> None:
    name = stack.physical_name(logical_id)
    logs = stack.client("logs")
    logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName=name, retentionInDays=int(properties["RetentionInDays"]))
    stack.references[logical_id] = name
    stack.arns[logical_id] = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"


def _log_stream(stack: Stack, logical_id: str, properties: dict) -> None:
    stack.client("logs").create_log_stream(
        logGroupName=properties["LogGroupName"], logStreamName=properties["LogStreamName"]
    )
    stack.references[logical_id] = properties["LogStreamName"]


def _role(stack: Stack, logical_id: str, properties: dict) -> None:
    name = properties.get("RoleName", stack.physical_name(logical_id))
    iam = stack.client("iam")
    iam.create_role(RoleName=name,
                    AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]))  # fmt: skip
    for policy in properties["Policies"]:
        iam.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"],
                            PolicyDocument=json.dumps(policy["PolicyDocument"]))  # fmt: skip
    stack.references[logical_id] = name
    stack.arns[logical_id] = f"arn:aws:iam::{ACCOUNT}:role/{name}"


def _stream(stack: Stack, logical_id: str, properties: dict) -> None:
    made = _with_numbers(properties, "SizeInMBs", "IntervalInSeconds")
    answer = stack.client("firehose").create_delivery_stream(**made)
    stack.references[logical_id] = properties["DeliveryStreamName"]
    stack.arns[logical_id] = answer["DeliveryStreamARN"]


def _function(stack: Stack, logical_id: str, properties: dict) -> None:
    made = _with_numbers(properties, "MemorySize", "Timeout")
    made.pop("ReservedConcurrentExecutions", None)  # a call of its own
    if "KmsKeyArn" in made:
        made["KMSKeyArn"] = made.pop("KmsKeyArn")
    made["Tags"] = {tag["Key"]: tag["Value"] for tag in made.get("Tags", [])}
    name = stack.physical_name(logical_id)
    answer = stack.client("lambda").create_function(FunctionName=name, **made)
    stack.references[logical_id], stack.arns[logical_id] = name, answer["FunctionArn"]


def _flow_log(stack: Stack, logical_id: str, properties: dict) -> None:
    made = _with_numbers(properties, "MaxAggregationInterval")
    made["ResourceIds"] = [made.pop("ResourceId")]
    answer = stack.client("ec2").create_flow_logs(**made)
    assert not answer.get("Unsuccessful"), answer
    stack.references[logical_id] = answer["FlowLogIds"][0]


def _schedule(stack: Stack, logical_id: str, properties: dict) -> None:
    name = stack.physical_name(logical_id)
    stack.client("scheduler").create_schedule(Name=name, **properties)
    stack.references[logical_id] = name


def _alarm(stack: Stack, logical_id: str, properties: dict) -> None:
    made = {**properties, "Threshold": float(properties["Threshold"])}
    stack.client("cloudwatch").put_metric_alarm(AlarmName=stack.physical_name(logical_id), **made)


def _dashboard(stack: Stack, logical_id: str, properties: dict) -> None:
    answer = stack.client("cloudwatch").put_dashboard(
        DashboardName=stack.physical_name(logical_id), **properties
    )
    assert not answer.get("DashboardValidationMessages"), answer


def _queue(stack: Stack, logical_id: str, properties: dict) -> None:
    name = stack.physical_name(logical_id)
    attributes = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in properties.items()
    }
    url = stack.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    stack.references[logical_id] = url
    stack.arns[logical_id] = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
    stack.attributes[logical_id, "QueueName"] = name


def _queue_policy(stack: Stack, _, properties: dict) -> None:
    for url in properties["Queues"]:
        stack.client("sqs").set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": json.dumps(properties["PolicyDocument"])}
        )


def _event_source(stack: Stack, logical_id: str, properties: dict) -> None:
    made = _with_numbers(properties, "MaximumConcurrency")
    stack.client("lambda").create_event_source_mapping(**made)


def _rule(stack: Stack, logical_id: str, properties: dict) -> None:
    name = properties["Name"]
    events = stack.client("events")
    events.put_rule(Name=name, Description=properties["Description"],
                    EventPattern=json.dumps(properties["EventPattern"]))  # fmt: skip
    events.put_targets(Rule=name, Targets=properties["Targets"])


def _security_group(stack: Stack, logical_id: str, properties: dict) -> None:
    ec2 = stack.client("ec2")
    group = ec2.create_security_group(
        GroupName=stack.physical_name(logical_id),
        Description=properties["GroupDescription"],
        VpcId=properties["VpcId"],
    )["GroupId"]
    for rule in properties.get("SecurityGroupIngress", []):
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{
            **{key: rule[key] for key in ("IpProtocol", "FromPort", "ToPort")},
            "UserIdGroupPairs": [{"GroupId": rule["SourceSecurityGroupId"]}]}])  # fmt: skip
    # Of none CloudFormation makes one to everywhere, as EC2 does; one that is given is instead of it.
    if given := properties.get("SecurityGroupEgress"):
        (everywhere,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
        ec2.revoke_security_group_egress(
            GroupId=group, IpPermissions=everywhere["IpPermissionsEgress"]
        )
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[
            {**{key: rule[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in rule},
             "IpRanges": [{"CidrIp": rule["CidrIp"]}]} for rule in given])  # fmt: skip
    stack.references[logical_id] = group


def _egress(stack: Stack, _, rule: dict) -> None:
    stack.client("ec2").authorize_security_group_egress(GroupId=rule["GroupId"], IpPermissions=[{
        **{key: rule[key] for key in ("IpProtocol", "FromPort", "ToPort")},
        "UserIdGroupPairs": [{"GroupId": rule["DestinationSecurityGroupId"]}]}])  # fmt: skip


def _endpoint(stack: Stack, logical_id: str, properties: dict) -> None:
    answer = stack.client("ec2").create_vpc_endpoint(**properties)
    stack.references[logical_id] = answer["VpcEndpoint"]["VpcEndpointId"]


def _secret(stack: Stack, logical_id: str, properties: dict) -> None:
    wanted = properties.pop("GenerateSecretString")
    client = stack.client("secretsmanager")
    password = client.get_random_password(**wanted)["RandomPassword"]
    answer = client.create_secret(
        Name=stack.physical_name(logical_id), SecretString=password, **properties
    )
    stack.references[logical_id] = answer["ARN"]


def _cache_subnets(stack: Stack, logical_id: str, properties: dict) -> None:
    name = stack.physical_name(logical_id)
    stack.client("elasticache").create_cache_subnet_group(
        CacheSubnetGroupName=name,
        CacheSubnetGroupDescription=properties["Description"],
        SubnetIds=properties["SubnetIds"],
    )
    stack.references[logical_id] = name


def _cache(stack: Stack, logical_id: str, properties: dict) -> None:
    made = _with_numbers(properties, "NumCacheClusters")
    stack.client("elasticache").create_replication_group(
        ReplicationGroupId=stack.physical_name(logical_id), **made
    )


def _with_numbers(value, *names: str):
    """Parameters come as text."""
    if isinstance(value, list):
        return [_with_numbers(one, *names) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: int(one) if key in names else _with_numbers(one, *names) for key, one in value.items()
    }


CREATORS = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::EC2::FlowLog": _flow_log,
    "AWS::EC2::SecurityGroup": _security_group,
    "AWS::EC2::SecurityGroupEgress": _egress,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::ElastiCache::ReplicationGroup": _cache,
    "AWS::ElastiCache::SubnetGroup": _cache_subnets,
    "AWS::Events::Rule": _rule,
    "AWS::IAM::Role": _role,
    "AWS::KinesisFirehose::DeliveryStream": _stream,
    "AWS::Lambda::EventSourceMapping": _event_source,
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::Logs::LogStream": _log_stream,
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SQS::Queue": _queue,
    "AWS::SQS::QueuePolicy": _queue_policy,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::SecretsManager::Secret": _secret,
}
