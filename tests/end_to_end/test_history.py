"""Time travel: each record is judged by the inventory that was true when it happened."""

import gzip
import itertools
import json
import random
import re
import shutil

import pytest
from history_world import (
    CARRIED,
    ENI,
    FIRST,
    GONE,
    GROUPS,
    HOUR,
    PEER,
    SECOND,
    SIDES,
    THIRD,
    appended_name,
    interface,
    line,
    snapshot,
    time_text,
    write,
    write_folder,
)
from program import enrich, expect_success, run


def answers(outcome):
    expect_success(outcome)
    return outcome.records()


def enriched(inventory, *lines, options=()):
    return answers(enrich(*options, inventory=inventory, stdin="".join(lines).encode()))


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "inventories")


def lines_of_sides() -> list[str]:
    return [line(end, GROUPS[group] if group else 443) for end, group, _ in SIDES]


def expect_sides(records):
    assert [record.get("sg_ids", [None]) for record in records] == [[g] for _, g, _ in SIDES]
    assert [record["inventory_as_of"] for record in records] == [time_text(m) for *_, m in SIDES]
    rules = [record.get("sg_matched_rules") for record in records]
    assert rules == [[f"sgr-0a{GROUPS[g]:06}"] if g else None for _, g, _ in SIDES]
    assert records[-1]["sg_verdict"] == "unknown-interface"


def test_records_on_each_side_of_each_change_get_their_groups(folder):
    expect_sides(enriched(folder, *lines_of_sides()))


def test_so_they_do_in_batch(folder, tmp_path):
    for number, text in enumerate(lines_of_sides()):
        write_log = tmp_path / "logs" / f"{number}.log"
        write_log.parent.mkdir(exist_ok=True)
        write_log.write_text(text)
    out = tmp_path / "out"
    outcome = run("batch", tmp_path / "logs", "--output", out, "--inventory", folder, "--quiet")
    expect_success(outcome)
    records = [
        json.loads(gzip.decompress(path.read_bytes())) for path in sorted(out.glob("[0-9]*"))
    ]
    expect_sides(records)


def test_so_they_do_in_the_classic_format(folder):
    records = enriched(folder, *lines_of_sides(), options=("--format", "classic"))
    carried = [re.findall(r"sg-0[abc]", record["security-groups"]) for record in records[:-1]]
    assert [set(groups) for groups in carried] == [{group} for _, group, _ in SIDES[:-1]]
    assert "sg-0" not in str(records[-1])


@pytest.mark.parametrize("naming", ["appended", "other", "mixed"])
@pytest.mark.parametrize("given", ["folder", "files"])
def test_names_and_order_never_matter(tmp_path, naming, given):
    def name(moment):
        other = f"{list(CARRIED)[::-1].index(moment)}.json"
        return appended_name(moment) if naming == "appended" else other

    folder = write_folder(tmp_path / "inventories", name)
    if naming == "mixed":
        (folder / name(SECOND)).unlink()
        write(folder / appended_name(SECOND), snapshot(SECOND, CARRIED[SECOND]))
    if given == "folder":
        expect_sides(enriched(folder, *lines_of_sides()))
        return
    for paths in itertools.permutations(sorted(folder.iterdir())):
        expect_sides(enriched(list(paths), *lines_of_sides()))


# 443 is let in by the group before the change alone, 22 by none at any time.
def test_what_the_captures_around_disagree_on_is_possible(folder):
    header = (
        "interface-id srcaddr dstaddr srcport dstport protocol tcp-flags end action log-status\n"
    )

    def record(end, port, action, interface=ENI, address="10.0.1.5"):
        return f"{interface} 198.51.100.7 {address} 50000 {port} 6 2 {end} {action} OK\n"

    records = enriched(
        folder,
        header,
        record(SECOND - 1, 443, "ACCEPT"),
        record(SECOND - 1, 22, "REJECT"),
        record(SECOND - 1, 443, "ACCEPT", PEER, "10.0.1.6"),
        record(GONE + HOUR, 443, "ACCEPT", PEER, "10.0.1.6"),
    )
    assert [record["sg_confidence"] for record in records] == [
        "possible", "exact", "exact", "exact"
    ]  # fmt: skip
    assert records[0]["sg_reason"] == (
        "By its TCP flags the peer opened the connection, and an inbound rule lets it in; by the "
        "next inventory, of 2026-01-01T02:00:00Z, the answer is another one."
    )
    assert "next inventory" not in records[1]["sg_reason"]


def test_a_record_before_the_first_capture_uses_it_and_says_so(folder):
    [record] = enriched(folder, line(FIRST - 1, 443))
    assert record["sg_ids"] == ["sg-0a"]
    assert record["sg_verdict"] == "allowed-by-rule"
    assert record["sg_confidence"] == "possible"
    assert record["sg_reason"].endswith(
        "; the record is from before the earliest inventory, of 2026-01-01T01:00:00Z."
    )
    assert record["inventory_as_of"] == time_text(FIRST)


def test_a_record_without_a_time_uses_the_latest(folder):
    header = "interface-id srcaddr dstaddr srcport dstport protocol action log-status\n"
    [record] = enriched(folder, header, f"{PEER} 198.51.100.7 10.0.1.6 50000 443 6 ACCEPT OK\n")
    assert record["inventory_as_of"] == time_text(GONE)
    assert record["sg_confidence"] == "possible"
    assert "the record does not say when it was" in record["sg_reason"]


def test_an_interface_that_only_the_next_capture_has_is_unknown(tmp_path):
    write(tmp_path / "i" / "a.json", snapshot(FIRST, None))
    write(tmp_path / "i" / "b.json", snapshot(SECOND, "sg-0b"))
    [record] = enriched(tmp_path / "i", line(FIRST, 8443))
    assert record["sg_verdict"] == "unknown-interface"
    assert record["sg_reason"] == (
        "The inventory does not have the interface; the next one, of 2026-01-01T02:00:00Z, has it."
    )


# Who opened is remembered across the change, and once: the SYN of before it tells of the reply.
def test_who_opened_is_remembered_across_a_change(folder):
    header = (
        "interface-id srcaddr dstaddr srcport dstport protocol tcp-flags end action log-status\n"
    )
    opening = f"{PEER} 198.51.100.7 10.0.1.6 50000 50001 6 2 {SECOND - 1} REJECT OK\n"
    later = f"{PEER} 10.0.1.6 198.51.100.7 50001 50000 6 0 {SECOND} ACCEPT OK\n"
    records = enriched(folder, header, opening, later)
    assert records[1]["flow_initiator"] == "peer"
    assert "an earlier record" in records[1]["sg_reason"]


def test_documents_of_the_same_capture_are_one(tmp_path):
    for moment, group in CARRIED.items():
        document = snapshot(moment, group)
        half = {key: document.pop(key) for key in ("SecurityGroups", "SecurityGroupRules")}
        write(tmp_path / "i" / f"{moment}-a.json", document)
        write(tmp_path / "i" / f"{moment}-b.json", {"Snapshot": document["Snapshot"], **half})
    expect_sides(enriched(tmp_path / "i", *lines_of_sides()))


def test_documents_without_a_time_belong_to_every_moment(tmp_path):
    rules = snapshot(None, None)["SecurityGroupRules"]
    for moment, group in CARRIED.items():
        document = snapshot(moment, group)
        del document["SecurityGroupRules"]
        write(tmp_path / "i" / f"{moment}.json", document)
    write(tmp_path / "rules.json", {"SecurityGroupRules": rules})
    expect_sides(enriched([tmp_path / "rules.json", tmp_path / "i"], *lines_of_sides()))


def elsewhere(moment: int, group="sg-0a", **place) -> dict:
    """Of another place, with an interface of its own: `of_elsewhere` is its record."""
    document = snapshot(moment, None)
    document["Snapshot"] |= place
    document["NetworkInterfaces"] = [interface("eni-0d", "10.9.0.1", group) | {"VpcId": "vpc-0d"}]
    return document


def of_elsewhere(end: int, port=443) -> str:
    return line(end, port, "eni-0d", "10.9.0.1")


def test_accounts_may_be_captured_at_other_times(folder):
    captured = FIRST + 300
    other = elsewhere(captured, AccountId="444455556666")
    write(folder / "other" / appended_name(captured), other)
    records = enriched(
        folder, *lines_of_sides(), of_elsewhere(captured - 1), of_elsewhere(GONE + HOUR)
    )
    expect_sides(records[:6])
    early, later = records[6:]
    assert early["sg_ids"] == later["sg_ids"] == ["sg-0a"]
    assert early["inventory_as_of"] == later["inventory_as_of"] == time_text(captured)
    assert (early["sg_confidence"], later["sg_confidence"]) == ("possible", "exact")
    assert early["sg_reason"].endswith(
        "; the record is from before the earliest inventory, of 2026-01-01T01:05:00Z."
    )


def with_before(document: dict, captured_at: int, seen_at: int) -> dict:
    """As `snapshot --append` writes it, where it looked in between and nothing had changed."""
    document["Snapshot"] |= {
        "PreviousCapturedAt": time_text(captured_at), "PreviousSeenAt": time_text(seen_at),
    }  # fmt: skip
    return document


@pytest.mark.parametrize("name", [appended_name, "{}.json".format])
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside another Region"])
def test_what_was_seen_unchanged_is_sure_up_to_then(tmp_path, name, beside):
    seen_at = SECOND + 2700
    write(tmp_path / "i" / name(FIRST), snapshot(FIRST, "sg-0a"))
    write(tmp_path / "i" / name(THIRD), with_before(snapshot(THIRD, "sg-0b"), FIRST, seen_at))
    if beside:
        for moment in (FIRST + 60, SECOND, SECOND + 2800, GONE):
            write(tmp_path / "i/us" / name(moment), elsewhere(moment, Region="us-east-1"))
    ends = (FIRST, seen_at - 1, seen_at, seen_at + 1, THIRD - 1)
    records = enriched(tmp_path / "i", *(line(end, 443) for end in ends))
    assert [record["sg_confidence"] for record in records] == [
        "exact", "exact", "exact", "possible", "possible"
    ]  # fmt: skip
    assert {record["inventory_as_of"] for record in records} == {time_text(FIRST)}


def test_what_was_seen_unchanged_is_the_capture_that_is_named(tmp_path):
    write(tmp_path / "i/a.json", snapshot(FIRST, "sg-0a"))
    write(tmp_path / "i/c.json", with_before(snapshot(THIRD, "sg-0b"), SECOND, THIRD - 60))
    [record] = enriched(tmp_path / "i", line(SECOND + 60, 443))
    assert record["sg_confidence"] == "possible", "the one that is named has been taken away"


# eu-west-1 is captured at 1 and 3, us-east-1 at 2 and 4.
@pytest.fixture(params=["appended", "other"])
def two_regions(tmp_path, request):
    def put(region, moment, document):
        name = appended_name(moment) if request.param == "appended" else f"{moment}.json"
        write(tmp_path / "i" / region / name, document)

    for moment, group in {FIRST: "sg-0a", THIRD: "sg-0b"}.items():
        put("eu", moment, snapshot(moment, group))
    for moment, group in {SECOND: "sg-0a", GONE: "sg-0b"}.items():
        put("us", moment, elsewhere(moment, group, Region="us-east-1"))
    return tmp_path / "i"


def test_the_captures_around_a_record_are_those_of_its_region(two_regions):
    asked = (FIRST + 60, SECOND + 60, THIRD + 60, GONE + 60)
    records = enriched(
        two_regions,
        *(line(end, 443 if end < THIRD else 8443) for end in asked),
        *(of_elsewhere(end, 443 if end < GONE else 8443) for end in asked[1:]),
    )
    assert [(one["sg_ids"], one["inventory_as_of"], one["sg_confidence"]) for one in records] == [
        (["sg-0a"], time_text(FIRST), "possible"),
        (["sg-0a"], time_text(FIRST), "possible"),
        (["sg-0b"], time_text(THIRD), "exact"),
        (["sg-0b"], time_text(THIRD), "exact"),
        (["sg-0a"], time_text(SECOND), "possible"),
        (["sg-0a"], time_text(SECOND), "possible"),
        (["sg-0b"], time_text(GONE), "exact"),
    ]
    for record in records[:2]:
        assert "by the next inventory, of 2026-01-01T03:00:00Z, the" in record["sg_reason"]
    for record in records[4:6]:
        assert "by the next inventory, of 2026-01-01T04:00:00Z, the" in record["sg_reason"]


def test_before_its_regions_first_capture_that_one_counts(two_regions):
    for end in (FIRST - 60, FIRST + 60):
        [record] = enriched(two_regions, of_elsewhere(end))
        assert record["sg_verdict"] == "allowed-by-rule" and record["sg_ids"] == ["sg-0a"]
        assert record["inventory_as_of"] == time_text(SECOND)
        assert record["sg_confidence"] == "possible"
        assert record["sg_reason"].endswith(
            "; the record is from before the earliest inventory, of 2026-01-01T02:00:00Z."
        )


def test_so_it_does_where_nothing_is_explained(two_regions):
    options = ("--fields", "sg_ids,inventory_as_of")
    [record] = enriched(two_regions, of_elsewhere(FIRST + 60), options=options)
    assert record["sg_ids"] == ["sg-0a"] and record["inventory_as_of"] == time_text(SECOND)


def test_what_only_its_regions_next_capture_has_is_told(tmp_path):
    write(tmp_path / "i/a.json", snapshot(FIRST, None))
    write(tmp_path / "i/b.json", elsewhere(SECOND, Region="us-east-1"))
    write(tmp_path / "i/c.json", snapshot(THIRD, "sg-0b"))
    [record] = enriched(tmp_path / "i", line(FIRST + 60, 8443))
    assert record["sg_verdict"] == "unknown-interface"
    assert record["sg_reason"].endswith("; the next one, of 2026-01-01T03:00:00Z, has it.")


def test_captures_that_say_the_same_agree(tmp_path):
    for hour in range(50):
        moment = FIRST + HOUR * hour
        write(tmp_path / "i" / appended_name(moment), snapshot(moment, "sg-0a"))
    lines = [line(FIRST + HOUR * hour + 60, 443) for hour in range(50)]
    records = enriched(tmp_path / "i", *lines)
    assert {record["sg_confidence"] for record in records} == {"exact"}
    assert [record["inventory_as_of"] for record in records] == [
        time_text(FIRST + HOUR * hour) for hour in range(50)
    ]


def test_one_inventory_has_no_time(tmp_path):
    path = write(tmp_path / "one.json", snapshot(FIRST, "sg-0a"))
    [record] = enriched(path, line(FIRST - 1, 443))
    assert "inventory_as_of" not in record and record["sg_confidence"] == "exact"


def test_a_folder_of_one_capture_knows_its_time(tmp_path):
    write(tmp_path / "i" / "one.json", snapshot(FIRST, "sg-0a"))
    [record] = enriched(tmp_path / "i", line(FIRST - 1, 443))
    assert record["sg_confidence"] == "possible"


def test_names_that_begin_with_a_dot_and_other_files_are_passed_over(folder):
    (folder / ".hidden.json").write_text("{")
    (folder / "README").write_text("x")
    expect_sides(enriched(folder, *lines_of_sides()))


def test_an_empty_folder_is_told(tmp_path):
    outcome = enrich(inventory=tmp_path, stdin=b"")
    assert outcome.exit_code == 2
    assert outcome.errors == (
        f"{tmp_path}/: holds no document; their names end in .json or .json.gz, and begin with no"
        " dot\n"
    )


# One is read when a record falls into its time: the good ones do not suffer.
def test_a_broken_snapshot_ends_what_needs_it(folder):
    (folder / appended_name(SECOND)).write_bytes(gzip.compress(b'{"NetworkInterfaces": ['))
    expect_success(enrich(inventory=folder, stdin=line(GONE, 443).encode()))
    outcome = enrich(inventory=folder, stdin=line(SECOND, 8443).encode())
    assert outcome.exit_code == 2
    assert appended_name(SECOND) in outcome.errors and "the text ends" in outcome.errors


def test_a_broken_snapshot_ends_no_input_that_needs_others(folder, tmp_path):
    (folder / appended_name(SECOND)).write_bytes(gzip.compress(b'{"NetworkInterfaces": ['))
    logs, out = tmp_path / "logs", tmp_path / "out"
    logs.mkdir()
    for name, text in (("a", line(SECOND, 8443)), ("b", line(GONE, 443)), ("c", line(FIRST, 443))):
        (logs / f"{name}.log").write_text(text)
    outcome = run("batch", logs, "--output", out, "--inventory", folder, "--quiet")
    assert outcome.exit_code == 1, f"\n{outcome}"
    assert sorted(path.name for path in out.glob("[a-z]*")) == ["b.jsonl.gz"], f"\n{outcome}"
    broken = folder / appended_name(SECOND)
    for name in ("a", "c"):
        assert f"{logs}/{name}.log: {broken}:1:24: the text ends" in outcome.errors, f"\n{outcome}"


def test_a_name_of_another_time_is_told(folder):
    shutil.copy(folder / appended_name(SECOND), folder / appended_name(SECOND + 60))
    outcome = enrich(inventory=folder, stdin=line(SECOND + 60, 8443).encode())
    assert outcome.exit_code == 2
    assert "its name says another time than its CapturedAt" in outcome.errors


def test_explain_goes_to_the_records_time(folder, tmp_path):
    log = tmp_path / "flow.log"
    log.write_text("".join(lines_of_sides()))
    for number, (_, group, moment) in enumerate(SIDES, start=1):
        outcome = run("explain", "-i", folder, "--file", log, "--line", number, "--json")
        expect_success(outcome)
        [explanation] = outcome.records()
        assert explanation["inventory_as_of"] == time_text(moment)
        groups = [one["id"] for one in (explanation["interface"] or {}).get("groups", [])]
        assert groups == ([group] if group else [])
    outcome = run("explain", "-i", folder, "--file", log, "--line", 1)
    assert "2026-01-01T01:00:00Z" in outcome.output.decode()


def test_questions_and_whatif_are_of_the_latest(folder):
    outcome = run("explain", "-i", folder, "--interface", ENI, "--direction", "ingress",
                  "--from", "198.51.100.7", "--port", 443, "--protocol", "tcp")  # fmt: skip
    assert outcome.exit_code == 2 and ENI in outcome.errors
    outcome = run("whatif", "-i", folder, "--remove-rule", "sgr-0a000443",
                  stdin=line(GONE, 443, PEER, "10.0.1.6").encode())  # fmt: skip
    assert outcome.exit_code == 4


def expected_of(record, following):
    """What the answer by one capture becomes with the next one's beside it."""
    hangs_on = ("sg_verdict", "sg_matched_rules", "nacl_id", "nacl_rule")
    if not following or all(record.get(key) == following.get(key) for key in hangs_on):
        return record
    known = record["sg_verdict"] != "unknown-interface"
    captured = following["inventory_as_of"]
    said = (
        f"; by the next inventory, of {captured}, the answer is another one."
        if known
        else f"; the next one, of {captured}, has it."
    )
    record = {**record, "sg_reason": record["sg_reason"].removesuffix(".") + said}
    if record.get("sg_confidence") in ("exact", "likely"):
        record["sg_confidence"] = "possible"
    return record


# Any number of captures, against runs with each of them alone.
# Of 60 not all are held: then records are judged in the order of their times.
@pytest.mark.parametrize(("seed", "captures"), [(0, 12), (1, 12), (2, 60)])
def test_the_answers_are_those_of_the_single_inventories(tmp_path, seed, captures):
    choose = random.Random(seed)
    moments = [FIRST + HOUR * hour for hour in range(captures)]
    for moment in moments:
        document = snapshot(moment, choose.choice([*GROUPS, None]))
        choose.shuffle(document["SecurityGroupRules"])
        del document["SecurityGroupRules"][choose.randrange(1, 4) :]
        write(tmp_path / "i" / appended_name(moment), document)
    ends = [choose.randrange(FIRST, moments[-1] + HOUR) for _ in range(400)]
    lines = "".join(
        line(
            end,
            choose.choice([*GROUPS.values(), 22]),
            *choose.choice([(ENI, "10.0.1.5"), (PEER, "10.0.1.6")]),
            choose.choice(["ACCEPT", "REJECT"]),
        )
        for end in ends
    )
    singly = []
    for moment in moments:
        records = enrich(inventory=tmp_path / "i" / appended_name(moment), stdin=lines.encode())
        singly.append([{**one, "inventory_as_of": time_text(moment)} for one in records.records()])
    expected = []
    for number, end in enumerate(ends):
        point = max(i for i, moment in enumerate(moments) if moment <= end)
        following = singly[point + 1][number] if point + 1 < len(moments) else None
        expected.append(expected_of(singly[point][number], following))
    together = enrich(inventory=tmp_path / "i", stdin=lines.encode())
    assert together.records() == expected
    assert len({one["sg_reason"] for one in expected}) > 20


def of_vpc(vpc: str, moment: int, group: str, number: int) -> dict:
    """As `snapshot --vpc` writes it; both VPCs know of one prefix list, which changes."""
    id, address = f"eni-0{number}", f"10.{number}.0.5"
    interface = {"NetworkInterfaceId": id, "VpcId": vpc, "PrivateIpAddress": address,
                 "Groups": [{"GroupId": group}]}  # fmt: skip
    return {
        "Snapshot": {"Version": 1, "CapturedAt": time_text(moment), "AccountId": "111122223333",
                     "Region": "eu-west-1", "Coverage": {"Kinds": ["NetworkInterfaces"],
                                                         "VpcIds": [vpc]}},
        "NetworkInterfaces": [interface],
        "SecurityGroups": [{"GroupId": group, "VpcId": vpc}],
        "PrefixLists": [{"PrefixListId": "pl-0a", "Entries": [{"Cidr": f"10.0.0.{moment % 199}/32"}]}],
    }  # fmt: skip


@pytest.mark.parametrize("named", [True, False])
def test_series_of_two_vpcs_hold_beside_each_other(tmp_path, named):
    for step, moment in enumerate((FIRST, SECOND, THIRD)):
        for number, vpc in enumerate(("vpc-01", "vpc-02")):
            at = moment + number * HOUR // 2
            name = appended_name(at) if named else f"{step}.json"
            write(tmp_path / f"i/v{number}" / name, of_vpc(vpc, at, f"sg-{number}{step}", number))
    half = HOUR // 2
    asked = {FIRST + half: (0, 0), SECOND: (1, 0), SECOND + half: (1, 1), THIRD + HOUR: (2, 2)}
    lines = [
        line(end, 80, interface=f"eni-0{n}", address=f"10.{n}.0.5") for end in asked for n in (0, 1)
    ]
    records = enriched(tmp_path / "i", *lines)
    expected = [(n, step) for steps in asked.values() for n, step in enumerate(steps)]
    assert [record.get("sg_ids") for record in records] == [[f"sg-{n}{s}"] for n, s in expected]
    captured = [time_text((FIRST, SECOND, THIRD)[step] + n * half) for n, step in expected]
    assert [record["inventory_as_of"] for record in records] == captured


# Else what an earlier snapshot of all VPCs said would stay beside what holds now.
def test_a_vpc_belongs_to_the_series_of_its_region(tmp_path):
    whole = snapshot(FIRST, "sg-0a")
    part = snapshot(SECOND, "sg-0b")
    part["Snapshot"]["Coverage"] = {"Kinds": ["NetworkInterfaces"], "VpcIds": [
        "vpc-0a000000000000001"]}  # fmt: skip
    write(tmp_path / "i/whole.json", whole)
    write(tmp_path / "i/part.json", part)
    records = enriched(tmp_path / "i", line(FIRST, 443), line(SECOND, 8443))
    assert [record["sg_ids"] for record in records] == [["sg-0a"], ["sg-0b"]]


def of_region(number: int, moment: int, port: int | None) -> dict:
    """A Region with one interface, whose group lets a port in; without a port there is none."""
    vpc, group = f"vpc-0{number}", f"sg-0{number}"
    address = f"10.{number}.0.5"
    interfaces = [interface(f"eni-0{number}", address, group) | {"VpcId": vpc}] if port else []
    return {
        "Snapshot": {"Version": 1, "CapturedAt": time_text(moment), "AccountId": "111122223333",
                     "Region": f"eu-west-{number}"},
        "NetworkInterfaces": interfaces,
        "SecurityGroups": [{"GroupId": group, "VpcId": vpc}],
        "SecurityGroupRules": [
            {"SecurityGroupRuleId": f"sgr-0{number}{port}", "GroupId": group, "IsEgress": False,
             "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIpv4": "0.0.0.0/0"}
        ] if port else [],
    }  # fmt: skip


# Whatever lies beside it, of a Region's records is told what is told by its captures alone.
@pytest.mark.parametrize("seed", range(6))
def test_regions_beside_each_other_change_nothing(tmp_path, seed):
    choose = random.Random(seed)
    for number in (1, 2, 3):
        previous = None
        for moment in sorted(choose.sample(range(FIRST, FIRST + 20 * HOUR), 8)):
            document = of_region(number, moment, choose.choice([443, 8443, None]))
            if previous and choose.random() < 0.5:
                with_before(document, previous, choose.randrange(previous, moment))
            name = appended_name(moment) if seed % 2 else f"{moment}.json"
            write(tmp_path / f"i/{number}" / name, document)
            previous = moment
    lines = {
        number: [
            line(choose.randrange(FIRST - HOUR, FIRST + 21 * HOUR), choose.choice([443, 8443]),
                 f"eni-0{number}", f"10.{number}.0.5")
            for _ in range(150)
        ]
        for number in (1, 2, 3)
    }  # fmt: skip
    mixed = itertools.chain.from_iterable(zip(*lines.values(), strict=True))
    together = enriched(tmp_path / "i", *mixed)
    reasons = set()
    for number in (1, 2, 3):
        alone = enriched(tmp_path / f"i/{number}", *lines[number])
        beside = together[number - 1 :: 3]
        for record in (*alone, *beside):
            reasons.add(re.sub(r"[\d:TZ-]{9,}", "TIME", record["sg_reason"]))
            # Nothing tells the Region of an interface that is not known.
            if record["sg_verdict"] == "unknown-interface":
                del record["inventory_as_of"]
                reason = record["sg_reason"].partition("; the record is from")[0]
                record["sg_reason"] = reason.removesuffix(".")
        assert beside == alone
    told = str(reasons)
    assert "before the earliest" in told and "by the next inventory" in told and "has it" in told
