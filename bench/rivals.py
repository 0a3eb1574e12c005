"""What else could do sgflow's classic output, for bench/batch.py to hold it against.

    bench/rivals.py python INVENTORY IN OUT
    bench/rivals.py duckdb INVENTORY IN OUT THREADS none|gzip

IN has flow logs in gzip, with the fields of version 5 in alphabetical order. `python` is how such a
function is mostly written: read a line, look its interface up, json.dumps. `duckdb` has SQL join the
records to their groups' rules (bench/requirements.txt). Neither judges, guesses a field, resumes or
says what it could not read.
"""

import gzip
import json
import pathlib
import sys

FIELDS = (
    "account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id"
    " log-status packets pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr protocol"
    " region srcaddr srcport start sublocation-id sublocation-type subnet-id tcp-flags"
    " traffic-path type version vpc-id"
).split()


def rule_text(rule: dict) -> str:
    first, last = rule["FromPort"], rule["ToPort"]
    ports = str(first) if first == last else f"{first}-{last}"
    return "|".join(
        [rule["SecurityGroupRuleId"], rule["IpProtocol"], ports, rule["CidrIpv4"], rule["GroupId"]]
    )


def texts_of(inventory: dict) -> dict[tuple[str, str], str]:
    """security-groups by interface and direction."""
    rules: dict[tuple[str, str], list[str]] = {}
    for rule in inventory["SecurityGroupRules"]:
        direction = "egress" if rule["IsEgress"] else "ingress"
        rules.setdefault((rule["GroupId"], direction), []).append(rule_text(rule))
    return {
        (interface["NetworkInterfaceId"], direction): ";".join(
            text
            for group in interface["Groups"]
            for text in rules.get((group["GroupId"], direction), [])
        )
        for interface in inventory["NetworkInterfaces"]
        for direction in ("ingress", "egress")
    }


def run_python(inventory: pathlib.Path, source: pathlib.Path, destination: pathlib.Path) -> None:
    texts = texts_of(json.loads(inventory.read_text()))
    for path in sorted(source.iterdir()):
        written = destination / path.name.replace(".log.gz", ".jsonl.gz")
        with gzip.open(path, "rt") as lines, gzip.open(written, "wt", compresslevel=1) as output:
            for line in lines:
                record = dict(zip(FIELDS, line.split(), strict=True))
                key = (record["interface-id"], record["flow-direction"])
                record["security-groups"] = texts.get(key, "||||no-security-groups")
                output.write(json.dumps(record) + "\n")


RULES = """
create table rules as
select r.GroupId as grp, if(r.IsEgress, 'egress', 'ingress') as direction, row_number() over () as n,
       concat_ws('|', r.SecurityGroupRuleId, r.IpProtocol,
                 if(r.FromPort = r.ToPort, r.FromPort::varchar, r.FromPort || '-' || r.ToPort),
                 r.CidrIpv4, r.GroupId) as text
from (select unnest(SecurityGroupRules) as r from read_json('{inventory}'))
"""
TEXTS = """
create table texts as
select i.id, r.direction, string_agg(r.text, ';' order by i.n, r.n) as groups
from (select i.NetworkInterfaceId as id, unnest(i.Groups).GroupId as grp,
             generate_subscripts(i.Groups, 1) as n
      from (select unnest(NetworkInterfaces) as i from read_json('{inventory}'))) as i
join rules as r using (grp)
group by all
"""
COPY = """
copy (select f.*, coalesce(t.groups, '||||no-security-groups') as "security-groups"
      from read_csv('{source}/*.log.gz', delim=' ', header=false, auto_detect=false, quote='',
                    escape='', columns={columns}) as f
      left join texts as t on t.id = f."interface-id" and t.direction = f."flow-direction")
to '{destination}' (format json, compression {compression}, per_thread_output true,
                    file_extension '{suffix}')
"""


def run_duckdb(inventory, source, destination, threads: str, compression: str) -> None:
    import duckdb

    columns = "{" + ", ".join(f"'{name}': 'varchar'" for name in FIELDS) + "}"
    database = duckdb.connect(config={"threads": int(threads), "preserve_insertion_order": False})
    for statement in (RULES, TEXTS, COPY):
        database.execute(
            statement.format(
                inventory=inventory,
                source=source,
                destination=destination,
                columns=columns,
                compression=compression,
                suffix="jsonl.gz" if compression == "gzip" else "jsonl",
            )
        )


def main() -> None:
    name, inventory, source, destination, *others = sys.argv[1:]
    paths = [pathlib.Path(path) for path in (inventory, source, destination)]
    if name == "python":
        paths[2].mkdir()
    {"python": run_python, "duckdb": run_duckdb}[name](*paths, *others)


if __name__ == "__main__":
    main()
