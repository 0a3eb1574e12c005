"""One record of the classic output: its fields as text, then its security groups."""

import json
from collections.abc import Iterable, Mapping

from .documents import Configuration, Interface, Rule

NOTHING_TO_SAY = "||||no-security-groups"

Record = Mapping[str, str]


def classic_bytes(records: Iterable[Record], configuration: Configuration) -> bytes:
    return b"".join(classic_line(record, configuration) for record in records)


def classic_line(record: Record, configuration: Configuration) -> bytes:
    """The record's fields in the order given; missing ones are the text `-`."""
    written = dict(record)
    written["security-groups"] = security_groups(record, configuration)
    return json.dumps(written).encode("ascii") + b"\n"


def interface_of(record: Record, configuration: Configuration) -> Interface | None:
    """The one that the record names; in a format that names none, the only one that fits."""
    if record.get("interface-id", "-") != "-":
        return configuration.interfaces.get(record["interface-id"])
    if "interface-id" in record and record.get("resource-id", "-") != "-":
        return None  # a regional NAT gateway
    if "tgw-id" in record:
        return None
    interfaces = [
        each
        for each in configuration.interfaces.values()
        if record.get("vpc-id", "-") in ("-", each.vpc_id)
    ]
    instance = record.get("instance-id", "-")
    fitting = [
        each
        for each in interfaces
        if _has_address(each, record)
        and (instance == "-" or each.instance_id in ("", None, "-", instance))
    ]
    if instance != "-":
        attached = [each for each in fitting or interfaces if each.instance_id == instance]
        fitting = attached or fitting
    return fitting[0] if len(fitting) == 1 else None


def _has_address(interface: Interface, record: Record) -> bool:
    """By the local side's address, that of the packet where the other is missing."""
    local = {"ingress": ["dstaddr"], "egress": ["srcaddr"]}.get(
        record.get("flow-direction", "-"), ["srcaddr", "dstaddr"]
    )
    for name in local:
        seen = record.get(name, "-")
        if seen == "-":
            seen = record.get(f"pkt-{name}", "-")
        if seen != "-" and interface.owns(seen):
            return True
    return False


def security_groups(record: Record, configuration: Configuration) -> str:
    interface = interface_of(record, configuration)
    if interface is None or record.get("log-status") in ("NODATA", "SKIPDATA"):
        return NOTHING_TO_SAY
    direction = direction_of(record, interface)
    if direction is None or not interface.group_ids:
        return NOTHING_TO_SAY
    return ";".join(
        group_text(group_id, direction, configuration) for group_id in interface.group_ids
    )


def direction_of(record: Record, interface: Interface) -> str | None:
    """The record's own direction, else the one that the interface's addresses tell."""
    if record.get("flow-direction") in ("ingress", "egress"):
        return record["flow-direction"]
    sends = interface.owns(record.get("srcaddr"))
    receives = interface.owns(record.get("dstaddr"))
    if sends == receives:
        return None
    return "egress" if sends else "ingress"


def group_text(group_id: str, direction: str, configuration: Configuration) -> str:
    rules = configuration.rules(group_id, egress=direction == "egress")
    if not rules and not configuration.lists_rules_of(group_id):
        return f"||||{group_id}"
    if not rules:
        kind = "outbound" if direction == "egress" else "inbound"
        return f"no-{kind}-rules||||{group_id}"
    return ";".join(rule_text(rule) for rule in rules)


def rule_text(rule: Rule) -> str:
    protocol = "All protocols" if rule.protocol == "-1" else rule.protocol
    return "|".join([rule.rule_id, protocol, ports_text(rule), rule.source, rule.group_id])


def ports_text(rule: Rule) -> str:
    """ICMP's type and code stand in the same two places as ports do."""
    if rule.from_port != rule.to_port:
        return f"{rule.from_port}-{rule.to_port}"
    return "All ports" if rule.from_port == -1 else str(rule.from_port)
