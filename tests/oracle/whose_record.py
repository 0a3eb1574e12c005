"""Whose record it is, in which direction, and whose groups are judged."""


def find_interface(oracle, facts):
    interfaces = list(oracle.inventory.interfaces.values())
    # "The local interface is the one that interface-id names."
    if facts.text("interface-id"):
        found = oracle.inventory.interfaces.get(facts.text("interface-id"))
        oracle.hit("interface: by id" if found else "interface: id not in the inventory")
        return found
    # Issue 6: "A format without interface-id: the interface is found by VPC and address
    # (or instance) where exactly one fits." D1-D4.
    vpc, instance = facts.text("vpc-id"), facts.text("instance-id")
    addresses = {"ingress": [facts.seen_destination], "egress": [facts.seen_source]}.get(
        facts.text("flow-direction"), [facts.seen_source, facts.seen_destination]
    )
    in_vpc = [i for i in interfaces if vpc in (None, i.vpc)]
    fitting = [i for i in in_vpc if any(a and i.has(a) for a in addresses)]
    if instance:
        fitting = [i for i in fitting if i.instance in (None, instance)]
    if len(fitting) == 1:
        oracle.hit("interface: by address")
        return fitting[0]
    if instance and fitting:
        fitting = [i for i in fitting if i.instance == instance]
        if len(fitting) == 1:
            oracle.hit("interface: by address and instance")
            return fitting[0]
    elif instance:
        fitting = [i for i in in_vpc if i.instance == instance]
        if len(fitting) == 1:
            oracle.hit("interface: by instance")
            return fitting[0]
    oracle.hit("interface: several fit" if fitting else "interface: none fits")
    return None


def find_direction(oracle, facts):
    """True for egress, False for ingress, None where it can't be told."""
    # "Direction is flow-direction;"
    if facts.text("flow-direction") in ("ingress", "egress"):
        oracle.hit("direction: flow-direction")
        return facts.text("flow-direction") == "egress"
    # "where that is missing and exactly one of srcaddr and dstaddr is the interface's
    # (all its addresses and delegated prefixes), it is certain all the same." D5, D6
    own = [facts.interface] + oracle.inventory.branches_of(facts.interface)
    source_is_local, destination_is_local = (
        address is not None and any(i.has(address) for i in own)
        for address in (facts.seen_source, facts.seen_destination)
    )
    if source_is_local == destination_is_local:
        oracle.hit("direction: both or neither")
        return None
    oracle.hit("direction: by address")
    return source_is_local


def find_judged(oracle, facts):
    # "where that is an EKS trunk and the local address belongs to one of its branch
    # interfaces, the branch's groups are judged." D7, D8
    branches = oracle.inventory.branches_of(facts.interface)
    if not branches and facts.interface.type != "trunk":
        return facts.interface
    local = None
    if facts.egress is not None:
        local = facts.source if facts.egress else facts.destination
    for branch in branches:
        if local is not None and branch.has(local):
            oracle.hit("interface: branch of a trunk")
            return branch
    oracle.hit("interface: trunk itself")
    return facts.interface
