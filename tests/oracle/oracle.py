"""The oracle: which security-group rule let a record through or kept it out.

Naive on purpose: every rule is scanned, every table of the architecture page is gone through
from the top, and quoted comments are that page's sentences. Where the page is silent the
reading taken stands in DECISIONS.md; "D7" in a comment is its line 7.
"""

import ipaddress
import json
from collections import Counter
from dataclasses import dataclass, field

from nearest import nearest
from rows import ROWS

from inventory import (
    CANNOT_TELL,
    ICMP,
    ICMPV6,
    NO,
    TCP,
    UDP,
    YES,
    Cidr,
    GroupReference,
    Inventory,
    ListReference,
)

CONFIDENCES = ("exact", "likely", "possible", "ambiguous")  # from strong to weak

SYN = {2, 3, 6, 7}
SYN_ACK = {18, 19, 22, 23}
CLOSING = {1, 4, 5}


@dataclass
class Answer:
    sg_verdict: str
    sg_confidence: str | None = None
    sg_matched_rules: list = field(default_factory=list)
    nacl_id: str | None = None
    nacl_rule: int | None = None
    flow_initiator: str | None = None
    peer_interface_id: str | None = None
    cannot_tell: list = field(default_factory=list)  # of sg_nearest, for denials
    sg_nearest: list = field(default_factory=list)  # rule ids
    row: str = ""  # for people


@dataclass
class Facts:
    """One record, read."""

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


@dataclass
class AclAnswer:
    denies: bool = False
    acl_id: str | None = None
    number: int | None = None
    sure: bool = True


def weakest(*confidences):
    return max((c for c in confidences if c), key=CONFIDENCES.index)


class Oracle:
    def __init__(self, documents):
        self.inventory = Inventory(documents)
        self.coverage = Counter({row: 0 for row in ROWS})

    def hit(self, row):
        if row not in self.coverage:
            raise KeyError(row)
        self.coverage[row] += 1
        return row

    def judge_file(self, fields, records):
        """The answers for one file's records, in order, with one memory of conversations."""
        conversations = {}
        return [self.judge(fields, record, conversations) for record in records]

    # ---- reading a record ----

    @staticmethod
    def read(fields, record):
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

    def find_interface(self, facts):
        interfaces = list(self.inventory.interfaces.values())
        # "The local interface is the one that interface-id names."
        if facts.text("interface-id"):
            found = self.inventory.interfaces.get(facts.text("interface-id"))
            self.hit("interface: by id" if found else "interface: id not in the inventory")
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
            self.hit("interface: by address")
            return fitting[0]
        if instance and fitting:
            fitting = [i for i in fitting if i.instance == instance]
            if len(fitting) == 1:
                self.hit("interface: by address and instance")
                return fitting[0]
        elif instance:
            fitting = [i for i in in_vpc if i.instance == instance]
            if len(fitting) == 1:
                self.hit("interface: by instance")
                return fitting[0]
        self.hit("interface: several fit" if fitting else "interface: none fits")
        return None

    def find_direction(self, facts):
        """True for egress, False for ingress, None where it can't be told."""
        # "Direction is flow-direction;"
        if facts.text("flow-direction") in ("ingress", "egress"):
            self.hit("direction: flow-direction")
            return facts.text("flow-direction") == "egress"
        # "where that is missing and exactly one of srcaddr and dstaddr is the interface's
        # (all its addresses and delegated prefixes), it is certain all the same." D5, D6
        own = [facts.interface] + self.inventory.branches_of(facts.interface)
        source_is_local, destination_is_local = (
            address is not None and any(i.has(address) for i in own)
            for address in (facts.seen_source, facts.seen_destination)
        )
        if source_is_local == destination_is_local:
            self.hit("direction: both or neither")
            return None
        self.hit("direction: by address")
        return source_is_local

    def find_judged(self, facts):
        # "where that is an EKS trunk and the local address belongs to one of its branch
        # interfaces, the branch's groups are judged." D7, D8
        branches = self.inventory.branches_of(facts.interface)
        if not branches and facts.interface.type != "trunk":
            return facts.interface
        local = None
        if facts.egress is not None:
            local = facts.source if facts.egress else facts.destination
        for branch in branches:
            if local is not None and branch.has(local):
                self.hit("interface: branch of a trunk")
                return branch
        self.hit("interface: trunk itself")
        return facts.interface

    def find_peer_interface(self, facts):
        # Issue 6: "If the record's next-hop-interface-id (version 11) names it, or the peer
        # address is an interface of the inventory (by VPC and address ...)". D10
        if facts.text("next-hop-interface-id"):
            self.hit("peer: next-hop-interface-id")
            return facts.text("next-hop-interface-id")
        found = self.inventory.in_vpc(facts.judged.vpc, facts.peer())
        if found:
            self.hit("peer: own VPC")
            return found.id
        if facts.text("next-hop-vpc-id"):
            found = self.inventory.in_vpc(facts.text("next-hop-vpc-id"), facts.peer())
            if found:
                self.hit("peer: next-hop-vpc-id")
                return found.id
        self.hit("peer: none")
        return None

    def find_peer_of_unjudged(self, facts):
        # D48
        if facts.egress is None or facts.peer() is None:
            return None
        return self.find_peer_interface(facts)

    def find_peer_by_reference(self, facts, answer, initiating):
        # D49
        members = set()
        for rule, found in initiating:
            if found == YES and rule.id in answer.sg_matched_rules:
                for source in rule.sources:
                    if isinstance(source, GroupReference) and source.peering_status == "active":
                        members |= {
                            member.id
                            for member in self.inventory.members(source.group_id)
                            if member.vpc != facts.judged.vpc and member.has(facts.peer())
                        }
        if len(members) == 1:
            self.hit("peer: by an active reference")
            return members.pop()
        return None

    # ---- does a rule match: yes, no, or can't tell ----

    def match(self, rule, facts, responder_port):
        """A rule "is held against the peer's address, the protocol, and for TCP and UDP (no
        other protocol) the responder's port"."""
        protocol = self.match_protocol(rule, facts)
        if protocol == NO:
            return NO
        source = max((self.match_source(s, rule, facts) for s in rule.sources), default=NO)
        return min(protocol, source, self.match_ports(rule, facts, responder_port))

    def match_protocol(self, rule, facts):
        if rule.protocol is None:
            self.hit("protocol: all")
            return YES
        if rule.protocol == facts.protocol:
            self.hit("protocol: same")
            return YES
        self.hit("protocol: other")
        return NO

    def match_ports(self, rule, facts, responder_port):
        if rule.protocol is None:
            return YES  # with -1 ports are ignored
        if facts.protocol in (ICMP, ICMPV6):
            name = "icmp" if facts.protocol == ICMP else "icmpv6"
            # "an ICMP rule that names a type (the log has none)"
            if rule.names_the_port():
                self.hit(f"{name}: type named")
                return CANNOT_TELL
            self.hit(f"{name}: all types")
            return YES
        if not facts.has_ports():
            self.hit("ports: protocol without ports")
            return YES
        if not rule.names_the_port():
            self.hit("ports: fragment against all ports" if facts.is_fragment() else "ports: all")
            return YES
        # "a TCP or UDP fragment (both ports 0) against a rule that names ports"
        if facts.is_fragment():
            self.hit("ports: fragment against named ports")
            return CANNOT_TELL
        if 0 in (facts.source_port, facts.destination_port):
            self.hit("ports: only one of them is 0")
        if rule.from_port <= responder_port <= rule.to_port:
            self.hit("ports: in range")
            return YES
        self.hit("ports: outside")
        return NO

    def match_source(self, source, rule, facts):
        if isinstance(source, Cidr):
            return self.match_cidr(source.network, facts.peer())
        if isinstance(source, ListReference):
            return self.match_list(source.list_id, facts.peer())
        return self.match_reference(source, rule, facts)

    def match_cidr(self, network, peer):
        if network.version != peer.version:
            self.hit("cidr: other family")
            return NO
        answer = YES if peer in network else NO
        self.hit(f"cidr: IPv{peer.version} {'yes' if answer else 'no'}")
        return answer

    def match_list(self, list_id, peer):
        # "a reference to a prefix list that the inventory lacks" can't be told. D13
        if list_id not in self.inventory.prefix_lists:
            self.hit("list: lacking")
            return CANNOT_TELL
        networks = self.inventory.prefix_lists[list_id]
        if networks is None:
            self.hit("list: without entries")
            return CANNOT_TELL
        if not networks:
            self.hit("list: empty")
        if any(network.version == peer.version and peer in network for network in networks):
            self.hit("list: yes")
            return YES
        # "a set NextToken ...: answers that hang on them are not exact". D30
        if list_id in self.inventory.cut_lists:
            self.hit("list: entries were cut")
            return CANNOT_TELL
        self.hit("list: no")
        return NO

    def match_reference(self, reference, rule, facts):
        inventory, peer, own_vpc = self.inventory, facts.peer(), facts.judged.vpc
        members = inventory.members(reference.group_id)
        local_peer = inventory.in_vpc(own_vpc, peer)
        if reference.group_id == rule.group:
            self.hit("reference: self")

        # "PeeringStatus: deleted makes a reference a plain no."
        if reference.peering_status == "deleted":
            self.hit("reference: peering deleted")
            return NO

        # "A reference matches the private addresses (primary, secondary, IPv6, delegated
        # prefixes) of the interfaces that carry the group." Which interface an address means
        # is asked in the own VPC first. D14
        if local_peer in members:
            self.count_member(local_peer, peer)
            return YES

        # "an inbound TCP or UDP rule that references a group carried by a network load
        # balancer, for any peer that is not one of its addresses (...; when
        # next-hop-interface-type says network_load_balancer, it is a yes)". D16
        balanced = any(i.type == "network_load_balancer" for i in members)
        if balanced and rule.egress:
            self.hit("reference: balancer, outbound rule")
            balanced = False
        if balanced and facts.protocol not in (TCP, UDP):
            self.hit("reference: balancer, not TCP or UDP")
            balanced = False
        if balanced and facts.text("next-hop-interface-type") == "network_load_balancer":
            self.hit("reference: balancer, next hop says so")
            return YES

        # "a referenced group whose members sit in another VPC, unless the rule says its
        # peering is active". D15
        elsewhere = [i for i in members if i.vpc != own_vpc]
        if any(i.has(peer) for i in elsewhere):
            if local_peer is not None:
                self.hit("reference: same address in own VPC")
            elif reference.peering_status == "active":
                self.hit("reference: other VPC, active")
                return YES
            else:
                self.hit(
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
            self.hit("reference: the peer's groups are not told")
            return CANNOT_TELL

        if balanced:
            self.hit("reference: balancer, can't tell")
            return CANNOT_TELL

        # "a reference ... to a group that it lacks (but a peer that is a known interface of
        # the own VPC and does not carry it is a no)"
        if inventory.is_lacking(reference.group_id):
            if local_peer is not None:
                self.hit("reference: lacking, known peer")
                return NO
            self.hit("reference: lacking")
            return CANNOT_TELL

        # "anything outside what the inventory covers". D17
        home = inventory.described_groups.get(reference.group_id) or reference.vpc or own_vpc
        if local_peer is None and not {own_vpc, home} <= inventory.complete_vpcs:
            self.hit("reference: outside what is covered")
            return CANNOT_TELL

        if not members:
            # "one that is known and carried by no interface is empty"
            self.hit("reference: group of nobody")
        elif elsewhere:
            self.hit("reference: members elsewhere, peer not among them")
        else:
            self.hit("reference: not a member")
        return NO

    def count_member(self, member, peer):
        if member.type == "network_load_balancer":
            self.hit("reference: balancer, its own address")
        if peer.version == 6:
            self.hit("reference: own VPC, IPv6")
        elif peer not in member.addresses:
            self.hit("reference: own VPC, delegated prefix")
        elif str(peer) == member.primary:
            self.hit("reference: own VPC, primary")
        else:
            self.hit("reference: own VPC, other")

    def matches(self, facts, egress):
        """All rules of that direction, of all groups of the interface, that are not a no:
        [(rule, YES or CANNOT_TELL)], in inventory order."""
        # "Security groups are allow-only, a union over all groups on the interface"; the
        # responder's port "is dstport when the sender opened and srcport when the receiver did".
        port = facts.destination_port if egress == facts.egress else facts.source_port
        found = []
        for rule in self.inventory.rules:
            if rule.group in facts.judged.groups and rule.egress == egress:
                answer = self.match(rule, facts, port)
                if answer != NO:
                    found.append((rule, answer))
        return found

    # ---- who opened ----

    @staticmethod
    def conversation_of(facts):
        """ "the same conversation (interface, protocol, both address and port pairs in either
        order)". D18"""
        if (
            facts.interface is None
            or facts.protocol is None
            or facts.source is None
            or facts.destination is None
            or facts.source_port is None
            or facts.destination_port is None
        ):
            return None
        pairs = sorted(
            [
                (str(facts.source), facts.source_port),
                (str(facts.destination), facts.destination_port),
            ]
        )
        return facts.interface.id, facts.protocol, *pairs

    @staticmethod
    def opened_by_flags(facts):
        # "TCP flags 2, 3, 6, 7 (SYN without ACK) | sender | exact"
        # "TCP flags 18, 19, 22, 23 (SYN-ACK) | receiver | exact"
        if facts.protocol == TCP and facts.flags in SYN:
            return "sender"
        if facts.protocol == TCP and facts.flags in SYN_ACK:
            return "receiver"
        return None

    def opened_before(self, facts, conversations):
        """What an earlier record of the conversation said, as seen from this one."""
        opener = conversations.get(self.conversation_of(facts))
        if opener is None:
            return None
        return "sender" if opener == (str(facts.source), facts.source_port) else "receiver"

    def remember(self, facts, conversations):
        # D19, D20: whatever the verdict; later flags replace earlier ones
        by_flags, key = self.opened_by_flags(facts), self.conversation_of(facts)
        if by_flags and key:
            conversations[key] = (
                (str(facts.source), facts.source_port)
                if by_flags == "sender"
                else (str(facts.destination), facts.destination_port)
            )

    def who_opened(self, facts, own, other, remembered):
        """("sender", "receiver" or None, confidence or None, rests on a direction's silence)."""
        if facts.protocol == TCP:
            if facts.flags is None:
                self.hit("flags: missing")
            elif facts.flags in {0} | CLOSING:
                self.hit("flags: 0, 1, 4 or 5")
            elif facts.flags not in SYN | SYN_ACK:
                self.hit("flags: any other value")

        by_flags = self.opened_by_flags(facts)
        if by_flags:
            self.hit("opened: SYN" if by_flags == "sender" else "opened: SYN-ACK")
            return by_flags, "exact", False
        # "such flags on an earlier record of the same conversation ... | as it says | likely"
        if remembered:
            self.hit(f"opened: remembered, {remembered}")
            return remembered, "likely", False
        # "For a REJECT nothing below the third row is asked"
        if facts.action == "REJECT":
            self.hit("opened: unknown, REJECT")
            return None, None, False
        # "ACCEPT, and only one direction has a match (yes or can't tell) | as that direction
        # says | exact"
        if bool(own) != bool(other):
            self.hit(f"opened: only {'own' if own else 'other'} direction matches")
            return ("sender" if own else "receiver"), "exact", True
        if own and other:
            # "ACCEPT, both have one, and only one direction's names the port (a range other
            # than all; for ICMP a type) | that direction's | likely". D21
            own_names = any(rule.names_the_port() for rule, _ in own)
            other_names = any(rule.names_the_port() for rule, _ in other)
            if own_names != other_names:
                self.hit(f"opened: only {'own' if own_names else 'other'} names the port")
                return ("sender" if own_names else "receiver"), "likely", False
            # "ACCEPT, and only one direction has a sure match | that direction's | possible"
            own_sure = any(answer == YES for _, answer in own)
            other_sure = any(answer == YES for _, answer in other)
            if own_sure != other_sure:
                self.hit(f"opened: only {'own' if own_sure else 'other'} is sure")
                return ("sender" if own_sure else "receiver"), "possible", False
        # "ACCEPT, exactly one port is below 1024 | the side with the other port | likely"
        # "ACCEPT, exactly one port is below 32768 | the side with the other port | possible"
        if facts.has_ports():  # D22
            for limit, confidence in ((1024, "likely"), (32768, "possible")):
                source_low = facts.source_port < limit
                destination_low = facts.destination_port < limit
                if source_low != destination_low:
                    opener = "sender" if destination_low else "receiver"
                    self.hit(f"opened: below {limit}, {opener}")
                    return opener, confidence, False
        # "none of these | unknown; own direction is taken | ACCEPT: ambiguous"
        self.hit("opened: unknown, ACCEPT")
        return None, "ambiguous", False

    # ---- the network ACL ----

    def ask_acl(self, facts, peer_interface_id):
        inventory, local, peer = self.inventory, facts.judged, facts.peer()
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
                self.hit("acl: same subnet, towards an endpoint")
            else:
                self.hit(f"acl: same subnet by {how}")
                return AclAnswer()

        acl, how = inventory.acl_of(subnet_id, local.vpc)
        self.hit(
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
            answer = entry.matches(
                peer, facts.protocol, facts.destination_port, facts.is_fragment()
            )
            if answer == CANNOT_TELL:
                # "An ICMP entry that names a type can't be told: the first sure entry
                # decides, as possible." D27: a fragment against ports the same
                self.hit(
                    "acl: fragment passed over"
                    if facts.has_ports()
                    else "acl: ICMP type passed over"
                )
                sure = False
            elif answer == YES:
                self.hit("acl: entry allows" if entry.allows else "acl: entry denies")
                return AclAnswer(not entry.allows, acl.id, entry.number, sure)
        # "the default deny is 32767 for IPv4 and 32768 for IPv6"
        self.hit(f"acl: default deny IPv{peer.version}")
        return AclAnswer(True, acl.id, 32767 if peer.version == 4 else 32768, sure)

    # ---- the answer: the first row that holds, from the top ----

    def judge(self, fields, record, conversations):
        facts = self.read(fields, record)

        # "NODATA, SKIPDATA;"
        if facts.status in ("NODATA", "SKIPDATA"):
            return Answer("not-applicable", row=self.hit(f"not-applicable: {facts.status}"))
        # "Transit Gateway records (resource-type or any tgw-* field);" D28
        if any(name == "resource-type" or name.startswith("tgw-") for name in fields):
            return Answer("not-applicable", row=self.hit("not-applicable: transit gateway"))
        # "interface-id of - with a resource-id (regional NAT gateway)". D29
        if (
            "interface-id" in fields
            and not facts.text("interface-id")
            and facts.text("resource-id")
        ):
            return Answer("not-applicable", row=self.hit("not-applicable: regional NAT gateway"))

        facts.interface = self.find_interface(facts)
        remembered = self.opened_before(facts, conversations)
        self.remember(facts, conversations)

        # "the interface is not in the inventory" - "ACCEPT at an interface without groups" is
        # a row above it, but presupposes a known interface
        if facts.interface is None:
            return Answer("unknown-interface", row=self.hit("unknown-interface"))
        facts.egress = self.find_direction(facts)
        facts.judged = self.find_judged(facts)
        # "ACCEPT at an interface without groups (an empty Groups, whatever the type ...)"
        if facts.action == "ACCEPT" and facts.judged.groups_told and not facts.judged.groups:
            return Answer(
                "not-applicable",
                peer_interface_id=self.find_peer_of_unjudged(facts),
                row=self.hit("not-applicable: no groups"),
            )

        # "the record lacks what a verdict needs: action, protocol, an address, a TCP or UDP
        # port, or a direction that can be told"
        lacks = None
        if facts.action not in ("ACCEPT", "REJECT"):
            lacks = "action"
        elif facts.protocol is None:
            lacks = "protocol"
        elif facts.source is None or facts.destination is None:
            lacks = "address"
        elif facts.has_ports() and None in (facts.source_port, facts.destination_port):
            lacks = "port"
        elif facts.egress is None:
            lacks = "direction"
        if lacks:
            return Answer(
                "not-judged",
                peer_interface_id=self.find_peer_of_unjudged(facts),
                row=self.hit(f"not-judged: {lacks}"),
            )

        # Groups that were not told: the nearest row. D41
        if not facts.judged.groups_told and facts.text("reject-reason") not in ("BPA", "EC"):
            return Answer(
                "not-judged",
                peer_interface_id=self.find_peer_of_unjudged(facts),
                row=self.hit("not-judged: groups"),
            )

        own = self.matches(facts, facts.egress)
        other = self.matches(facts, not facts.egress)
        opened, opened_confidence, rests_on_silence = self.who_opened(facts, own, other, remembered)
        # "sender" opened: the initiating direction is the own one; unknown: "own direction
        # is taken".
        initiating = other if opened == "receiver" else own
        if opened is None:
            initiator = "unknown"
        else:
            initiator = "local" if (opened == "sender") == facts.egress else "peer"
        peer_interface_id = self.find_peer_interface(facts)

        if facts.action == "ACCEPT":
            answer = self.accepted(facts, initiating, opened, opened_confidence, rests_on_silence)
            if peer_interface_id is None:
                peer_interface_id = self.find_peer_by_reference(facts, answer, initiating)
        else:
            answer = self.rejected(facts, own, other, opened, opened_confidence, peer_interface_id)
            answer.sg_nearest = self.find_nearest(facts, answer, initiating, opened)
        answer.flow_initiator = initiator
        answer.peer_interface_id = peer_interface_id
        return answer

    def find_nearest(self, facts, answer, initiating, opened):
        if answer.sg_verdict == "denied-by-vpc" or not facts.judged.groups:
            return []
        if any(found == YES for _, found in initiating):
            return []
        # what is asked here again is no row reached
        counted, self.coverage = self.coverage, Counter(self.coverage)
        found = nearest(self, facts, facts.egress if opened != "receiver" else not facts.egress)
        self.coverage = counted
        return found

    def description_gap(self, facts):
        """Why the interface's rules may not be all there; None when they are."""
        if any(self.inventory.is_undescribed(group) for group in facts.judged.groups):
            return "not described"
        return None if self.inventory.rules_are_complete else "rules were cut"

    def accepted(self, facts, initiating, opened, opened_confidence, rests_on_silence):
        sure = [rule.id for rule, answer in initiating if answer == YES]
        unsure = [rule.id for rule, answer in initiating if answer == CANNOT_TELL]
        # "ACCEPT: as who opened was settled;"
        confidence = opened_confidence
        # "groups carried but undescribed, a set NextToken ...: answers that hang on them are
        # not exact". D30
        gap = self.description_gap(facts)
        if rests_on_silence and gap:
            self.hit(
                "confidence: accepted, group not described"
                if gap == "not described"
                else "confidence: accepted, rules were cut"
            )
            confidence = weakest(confidence, "possible")

        # "no rule matches in the initiating direction"; "-unexplained is possible". D31
        if not initiating:
            self.hit("confidence: unexplained")
            return Answer(
                "allowed-unexplained",
                weakest(confidence, "possible"),
                row=self.hit("allowed-unexplained"),
            )
        # "the ids of all that surely do, or if none does, of all that can't be told";
        # "possible when the match itself can't be told"
        if not sure:
            self.hit("confidence: match can't be told")
            confidence = weakest(confidence, "possible")
        # "rules of the own direction match" / "the rules that match are the other direction's"
        verdict = "allowed-as-return" if opened == "receiver" else "allowed-by-rule"
        how = "sure" if sure else "can't tell"
        return Answer(verdict, confidence, sure or unsure, row=self.hit(f"{verdict}: {how}"))

    def rejected(self, facts, own, other, opened, opened_confidence, peer_interface_id):
        # "REJECT, and reject-reason is BPA (block public access) or EC"
        reason = facts.text("reject-reason")
        if reason in ("BPA", "EC"):
            return Answer("denied-by-vpc", "exact", row=self.hit(f"denied-by-vpc: {reason}"))

        grouped = bool(facts.judged.groups)
        initiating = other if opened == "receiver" else own
        surely = any(answer == YES for _, answer in initiating)
        acl = self.ask_acl(facts, peer_interface_id)
        if not acl.sure:
            self.hit("confidence: ACL passed over an entry")
        acl_confidence = "exact" if acl.sure else "possible"
        # "rules that can't be told stand in sg_nearest there". D32
        cannot_tell = [] if surely else [rule.id for rule, _ in initiating]

        # "REJECT, and the subnet's ACL denies the packet ..., when it is inbound, where the
        # ACL acts before the groups,"
        if acl.denies and not facts.egress:
            if not grouped:
                groups = "no groups"
            elif surely:
                groups = "groups let pass"
            else:
                groups = "groups can't tell" if initiating else "groups refuse"
            return Answer(
                "denied-by-network-acl",
                acl_confidence,
                [],
                acl.acl_id,
                acl.number,
                cannot_tell=cannot_tell,
                row=self.hit(f"denied-by-network-acl: inbound, {groups}"),
            )
        # "or outbound and the groups let it pass (surely, or as far as can be told: own
        # direction can't tell, or who opened is unknown and the other direction matches; then
        # possible)". D33, D34
        if acl.denies:
            groups = None
            if not grouped:
                groups, confidence = "no groups", "exact"
            elif surely:
                groups, confidence = "surely let pass", opened_confidence or "exact"
                if opened_confidence == "likely":
                    self.hit("confidence: outbound ACL, conversation remembered")
            elif initiating:
                groups, confidence = "can't tell", "possible"
            elif opened is None and other:
                groups, confidence = "other direction matches", "possible"
            if groups:
                return Answer(
                    "denied-by-network-acl",
                    weakest(acl_confidence, confidence),
                    [],
                    acl.acl_id,
                    acl.number,
                    cannot_tell=cannot_tell,
                    row=self.hit(f"denied-by-network-acl: outbound, {groups}"),
                )

        # "REJECT, ACL allows, TCP flags 1, 4, 5 (FIN, RST, no SYN), and a rule matches surely
        # in the own or, who opened being unknown, in the other direction". D35: what is known
        # to be the initiating direction counts too
        own_surely = any(answer == YES for _, answer in own)
        other_surely = any(answer == YES for _, answer in other)
        after_close = None
        if not acl.denies and facts.protocol == TCP and facts.flags in CLOSING:
            if own_surely:
                after_close = "own direction"
            elif other_surely and opened != "sender":
                after_close = "other direction"

        # "REJECT, and no rule surely matches in the initiating direction (and the next row
        # does not hold)"; "nacl_* too when the ACL would refuse it next (outbound)"
        if grouped and not surely and not after_close:
            confidence = self.group_confidence(facts, own, other, opened, opened_confidence)
            if not facts.egress:
                # D36
                confidence = weakest(confidence, acl_confidence)
            answer = Answer("denied-by-security-group", confidence, cannot_tell=cannot_tell)
            if acl.denies:
                answer.nacl_id, answer.nacl_rule = acl.acl_id, acl.number
                answer.row = self.hit("denied-by-security-group: outbound, ACL too")
            else:
                answer.row = self.hit(
                    "denied-by-security-group: " + ("outbound" if facts.egress else "inbound")
                )
            return answer

        # "-after-close, -no-connection, denied-unexplained: possible."
        if after_close:
            return Answer(
                "denied-after-close", "possible", row=self.hit(f"denied-after-close: {after_close}")
            )
        # "REJECT, groups and ACL allow, and it is a SYN-ACK, or TCP with flags 0". D37
        if grouped and facts.protocol == TCP and facts.flags in SYN_ACK:
            return Answer(
                "denied-no-connection", "possible", row=self.hit("denied-no-connection: SYN-ACK")
            )
        if grouped and facts.protocol == TCP and facts.flags == 0:
            return Answer(
                "denied-no-connection", "possible", row=self.hit("denied-no-connection: flags 0")
            )
        # "REJECT, yet groups and ACL allow it (or the interface has no groups and the ACL
        # allows it)"
        return Answer(
            "denied-unexplained",
            "possible",
            row=self.hit("denied-unexplained: " + ("groups allow" if grouped else "no groups")),
        )

    def group_confidence(self, facts, own, other, opened, opened_confidence):
        """Of denied-by-security-group; D38, D39."""
        initiating, opposite = (other, own) if opened == "receiver" else (own, other)
        if initiating:
            # a rule of the initiating direction can't be told
            self.hit("confidence: group, can't tell")
            confidence = "possible"
        elif not opposite:
            # "exact when neither direction matches"
            self.hit("confidence: group, neither direction matches")
            confidence = "exact"
        elif opened:
            # "(or flags settle who opened and that direction doesn't);"
            self.hit(
                "confidence: group, flags settle"
                if opened_confidence == "exact"
                else "confidence: group, conversation remembered"
            )
            confidence = opened_confidence
        elif facts.has_ports() and facts.destination_port < 1024 and facts.source_port >= 1024:
            # "else possible, but likely when the ports say that the sender opened (dstport
            # below 1024, srcport not)."
            self.hit("confidence: group, ports say sender")
            confidence = "likely"
        else:
            self.hit("confidence: group, other direction matches")
            confidence = "possible"
        # "A group that an interface carries and the inventory does not describe ... makes it
        # possible." D30: rules cut off by NextToken the same
        gap = self.description_gap(facts)
        if gap:
            self.hit(f"confidence: group, {gap}")
            confidence = weakest(confidence, "possible")
        return confidence


def read_log(path):
    """(field names, records) of a text file whose first line is the header."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    fields = lines[0].split(" ")
    return fields, [dict(zip(fields, line.split(" "), strict=True)) for line in lines[1:] if line]


def load(*paths):
    documents = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            documents.append(json.load(file))
    return Oracle(documents)
