"""Does a rule match: yes, no, or can't tell."""

from inventory import CANNOT_TELL, ICMP, ICMPV6, NO, TCP, UDP, YES, Cidr, ListReference


def matching_rules(oracle, facts, egress):
    """All rules of that direction, of all groups of the interface, that are not a no:
    [(rule, YES or CANNOT_TELL)], in inventory order."""
    # "Security groups are allow-only, a union over all groups on the interface"; the
    # responder's port "is dstport when the sender opened and srcport when the receiver did".
    port = facts.destination_port if egress == facts.egress else facts.source_port
    found = []
    for rule in oracle.inventory.rules:
        if rule.group in facts.judged.groups and rule.egress == egress:
            answer = match(oracle, rule, facts, port)
            if answer != NO:
                found.append((rule, answer))
    return found


def match(oracle, rule, facts, responder_port):
    """A rule "is held against the peer's address, the protocol, and for TCP and UDP (no
    other protocol) the responder's port"."""
    protocol = match_protocol(oracle, rule, facts)
    if protocol == NO:
        return NO
    source = max((match_source(oracle, s, rule, facts) for s in rule.sources), default=NO)
    return min(protocol, source, match_ports(oracle, rule, facts, responder_port))


def match_protocol(oracle, rule, facts):
    if rule.protocol is None:
        oracle.hit("protocol: all")
        return YES
    if rule.protocol == facts.protocol:
        oracle.hit("protocol: same")
        return YES
    oracle.hit("protocol: other")
    return NO


def match_ports(oracle, rule, facts, responder_port):
    if rule.protocol is None:
        return YES  # with -1 ports are ignored
    if facts.protocol in (ICMP, ICMPV6):
        name = "icmp" if facts.protocol == ICMP else "icmpv6"
        # "an ICMP rule that names a type (the log has none)"
        if rule.names_the_port():
            oracle.hit(f"{name}: type named")
            return CANNOT_TELL
        oracle.hit(f"{name}: all types")
        return YES
    if not facts.has_ports():
        oracle.hit("ports: protocol without ports")
        return YES
    if not rule.names_the_port():
        oracle.hit("ports: fragment against all ports" if facts.is_fragment() else "ports: all")
        return YES
    # "a TCP or UDP fragment (both ports 0) against a rule that names ports"
    if facts.is_fragment():
        oracle.hit("ports: fragment against named ports")
        return CANNOT_TELL
    if 0 in (facts.source_port, facts.destination_port):
        oracle.hit("ports: only one of them is 0")
    if rule.from_port <= responder_port <= rule.to_port:
        oracle.hit("ports: in range")
        return YES
    oracle.hit("ports: outside")
    return NO


def match_source(oracle, source, rule, facts):
    if isinstance(source, Cidr):
        return match_cidr(oracle, source.network, facts.peer())
    if isinstance(source, ListReference):
        return match_list(oracle, source.list_id, facts.peer())
    return match_reference(oracle, source, rule, facts)


def match_cidr(oracle, network, peer):
    if network.version != peer.version:
        oracle.hit("cidr: other family")
        return NO
    answer = YES if peer in network else NO
    oracle.hit(f"cidr: IPv{peer.version} {'yes' if answer else 'no'}")
    return answer


def match_list(oracle, list_id, peer):
    # "a reference to a prefix list that the inventory lacks" can't be told. D13
    if list_id not in oracle.inventory.prefix_lists:
        oracle.hit("list: lacking")
        return CANNOT_TELL
    networks = oracle.inventory.prefix_lists[list_id]
    if networks is None:
        oracle.hit("list: without entries")
        return CANNOT_TELL
    if not networks:
        oracle.hit("list: empty")
    if any(network.version == peer.version and peer in network for network in networks):
        oracle.hit("list: yes")
        return YES
    # "a set NextToken ...: answers that hang on them are not exact". D30
    if list_id in oracle.inventory.cut_lists:
        oracle.hit("list: entries were cut")
        return CANNOT_TELL
    oracle.hit("list: no")
    return NO


def match_reference(oracle, reference, rule, facts):
    inventory, peer, own_vpc = oracle.inventory, facts.peer(), facts.judged.vpc
    members = inventory.members(reference.group_id)
    local_peer = inventory.in_vpc(own_vpc, peer)
    if reference.group_id == rule.group:
        oracle.hit("reference: self")

    # "PeeringStatus: deleted makes a reference a plain no."
    if reference.peering_status == "deleted":
        oracle.hit("reference: peering deleted")
        return NO

    # "A reference matches the private addresses (primary, secondary, IPv6, delegated
    # prefixes) of the interfaces that carry the group." Which interface an address means
    # is asked in the own VPC first. D14
    if local_peer in members:
        count_member(oracle, local_peer, peer)
        return YES

    # "an inbound TCP or UDP rule that references a group carried by a network load
    # balancer, for any peer that is not one of its addresses (...; when
    # next-hop-interface-type says network_load_balancer, it is a yes)". D16
    balanced = any(i.type == "network_load_balancer" for i in members)
    if balanced and rule.egress:
        oracle.hit("reference: balancer, outbound rule")
        balanced = False
    if balanced and facts.protocol not in (TCP, UDP):
        oracle.hit("reference: balancer, not TCP or UDP")
        balanced = False
    if balanced and facts.text("next-hop-interface-type") == "network_load_balancer":
        oracle.hit("reference: balancer, next hop says so")
        return YES

    # "a referenced group whose members sit in another VPC, unless the rule says its
    # peering is active". D15
    elsewhere = [i for i in members if i.vpc != own_vpc]
    if any(i.has(peer) for i in elsewhere):
        if local_peer is not None:
            oracle.hit("reference: same address in own VPC")
        elif reference.peering_status == "active":
            oracle.hit("reference: other VPC, active")
            return YES
        else:
            oracle.hit(
                "reference: other VPC, other status"
                if reference.peering_status
                else "reference: other VPC, no status"
            )
            return CANNOT_TELL

    # "a peer whose groups the inventory does not tell". D50
    holders = [i for i in inventory.interfaces.values() if i.vpc != own_vpc and i.has(peer)]
    if local_peer is not None:
        holders = [local_peer]
    if not all(holder.groups_told for holder in holders):
        oracle.hit("reference: the peer's groups are not told")
        return CANNOT_TELL

    if balanced:
        oracle.hit("reference: balancer, can't tell")
        return CANNOT_TELL

    # "a reference ... to a group that it lacks (but a peer that is a known interface of
    # the own VPC and does not carry it is a no)"
    if inventory.is_lacking(reference.group_id):
        if local_peer is not None:
            oracle.hit("reference: lacking, known peer")
            return NO
        oracle.hit("reference: lacking")
        return CANNOT_TELL

    # "anything outside what the inventory covers". D17
    home = inventory.described_groups.get(reference.group_id) or reference.vpc or own_vpc
    if local_peer is None and not {own_vpc, home} <= inventory.complete_vpcs:
        oracle.hit("reference: outside what is covered")
        return CANNOT_TELL

    if not members:
        # "one that is known and carried by no interface is empty"
        oracle.hit("reference: group of nobody")
    elif elsewhere:
        oracle.hit("reference: members elsewhere, peer not among them")
    else:
        oracle.hit("reference: not a member")
    return NO


def count_member(oracle, member, peer):
    if member.type == "network_load_balancer":
        oracle.hit("reference: balancer, its own address")
    if peer.version == 6:
        oracle.hit("reference: own VPC, IPv6")
    elif peer not in member.addresses:
        oracle.hit("reference: own VPC, delegated prefix")
    elif str(peer) == member.primary:
        oracle.hit("reference: own VPC, primary")
    else:
        oracle.hit("reference: own VPC, other")
