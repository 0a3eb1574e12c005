"""The flow-log fields as AWS names and orders them, written apart from the program's table."""

VERSION_2 = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status"
).split()
VERSION_3 = (
    VERSION_2 + "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr".split()
)
VERSION_4 = VERSION_3 + "region az-id sublocation-type sublocation-id".split()
VERSION_5 = (
    VERSION_4 + "pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path".split()
)
VERSION_7 = (
    VERSION_5
    + (
        "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id "
        "ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn "
        "ecs-task-arn ecs-task-id"
    ).split()
)
VERSION_8 = [*VERSION_7, "reject-reason"]
VERSION_9 = [*VERSION_8, "resource-id"]
VERSION_10 = [*VERSION_9, "encryption-status"]
VERSION_11 = (
    VERSION_10
    + (
        "instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag asg-tag-2 "
        "interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id "
        "next-hop-interface-type"
    ).split()
)
TRANSIT_GATEWAY = (
    "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
    "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id "
    "tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr "
    "srcport dstport protocol packets bytes start end log-status type packets-lost-no-route "
    "packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region "
    "flow-direction pkt-src-aws-service pkt-dst-aws-service"
).split()
CLASSIC = sorted(VERSION_5)

# By the name that `--record-format` takes.
PRESETS = {
    "v2": VERSION_2,
    "v3": VERSION_3,
    "v4": VERSION_4,
    "v5": VERSION_5,
    "v6": TRANSIT_GATEWAY,
    "v7": VERSION_7,
    "v8": VERSION_8,
    "v9": VERSION_9,
    "v10": VERSION_10,
    "v11": VERSION_11,
    "classic": CLASSIC,
}

NUMBERS = set(
    "version srcport dstport protocol packets bytes start end tcp-flags traffic-path "
    "encryption-status packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded "
    "packets-lost-ttl-expired".split()
)
ADDRESSES = set("srcaddr dstaddr pkt-srcaddr pkt-dstaddr".split())


def record(names: list[str], line: str) -> dict[str, str]:
    return dict(zip(names, line.split(" "), strict=True))
