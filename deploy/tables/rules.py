"""Settings that another one makes void. They are refused: taken silently, they would do nothing of
what they say. A setting that is at its default counts as not given."""

from dataclasses import dataclass, field

from tables.permissions import ref


def is_(parameter: str, value) -> dict:
    return {"Fn::Equals": [ref(parameter), value]}


def is_not(parameter: str, value) -> dict:
    return {"Fn::Not": [is_(parameter, value)]}


@dataclass
class Void:
    name: str
    when: dict  # in CloudFormation's language
    parameters: list[str]
    where: str  # as a person is told: NAME has no use ...
    instead: str  # what to do where it is wanted
    # Values that say no more than what is so anyway.
    also: dict[str, object] = field(default_factory=dict)


def _flow_log(*parameters: str) -> Void:
    return Void("NothingIsLogged", is_("FlowLogResourceType", "none"),
                ["TrafficType", "AggregationInterval", *parameters],
                "with FlowLogResourceType none", "set FlowLogResourceType and FlowLogResourceId")  # fmt: skip


OUTSIDE = Void("OutsideOfAVpc", is_("SubnetIds", ""), ["SecurityGroupIds"],
               "without SubnetIds", "set these too")  # fmt: skip

VOID = {
    "stream": [
        _flow_log(),
        Void("NoSplunk", is_not("Destination", "splunk"), ["SplunkUrl"],
             "with Destination s3 and http", "set Destination to splunk"),
        Void("NoHttp", is_not("Destination", "http"), ["HttpUrl"],
             "with Destination s3 and splunk", "set Destination to http"),
        Void("NoEndpoint", is_("Destination", "s3"), ["EndpointSecretArn"],
             "with Destination s3", "set Destination to splunk or http"),
        Void("NoObjects", is_not("Destination", "s3"), ["Compression"],
             "with Destination splunk and http", "set Destination to s3"),
        Void("SplunkHasItsOwn", is_("Destination", "splunk"), ["DeliverySize", "DeliveryInterval"],
             "with Destination splunk, which gathers 5 MB or 60 seconds", "set Destination to http",
             {"DeliveryInterval": 60}),
        Void("NoRedis", is_not("Inventory", "redis"), ["RedisUrl", "RedisPasswordSecretArn"],
             "with Inventory live and snapshot", "set Inventory to redis"),
        Void("NoSecrets", {"Fn::And": [is_("EndpointSecretArn", ""), is_("RedisPasswordSecretArn", "")]},
             ["SecretKmsKeyArns"], "without EndpointSecretArn and RedisPasswordSecretArn",
             "set one of these too"),
        Void("NobodyIsAsked", is_not("Inventory", "live"), ["RoleArn"],
             "with Inventory snapshot and redis", "name the roles in SnapshotRoleArns"),
        Void("NoSnapshots", is_("SnapshotSchedule", ""), ["SnapshotRoleArns"],
             "without SnapshotSchedule", "set it"),
        Void("TheRoleHasItsRegions",
             {"Fn::And": [is_("SnapshotSchedule", ""), is_not("RoleArn", "")]}, ["Regions"],
             "with RoleArn and without SnapshotSchedule", "set Regions of account.yaml"),
        OUTSIDE,
    ],
    "batch": [
        _flow_log("LogFormat"),
        Void("AwsIsAsked", is_("Inventory", "live"), ["SnapshotBucketName"],
             "with Inventory live", "set Inventory to snapshot or history"),
        Void("NotOneSnapshot", is_not("Inventory", "snapshot"), ["SnapshotKey"],
             "with Inventory live and history", "set Inventory to snapshot"),
        Void("NoHistory", is_not("Inventory", "history"), ["HistoryPrefix"],
             "with Inventory live and snapshot", "set Inventory to history"),
        Void("AgeSaysNothing", is_("Inventory", "history"), ["MaxInventoryAge"],
             "with Inventory history", "set Inventory to live or snapshot"),
        Void("NobodyIsAsked", is_not("Inventory", "live"), ["RoleArn"],
             "with Inventory snapshot and history", "name the roles where snapshots are taken"),
        Void("TheRoleHasItsRegions",
             {"Fn::Or": [is_not("Inventory", "live"), is_not("RoleArn", "")]}, ["Regions"],
             "with RoleArn, nor with Inventory snapshot and history", "set Regions of account.yaml"),
        OUTSIDE,
    ],
    "account": [
        _flow_log("LogFormat", "StreamArn", "ReceiverAccountId", "SenderRoleName"),
        Void("NobodyReads", is_("FunctionRoleArns", ""), ["ReaderRoleName", "Regions"],
             "without FunctionRoleArns", "set these too"),
    ],
    "network": [
        Void("NoS3Endpoint", is_("MakesS3Endpoint", "false"), ["RouteTableIds"],
             "with MakesS3Endpoint false", "set MakesS3Endpoint to true"),
        Void("NoCache", is_("MakesCache", "false"), ["CacheNodeType", "CacheNodes", "KmsKeyArn"],
             "with MakesCache false", "set MakesCache to true"),
    ],
}  # fmt: skip


def assertion(void: Void, parameter: str, default) -> dict:
    allowed = is_(parameter, default)
    if parameter in void.also and void.also[parameter] != default:
        allowed = {"Fn::Or": [allowed, is_(parameter, void.also[parameter])]}
    text = f"{parameter} has no use {void.where} - leave it out, or {void.instead}"
    return {"Assert": allowed, "AssertDescription": text}
