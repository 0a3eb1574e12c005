"""Which fields a log has, and in which order."""

V2 = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status"
).split()
V5 = (
    V2
    + (
        "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id "
        "sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service "
        "flow-direction traffic-path"
    ).split()
)
V11 = (
    V5
    + (
        "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn "
        "ecs-container-instance-id ecs-container-id ecs-second-container-id "
        "ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason "
        "resource-id encryption-status instance-tag instance-tag-2 interface-tag "
        "interface-tag-2 asg-tag asg-tag-2 interface-type next-hop-interface-id "
        "next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type"
    ).split()
)
CLASSIC = sorted(V5)
TRANSIT_GATEWAY = (
    "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
    "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id "
    "tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr "
    "srcport dstport protocol packets bytes start end log-status type packets-lost-no-route "
    "packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region "
    "flow-direction pkt-src-aws-service pkt-dst-aws-service"
).split()


def make_layout(dice):
    rng = dice.rng
    drawn = rng.random()
    if drawn < 0.05 and "transit-gateway" not in dice.skip:
        return list(TRANSIT_GATEWAY)
    if drawn < 0.1 and "no-direction" not in dice.skip:
        return list(V2)
    if drawn < 0.2:
        return list(CLASSIC)
    if drawn < 0.45:
        return list(V11)
    fields = [
        "start",
        "srcaddr",
        "dstaddr",
        "srcport",
        "dstport",
        "protocol",
        "action",
        "log-status",
    ]
    for name, probability, feature in (
        ("interface-id", 0.5, None),
        ("vpc-id", 0.7, None),
        ("instance-id", 0.6, None),
        ("subnet-id", 0.5, None),
        ("tcp-flags", 0.85, None),
        ("flow-direction", 0.5, None),
        ("reject-reason", 0.5, None),
        ("resource-id", 0.5, None),
        ("next-hop-interface-id", 0.4, "next-hop"),
        ("next-hop-vpc-id", 0.4, "next-hop"),
        ("next-hop-interface-type", 0.5, "next-hop"),
        ("version", 0.8, None),
        ("account-id", 0.5, None),
        ("end", 0.8, None),
        ("packets", 0.5, None),
        ("bytes", 0.5, None),
    ):
        wanted = dice.chance(probability, feature)
        if name == "interface-id" and "no-interface-id" in dice.skip:
            wanted = True
        if name == "flow-direction" and "no-direction" in dice.skip:
            wanted = True
        if wanted:
            fields.append(name)
    if dice.chance(0.6):
        fields += ["pkt-srcaddr", "pkt-dstaddr"]
    rng.shuffle(fields)
    return fields
