"""What the subnet's network ACL says to the packet."""

from dataclasses import dataclass

from inventory import CANNOT_TELL, YES


@dataclass
class AclAnswer:
    denies: bool = False
    acl_id: str | None = None
    number: int | None = None
    sure: bool = True


def ask_acl(oracle, facts, peer_interface_id):
    inventory, local, peer = oracle.inventory, facts.judged, facts.peer()
    # "An ACL is met only when the packet enters or leaves the subnet, not between two
    # addresses of one subnet (but towards a Gateway Load Balancer endpoint it is)."
    # D24-D26
    subnet_id = local.subnet or facts.text("subnet-id")
    peer_interface = inventory.in_vpc(local.vpc, peer)
    same_subnet = False
    if peer_interface is not None:
        same_subnet = subnet_id is not None and peer_interface.subnet == subnet_id
        how = "interface"
    elif subnet_id in inventory.subnets:
        same_subnet = any(
            network.version == peer.version and peer in network
            for network in inventory.subnets[subnet_id].networks
        )
        how = "CIDR"
    if same_subnet:
        named = inventory.interfaces.get(peer_interface_id) or peer_interface
        towards = named if facts.egress else local
        if towards is not None and towards.type == "gateway_load_balancer_endpoint":
            oracle.hit("acl: same subnet, towards an endpoint")
        else:
            oracle.hit(f"acl: same subnet by {how}")
            return AclAnswer()

    acl, how = inventory.acl_of(subnet_id, local.vpc)
    oracle.hit(
        {
            "two": "acl: subnet under two",
            "association": "acl: associated",
            "default": "acl: default of the VPC",
            "unknown": "acl: unknown",
        }[how]
    )
    # "No ACL in the inventory for the subnet is 'unknown': it is not taken to refuse"
    if acl is None:
        return AclAnswer()

    # "Entries in order of number, first match; protocol numbers; port ranges for TCP and
    # UDP"; "own direction, its own destination port".
    sure = True
    for entry in sorted(acl.entries, key=lambda e: e.number):
        if entry.egress != facts.egress:
            continue
        answer = entry.matches(peer, facts.protocol, facts.destination_port, facts.is_fragment())
        if answer == CANNOT_TELL:
            # "An ICMP entry that names a type can't be told: the first sure entry
            # decides, as possible." D27: a fragment against ports the same
            oracle.hit(
                "acl: fragment passed over" if facts.has_ports() else "acl: ICMP type passed over"
            )
            sure = False
        elif answer == YES:
            oracle.hit("acl: entry allows" if entry.allows else "acl: entry denies")
            return AclAnswer(not entry.allows, acl.id, entry.number, sure)
    # "the default deny is 32767 for IPv4 and 32768 for IPv6"
    oracle.hit(f"acl: default deny IPv{peer.version}")
    return AclAnswer(True, acl.id, 32767 if peer.version == 4 else 32768, sure)
