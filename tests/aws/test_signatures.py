"""Signatures held against botocore's, an implementation of its own, and against a server that
verifies them."""

import hashlib
import random
import urllib.parse

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from calling import KEYS, call
from servers import versitygw
from servers.fault_server import FaultServer

SEED = 20260102
PATH_LETTERS = "abcXYZ019-._~/ +%=&:,@!$'()*;äß日"


def signature_by_botocore(asked, url: str, service: str, region: str, token: str | None) -> str:
    """Of the request as the server got it, with the headers that its signature names."""
    authorization = asked.headers["authorization"]
    names = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = botocore.awsrequest.AWSRequest(
        asked.method,
        url + asked.path,
        data=asked.body,
        headers={name: asked.headers[name] for name in names},
    )
    request.context["timestamp"] = asked.headers["x-amz-date"]
    keys = botocore.credentials.Credentials(
        KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"], token
    )
    signer = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    auth = signer(keys, service, region)
    canonical = auth.canonical_request(request)
    return auth.signature(auth.string_to_sign(request, canonical), request)


@pytest.mark.parametrize("service", ["ec2", "s3", "secretsmanager"])
def test_botocore_signs_the_same(service):
    chance = random.Random(f"{SEED} {service}")
    for number in range(25):
        path = "/" + urllib.parse.quote(
            "".join(chance.choices(PATH_LETTERS, k=chance.randrange(12))), safe="/-._~"
        )
        if chance.random() < 0.5:
            pairs = [(chance.choice("abcAB"), str(chance.random())) for _ in range(3)]
            path += "?" + urllib.parse.urlencode(pairs, quote_via=urllib.parse.quote)
        body = chance.randbytes(chance.choice([0, 1, 1000]))
        token = chance.choice([None, "a/token+of=a session"])
        method = chance.choice(["POST", "PUT", "GET"]) if service == "s3" else "POST"
        headers = ["X-Amz-Target:a  b   c ", "content-type:text/plain"][: chance.randrange(3)]
        with FaultServer().running() as server:
            environment = {**KEYS, "AWS_ENDPOINT_URL": server.url}
            if token:
                environment["AWS_SESSION_TOKEN"] = token
            body = b"" if method == "GET" else body
            answer = call(environment, service, method, path, *headers, body=body)
            assert answer.status == 200, answer
        (asked,) = server.asked
        expected = signature_by_botocore(asked, server.url, service, "eu-west-1", token)
        given = asked.headers["authorization"].partition("Signature=")[2]
        assert given == expected, f"{SEED} {number}: {method} {path}"
        if token:
            assert "x-amz-security-token" in asked.headers["authorization"]
        if service == "s3":
            assert asked.headers["x-amz-content-sha256"] == hashlib.sha256(body).hexdigest()


@pytest.fixture(scope="module")
def s3():
    with versitygw.running() as server:
        yield server


def s3_call(s3, method, path, *headers, body=b"", **more):
    return call(s3.environment(**more), "s3", method, path, *headers, body=body, region="us-east-1")


@pytest.mark.parametrize("key", ["plain.json", "a/b/c", "a%20b%2Bc%3D%C3%A4", "dots/..x/y"])
def test_a_server_that_verifies_takes_them(s3, key):
    assert s3_call(s3, "PUT", f"/snapshots/{key}", body=b"content").status == 200
    answer = s3_call(s3, "GET", f"/snapshots/{key}")
    assert (answer.status, answer.body) == (200, b"content")


def test_and_no_others(s3):
    answer = s3_call(s3, "GET", "/snapshots/plain.json", secret_key="another")
    assert answer.code == "SignatureDoesNotMatch"
    assert answer.requests == 1
    assert "the secret key does not belong to the access key" in answer.message


def test_conditions(s3):
    path = "/snapshots/conditional"
    assert s3_call(s3, "PUT", path, "if-none-match:*", body=b"1").status == 200
    assert s3_call(s3, "PUT", path, "if-none-match:*", body=b"2").code == "PreconditionFailed"
    etag = '"' + hashlib.md5(b"1").hexdigest() + '"'
    assert "answered 304" in s3_call(s3, "GET", path, f"if-none-match:{etag}").message
    assert s3_call(s3, "PUT", path, f"if-match:{etag}", body=b"3").status == 200
    assert s3_call(s3, "PUT", path, f"if-match:{etag}", body=b"4").code == "PreconditionFailed"
    assert s3_call(s3, "GET", path, f"if-none-match:{etag}").body == b"3"


def test_what_is_not_there(s3):
    assert s3_call(s3, "GET", "/snapshots/nothing").code == "NoSuchKey"
    assert s3_call(s3, "GET", "/no-such-bucket/nothing").code == "NoSuchBucket"
