"""`sgflow explain`: what it proposes would work, and what it says of replies holds."""

import json

import program
import pytest

ALL = "0.0.0.0/0"
PEER = "203.0.113.5"
TIMES = "1767225600 1767225660"


def entry(number, egress, action, protocol="-1", ports=None, cidr=ALL, icmp=None):
    made = {
        "RuleNumber": number,
        "Egress": egress,
        "RuleAction": action,
        "Protocol": protocol,
        "CidrBlock": cidr,
    }
    if ports:
        made["PortRange"] = {"From": ports[0], "To": ports[1]}
    if icmp is not None:
        made["IcmpTypeCode"] = {"Type": icmp, "Code": -1}
    return made


def rule(name, egress, protocol, ports=(-1, -1), group="sg-web", **source):
    return {
        "SecurityGroupRuleId": name,
        "GroupId": group,
        "IsEgress": egress,
        "IpProtocol": protocol,
        "FromPort": ports[0],
        "ToPort": ports[1],
        **(source or {"CidrIpv4": ALL}),
    }


HTTP_IN = rule("sgr-http", False, "tcp", (80, 80))
ALL_OUT = rule("sgr-out", True, "-1")
IN, OUT = entry(100, False, "allow"), entry(100, True, "allow")


class Vpc:
    """One web server, its group's rules and its subnet's ACL."""

    def __init__(self, path, rules, entries=(IN, OUT), interfaces=(), **more):
        self.document = {
            "NetworkInterfaces": [
                {
                    "NetworkInterfaceId": "eni-web",
                    "VpcId": "vpc-1",
                    "SubnetId": "subnet-1",
                    "PrivateIpAddress": "10.0.1.10",
                    "Groups": [{"GroupId": "sg-web"}],
                },
                *interfaces,
            ],
            "SecurityGroups": [{"GroupId": "sg-web", "GroupName": "web", "VpcId": "vpc-1"}],
            "SecurityGroupRules": list(rules),
            "NetworkAcls": [
                {
                    "NetworkAclId": "acl-1",
                    "VpcId": "vpc-1",
                    "IsDefault": True,
                    "Entries": list(entries),
                }
            ],
            **more,
        }
        self.path = path / "inventory.json"
        self.path.write_text(json.dumps(self.document))

    def run(self, *arguments):
        outcome = program.run("explain", "--inventory", self.path, *arguments)
        program.expect_success(outcome)
        return outcome

    def text(self, *arguments):
        return self.run(*arguments).output.decode()

    def json(self, *arguments):
        (answer,) = self.run("--json", *arguments).records()
        return answer


def question(port=80, protocol="tcp", peer=PEER, interface="eni-web"):
    asked = ("--interface", interface, "--from", peer, "--protocol", protocol)
    return (*asked, "--port", port) if port is not None else asked


def refused(source, source_port, port, protocol=6, action="REJECT"):
    ends = f"{source} 10.0.1.10 {source_port} {port}"
    return f"2 111122223333 eni-web {ends} {protocol} 1 80 {TIMES} {action} OK"


def steps(answer):
    return [[way["text"] for way in step] for step in answer["changes"]["steps"]]


# ---- replies, which a network ACL does not know from anything else ----


def test_an_acl_that_drops_all_replies_denies_the_connection(tmp_path):
    vpc = Vpc(tmp_path, [HTTP_IN], [IN, entry(100, True, "allow", "6", (443, 443))])
    answer = vpc.json(*question())
    assert (answer["verdict"], answer["confidence"]) == ("denied-by-network-acl", "exact")
    assert answer["network_acl"]["outcome"] == "allows"
    replies = answer["network_acl_replies"]
    assert (replies["outcome"], replies["id"], replies["entry"]) == ("denies", "acl-1", 32767)
    assert steps(answer) == [
        [f"add outbound entry 110 to acl-1: allow tcp 1024-65535 to {PEER}/32"]
    ]
    text = vpc.text(*question())
    assert text.startswith(
        "WOULD BE DENIED by the network ACL, which drops the replies (certain)\n"
        "The security groups let it in, but entry 32767 of acl-1 denies the replies to it.\n"
    )
    assert "              entry 32767 of acl-1 denies the replies: the default\n" in text


def test_an_acl_that_drops_some_replies_makes_it_possible(tmp_path):
    vpc = Vpc(tmp_path, [HTTP_IN], [IN, entry(100, True, "allow", "6", (32768, 60999))])
    answer = vpc.json(*question())
    assert (answer["verdict"], answer["confidence"]) == ("allowed-by-rule", "possible")
    assert answer["network_acl_replies"]["outcome"] == "allows-some"
    assert answer["changes"]["note"].endswith(
        f"To let all replies pass, add outbound entry 110 to acl-1: allow tcp 1024-65535 to {PEER}/32."
    )
    assert vpc.text(*question()).startswith("MAY BE ALLOWED by the security groups (possible")


def test_an_interface_without_groups_is_asked_about_replies_too(tmp_path):
    bare = {
        "NetworkInterfaceId": "eni-bare",
        "VpcId": "vpc-1",
        "SubnetId": "subnet-1",
        "PrivateIpAddress": "10.0.1.40",
        "Groups": [],
    }

    def first_line(*outbound):
        vpc = Vpc(tmp_path, [HTTP_IN], [IN, *outbound], [bare])
        return vpc.text(*question(interface="eni-bare")).splitlines()[0]

    assert first_line(OUT) == "NOT FILTERED"
    assert first_line(entry(100, True, "allow", "6", (32768, 60999))) == (
        "FILTERED by the network ACL, which drops some of the replies"
    )
    assert first_line() == ("WOULD BE DENIED by the network ACL, which drops the replies (certain)")


def test_an_acl_that_lets_all_replies_pass_is_told_too(tmp_path):
    vpc = Vpc(tmp_path, [HTTP_IN], [IN, entry(100, True, "allow", "6", (1024, 65535))])
    answer = vpc.json(*question())
    assert (answer["verdict"], answer["confidence"]) == ("allowed-by-rule", "exact")
    assert answer["network_acl_replies"]["outcome"] == "allows"


def test_whatif_and_explain_agree_on_dropped_replies(tmp_path):
    open_acl = Vpc(tmp_path, [HTTP_IN])
    today = tmp_path / "today.json"
    today.write_text(json.dumps(open_acl.document))
    closed = Vpc(tmp_path, [HTTP_IN], [IN, entry(100, True, "allow", "6", (443, 443))])
    log = tmp_path / "flow.log"
    log.write_text(refused(PEER, 50000, 80, action="ACCEPT") + "\n")
    outcome = program.run("whatif", "-i", today, "-p", closed.path, "--json", log)
    assert outcome.exit_code == 4
    (group,) = json.loads(outcome.output)["breaks"]
    assert group["cause"] == "network-acl-replies"
    assert closed.json(*question())["verdict"] == "denied-by-network-acl"


def test_a_refused_reply_is_let_in_on_all_ports_that_it_may_go_to(tmp_path):
    vpc = Vpc(tmp_path, [ALL_OUT], [entry(100, False, "allow", "6", (22, 22)), OUT])
    answer = vpc.json(refused("8.8.8.8", 53, 40000, protocol=17))
    assert steps(answer) == [
        ["add inbound entry 110 to acl-1: allow udp 1024-65535 from 8.8.8.8/32"],
        ["if it opens a connection: allow udp 40000 from 8.8.8.8/32 in sg-web (web)"],
    ]


@pytest.mark.parametrize(
    ("protocol", "opening", "reply"),
    [("icmp", "all icmp", "all icmp"), ("47", "protocol 47", "protocol 47")],
)
def test_replies_of_protocols_without_ports(tmp_path, protocol, opening, reply):
    vpc = Vpc(tmp_path, [HTTP_IN], [IN])
    assert steps(vpc.json(*question(None, protocol))) == [
        [f"allow {opening} from {PEER}/32 in sg-web (web)"],
        [f"add outbound entry 10 to acl-1: allow {reply} to {PEER}/32"],
    ]


def test_replies_to_a_port_below_1024_get_that_port(tmp_path):
    time_in = rule("sgr-time", False, "udp", (123, 123))
    high_ports = entry(100, True, "allow", "17", (1024, 65535))
    answer = Vpc(tmp_path, [time_in], [high_ports]).json(refused(PEER, 123, 123, protocol=17))
    assert steps(answer) == [
        [f"add inbound entry 10 to acl-1: allow udp 123 from {PEER}/32"],
        [f"add outbound entry 110 to acl-1: allow udp 123 to {PEER}/32"],
    ]


# ---- entries that can be made ----


def proposed(tmp_path, *entries):
    vpc = Vpc(tmp_path, [HTTP_IN], [*entries, OUT])
    (step,) = steps(vpc.json(*question()))
    return step


def test_an_entry_stands_between_those_that_are_there(tmp_path):
    assert proposed(tmp_path, entry(90, False, "allow", "17"), entry(100, False, "deny"), IN | {"RuleNumber": 200}) == [
        f"add inbound entry 95 to acl-1: allow tcp 80 from {PEER}/32",
        "remove inbound entry 100 of acl-1",
    ]  # fmt: skip


def test_an_entry_takes_a_free_number_further_before(tmp_path):
    taken = [entry(number, False, "allow", "17") for number in (98, 99)]
    assert proposed(tmp_path, *taken, entry(100, False, "deny"))[0] == (
        f"add inbound entry 49 to acl-1: allow tcp 80 from {PEER}/32"
    )


def test_an_entry_replaces_another_where_no_number_is_free(tmp_path):
    assert proposed(tmp_path, entry(1, False, "deny", "6", (80, 80)), IN) == [
        "replace inbound entry 1 of acl-1 (deny tcp 80 from 0.0.0.0/0), before which no number is "
        f"free: allow tcp 80 from {PEER}/32",
        "remove inbound entry 1 of acl-1",
    ]


def test_an_entry_stands_before_one_that_may_deny_as_well(tmp_path):
    ping_in = rule("sgr-ping", False, "icmp")
    entries = [
        entry(60, False, "deny", "1", icmp=8),
        entry(80, False, "deny"),
        entry(90, False, "allow"),
        OUT,
    ]
    answer = Vpc(tmp_path, [ping_in], entries).json(*question(None, "icmp"))
    assert steps(answer) == [[f"add inbound entry 30 to acl-1: allow all icmp from {PEER}/32"]]
    assert answer["reason"] == "Entry 80 of acl-1 denies it, or an earlier one that cannot be told."


def test_the_proposed_entry_works(tmp_path):
    for number in (1, 2, 50, 100):
        entries = [entry(n, False, "allow", "17") for n in range(1, number)]
        vpc = Vpc(tmp_path, [HTTP_IN], [*entries, entry(number, False, "deny"), OUT])
        way = vpc.json(*question())["changes"]["steps"][0][0]
        kept = [e for e in vpc.document["NetworkAcls"][0]["Entries"]
                if way["kind"] == "add-acl-entry" or e["Egress"] or e["RuleNumber"] != int(way["what"])]  # fmt: skip
        assert not any(e["RuleNumber"] == int(way["what"]) and not e["Egress"] for e in kept)
        made = entry(int(way["what"]), False, "allow", "6", (80, 80), f"{PEER}/32")
        mended = Vpc(tmp_path, [HTTP_IN], [*kept, made])
        assert mended.json(*question())["verdict"] == "allowed-by-rule", number


# ---- rules ----


def test_a_source_is_taken_out_of_a_permission_with_several(tmp_path):
    group = {
        "GroupId": "sg-web",
        "GroupName": "web",
        "VpcId": "vpc-1",
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 80,
                "ToPort": 80,
                "IpRanges": [{"CidrIp": "203.0.113.0/24"}, {"CidrIp": "10.2.0.0/16"}],
            }
        ],
    }
    answer = Vpc(tmp_path, [], SecurityGroups=[group]).json(*question())
    ((way,),) = answer["changes"]["steps"]
    assert way["kind"] == "remove-source"
    assert way["text"] == (
        "take 203.0.113.0/24 out of sg-web/IpPermissions/0 (tcp 80 from 203.0.113.0/24 and 1 more) "
        "in sg-web (web)"
    )


def test_what_ends_at_once_is_not_said_to_go_on(tmp_path):
    tracked = Vpc(tmp_path, [HTTP_IN]).json(*question())
    assert tracked["changes"]["note"].startswith("Connections that are tracked already go on")
    untracked = Vpc(tmp_path, [HTTP_IN, ALL_OUT]).json(*question())
    assert untracked["changes"]["note"] == "Its connections are not tracked and stop at once."


def test_both_directions_are_shown_where_nobody_knows_who_opened(tmp_path):
    vpc = Vpc(tmp_path, [rule("sgr-in", False, "-1"), ALL_OUT])
    text = vpc.text(refused(PEER, 50000, 50001, action="ACCEPT"))
    assert text.startswith("ALLOWED by the security groups (ambiguous: either side may have opened")
    assert "Inbound rules of the interface's groups: 1, 1 fits (if it opens a connection)\n" in text
    assert "Outbound rules of the interface's groups: 1, 1 fits (if it is a reply)\n" in text


def test_what_the_other_side_s_rules_allow_is_told_where_who_opened_is_likely_only(tmp_path):
    named = rule("sgr-out-named", True, "tcp", (1024, 65535))
    vpc = Vpc(tmp_path, [rule("sgr-in", False, "-1"), named])
    answer = vpc.json(refused(PEER, 50000, 443, action="ACCEPT"))
    assert (answer["verdict"], answer["confidence"]) == ("allowed-as-return", "likely")
    assert answer["changes"]["note"].endswith(
        " Who opened it is not certain: if it was the other side, sgr-in allows it."
    )
    sure = vpc.json(f"5 {PEER} 10.0.1.10 50000 443 6 2 eni-web ACCEPT OK ingress",
                    "--record-format", "version srcaddr dstaddr srcport dstport protocol tcp-flags"
                    " interface-id action log-status flow-direction")  # fmt: skip
    assert "Who opened" not in sure["changes"]["note"]


def test_the_asked_address_is_the_one_that_is_told(tmp_path):
    vpc = Vpc(tmp_path, [HTTP_IN])
    more = vpc.document["NetworkInterfaces"][0]
    more["PrivateIpAddresses"] = [{"PrivateIpAddress": "10.0.1.11", "Primary": False}]
    vpc.path.write_text(json.dumps(vpc.document))
    asked = ("--address", "10.0.1.11", "--from", PEER, "--protocol", "tcp", "--port", "80")
    assert vpc.json(*asked)["packet"]["destination"] == "10.0.1.11"


def test_an_interface_without_ipv6_is_asked_by_nobody_over_it(tmp_path):
    vpc = Vpc(tmp_path, [HTTP_IN])
    outcome = program.run("explain", "--inventory", vpc.path, *question(peer="2001:db8::1"))
    assert outcome.exit_code == 2
    assert outcome.errors == (
        "sgflow: eni-web has no IPv6 address, so it exchanges nothing with 2001:db8::1\n"
    )


def test_a_record_needs_no_quotes(tmp_path):
    vpc = Vpc(tmp_path, [HTTP_IN])
    record = refused(PEER, 50000, 443)
    assert vpc.json(*record.split(" ")) == vpc.json(record)


def test_groups_that_nobody_told_are_not_none(tmp_path):
    vpc = Vpc(tmp_path, [HTTP_IN])
    del vpc.document["NetworkInterfaces"][0]["Groups"]
    vpc.path.write_text(json.dumps(vpc.document))
    assert "  groups      not told by the inventory\n" in vpc.text(refused(PEER, 50000, 443))


def test_a_rule_that_cannot_be_told_makes_no_promise(tmp_path):
    vpc = Vpc(tmp_path, [rule("sgr-list", False, "tcp", (80, 80), PrefixListId="pl-lacking")])
    assert vpc.text(*question()).startswith(
        "MAY BE ALLOWED by the security groups (possible: something cannot be told)\n"
        "The peer opens the connection, and an inbound rule may let it in; the inventory lacks "
    )


@pytest.mark.parametrize(
    ("description", "requester", "said"),
    [
        ("ELB app/shop/1", "amazon-elb", "the load balancer that ELB app/shop/1 (eni-peer)"),
        ("RDSNetworkInterface", "amazon-rds", "the database that RDSNetworkInterface (eni-peer)"),
        ("by hand", "", None),
    ],
)
def test_groups_of_managed_interfaces_are_changed_at_their_service(
    tmp_path, description, requester, said
):
    peer = {
        "NetworkInterfaceId": "eni-peer",
        "VpcId": "vpc-1",
        "SubnetId": "subnet-2",
        "PrivateIpAddress": "10.0.2.20",
        "Description": description,
        "RequesterId": requester,
        "Groups": [{"GroupId": "sg-other"}],
    }
    groups = [
        {"GroupId": name, "GroupName": name[3:], "VpcId": "vpc-1"}
        for name in ("sg-web", "sg-other", "sg-app")
    ]
    from_app = rule("sgr-app", False, "tcp", (80, 80), ReferencedGroupInfo={"GroupId": "sg-app"})
    vpc = Vpc(tmp_path, [from_app], interfaces=[peer], SecurityGroups=groups)
    (ways,) = steps(vpc.json(*question(peer="10.0.2.20")))
    carrier = f"{said} belongs to" if said else "by hand (eni-peer)"
    assert f"put sg-app (app) on {carrier}, which sgr-app lets in" in ways


# ---- questions about ICMP ----


def test_an_icmp_type_settles_what_flow_logs_cannot(tmp_path):
    vpc = Vpc(tmp_path, [rule("sgr-ping", False, "icmp", (8, -1))])
    open_question = vpc.text(*question(None, "icmp"))
    assert "flow logs" not in open_question
    assert "it names an ICMP type or code, which the question leaves open\n" in open_question
    echo = vpc.json(*question(None, "icmp"), "--icmp-type", 8)
    assert (echo["verdict"], echo["confidence"]) == ("allowed-by-rule", "exact")
    assert (echo["packet"]["icmp_type"], echo["packet"]["icmp_code"]) == (8, None)
    stamp = vpc.text(*question(None, "icmp"), "--icmp-type", 13, "--icmp-code", 0)
    assert stamp.startswith("WOULD BE DENIED by the security groups (certain)\n")
    assert "Question      icmp type 13 code 0 from" in stamp
    assert "the type is 13" in stamp


def test_the_reply_to_a_ping_is_an_entry_of_its_own(tmp_path):
    ping_in = rule("sgr-ping", False, "icmp", (8, -1))
    request_only = [IN, entry(100, True, "allow", "1", icmp=8)]
    answer = Vpc(tmp_path, [ping_in], request_only).json(*question(None, "icmp"), "--icmp-type", 8)
    assert answer["verdict"] == "denied-by-network-acl"
    assert steps(answer) == [
        [f"add outbound entry 110 to acl-1: allow icmp type 0 code 0 to {PEER}/32"]
    ]
    # What has no answer needs none.
    unreachable = rule("sgr-3", False, "icmp", (3, -1))
    vpc = Vpc(tmp_path, [unreachable], [IN])
    assert vpc.json(*question(None, "icmp"), "--icmp-type", 3)["verdict"] == "allowed-by-rule"
