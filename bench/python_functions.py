"""Firehose transformations in Python that `sgflow lambda` is measured against, by people who have all
answers of AWS's API in memory: as handlers of Lambda's own Python runtime.

    FUNCTION=PlainClassic INVENTORY=inventory.json python -m awslambdaric python_functions.handler

`Plain` ones keep the answers as they came, by id, and ask them anew with each record. The others are
what a careful person would write: rules are made ready to be matched before the first record, and
nothing is looked at twice that need not be; Tuned also keeps the text of each interface's rules,
once made. They do what the benchmark's event asks for and no more: accepted TCP records of the
default format, rules of IPv4 CIDRs, one VPC.
"""

import base64
import collections
import ipaddress
import json
import os
import pathlib
from dataclasses import dataclass

FIELDS = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start"
    " end action log-status"
).split()
COLUMNS = [name.replace("-", "_") for name in FIELDS]
NUMBERS = [COLUMNS.index(name) for name in
           ("version", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end")]  # fmt: skip
ALL_PORTS = (0, 65535)
WELL_KNOWN, EPHEMERAL = 1024, 32768

# How it is known who opened the connection.
NOT_KNOWN = "who opened is not known"
ONLY_MATCH = "only {rules} rules fit, so {who} opened the connection"
ONLY_NAMES_PORT = "only {rules} rules name the port, so {who} likely opened the connection"
WELL_KNOWN_PORT = "by its well-known port {who} likely opened the connection"
REGISTERED_PORT = "by its ports {who} may have opened the connection"


@dataclass(slots=True)
class Interface:
    address: str
    instance: str
    groups: list[str]
    # By whether they are outbound, as (mask, network, first port, last port, id).
    rules: tuple[list[tuple], list[tuple]]


@dataclass(slots=True)
class Decision:
    verdict: str
    confidence: str
    matched: list[str]
    evidence: str
    judged_outbound: bool  # whose rules count: those by which the opener's packet passed


class PythonFunction:
    """`encode` makes a line of a record; `verdicts` counts what the records' verdicts are."""

    def __init__(self, answers: dict):
        self.rules_of: dict[tuple[str, bool], list[dict]] = {}
        matchers_of: dict[tuple[str, bool], list[tuple]] = {}
        place: dict[str, int] = {}  # matched rules are told in the inventory's order
        for rule in answers["SecurityGroupRules"]:
            place[rule["SecurityGroupRuleId"]] = len(place)
            key = (rule["GroupId"], rule["IsEgress"])
            self.rules_of.setdefault(key, []).append(rule)
            prefix = ipaddress.ip_network(rule["CidrIpv4"])
            matchers_of.setdefault(key, []).append(
                (int(prefix.netmask), int(prefix.network_address), rule["FromPort"],
                 rule["ToPort"], rule["SecurityGroupRuleId"])
            )  # fmt: skip
        self.interfaces: dict[str, Interface] = {}
        self.id_at: dict[str, str] = {}
        for one in answers["NetworkInterfaces"]:
            groups = [group["GroupId"] for group in one["Groups"]]
            inbound, outbound = (
                sorted(
                    (rule for group in groups for rule in matchers_of.get((group, is_egress), [])),
                    key=lambda rule: place[rule[-1]],
                )
                for is_egress in (False, True)
            )
            self.interfaces[one["NetworkInterfaceId"]] = Interface(
                one["PrivateIpAddress"],
                one.get("Attachment", {}).get("InstanceId", ""),
                groups,
                (inbound, outbound),
            )
            self.id_at[one["PrivateIpAddress"]] = one["NetworkInterfaceId"]
        self.verdicts: collections.Counter[str] = collections.Counter()

    def handle(self, event: dict) -> dict:
        self.verdicts.clear()
        answers = []
        for record in event["records"]:
            line = json.loads(base64.b64decode(record["data"]))["message"]
            data = base64.b64encode(self.encode(line.split(" ")).encode()).decode()
            answers.append({"recordId": record["recordId"], "result": "Ok", "data": data})
        print(json.dumps({"verdicts": self.verdicts}))
        return {"records": answers}

    def encode(self, values: list[str]) -> str:
        raise NotImplementedError

    def matches(
        self, interface: Interface, is_egress: bool, peer: str, port: int
    ) -> tuple[list[str], bool]:
        """The ids of the rules that match, and whether one of them names the port."""
        address = int(ipaddress.IPv4Address(peer))
        ids = []
        names_port = False
        for mask, network, first, last, rule in interface.rules[is_egress]:
            if address & mask == network and first <= port <= last:
                ids.append(rule)
                names_port = names_port or (first, last) != ALL_PORTS
        return ids, names_port

    def decide(
        self, interface: Interface, is_egress: bool, peer: str, source_port: int, port: int
    ) -> Decision:
        own, own_names_port = self.matches(interface, is_egress, peer, port)
        other, other_names_port = self.matches(interface, not is_egress, peer, source_port)
        sender, evidence, confidence = True, NOT_KNOWN, "ambiguous"
        if bool(own) != bool(other):
            sender, evidence, confidence = bool(own), ONLY_MATCH, "exact"
        elif own and own_names_port != other_names_port:
            sender, evidence, confidence = own_names_port, ONLY_NAMES_PORT, "likely"
        elif (port < WELL_KNOWN) != (source_port < WELL_KNOWN):
            sender, evidence, confidence = port < WELL_KNOWN, WELL_KNOWN_PORT, "likely"
        elif (port < EPHEMERAL) != (source_port < EPHEMERAL):
            sender, evidence, confidence = port < EPHEMERAL, REGISTERED_PORT, "possible"
        matched = own if sender else other
        if matched:
            verdict = "allowed-by-rule" if sender else "allowed-as-return"
        else:
            verdict = "allowed-unexplained"
            confidence = "ambiguous" if confidence == "ambiguous" else "possible"
        self.verdicts[verdict] += 1
        return Decision(verdict, confidence, matched, evidence, is_egress == sender)


class Plain(PythonFunction):
    def matches(
        self, interface: Interface, is_egress: bool, peer: str, port: int
    ) -> tuple[list[str], bool]:
        found = [
            rule
            for group in interface.groups
            for rule in self.rules_of.get((group, is_egress), [])
            if rule["IpProtocol"] in ("-1", "tcp")
            and (rule["FromPort"] == -1 or rule["FromPort"] <= port <= rule["ToPort"])
            and ipaddress.ip_address(peer) in ipaddress.ip_network(rule["CidrIpv4"])
        ]
        names_port = any((rule["FromPort"], rule["ToPort"]) != ALL_PORTS for rule in found)
        return sorted(rule["SecurityGroupRuleId"] for rule in found), names_port


class Classic(PythonFunction):
    """The classic output, and the verdict to count it."""

    def encode(self, values: list[str]) -> str:
        record = dict(zip(FIELDS, values, strict=True))
        name = record["interface-id"]
        interface = self.interfaces[name]
        is_egress = record["srcaddr"] == interface.address
        peer = record["dstaddr" if is_egress else "srcaddr"]
        self.decide(interface, is_egress, peer, int(record["srcport"]), int(record["dstport"]))
        record["security-groups"] = self.groups_text(name, interface, is_egress)
        return json.dumps(record) + "\n"

    def groups_text(self, name: str, interface: Interface, is_egress: bool) -> str:
        texts = []
        for group in interface.groups:
            rules = self.rules_of.get((group, is_egress))
            if not rules:
                texts.append(f"no-{'outbound' if is_egress else 'inbound'}-rules||||{group}")
            for rule in rules or []:
                first, last = rule["FromPort"], rule["ToPort"]
                ports = "All ports" if first == last == -1 else str(first)
                if first != last:
                    ports = f"{first}-{last}"
                protocol = rule["IpProtocol"]
                if protocol == "-1":
                    protocol = "All protocols"
                source = (
                    rule.get("CidrIpv4") or rule.get("CidrIpv6") or rule.get("PrefixListId")
                    or rule["ReferencedGroupInfo"]["GroupId"]
                )  # fmt: skip
                texts.append(f"{rule['SecurityGroupRuleId']}|{protocol}|{ports}|{source}|{group}")
        return ";".join(texts) or "||||no-security-groups"


class PlainClassic(Plain, Classic):
    pass


class TunedClassic(Classic):
    def __init__(self, answers: dict):
        super().__init__(answers)
        self.texts: dict[tuple[str, bool], str] = {}

    def groups_text(self, name: str, interface: Interface, is_egress: bool) -> str:
        key = (name, is_egress)
        if key not in self.texts:
            self.texts[key] = super().groups_text(name, interface, is_egress)
        return self.texts[key]


class Json(PythonFunction):
    """The json output with all its default columns: docs/schema.md, docs/verdicts.md."""

    def encode(self, values: list[str]) -> str:
        record: dict = dict(zip(COLUMNS, values, strict=True))
        for i in NUMBERS:
            record[COLUMNS[i]] = int(values[i])
        interface = self.interfaces[record["interface_id"]]
        is_egress = record["srcaddr"] == interface.address
        record["sg_ids"] = interface.groups
        peer = record["dstaddr" if is_egress else "srcaddr"]
        decision = self.decide(interface, is_egress, peer, record["srcport"], record["dstport"])
        record["sg_verdict"] = decision.verdict
        record["sg_confidence"] = decision.confidence
        record["sg_matched_rules"] = decision.matched
        record["sg_reason"] = reason(decision)
        record["flow_initiator"] = initiator(decision)
        self.add_peer(record, peer)
        return json.dumps(record, separators=(",", ":")) + "\n"

    def add_peer(self, record: dict, address: str) -> None:
        name = self.id_at.get(address)
        if name is None:
            is_private = ipaddress.IPv4Address(address).is_private
            record["peer_kind"] = "private" if is_private else "internet"
            return
        peer = self.interfaces[name]
        record["peer_interface_id"] = name
        if peer.instance:
            record["peer_instance_id"] = peer.instance
        record["peer_sg_ids"] = peer.groups
        record["peer_kind"] = "instance" if peer.instance else "interface"


class PlainJson(Plain, Json):
    pass


def initiator(decision: Decision) -> str:
    if decision.evidence == NOT_KNOWN:
        return "unknown"
    return "local" if decision.judged_outbound else "peer"


def reason(decision: Decision) -> str:
    rules, way = ("outbound", "out") if decision.judged_outbound else ("inbound", "in")
    who = "the local side" if decision.judged_outbound else "the peer"
    text = decision.evidence.format(rules=rules, who=who)
    if not decision.matched:
        text += (
            f", but no {rules} rule fits: one was removed while the connection was tracked,"
            " or the inventory is of another time"
        )
    elif decision.verdict == "allowed-by-rule":
        text += f", and an {rules} rule lets it {way}"
    else:
        text += f", and an {rules} rule let it {way}: this is the reply"
    return text[0].upper() + text[1:] + "."


FUNCTION = globals()[os.environ["FUNCTION"]](
    json.loads(pathlib.Path(os.environ["INVENTORY"]).read_text())
)


def handler(event: dict, _context) -> dict:
    return FUNCTION.handle(event)
