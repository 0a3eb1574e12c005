"""Which rules stand in sg_nearest, and in which order: DECISIONS.md, D47."""

from rule_match import match_source

from inventory import CANNOT_TELL, ICMP, ICMPV6, NO, TCP, UDP, YES, Cidr, ListReference

KINDS = ("cannot tell", "source", "port", "protocol")
MOST = 3
WIDEST = 65536


def nearest(oracle, facts, egress):
    """Ids, for a denial where no rule of that direction matches surely."""
    found = {kind: [] for kind in KINDS}
    for rule in oracle.inventory.rules:
        if rule.group in facts.judged.groups and rule.egress == egress:
            kind = kind_of(oracle, rule, facts, egress)
            if kind:
                width = 0 if kind == "cannot tell" else width_of(rule)
                found[kind].append((width, rule.id.encode()))
    ids = []
    for kind in KINDS:
        nearest_first = [rule_id.decode() for _, rule_id in sorted(found[kind])]
        ids += nearest_first if kind == "cannot tell" else nearest_first[:MOST]
    return ids


def kind_of(oracle, rule, facts, egress):
    source = max((match_source(oracle, s, rule, facts) for s in rule.sources), default=NO)
    port = port_answer(rule, facts, egress)
    if rule.protocol in (None, facts.protocol):
        if min(source, port) == CANNOT_TELL:
            return "cannot tell"
        if source == NO and port != NO:
            fits = any(is_of_family(oracle, s, facts.peer().version) for s in rule.sources)
            return "source" if fits else None
        return "port" if source != NO and port == NO else None
    # "where both protocols have ports or neither has"
    comparable = (rule.protocol in (TCP, UDP)) == facts.has_ports()
    return "protocol" if comparable and source != NO and port != NO else None


def port_answer(rule, facts, egress):
    """As though the protocol were right."""
    if not rule.names_the_port():
        return YES
    if rule.protocol in (ICMP, ICMPV6) or facts.is_fragment():
        return CANNOT_TELL
    if not facts.has_ports():
        return YES  # of another kind of protocol: not comparable
    port = facts.destination_port if egress == facts.egress else facts.source_port
    return YES if rule.from_port <= port <= rule.to_port else NO


def is_of_family(oracle, source, version):
    if isinstance(source, Cidr):
        return source.network.version == version
    if isinstance(source, ListReference):
        networks = oracle.inventory.prefix_lists.get(source.list_id)
        return not networks or any(network.version == version for network in networks)
    return True


def width_of(rule):
    if not rule.names_the_port():
        return WIDEST
    return rule.to_port - rule.from_port if rule.protocol in (TCP, UDP) else 0
