"""Who the peer is."""

from inventory import YES, GroupReference


def find_peer_interface(oracle, facts):
    # Issue 6: "If the record's next-hop-interface-id (version 11) names it, or the peer
    # address is an interface of the inventory (by VPC and address ...)". D10
    if facts.text("next-hop-interface-id"):
        oracle.hit("peer: next-hop-interface-id")
        return facts.text("next-hop-interface-id")
    found = oracle.inventory.in_vpc(facts.judged.vpc, facts.peer())
    if found:
        oracle.hit("peer: own VPC")
        return found.id
    if facts.text("next-hop-vpc-id"):
        found = oracle.inventory.in_vpc(facts.text("next-hop-vpc-id"), facts.peer())
        if found:
            oracle.hit("peer: next-hop-vpc-id")
            return found.id
    oracle.hit("peer: none")
    return None


def find_peer_of_unjudged(oracle, facts):
    # D48
    if facts.egress is None or facts.peer() is None:
        return None
    return find_peer_interface(oracle, facts)


def find_peer_by_reference(oracle, facts, answer, initiating):
    # D49
    members = set()
    for rule, found in initiating:
        if found == YES and rule.id in answer.sg_matched_rules:
            for source in rule.sources:
                if isinstance(source, GroupReference) and source.peering_status == "active":
                    members |= {
                        member.id
                        for member in oracle.inventory.members(source.group_id)
                        if member.vpc != facts.judged.vpc and member.has(facts.peer())
                    }
    if len(members) == 1:
        oracle.hit("peer: by an active reference")
        return members.pop()
    return None
