"""Snapshots in Redis and S3: one writes, others read."""

import contextlib
import gzip
import json
import os
import pathlib
import subprocess
import sys

import boto3
import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "end_to_end")]

from program import BINARY, expect_success, run  # noqa: E402
from servers import redis_server, versitygw  # noqa: E402
from servers.fault_server import Answer, FaultServer  # noqa: E402
from test_live import FORMAT, line  # noqa: E402

LOOK_AGAIN = pathlib.Path(BINARY).resolve().parent / "tests/look_again"


def snapshot(stub, url, **environment):
    return run("snapshot", "--output", url,
               env={**os.environ, **stub.environment, **environment})  # fmt: skip


def enrich(stub, url, **environment):
    return run(
        "enrich", "--inventory", url, "--record-format", FORMAT,
        stdin=(line(stub.accounts[0].interfaces[0]) + "\n").encode(),
        env={**os.environ, **environment},
    )  # fmt: skip


def expect_enriched(outcome):
    expect_success(outcome)
    assert [record["sg_verdict"] for record in outcome.records()] == ["allowed-by-rule"]


@pytest.fixture(params=[False, True], ids=["redis", "rediss"])
def redis(request, tmp_path):
    with redis_server.running(tmp_path, tls=request.param) as server:
        yield server


def test_a_snapshot_goes_through_redis(ec2_stub, redis):
    expect_success(snapshot(ec2_stub, redis.url(), **redis.environment))
    assert redis.command("KEYS", "*") == "sgflow:inventory"
    expect_enriched(enrich(ec2_stub, redis.url(), **redis.environment))


def test_the_urls_path_names_another_key(ec2_stub, redis):
    expect_success(snapshot(ec2_stub, redis.url(key="/mine"), **redis.environment))
    assert redis.command("KEYS", "*") == "mine"
    expect_enriched(enrich(ec2_stub, redis.url(key="/mine"), **redis.environment))


def test_no_key_and_no_server_are_told(ec2_stub, redis):
    outcome = enrich(ec2_stub, redis.url(), **redis.environment)
    assert outcome.exit_code == 3
    assert outcome.errors == (
        f"{redis.url()}/sgflow:inventory: there is no key sgflow:inventory; sgflow snapshot"
        " --output writes it\n"
    )
    redis.end()
    outcome = enrich(ec2_stub, redis.url(), **redis.environment)
    assert outcome.exit_code == 3
    assert outcome.errors == (
        f"{redis.url()}/sgflow:inventory: Redis cannot be reached: Connection refused\n"
    )


def test_what_is_cut_is_refused(ec2_stub, redis, tmp_path):
    path = tmp_path / "value"
    whole = gzip.compress(json.dumps(ec2_stub.accounts[0].described()).encode())
    path.write_bytes(whole[:-100])
    tls = f"--tls --cacert {redis.certificate}" if redis.certificate else ""
    put = (
        f"redis-cli -h localhost -p {redis.port} {tls} -x SET sgflow:inventory < {path} >/dev/null"
    )
    assert os.system(put) == 0
    outcome = enrich(ec2_stub, redis.url(), **redis.environment)
    assert outcome.exit_code == 2, str(outcome)
    assert "gzip" in outcome.errors


def test_another_value_is_seen_whoever_set_it(ec2_stub, redis, tmp_path):
    def put(value: bytes) -> str:
        path = tmp_path / "value"
        path.write_bytes(value)
        redis.command("-x", "SET", "sgflow:inventory", stdin=path)
        return f"new: {len(value)} bytes"

    with subprocess.Popen([LOOK_AGAIN, redis.url()], text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, env={**os.environ, **redis.environment}
                          ) as reader:  # fmt: skip

        def look() -> str:
            print(file=reader.stdin, flush=True)
            return reader.stdout.readline().strip()

        assert look().startswith("there is no key sgflow:inventory")
        expect_success(snapshot(ec2_stub, redis.url(), **redis.environment))
        assert look().startswith("new: ")
        assert look() == "the same"
        # By hand; the last two are as long as the one before, and differ in their middle alone.
        for value in (gzip.compress(b"A" * 99), gzip.compress(b"B" * 99), b"{A}", b"{B}"):
            said = put(value)
            assert look() == said
            assert look() == "the same"


def test_a_password_is_in_the_url(ec2_stub, tmp_path):
    with redis_server.running(tmp_path, user="reader on >p@ss ~* +@all") as redis:
        url = redis.url("reader:p%40ss@")
        expect_success(snapshot(ec2_stub, url))
        expect_enriched(enrich(ec2_stub, url))
        outcome = enrich(ec2_stub, redis.url("reader:wrong@"))
        assert outcome.exit_code == 3
        assert "WRONGPASS" in outcome.errors and "wrong@" not in outcome.errors


@pytest.mark.parametrize(
    "secret", ["s3cret", '{"username": "reader", "password": "s3cret"}'], ids=["text", "json"]
)
def test_or_in_a_secret(ec2_stub, moto_server, tmp_path, secret):
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1"}
    client = boto3.client("secretsmanager", endpoint_url=moto_server, region_name="eu-west-1",
                          aws_access_key_id="x", aws_secret_access_key="x")  # fmt: skip
    arn = client.create_secret(Name=f"redis-{tmp_path.name}", SecretString=secret)["ARN"]
    environment = {**keys, "SGFLOW_REDIS_PASSWORD_SECRET": arn,
                   "AWS_ENDPOINT_URL_SECRETS_MANAGER": moto_server}  # fmt: skip
    with redis_server.running(tmp_path, user="reader on >s3cret ~* +@all") as redis:
        url = redis.url("reader@")
        expect_success(snapshot(ec2_stub, url, **{**environment, **ec2_stub.environment}))
        expect_enriched(enrich(ec2_stub, url, **environment))


def test_a_server_that_is_not_trusted_or_another_is_refused(ec2_stub, tmp_path):
    with redis_server.running(tmp_path, tls=True) as redis:
        other = tmp_path / "other"
        other.mkdir()
        _, certificate = redis_server.make_certificate(other)
        outcome = enrich(ec2_stub, redis.url(), AWS_CA_BUNDLE=certificate)
        assert outcome.exit_code == 3
        assert "TLS with localhost fails" in outcome.errors
        assert "name the file that has it in AWS_CA_BUNDLE" in outcome.errors
    with redis_server.running(tmp_path, tls=True, name="another.example") as redis:
        outcome = enrich(ec2_stub, redis.url(), **redis.environment)
        assert outcome.exit_code == 3
        assert "TLS with localhost fails" in outcome.errors


def test_trusted_certificates_that_are_not_there_are_named(ec2_stub, tmp_path):
    with redis_server.running(tmp_path, tls=True) as redis:
        outcome = enrich(ec2_stub, redis.url(), AWS_CA_BUNDLE="/nonexistent/ca.pem")
        assert outcome.exit_code == 3
        assert (
            "AWS_CA_BUNDLE: no trusted certificates can be read from /nonexistent/ca.pem; name a"
            " file of certificates in PEM form" in outcome.errors
        )


def test_a_server_that_speaks_no_tls_is_told_from_one_that_is_not_trusted(ec2_stub, tmp_path):
    with redis_server.running(tmp_path) as redis:
        outcome = enrich(ec2_stub, redis.url().replace("redis:", "rediss:"))
        assert outcome.exit_code == 3
        assert "does it speak TLS on that port?" in outcome.errors


def test_a_snapshot_goes_through_s3(ec2_stub):
    with versitygw.running() as s3:
        for name in ("inventory.json", "inventory.json.gz"):
            url = f"s3://snapshots/{name}"
            environment = {**ec2_stub.environment, **s3.environment(), "AWS_REGION": "eu-west-1"}
            with contextlib.suppress(KeyError):
                environment.pop("AWS_ENDPOINT_URL")
            environment["AWS_ENDPOINT_URL_EC2"] = ec2_stub.url
            environment["AWS_ENDPOINT_URL_STS"] = ec2_stub.url
            outcome = run("snapshot", "--output", url, "--region", "eu-west-1",
                          env={**os.environ, **environment, "AWS_REGION": "us-east-1"})  # fmt: skip
            expect_success(outcome)
            expect_enriched(enrich(ec2_stub, url, **s3.environment()))
        outcome = enrich(ec2_stub, "s3://snapshots/missing", **s3.environment())
        assert outcome.exit_code == 3
        assert outcome.errors.startswith("s3://snapshots/missing: ")


def test_a_bucket_of_another_region_is_asked_there(ec2_stub):
    moved = Answer(
        301,
        b"<Error><Code>PermanentRedirect</Code><Message>Use the other.</Message></Error>",
        {"x-amz-bucket-region": "ap-south-1"},
    )
    content = json.dumps(ec2_stub.accounts[0].described()).encode()
    server = FaultServer(moved, Answer(200, content, {"etag": '"1"'}))
    with server.running():
        outcome = enrich(
            ec2_stub, "s3://snapshots/a//b c.json", AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
            AWS_SECRET_ACCESS_KEY="x", AWS_REGION="eu-west-1", AWS_ENDPOINT_URL_S3=server.url,
        )  # fmt: skip
    assert outcome.exit_code == 0, f"\n{outcome}"
    assert [record["sg_verdict"] for record in outcome.records()] == ["allowed-by-rule"]
    assert [asked.path for asked in server.asked] == ["/snapshots/a//b%20c.json"] * 2
    scopes = [asked.headers["authorization"].split("/")[2] for asked in server.asked]
    assert scopes == ["eu-west-1", "ap-south-1"]
