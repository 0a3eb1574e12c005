"""EC2's query API (and the two calls of STS that go with it) over plain HTTP on loopback, for tests
and benchmarks: what moto gets wrong, and faults.

It holds SyntheticAccounts, one or several, by Region. The account is that of the access key: keys
that AssumeRole hands out are of the role's account, all others of the first one. Pages are true:
MaxResults is kept to, tokens are opaque, and pages may be small or empty by choice. A request's
limits are EC2's: 200 values in all filters, MaxResults in its range. Signatures are not looked at,
but for the Region that they are for.

    with Ec2Stub([make_account(interfaces=5000)]) as ec2:
        ec2.fail("DescribeSubnets", Throttled(), times=3)
        ... AWS_ENDPOINT_URL=ec2.url ...
        assert ec2.calls["DescribeNetworkInterfaces"] == 5

As a program it serves until it is ended, and prints its address:
    python ec2_stub.py --interfaces 5000
`GET /control/calls` then gives the counts as JSON, `POST /control/fail` takes
{"action": ..., "fault": "Throttled", "times": 3, "when": {...}}, `POST /control/reset` forgets both.
"""

import argparse
import collections
import fnmatch
import functools
import json
import pathlib
import re
import secrets
import sys
import threading
import typing
import urllib.parse
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import botocore.session

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from servers.quiet_server import QuietHandler, QuietServer  # noqa: E402
from servers.synthetic_account import SyntheticAccount, make_account  # noqa: E402

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
MOST_VALUES = 200
MOST_FILTERS = 50


@dataclass
class Refused:
    """An error of the service."""

    status: int
    code: str
    message: str = "told by the stub"


def Throttled():
    return Refused(503, "RequestLimitExceeded", "Request limit exceeded.")


def Denied():
    return Refused(
        403,
        "UnauthorizedOperation",
        "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/x"
        " is not authorized to perform this action.",
    )


def ExpiredPage():
    return Refused(400, "InvalidNextToken", "The token has expired.")


def ExpiredCredentials():
    return Refused(400, "RequestExpired", "Request has expired.")


def UnknownCredentials():
    return Refused(401, "AuthFailure", "AWS was not able to validate the provided credentials")


@dataclass
class Body:
    """Something else in place of the answer."""

    body: bytes
    status: int = 200
    type: str = "text/xml;charset=UTF-8"


def Html(status: int = 200):
    return Body(b"<html><head><title>502 Bad Gateway</title></head></html>", status, "text/html")


def EntityBomb():
    entities = ['<!ENTITY a0 "aaaaaaaaaa">']
    entities += [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    bomb = f"<!DOCTYPE r [{''.join(entities)}]><DescribeSubnetsResponse>&a9;"
    return Body(f"{bomb}</DescribeSubnetsResponse>".encode())


def Deep():
    nested = b"<a>" * 100_000 + b"</a>" * 100_000
    return Body(b"<DescribeSubnetsResponse>" + nested + b"</DescribeSubnetsResponse>")


class Reset:
    """The connection is reset without an answer."""


class CutOff:
    """The answer's length is told, half of it comes, and the connection is closed."""


class CutShort:
    """Half of the answer, told as the whole."""


class Hold:
    """No answer before `release()`."""


FAULTS = {
    fault.__name__: fault
    for fault in (
        Throttled, Denied, ExpiredPage, ExpiredCredentials, UnknownCredentials, Html, EntityBomb,
        Deep, Reset, CutOff, CutShort, Hold,
    )
}  # fmt: skip


@dataclass
class _Plan:
    action: str
    fault: object
    times: int
    after: int
    when: dict[str, str] = field(default_factory=dict)

    def applies(self, parameters: dict[str, str], region: str) -> bool:
        return self.action in ("*", parameters["Action"]) and all(
            (region if name == "region" else parameters.get(name)) == value
            for name, value in self.when.items()
        )


@dataclass
class _Listing:
    key: str  # the CLI's
    smallest: int
    largest: int
    filters: dict[str, str]  # filter -> path in the element


LISTINGS = {
    "DescribeNetworkInterfaces": _Listing(
        "NetworkInterfaces", 5, 1000,
        {"network-interface-id": "NetworkInterfaceId", "vpc-id": "VpcId", "subnet-id": "SubnetId",
         "group-id": "Groups.GroupId", "owner-id": "OwnerId",
         "addresses.private-ip-address": "PrivateIpAddresses.PrivateIpAddress",
         "ipv6-addresses.ipv6-address": "Ipv6Addresses.Ipv6Address"},
    ),
    "DescribeSecurityGroups": _Listing(
        "SecurityGroups", 5, 1000,
        {"group-id": "GroupId", "vpc-id": "VpcId", "group-name": "GroupName",
         "owner-id": "OwnerId"},
    ),
    "DescribeSecurityGroupRules": _Listing(
        "SecurityGroupRules", 5, 1000,
        {"group-id": "GroupId", "security-group-rule-id": "SecurityGroupRuleId"},
    ),
    # For the sake of who is compared with sgflow, which does not ask for them.
    "DescribeInstances": _Listing("Reservations", 5, 1000, {"vpc-id": "Instances.VpcId"}),
    "DescribeManagedPrefixLists": _Listing(
        "PrefixLists", 1, 100,
        {"prefix-list-id": "PrefixListId", "owner-id": "OwnerId",
         "prefix-list-name": "PrefixListName"},
    ),
    "GetManagedPrefixListEntries": _Listing("Entries", 1, 100, {}),
    "DescribeNetworkAcls": _Listing(
        "NetworkAcls", 5, 1000,
        {"network-acl-id": "NetworkAclId", "vpc-id": "VpcId", "default": "IsDefault",
         "association.subnet-id": "Associations.SubnetId"},
    ),
    "DescribeSubnets": _Listing(
        "Subnets", 5, 1000,
        {"subnet-id": "SubnetId", "vpc-id": "VpcId", "owner-id": "OwnerId"},
    ),
}  # fmt: skip


class Ec2Stub:
    """Serves from the `with` statement on until its end."""

    def __init__(self, accounts: list[SyntheticAccount] | None = None, port: int = 0):
        self.accounts = accounts if accounts is not None else [make_account()]
        self.page_size = 1000  # EC2 may give fewer than MaxResults
        self.empty_pages = False  # before each page but the first comes one with a token alone
        self.calls: collections.Counter[str] = collections.Counter()  # all that came, by action
        self.requests: list[dict[str, str]] = []  # their parameters
        self.faulted = 0
        self.most_at_once = 0
        self._at_once = 0
        self._plans: list[_Plan] = []
        self._hidden: list[tuple[str, str]] = []
        self._changes: list[tuple[str, typing.Callable[[], None]]] = []
        self._tokens: dict[str, tuple[str, int, bool]] = {}
        self._keys: dict[str, str] = {}  # access key -> account
        self._released = threading.Event()
        self._lock = threading.RLock()
        self._port = port

    def __enter__(self):
        self._server = QuietServer(_Handler, self, self._port)
        self.url = self._server.url
        self._server.start()
        return self

    def __exit__(self, *_):
        self._released.set()
        self._server.stop()

    def fail(self, action: str, fault, times: int = 1, after: int = 0, **when: str) -> None:
        """The next `times` calls of the action ("*": of any) fail so, once `after` have been
        answered; `when` narrows it to parameters, or by `region`."""
        with self._lock:
            self._plans.append(_Plan(action, fault, times, after, when))

    def hide(self, action: str, id: str, times: int = 1) -> None:
        """The next `times` lists of the action are without what has this id: as before it came."""
        with self._lock:
            self._hidden += [(action, id)] * times

    def after(self, action: str, change) -> None:
        """Calls `change` once the action has been answered, before anything else is."""
        with self._lock:
            self._changes.append((action, change))

    def release(self) -> None:
        """Lets go what Hold holds."""
        self._released.set()

    def reset(self) -> None:
        with self._lock:
            self._plans.clear()
            self.calls.clear()
            self.requests.clear()
            self.faulted = self.most_at_once = 0
            self._released.clear()

    @property
    def environment(self) -> dict[str, str]:
        """For a program that is to ask here: nothing of the caller's own set-up."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "AKIDOFTHECALLER",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": self.accounts[0].region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }

    # What the handlers call.

    def begin(self, parameters: dict[str, str], region: str):
        """The fault that this call is to have, if any."""
        with self._lock:
            self.calls[parameters["Action"]] += 1
            self.requests.append(parameters)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            for plan in self._plans:
                if not plan.applies(parameters, region):
                    continue
                if plan.after > 0:
                    plan.after -= 1
                elif plan.times > 0:
                    plan.times -= 1
                    self.faulted += 1
                    return plan.fault
            return None

    def end(self) -> None:
        with self._lock:
            self._at_once -= 1

    def wait(self) -> None:
        self._released.wait()

    def answer(self, parameters: dict[str, str], key: str, region: str) -> str | Refused:
        action = parameters["Action"]
        if action in ("GetCallerIdentity", "AssumeRole"):
            return self._sts(action, parameters, key)
        if action not in LISTINGS:
            return Refused(400, "InvalidAction", f"The action {action} is not valid.")
        if parameters.get("Version") != "2016-11-15":
            return Refused(400, "NoSuchVersion", "The version is not 2016-11-15.")
        account_id = self._keys.get(key, self.accounts[0].account_id)
        with self._lock:
            for account in self.accounts:
                if (account.account_id, account.region) == (account_id, region):
                    answer = self._list(action, parameters, account)
                    self._change_after(action)
                    return answer
        return Refused(401, "AuthFailure", f"{account_id} has nothing in {region}.")

    def _change_after(self, action: str) -> None:
        due = [change for change in self._changes if change[0] == action]
        self._changes = [change for change in self._changes if change[0] != action]
        for _, change in due:
            change()

    def _sts(self, action: str, parameters: dict[str, str], key: str) -> str:
        if action == "GetCallerIdentity":
            account = self._keys.get(key, self.accounts[0].account_id)
            result = f"<Arn>arn:aws:iam::{account}:user/x</Arn><UserId>AIDA</UserId><Account>{account}</Account>"
        else:
            role = parameters["RoleArn"]
            new_key = "ASIA" + secrets.token_hex(8).upper()
            self._keys[new_key] = role.split(":")[4]
            result = (
                f"<Credentials><AccessKeyId>{new_key}</AccessKeyId><SecretAccessKey>secret"
                "</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-02T03:04:05Z"
                "</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId>"
                f"<Arn>{escape(role)}</Arn></AssumedRoleUser>"
            )
        return (
            f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>'
            f"{result}</{action}Result></{action}Response>"
        )

    def _list(self, action: str, parameters: dict[str, str], account: SyntheticAccount):
        listing = LISTINGS[action]
        size = int(parameters.get("MaxResults", listing.largest))
        if not listing.smallest <= size <= listing.largest:
            return Refused(
                400, "InvalidParameterValue",
                f"Value ( {size} ) for parameter maxResults is invalid.",
            )  # fmt: skip
        if action == "GetManagedPrefixListEntries":
            found = account.entries.get(parameters.get("PrefixListId", ""))
            if found is None:
                return Refused(400, "InvalidPrefixListID.NotFound", "The prefix list is not there.")
        else:
            described = (
                _named_reservations(parameters, account)
                if action == "DescribeInstances"
                else account.described()[listing.key]
            )
            if isinstance(described, Refused):
                return described
            found = self._filtered(described, parameters, listing)
            if isinstance(found, Refused):
                return found
        for hidden in [one for one in dict.fromkeys(self._hidden) if one[0] == action]:
            self._hidden.remove(hidden)
            found = [one for one in found if hidden[1] not in one.values()]
        if action == "DescribeNetworkInterfaces" and (
            parameters.get("IncludeManagedResources") != "true"
        ):
            found = [i for i in found if not i.get("Operator", {}).get("HiddenByDefault")]

        question = json.dumps({k: v for k, v in sorted(parameters.items()) if k != "NextToken"})
        offset, empty = 0, False
        if "NextToken" in parameters:
            with self._lock:
                known = self._tokens.get(parameters["NextToken"])
            if known is None or known[0] != question:
                return Refused(400, "InvalidNextToken", "The token is not of this question.")
            _, offset, empty = known
        end = offset if empty else min(offset + min(size, self.page_size), len(found))
        more = end < len(found)
        token = None
        if more:
            token = secrets.token_urlsafe(24) + "+/="
            with self._lock:
                self._tokens[token] = (question, end, self.empty_pages and not empty)
        return _render_answer(action, listing.key, found[offset:end], token)

    def _filtered(self, elements: list[dict], parameters: dict[str, str], listing: _Listing):
        filters: dict[str, list[str]] = {}
        for name, value in parameters.items():
            if match := re.fullmatch(r"Filter\.(\d+)\.Value\.\d+", name):
                filters.setdefault(parameters[f"Filter.{match[1]}.Name"], []).append(value)
        if len(filters) > MOST_FILTERS or sum(map(len, filters.values())) > MOST_VALUES:
            return Refused(400, "FilterLimitExceeded", "The maximum number of filter values is 200")
        for name, values in filters.items():
            if name not in listing.filters:
                return Refused(400, "InvalidParameterValue", f"The filter '{name}' is invalid")
            path = listing.filters[name]
            exact = {value for value in values if "*" not in value and "?" not in value}
            globs = [
                re.compile(fnmatch.translate(value.replace("[", "[[]"))) for value in values
                if value not in exact
            ]  # fmt: skip
            elements = [
                element for element in elements
                if any(v in exact or any(g.match(v) for g in globs) for v in _values(element, path))
            ]  # fmt: skip
        return elements


def _named_reservations(parameters: dict[str, str], account: SyntheticAccount):
    """All where no instance is named."""
    names = {value for name, value in parameters.items() if name.startswith("InstanceId.")}
    if not names:
        return account.reservations()
    found = [one for one in account.reservations() if one["Instances"][0]["InstanceId"] in names]
    if len(found) < len(names):
        return Refused(400, "InvalidInstanceID.NotFound", "The instance IDs do not exist")
    return found


def _values(element, path: str) -> list[str]:
    here, _, rest = path.partition(".")
    value = element.get(here)
    if isinstance(value, list):
        return [found for inner in value for found in _values(inner, rest)]
    if isinstance(value, bool):
        return [str(value).lower()]
    return [] if value is None else [value]


@functools.cache
def _model():
    return botocore.session.Session().get_service_model("ec2")


def _render_answer(action: str, key: str, elements: list[dict], token: str | None) -> str:
    shape = _model().operation_model(action).output_shape
    inner = _render(shape, {key: elements} | ({"NextToken": token} if token else {}))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{action}Response xmlns="{NAMESPACE}">'
        f"<requestId>00000000-1111-4222-8333-444444444444</requestId>{inner}</{action}Response>"
    )


def _render(shape, value) -> str:
    if shape.type_name == "structure":
        parts = []
        for key, inner in shape.members.items():
            if key in value:
                name = inner.serialization.get("name", key)
                parts.append(f"<{name}>{_render(inner, value[key])}</{name}>")
        return "".join(parts)
    if shape.type_name == "list":
        return "".join(f"<item>{_render(shape.member, item)}</item>" for item in value)
    if shape.type_name == "boolean":
        return "true" if value else "false"
    return escape(str(value))


class _Handler(QuietHandler):
    def do_GET(self):
        if self.path == "/control/calls":
            self._json(dict(self.server.stub.calls))
        else:
            self.reply(404, b"", "text/plain")

    def do_POST(self):
        body = self.body()
        stub = self.server.stub
        if self.path == "/control/reset":
            stub.reset()
            return self._json({})
        if self.path == "/control/fail":
            plan = json.loads(body)
            stub.fail(plan["action"], FAULTS[plan["fault"]](), plan.get("times", 1),
                      plan.get("after", 0), **plan.get("when", {}))  # fmt: skip
            return self._json({})
        pairs = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
        parameters = dict(pairs)
        scope = re.search(
            r"Credential=([^/]+)/\d+/([^/]+)/(ec2|sts)/aws4_request",
            self.headers.get("Authorization", ""),
        )
        region = scope[2] if scope else ""
        fault = stub.begin(parameters, region)
        try:
            if not scope:
                return self._refuse(Refused(401, "AuthFailure", "The request is not signed."))
            self._answer(fault, stub.answer(parameters, scope[1], region))
        finally:
            stub.end()

    def _answer(self, fault, answer) -> None:
        if isinstance(fault, type):
            fault = fault()
        if isinstance(fault, Refused):
            answer = fault
        if isinstance(answer, Refused):
            return self._refuse(answer)
        body = answer.encode()
        match fault:
            case Body():
                return self.reply(fault.status, fault.body, fault.type)
            case Reset():
                return self.reset()
            case CutOff():
                self.close_connection = True
                return self.reply(200, body[: len(body) // 2], "text/xml", len(body))
            case CutShort():
                body = body[: len(body) // 2]
            case Hold():
                self.server.stub.wait()
        self.reply(200, body, "text/xml;charset=UTF-8")

    def _refuse(self, refused: Refused) -> None:
        error = f"<Code>{refused.code}</Code><Message>{escape(refused.message)}</Message>"
        body = (
            f"<Response><Errors><Error>{error}</Error></Errors><RequestID>1</RequestID></Response>"
        )
        self.reply(refused.status, body.encode(), "text/xml;charset=UTF-8")

    def _json(self, value) -> None:
        self.reply(200, json.dumps(value).encode(), "application/json")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--account", default="111122223333")
    parser.add_argument("--region", default="eu-west-1")
    for name, default in (("interfaces", 5000), ("groups", 200), ("vpcs", 2), ("prefix-lists", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    account = make_account(
        chosen.account, chosen.region, chosen.interfaces, chosen.groups, chosen.vpcs,
        chosen.prefix_lists,
    )  # fmt: skip
    with Ec2Stub([account], chosen.port) as stub:
        print(stub.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
