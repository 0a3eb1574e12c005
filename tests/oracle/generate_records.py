"""A conversation's side as a line of the log."""

from generate_flows import Flows
from generate_oddities import disturb
from generated_vpc import ACCOUNT

START = 1767225600
FLAGS = (0,) * 6 + (1, 1, 2, 2, 2, 2, 3, 4, 4, 5, 6, 7, 18, 18, 18, 19, 22, 23, 8, 16, 32, None)


def make_records(world, fields, count):
    flows = Flows(world)
    return [make_record(world, fields, flows.choose(), index) for index in range(count)]


def make_record(world, fields, flow, index):
    rng = world.dice.rng
    action = rng.choice(("ACCEPT", "REJECT"))
    flags = rng.choice(FLAGS) if flow.protocol == 6 else rng.choice((0, 0, 0, 0, None, 2, 18))
    values = as_values(world, flow, action, flags)
    values["start"] = str(START + index)
    values["end"] = str(START + index + 60)
    disturb(world.dice, values)
    return {name: values.get(name, "-") for name in fields}


def as_values(world, flow, action, flags):
    rng, interface = world.dice.rng, flow.interface
    here, there = ("src", "dst") if flow.egress else ("dst", "src")
    values = {
        "version": "11",
        "account-id": ACCOUNT,
        "interface-id": interface.id,
        f"{here}addr": str(flow.local_seen),
        f"{there}addr": str(flow.peer_seen),
        f"pkt-{here}addr": str(flow.local),
        f"pkt-{there}addr": str(flow.peer),
        f"{here}port": str(flow.local_port),
        f"{there}port": str(flow.peer_port),
        "protocol": str(flow.protocol),
        "packets": str(rng.randrange(1, 99)),
        "bytes": str(rng.randrange(40, 9999)),
        "action": action,
        "log-status": "OK",
        "vpc-id": interface.vpc.id,
        "subnet-id": interface.subnet.id,
        "instance-id": interface.instance or "-",
        "tcp-flags": "-" if flags is None else str(flags),
        "type": f"IPv{flow.local.version}",
        "region": "eu-west-1",
        "az-id": "euw1-az1",
        "flow-direction": "egress" if flow.egress else "ingress",
        "traffic-path": "1" if flow.egress else "-",
        "encryption-status": "0",
        "resource-type": "TransitGateway",
        "tgw-id": "tgw-1",
        "packets-lost-no-route": "0",
    }
    if action == "REJECT" and world.dice.chance(0.08):
        values["reject-reason"] = rng.choice(("BPA", "EC", "NEW"))
    if world.dice.chance(0.5, "next-hop"):
        hop = rng.choice(world.interfaces)
        for other in world.interfaces:
            if flow.peer in other.addresses and world.dice.chance(0.8):
                hop = other
        values["next-hop-interface-id"] = hop.id if world.dice.chance(0.8) else "-"
        values["next-hop-vpc-id"] = hop.vpc.id
        values["next-hop-subnet-id"] = hop.subnet.id
        values["next-hop-interface-type"] = (
            hop.type
            if hop.type in ("nat_gateway", "network_load_balancer", "vpc_endpoint")
            else "-"
        )
        if world.dice.chance(0.15, "balancers"):
            values["next-hop-interface-type"] = "network_load_balancer"
    return values
