"""One record of the json output, stated from docs/schema.md apart from the program."""

import ipaddress

from classic_oracle import Configuration, Interface
from classic_oracle.classic import direction_of, interface_of
from flow_fields import NUMBERS


def json_record(record: dict[str, str], configuration: Configuration) -> dict:
    written: dict = {}
    for name, text in record.items():
        if text != "-":
            written[name.replace("-", "_")] = int(text) if name in NUMBERS else text
    interface = interface_of(record, configuration)
    if interface is not None:
        written["sg_ids"] = interface.group_ids
        rules = rules_of(record, interface, configuration)
        if rules is not None:
            written["sg_rules"] = rules
    return written


def without_verdict(written: dict) -> dict:
    """The record, its groups and their rules; the verdict's own columns are not stated here."""
    verdict = ("sg_", "flow_initiator", "local_", "peer_", "nacl_")
    return {
        key: value
        for key, value in written.items()
        if key in ("sg_ids", "sg_rules") or not key.startswith(verdict)
    }


def rules_of(record: dict, interface: Interface, configuration: Configuration) -> list | None:
    direction = direction_of(record, interface)
    if record.get("log-status") in ("NODATA", "SKIPDATA") or direction is None:
        return None
    return [
        {
            "id": rule.rule_id,
            "group": rule.group_id,
            "protocol": protocol_text(rule.protocol),
            "ports": ports_text(rule.from_port, rule.to_port),
            "source": source_text(rule.source),
        }
        for group_id in interface.group_ids
        for rule in configuration.rules(group_id, egress=direction == "egress")
    ]


PROTOCOL_NAMES = {"-1": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


def protocol_text(spelled: str) -> str:
    """AWS's own spelling, whatever the document's."""
    return PROTOCOL_NAMES.get(spelled, spelled.lower())


def source_text(spelled: str) -> str:
    return str(ipaddress.ip_network(spelled, strict=False)) if "/" in spelled else spelled


def ports_text(first: int, last: int) -> str:
    if first == last:
        return "all" if first == -1 else str(first)
    return f"{first}-{last}"
