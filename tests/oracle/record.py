"""One record, read."""

import ipaddress
from dataclasses import dataclass

from inventory import TCP, UDP


@dataclass
class Facts:
    fields: list
    status: str | None
    action: str | None
    protocol: int | None
    source: object  # pkt-srcaddr, else srcaddr
    destination: object
    seen_source: object  # srcaddr, else pkt-srcaddr
    seen_destination: object
    source_port: int | None
    destination_port: int | None
    flags: int | None
    text: object  # the record's other fields, by name
    interface: object = None  # the one the record belongs to
    judged: object = None  # the same, or the branch whose groups are judged
    egress: bool | None = None

    def is_fragment(self):
        # "a TCP or UDP fragment (both ports 0)"
        return self.protocol in (TCP, UDP) and self.source_port == self.destination_port == 0

    def peer(self):
        return self.destination if self.egress else self.source

    def has_ports(self):
        return self.protocol in (TCP, UDP)


def read_record(fields, record):
    def text(name):
        value = record.get(name)
        return None if value in (None, "", "-") else value

    def number(name):
        value = text(name)
        return None if value is None else int(value)

    def address(*names):
        for name in names:
            if text(name) is not None:
                return ipaddress.ip_address(text(name))
        return None

    return Facts(
        fields=fields,
        status=text("log-status"),
        action=text("action"),
        protocol=number("protocol"),
        # "Addresses are pkt-srcaddr/pkt-dstaddr where present, else srcaddr/dstaddr."
        source=address("pkt-srcaddr", "srcaddr"),
        destination=address("pkt-dstaddr", "dstaddr"),
        seen_source=address("srcaddr", "pkt-srcaddr"),
        seen_destination=address("dstaddr", "pkt-dstaddr"),
        source_port=number("srcport"),
        destination_port=number("dstport"),
        flags=number("tcp-flags"),
        text=text,
    )
