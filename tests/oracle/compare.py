"""Holds sgflow's verdicts against the oracle's, over random inventories and logs.

    python3 tests/oracle/compare.py --binary build/release/sgflow --pairs 200000 --seed 1 --jobs 2

Exit code 0: all agree; 1: a disagreement, or the program failed. Each disagreement names its
case; `--case N` runs that one alone, `--keep DIRECTORY` leaves its files there.
"""

import argparse
import json
import multiprocessing
import pathlib
import subprocess
import sys
import tempfile
from collections import Counter

import generate
import oracle
from record import read_record
from rows import ROWS
from rule_match import match
from whose_record import find_direction, find_interface, find_judged

COLUMNS = (
    "sg_verdict",
    "sg_confidence",
    "sg_matched_rules",
    "nacl_id",
    "nacl_rule",
    "flow_initiator",
)
OPTIONAL_COLUMNS = ("peer_interface_id", "sg_nearest")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default="build/release/sgflow")
    parser.add_argument("--pairs", type=int, default=200000, help="(inventory, record) pairs")
    parser.add_argument("--records", type=int, default=500, help="records an inventory")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--case", type=int, help="run this case alone")
    parser.add_argument("--keep", type=pathlib.Path, help="where disagreeing cases are left")
    parser.add_argument("--show", type=int, default=5, help="disagreements printed in full")
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        choices=generate.FEATURES,
        help="leave this out of the cases",
    )
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        choices=OPTIONAL_COLUMNS,
        help="compare this column too",
    )
    parser.add_argument("--fields", help="what the program gets as --fields")
    arguments = parser.parse_args()
    if arguments.fields is None:
        arguments.fields = ",".join(("start",) + COLUMNS + tuple(arguments.also))
    return arguments


def run_program(arguments, inventory, log):
    """(answers as dicts, None) or (None, what went wrong)."""
    command = [
        arguments.binary,
        "enrich",
        "--inventory",
        str(inventory),
        "--format",
        "json",
        "--fields",
        arguments.fields,
        str(log),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        return None, str(error)
    if done.returncode != 0:
        return None, (
            f"exit code {done.returncode} from {' '.join(command)}\n{done.stderr[-2000:]}"
        )
    try:
        return [json.loads(line) for line in done.stdout.splitlines() if line.strip()], None
    except json.JSONDecodeError as error:
        return None, f"not JSON: {error}"


def differing_columns(arguments, expected, given):
    """Names of the columns in which the program's answer is another."""
    different = []
    for column in COLUMNS + tuple(arguments.also):
        if column == "sg_nearest":
            if [entry.get("rule") for entry in given.get(column) or []] != expected.sg_nearest:
                different.append(column)
        elif (given.get(column) or None) != (getattr(expected, column) or None):
            if column == "sg_matched_rules" and sorted(given.get(column) or []) == sorted(
                expected.sg_matched_rules
            ):
                column += " (order only)"
            different.append(column)
    return different


def run_case(work):
    """(number, records, coverage, failure, [(index, columns, text)])."""
    arguments, number = work
    case = generate.Case(f"{arguments.seed}/{number}", arguments.records, arguments.skip)
    judge = oracle.Oracle([case.inventory])
    with tempfile.TemporaryDirectory(prefix="sgflow-oracle-") as directory:
        inventory, log = case.write(directory)
        expected = judge.judge_file(case.fields, case.records)
        coverage = Counter(judge.coverage)
        given, failure = run_program(arguments, inventory, log)
    if failure is None and len(given) != len(expected):
        failure = f"{len(expected)} records in, {len(given)} out"
    differences = []
    if failure is None:
        for index, (record, wanted, got) in enumerate(
            zip(case.records, expected, given, strict=True)
        ):
            if "start" in got and str(got["start"]) != record["start"]:
                failure = f"record {index} came back as start={got['start']}"
                break
            columns = differing_columns(arguments, wanted, got)
            if columns:
                text = ""
                if len(differences) < arguments.show:
                    text = describe(number, index, case, judge, wanted, got, columns)
                differences.append(
                    (index, columns, wanted.sg_verdict, got.get("sg_verdict"), wanted.row, text)
                )
    if (failure or differences) and arguments.keep:
        case.write(arguments.keep / f"case-{number}")
    return number, len(expected), coverage, failure, differences


def describe(number, index, case, judge, wanted, got, columns):
    record = case.records[index]
    lines = [
        f"case {number}, record {index} (line {index + 2}): {', '.join(columns)}",
        "  record    " + " ".join(f"{n}={v}" for n, v in record.items() if v != "-"),
    ]
    facts = read_record(case.fields, record)
    facts.interface = find_interface(judge, facts)
    if facts.interface is not None:
        facts.egress = find_direction(judge, facts)
        facts.judged = find_judged(judge, facts)
        local = facts.judged
        lines.append(
            f"  interface {local.id} {local.type} {local.vpc} {local.subnet} "
            f"groups {local.groups} addresses "
            f"{sorted(map(str, local.addresses)) + sorted(map(str, local.prefixes))}"
        )
        lines += [f"  rule      {text}" for text in describe_rules(judge, facts)]
    lines.append(f"  oracle    {answer_text(vars(wanted))} ({wanted.row})")
    lines.append(f"  program   {answer_text(got)}")
    return "\n".join(lines)


def describe_rules(judge, facts):
    can_be_judged = (
        facts.egress is not None
        and facts.protocol is not None
        and facts.peer() is not None
        and (not facts.has_ports() or None not in (facts.source_port, facts.destination_port))
    )
    for rule in judge.inventory.rules:
        if rule.group not in facts.judged.groups:
            continue
        answer = ""
        if can_be_judged:
            own = rule.egress == facts.egress
            port = facts.destination_port if own else facts.source_port
            answer = ("no", "can't tell", "yes")[match(judge, rule, facts, port)]
        document = {
            k: v
            for k, v in rule.document.items()
            if v and k not in ("SecurityGroupRuleId", "GroupId", "GroupOwnerId", "IsEgress", "Tags")
        }
        yield (
            f"{rule.id} {rule.group} {'egress' if rule.egress else 'ingress'} "
            f"{json.dumps(document)} -> {answer}"
        )


def answer_text(answer):
    return json.dumps(
        {name: answer[name] for name in COLUMNS + OPTIONAL_COLUMNS if answer.get(name)}
    )


def main():
    arguments = parse_arguments()
    numbers = range(-(-arguments.pairs // arguments.records))
    if arguments.case is not None:
        numbers = [arguments.case]
    pairs = failures = shown = 0
    coverage, columns_differing, verdicts_differing, cases = Counter(), Counter(), Counter(), []
    different = 0
    with multiprocessing.Pool(arguments.jobs) as pool:
        for number, count, reached, failure, differences in pool.imap(
            run_case, ((arguments, number) for number in numbers)
        ):
            pairs += count
            coverage.update(reached)
            if failure:
                failures += 1
                if failures <= arguments.show:
                    print(f"case {number}: {failure}\n")
            if differences:
                cases.append(number)
            different += len(differences)
            for _, columns, wanted, got, row, text in differences:
                columns_differing.update(columns)
                verdicts_differing[f"{wanted} ({row}) | {got} | {', '.join(columns)}"] += 1
                if text and shown < arguments.show:
                    shown += 1
                    print(text + "\n")

    print(
        f"{pairs} pairs, {len(numbers)} inventories, seed {arguments.seed}: "
        f"{different} disagree, {failures} cases failed"
    )
    for column, count in columns_differing.most_common():
        print(f"  {count:7} {column}")
    if verdicts_differing:
        print("oracle's verdict (row) | program's verdict | columns")
        for text, count in verdicts_differing.most_common(20):
            print(f"  {count:7} {text}")
    if cases:
        print(f"cases: {' '.join(map(str, cases[:30]))}{' ...' if len(cases) > 30 else ''}")
    unreached = [row for row in ROWS if not coverage[row]]
    if unreached and arguments.case is None:
        print(f"rows not reached: {'; '.join(unreached)}")
    return 1 if different or failures else 0


if __name__ == "__main__":
    sys.exit(main())
