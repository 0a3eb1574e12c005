"""What each role may do: sgflow's own calls from src/aws/action_table.inc, and AWS's on its behalf."""

import pathlib
import re
from dataclasses import dataclass, field

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
ACTION_TABLE = REPOSITORY / "src/aws/action_table.inc"


@dataclass(frozen=True)
class Call:
    service: str
    action: str  # of IAM; empty: everybody may
    resource: str  # a pattern with words in capitals


def read_calls() -> list[Call]:
    """All that the code can call."""
    text = ACTION_TABLE.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"SGFLOW_(EC2|AWS)_ACTION\(", line)]
    calls = []
    for line in lines:
        if ec2 := re.match(r"SGFLOW_EC2_ACTION\((\w+), \d+, ", line):
            calls.append(Call("ec2", f"ec2:{ec2[1]}", "*"))
        elif other := re.match(r'SGFLOW_AWS_ACTION\("(\w+)", \w+, "([^"]*)", "([^"]*)", ', line):
            calls.append(Call(*other.groups()))
        else:
            raise ValueError(f"{ACTION_TABLE}: not understood: {line}")
    return calls


CALLS = [call for call in read_calls() if call.action]

# Snapshots alone name prefix lists; records are judged by what these hold.
BY_LISTS_NAME = "ec2:DescribeManagedPrefixLists"
ASKED_FOR_RECORDS = [call.action for call in CALLS
                     if call.service == "ec2" and call.action != BY_LISTS_NAME]  # fmt: skip

# Alone among those of EC2 it takes a resource.
OF_A_PREFIX_LIST = "ec2:GetManagedPrefixListEntries"

# What the code of each function can call, by its role; the program can call more.
CALLED_BY = {
    ("stream", "FunctionRole"): [
        *ASKED_FOR_RECORDS, "sts:AssumeRole", "s3:GetObject", "secretsmanager:GetSecretValue",
        "firehose:PutRecordBatch",
        "s3:ListBucket",  # not called: with it S3 says that there is no snapshot yet, without it 403
    ],
    ("stream", "SnapshotRole"): [
        *ASKED_FOR_RECORDS, BY_LISTS_NAME, "sts:AssumeRole", "s3:GetObject", "s3:ListBucket",
        "s3:PutObject", "s3:AbortMultipartUpload", "secretsmanager:GetSecretValue",
    ],
    ("batch", "FunctionRole"): [
        *ASKED_FOR_RECORDS, "sts:AssumeRole", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
        "s3:AbortMultipartUpload",
    ],
    # Both functions of the stream use it.
    ("account", "ReaderRole"): [*ASKED_FOR_RECORDS, BY_LISTS_NAME],
}  # fmt: skip

# What AWS's services do with a function's role beside what its code does.
MADE_BY_SERVICES = {
    "logs:CreateLogStream": "Lambda writes the function's log",
    "logs:PutLogEvents": "Lambda writes the function's log",
    "ec2:CreateNetworkInterface": "Lambda places the function in a VPC",
    "ec2:DeleteNetworkInterface": "Lambda places the function in a VPC",
    "ec2:AssignPrivateIpAddresses": "Lambda places the function in a VPC",
    "ec2:UnassignPrivateIpAddresses": "Lambda places the function in a VPC",
    "kms:Decrypt": "services decrypt for who reads",
    "kms:GenerateDataKey": "services encrypt for who writes",
    "sqs:ReceiveMessage": "Lambda takes events from the queue",
    "sqs:DeleteMessage": "Lambda takes events from the queue",
    "sqs:GetQueueAttributes": "Lambda takes events from the queue",
}


@dataclass
class Policy:
    name: str
    statements: list[dict]
    when: str | None = None  # a condition of the template


@dataclass
class Role:
    template: str
    name: str
    trust: dict
    policies: list[Policy]
    when: str | None = None
    fixed_name: object = None
    of_function: bool = field(default=True)  # its code is sgflow


def allow(actions, resource, condition=None, sid=None):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    if condition:
        statement["Condition"] = condition
    return {"Sid": sid, **statement} if sid else statement


def document(statements) -> dict:
    return {"Version": "2012-10-17", "Statement": statements}


def trust(principal: dict, condition: dict | None = None) -> dict:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return document([statement | ({"Condition": condition} if condition else {})])


def ref(name):
    return {"Ref": name}


def arn(logical_id):
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def sub(text):
    return {"Fn::Sub": text}


def chosen(condition, yes, no):
    return {"Fn::If": [condition, yes, no]}


def listed(parameter):
    return {"Fn::Split": [",", ref(parameter)]}


def action(name: str) -> str:
    """One that the table has."""
    assert name in {call.action for call in CALLS}, f"the code does not call {name}"
    return name


def actions_of(service: str) -> list[str]:
    return [call.action for call in CALLS if call.service == service]


LAMBDA = trust({"Service": "lambda.amazonaws.com"})
OWN_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
REGIONS = chosen("HasRegions", listed("Regions"), [ref("AWS::Region")])
IN_REGIONS = {"StringEquals": {"ec2:Region": REGIONS}}


def via(*services):
    """The key is used through these services alone."""
    return {"StringEquals": {"kms:ViaService": [
        sub(f"{service}.${{AWS::Region}}.${{AWS::URLSuffix}}") for service in services]}}  # fmt: skip


def log_policy(group: str) -> Policy:
    streams = sub(
        f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{{group}}}:*"
    )
    return Policy("Log", [allow(["logs:CreateLogStream", "logs:PutLogEvents"], streams)])


# What Lambda does in EC2 with the role of a function that it places in a VPC. It asks before whether
# it may, when there is no interface yet to name: a role that may delete those under
# network-interface/* alone is turned down ("does not have permissions to call
# DeleteNetworkInterface"). docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#vpc-permissions;
# github.com/hashicorp/terraform-provider-aws/issues/20698. Of the others nothing is told.
PLACING = [name for name in MADE_BY_SERVICES if name.startswith("ec2:")]
LOOKED_AT_IN_PLACING = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"]


def vpc_policy() -> Policy:
    """What AWS's own AWSLambdaVPCAccessExecutionRole gives, on all as that does, but not to the
    function's code: that places nothing, and looks at nothing in another Region."""
    looks = [action(name) for name in LOOKED_AT_IN_PLACING]
    code = {"ArnLike": {"lambda:SourceFunctionArn": sub(
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*")}}  # fmt: skip
    return Policy("Vpc", [
        allow([*PLACING, *looks], "*"),
        {"Effect": "Deny", "Action": PLACING, "Resource": "*", "Condition": code},
        {"Effect": "Deny", "Action": looks, "Resource": "*",
         "Condition": {**code, "StringNotEquals": {"ec2:Region": REGIONS}}},
    ], when="InVpc")  # fmt: skip


def ec2_policy(actions: list[str], when: str | None) -> Policy:
    """Prefix lists are AWS's, the account's own, or shared by another one."""
    others = [one for one in actions if one != OF_A_PREFIX_LIST]
    lists = sub("arn:${AWS::Partition}:ec2:*:*:prefix-list/*")
    return Policy("Ec2", [
        allow(others, "*", IN_REGIONS), allow(action(OF_A_PREFIX_LIST), lists, IN_REGIONS),
    ], when=when)  # fmt: skip


def redis_policy() -> Policy:
    return Policy("RedisPassword", [allow(action("secretsmanager:GetSecretValue"),
                                          ref("RedisPasswordSecretArn"))],
                  when="HasRedisPassword")  # fmt: skip


def secret_key_policy(when: str) -> Policy:
    """The keys of secrets that are another's, and mostly not KmsKeyArn."""
    return Policy("SecretKeys", [allow("kms:Decrypt", listed("SecretKmsKeyArns"),
                                       via("secretsmanager"))], when=when)  # fmt: skip


def key_policy(actions, *services) -> Policy:
    return Policy("Key", [allow(actions, ref("KmsKeyArn"), via(*services))], when="HasKey")


FUNCTION = Role("stream", "FunctionRole", LAMBDA, [
    log_policy("FunctionLogGroup"),
    ec2_policy(ASKED_FOR_RECORDS, "AsksEc2"),
    Policy("OtherAccounts", [allow(action("sts:AssumeRole"),
                                   {"Fn::Join": ["*", {"Fn::Split": ["{account-id}", ref("RoleArn")]}]})],
           when="HasRole"),
    # The listing, so that S3 says of a snapshot that is not there yet what is so, and not 403.
    Policy("Snapshot", [allow(action("s3:GetObject"), sub("${Bucket.Arn}/inventory/current.json.gz")),
                        allow(action("s3:ListBucket"), arn("Bucket"),
                              {"StringEquals": {"s3:prefix": "inventory/current.json.gz"}})],
           when="ReadsSnapshot"),
    redis_policy(),
    secret_key_policy("HasRedisPasswordKey"),
    Policy("Reingest", [allow(action("firehose:PutRecordBatch"),
        sub("arn:${AWS::Partition}:firehose:${AWS::Region}:${AWS::AccountId}:deliverystream/${AWS::StackName}-flow-logs"))],
        when="Reingests"),
    key_policy(["kms:Decrypt", "kms:GenerateDataKey"], "s3", "firehose", "secretsmanager", "lambda"),
    vpc_policy(),
])  # fmt: skip

SNAPSHOT = Role("stream", "SnapshotRole", LAMBDA, [
    log_policy("SnapshotLogGroup"),
    ec2_policy(actions_of("ec2"), "ListsOwnAccount"),
    Policy("OtherAccounts", [allow(action("sts:AssumeRole"), listed("SnapshotRoleArns"))],
           when="HasSnapshotRoles"),
    Policy("Write", [allow([action("s3:PutObject"), action("s3:AbortMultipartUpload")], [sub("${Bucket.Arn}/inventory/current.json.gz"),
                                                    sub("${Bucket.Arn}/inventory/history/*")])]),
    # The last one of the history, to see whether something has changed.
    Policy("History", [allow(action("s3:GetObject"), sub("${Bucket.Arn}/inventory/history/*")),
                       allow(action("s3:ListBucket"), arn("Bucket"),
                             {"StringEquals": {"s3:prefix": "inventory/history/"}})]),
    redis_policy(),
    secret_key_policy("HasRedisPasswordKey"),
    key_policy(["kms:Decrypt", "kms:GenerateDataKey"], "s3", "secretsmanager", "lambda"),
    vpc_policy(),
], when="TakesSnapshots")  # fmt: skip

# docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
STREAM = Role(
    "stream", "StreamRole",
    trust({"Service": "firehose.amazonaws.com"},
          {"StringEquals": {"sts:ExternalId": ref("AWS::AccountId")}}),
    [
        Policy("Deliver", [
            allow(["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
                  arn("Bucket")),
            allow(["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                  [sub("${Bucket.Arn}/records/*"), sub("${Bucket.Arn}/errors/*")]),
            allow("logs:PutLogEvents", [sub(
                "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${StreamLogGroup}"
                f":log-stream:${{{name}}}") for name in ("DeliveryLogStream", "BackupLogStream")]),
        ]),
        Policy("Transform", [allow(["lambda:InvokeFunction", "lambda:GetFunctionConfiguration"],
                                   [arn("Function"), sub("${Function.Arn}:*")])]),
        Policy("Endpoint", [allow("secretsmanager:GetSecretValue", ref("EndpointSecretArn"))],
               when="ToEndpoint"),
        secret_key_policy("HasEndpointKey"),
        key_policy(["kms:Decrypt", "kms:GenerateDataKey"], "s3", "firehose", "secretsmanager"),
    ],
    of_function=False,
)  # fmt: skip

SCHEDULE = Role(
    "stream", "SnapshotTriggerRole", trust({"Service": "scheduler.amazonaws.com"}, OWN_ACCOUNT),
    [Policy("Invoke", [allow("lambda:InvokeFunction", arn("SnapshotFunction"))])],
    when="TakesSnapshots", of_function=False,
)  # fmt: skip


def snapshots(parameter: str, keys: str) -> list[dict]:
    """To read them in the bucket of another stack."""
    bucket = "arn:${AWS::Partition}:s3:::${SnapshotBucketName}"
    return [
        allow(action("s3:GetObject"), sub(f"{bucket}/{keys}")),
        allow(action("s3:ListBucket"), sub(bucket), {"StringEquals": {"s3:prefix": ref(parameter)}}),
    ]  # fmt: skip


BATCH = Role("batch", "FunctionRole", LAMBDA, [
    log_policy("FunctionLogGroup"),
    Policy("Queue", [allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                           arn("Queue"))]),
    Policy("Read", [allow(action("s3:GetObject"), sub(
        "arn:${AWS::Partition}:s3:::${SourceBucketName}/*"))], when="HasSourceBucket"),
    Policy("ReadOwn", [allow(action("s3:GetObject"), sub("${SourceBucket.Arn}/AWSLogs/*"))],
           when="MakesSourceBucket"),
    Policy("Write", [
        allow([action("s3:GetObject"), action("s3:PutObject"), action("s3:AbortMultipartUpload")],
              sub("${Bucket.Arn}/records/*")),
        allow(action("s3:ListBucket"), arn("Bucket")),
    ]),
    ec2_policy(ASKED_FOR_RECORDS, "AsksEc2"),
    Policy("OtherAccounts", [allow(action("sts:AssumeRole"),
                                   {"Fn::Join": ["*", {"Fn::Split": ["{account-id}", ref("RoleArn")]}]})],
           when="HasRole"),
    # As above S3 tells by the listing that there is none yet.
    Policy("Snapshot", snapshots("SnapshotKey", "${SnapshotKey}"), when="ReadsSnapshot"),
    Policy("History", snapshots("HistoryPrefix", "${HistoryPrefix}*"), when="ReadsHistory"),
    key_policy(["kms:Decrypt", "kms:GenerateDataKey"], "s3", "lambda"),
    vpc_policy(),
])  # fmt: skip

READER = Role(
    "account", "ReaderRole", trust({"AWS": listed("FunctionRoleArns")}),
    [ec2_policy(actions_of("ec2"), None)], when="HasReader", fixed_name=ref("ReaderRoleName"),
)  # fmt: skip

# docs.aws.amazon.com/vpc/latest/userguide/firehose-cross-account-delivery.html
SENDER = Role(
    "account", "SenderRole", trust({"Service": "delivery.logs.amazonaws.com"}),
    [Policy("Deliver", [
        allow(["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
               "logs:GetLogDelivery"], "*"),
        allow("sts:AssumeRole", sub("arn:${AWS::Partition}:iam::${ReceiverAccountId}:role/"
                                    "AWSLogDeliveryFirehoseCrossAccountRole")),
        allow("iam:PassRole", sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${SenderRoleName}"),
              {"StringEquals": {"iam:PassedToService": "delivery.logs.amazonaws.com"},
               "StringLike": {"iam:AssociatedResourceARN": sub(
                   "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:*/${FlowLogResourceId}")}}),
    ])],
    when="HasFlowLog",
    fixed_name=ref("SenderRoleName"), of_function=False,
)  # fmt: skip

# Accounts, and a condition: IAM takes no role as a principal that is not there yet.
RECEIVER = Role(
    "receiver", "ReceiverRole", trust({"AWS": listed("SenderAccountIds")}, {"ArnLike": {"aws:PrincipalArn": sub(
        "arn:${AWS::Partition}:iam::*:role/${SenderRoleName}")}}),
    [Policy("Deliver", [
        allow("iam:CreateServiceLinkedRole", sub(
            "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/"
            "delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery")),
        allow("firehose:TagDeliveryStream", listed("StreamArns")),
    ])],
    fixed_name="AWSLogDeliveryFirehoseCrossAccountRole", of_function=False,
)  # fmt: skip

ROLES = [FUNCTION, SNAPSHOT, STREAM, SCHEDULE, BATCH, READER, SENDER, RECEIVER]


def tls_only(bucket: str) -> dict:
    return {"Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": [arn(bucket), sub(f"${{{bucket}.Arn}}/*")],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}  # fmt: skip


# docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
def log_delivery(bucket: str) -> list[dict]:
    service = {"Service": "delivery.logs.amazonaws.com"}
    source = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
              "ArnLike": {"aws:SourceArn": sub(
                  "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*")}}  # fmt: skip
    return [
        {"Sid": "LogDeliveryWrites", "Effect": "Allow", "Principal": service,
         "Action": "s3:PutObject", "Resource": sub(f"${{{bucket}.Arn}}/AWSLogs/${{AWS::AccountId}}/*"),
         "Condition": source},
        {"Sid": "LogDeliveryLooks", "Effect": "Allow", "Principal": service,
         "Action": ["s3:GetBucketAcl", "s3:ListBucket"], "Resource": arn(bucket),
         "Condition": source},
    ]  # fmt: skip


# Policies of resources, by template and name: the statements.
RESOURCE_POLICIES = {
    ("stream", "BucketPolicy"): ("Bucket", [tls_only("Bucket")]),
    ("batch", "BucketPolicy"): ("Bucket", [tls_only("Bucket")]),
    ("batch", "SourceBucketPolicy"): (
        "SourceBucket", [tls_only("SourceBucket"), *log_delivery("SourceBucket")],
    ),
    ("batch", "QueuePolicy"): ("Queue", [
        {"Sid": "S3Tells", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
         "Action": "sqs:SendMessage", "Resource": arn("Queue"), "Condition": OWN_ACCOUNT},
        {"Sid": "EventBridgeTells", "Effect": "Allow",
         "Principal": {"Service": "events.amazonaws.com"},
         "Action": "sqs:SendMessage", "Resource": arn("Queue"),
         "Condition": {"ArnEquals": {"aws:SourceArn": sub(
             "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${AWS::StackName}-files")}}},
        {"Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "sqs:*",
         "Resource": arn("Queue"), "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    ]),
}  # fmt: skip
