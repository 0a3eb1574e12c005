"""IAM in small, between a function and the emulated AWS, which allows everything: a call that the
function's role does not allow is refused, and told when the endpoint ends."""

import fnmatch
import http.client
import http.server
import json
import re
import threading
import urllib.parse
from dataclasses import dataclass, field

from emulated_stack import ACCOUNT, REGION

FUNCTION_KEY = "AKIDOFTHEFUNCTION"  # others are those of roles that it has assumed
# What a function's code has, and Lambda itself has not.
BY_CODE = {"lambda:SourceFunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"}
EVERYBODY_MAY = ("sts:GetCallerIdentity",)


@dataclass(frozen=True)
class Call:
    action: str
    resource: str
    context: dict[str, str] = field(default_factory=dict)


def read_call(method: str, target: str, headers, body: bytes) -> Call | None:
    """What IAM is asked; None where another identity than the function's calls."""
    credential = re.search(r"Credential=([^,]+)", headers.get("Authorization", ""))
    assert credential, f"{method} {target} is not signed"
    key, _, region, service, _ = credential[1].split("/")
    if key != FUNCTION_KEY:
        return None
    if service == "s3":
        return _s3_call(method, urllib.parse.urlsplit(target))
    if service in ("ec2", "sts"):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        action = f"{service}:{form['Action']}"
        resource = form.get("RoleArn", "*")
        if listed := form.get("PrefixListId"):  # as of one that AWS manages
            resource = f"arn:aws:ec2:{region}:aws:prefix-list/{listed}"
        return Call(action, resource, {"ec2:Region": region, **BY_CODE})
    action = f"{service}:{headers['X-Amz-Target'].split('.')[1]}"
    members = json.loads(body)
    stream = f"arn:aws:firehose:{region}:{ACCOUNT}:deliverystream/"
    return Call(action, members.get("SecretId") or stream + members["DeliveryStreamName"], BY_CODE)


def _s3_call(method: str, url) -> Call:
    bucket, _, key = urllib.parse.unquote(url.path).lstrip("/").partition("/")
    if not key:
        query = dict(urllib.parse.parse_qsl(url.query))
        assert (method, query.get("list-type")) == ("GET", "2"), f"{method} {url}"
        return _listing(bucket, query.get("prefix", ""))
    action = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "POST": "PutObject",
              "DELETE": "AbortMultipartUpload"}[method]  # fmt: skip
    return Call(f"s3:{action}", f"arn:aws:s3:::{bucket}/{key}", BY_CODE)


def _listing(bucket: str, prefix: str) -> Call:
    return Call("s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": prefix, **BY_CODE})


def allows(statements: list[dict], call: Call) -> bool:
    if call.action in EVERYBODY_MAY:
        return True
    effects = {one["Effect"] for one in statements if _matches(one, call)}
    return effects == {"Allow"}


def _matches(statement: dict, call: Call) -> bool:
    return (
        call.action in _listed(statement["Action"])
        and any(fnmatch.fnmatchcase(call.resource, one) for one in _listed(statement["Resource"]))
        and all(
            key in call.context and _holds(operator, call.context[key], _listed(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _holds(operator: str, value: str, wanted: list[str]) -> bool:
    return {
        "StringEquals": value in wanted,
        "StringNotEquals": value not in wanted,
        "ArnLike": any(fnmatch.fnmatchcase(value, one) for one in wanted),
    }[operator]


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]


class AuthorizedEndpoint:
    """Serves from the `with` statement on until its end, and adds the actions that are called."""

    def __init__(self, url: str, statements: list[dict], called: set[str]):
        self.emulator = urllib.parse.urlsplit(url).netloc
        self.statements, self.called = statements, called
        self.refused: list[Call] = []

    def __enter__(self):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.endpoint = self
        threading.Thread(target=self._server.serve_forever, args=(0.01,)).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def may(self, call: Call | None) -> bool:
        if call is None:
            return True
        self.called.add(call.action)
        if allows(self.statements, call):
            return True
        self.refused.append(call)
        return False

    def may_know_that_it_is_not_there(self, call: Call | None) -> bool:
        """docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: 404 for who may list, else
        403."""
        if call is None or call.action != "s3:GetObject":
            return True
        bucket, _, key = call.resource.removeprefix("arn:aws:s3:::").partition("/")
        return self.may(_listing(bucket, key))


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def forward(self):
        endpoint = self.server.endpoint
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = read_call(self.command, self.path, self.headers, body)
        if not endpoint.may(call):
            return self.answer(403, {}, b"<Error><Code>AccessDenied</Code></Error>")
        forwarded = http.client.HTTPConnection(endpoint.emulator)
        forwarded.request(self.command, self.path, body, dict(self.headers))
        answer = forwarded.getresponse()
        content = answer.read()
        forwarded.close()
        if answer.status == 404 and not endpoint.may_know_that_it_is_not_there(call):
            return self.answer(403, {}, b"<Error><Code>AccessDenied</Code></Error>")
        return self.answer(answer.status, dict(answer.getheaders()), content)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = forward

    def answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        length = headers.pop("Content-Length", None) if self.command == "HEAD" else None
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass
