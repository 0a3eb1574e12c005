"""The answer: the first row of the verdict table that holds, from the top."""

from collections import Counter
from dataclasses import dataclass, field

from nearest import nearest
from network_acl import ask_acl
from peer import find_peer_by_reference, find_peer_interface, find_peer_of_unjudged
from record import read_record
from rule_match import matching_rules
from who_opened import CLOSING, SYN_ACK, opened_before, remember, who_opened
from whose_record import find_direction, find_interface, find_judged

from inventory import CANNOT_TELL, TCP, YES

CONFIDENCES = ("exact", "likely", "possible", "ambiguous")  # from strong to weak


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


def weakest(*confidences):
    return max((c for c in confidences if c), key=CONFIDENCES.index)


def judge(oracle, fields, record, conversations):
    facts = read_record(fields, record)

    # "NODATA, SKIPDATA;"
    if facts.status in ("NODATA", "SKIPDATA"):
        return Answer("not-applicable", row=oracle.hit(f"not-applicable: {facts.status}"))
    # "Transit Gateway records (resource-type or any tgw-* field);" D28
    if any(name == "resource-type" or name.startswith("tgw-") for name in fields):
        return Answer("not-applicable", row=oracle.hit("not-applicable: transit gateway"))
    # "interface-id of - with a resource-id (regional NAT gateway)". D29
    if "interface-id" in fields and not facts.text("interface-id") and facts.text("resource-id"):
        return Answer("not-applicable", row=oracle.hit("not-applicable: regional NAT gateway"))

    facts.interface = find_interface(oracle, facts)
    remembered = opened_before(facts, conversations)
    remember(facts, conversations)

    # "the interface is not in the inventory" - "ACCEPT at an interface without groups" is
    # a row above it, but presupposes a known interface
    if facts.interface is None:
        return Answer("unknown-interface", row=oracle.hit("unknown-interface"))
    facts.egress = find_direction(oracle, facts)
    facts.judged = find_judged(oracle, facts)
    # "ACCEPT at an interface without groups (an empty Groups, whatever the type ...)"
    if facts.action == "ACCEPT" and facts.judged.groups_told and not facts.judged.groups:
        return Answer(
            "not-applicable",
            peer_interface_id=find_peer_of_unjudged(oracle, facts),
            row=oracle.hit("not-applicable: no groups"),
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
            peer_interface_id=find_peer_of_unjudged(oracle, facts),
            row=oracle.hit(f"not-judged: {lacks}"),
        )

    # Groups that were not told: the nearest row. D41
    if not facts.judged.groups_told and facts.text("reject-reason") not in ("BPA", "EC"):
        return Answer(
            "not-judged",
            peer_interface_id=find_peer_of_unjudged(oracle, facts),
            row=oracle.hit("not-judged: groups"),
        )

    own = matching_rules(oracle, facts, facts.egress)
    other = matching_rules(oracle, facts, not facts.egress)
    opened, opened_confidence, rests_on_silence = who_opened(oracle, facts, own, other, remembered)
    # "sender" opened: the initiating direction is the own one; unknown: "own direction
    # is taken".
    initiating = other if opened == "receiver" else own
    if opened is None:
        initiator = "unknown"
    else:
        initiator = "local" if (opened == "sender") == facts.egress else "peer"
    peer_interface_id = find_peer_interface(oracle, facts)

    if facts.action == "ACCEPT":
        answer = accepted(oracle, facts, initiating, opened, opened_confidence, rests_on_silence)
        if peer_interface_id is None:
            peer_interface_id = find_peer_by_reference(oracle, facts, answer, initiating)
    else:
        answer = rejected(oracle, facts, own, other, opened, opened_confidence, peer_interface_id)
        answer.sg_nearest = find_nearest(oracle, facts, answer, initiating, opened)
    answer.flow_initiator = initiator
    answer.peer_interface_id = peer_interface_id
    return answer


def accepted(oracle, facts, initiating, opened, opened_confidence, rests_on_silence):
    sure = [rule.id for rule, answer in initiating if answer == YES]
    unsure = [rule.id for rule, answer in initiating if answer == CANNOT_TELL]
    # "ACCEPT: as who opened was settled;"
    confidence = opened_confidence
    # "groups carried but undescribed, a set NextToken ...: answers that hang on them are
    # not exact". D30
    gap = description_gap(oracle, facts)
    if rests_on_silence and gap:
        oracle.hit(
            "confidence: accepted, group not described"
            if gap == "not described"
            else "confidence: accepted, rules were cut"
        )
        confidence = weakest(confidence, "possible")

    # "no rule matches in the initiating direction"; "-unexplained is possible". D31
    if not initiating:
        oracle.hit("confidence: unexplained")
        return Answer(
            "allowed-unexplained",
            weakest(confidence, "possible"),
            row=oracle.hit("allowed-unexplained"),
        )
    # "the ids of all that surely do, or if none does, of all that can't be told";
    # "possible when the match itself can't be told"
    if not sure:
        oracle.hit("confidence: match can't be told")
        confidence = weakest(confidence, "possible")
    # "rules of the own direction match" / "the rules that match are the other direction's"
    verdict = "allowed-as-return" if opened == "receiver" else "allowed-by-rule"
    how = "sure" if sure else "can't tell"
    return Answer(verdict, confidence, sure or unsure, row=oracle.hit(f"{verdict}: {how}"))


def rejected(oracle, facts, own, other, opened, opened_confidence, peer_interface_id):
    # "REJECT, and reject-reason is BPA (block public access) or EC"
    reason = facts.text("reject-reason")
    if reason in ("BPA", "EC"):
        return Answer("denied-by-vpc", "exact", row=oracle.hit(f"denied-by-vpc: {reason}"))

    grouped = bool(facts.judged.groups)
    initiating = other if opened == "receiver" else own
    surely = any(answer == YES for _, answer in initiating)
    acl = ask_acl(oracle, facts, peer_interface_id)
    if not acl.sure:
        oracle.hit("confidence: ACL passed over an entry")
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
            row=oracle.hit(f"denied-by-network-acl: inbound, {groups}"),
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
                oracle.hit("confidence: outbound ACL, conversation remembered")
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
                row=oracle.hit(f"denied-by-network-acl: outbound, {groups}"),
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
        confidence = group_confidence(oracle, facts, own, other, opened, opened_confidence)
        if not facts.egress:
            # D36
            confidence = weakest(confidence, acl_confidence)
        answer = Answer("denied-by-security-group", confidence, cannot_tell=cannot_tell)
        if acl.denies:
            answer.nacl_id, answer.nacl_rule = acl.acl_id, acl.number
            answer.row = oracle.hit("denied-by-security-group: outbound, ACL too")
        else:
            answer.row = oracle.hit(
                "denied-by-security-group: " + ("outbound" if facts.egress else "inbound")
            )
        return answer

    # "-after-close, -no-connection, denied-unexplained: possible."
    if after_close:
        return Answer(
            "denied-after-close", "possible", row=oracle.hit(f"denied-after-close: {after_close}")
        )
    # "REJECT, groups and ACL allow, and it is a SYN-ACK, or TCP with flags 0". D37
    if grouped and facts.protocol == TCP and facts.flags in SYN_ACK:
        return Answer(
            "denied-no-connection", "possible", row=oracle.hit("denied-no-connection: SYN-ACK")
        )
    if grouped and facts.protocol == TCP and facts.flags == 0:
        return Answer(
            "denied-no-connection", "possible", row=oracle.hit("denied-no-connection: flags 0")
        )
    # "REJECT, yet groups and ACL allow it (or the interface has no groups and the ACL
    # allows it)"
    return Answer(
        "denied-unexplained",
        "possible",
        row=oracle.hit("denied-unexplained: " + ("groups allow" if grouped else "no groups")),
    )


def group_confidence(oracle, facts, own, other, opened, opened_confidence):
    """Of denied-by-security-group; D38, D39."""
    initiating, opposite = (other, own) if opened == "receiver" else (own, other)
    if initiating:
        # a rule of the initiating direction can't be told
        oracle.hit("confidence: group, can't tell")
        confidence = "possible"
    elif not opposite:
        # "exact when neither direction matches"
        oracle.hit("confidence: group, neither direction matches")
        confidence = "exact"
    elif opened:
        # "(or flags settle who opened and that direction doesn't);"
        oracle.hit(
            "confidence: group, flags settle"
            if opened_confidence == "exact"
            else "confidence: group, conversation remembered"
        )
        confidence = opened_confidence
    elif facts.has_ports() and facts.destination_port < 1024 and facts.source_port >= 1024:
        # "else possible, but likely when the ports say that the sender opened (dstport
        # below 1024, srcport not)."
        oracle.hit("confidence: group, ports say sender")
        confidence = "likely"
    else:
        oracle.hit("confidence: group, other direction matches")
        confidence = "possible"
    # "A group that an interface carries and the inventory does not describe ... makes it
    # possible." D30: rules cut off by NextToken the same
    gap = description_gap(oracle, facts)
    if gap:
        oracle.hit(f"confidence: group, {gap}")
        confidence = weakest(confidence, "possible")
    return confidence


def description_gap(oracle, facts):
    """Why the interface's rules may not be all there; None when they are."""
    if any(oracle.inventory.is_undescribed(group) for group in facts.judged.groups):
        return "not described"
    return None if oracle.inventory.rules_are_complete else "rules were cut"


def find_nearest(oracle, facts, answer, initiating, opened):
    if answer.sg_verdict == "denied-by-vpc" or not facts.judged.groups:
        return []
    if any(found == YES for _, found in initiating):
        return []
    # what is asked here again is no row reached
    counted, oracle.coverage = oracle.coverage, Counter(oracle.coverage)
    found = nearest(oracle, facts, facts.egress if opened != "receiver" else not facts.egress)
    oracle.coverage = counted
    return found
