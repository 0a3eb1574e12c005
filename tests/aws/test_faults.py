"""What comes of an AWS that throttles, fails, lies or is not there, as somebody at a terminal sees it."""

import json
import os

import pytest
from calling import KEYS, call
from servers.fault_server import Answer, CutOff, Drip, FaultServer, Reset, Silence


def error(status: int, code: str, message: str, **headers: str) -> Answer:
    body = (
        f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        "</Response>"
    )
    return Answer(status, body.encode(), headers)


THROTTLED = error(503, "RequestLimitExceeded", "Request limit exceeded.")


def called(*steps, **more):
    server = FaultServer(*steps)
    with server.running():
        environment = {**KEYS, "AWS_ENDPOINT_URL": server.url, **more}
        return call(environment), server


@pytest.mark.parametrize(
    "fault",
    [THROTTLED, Answer(500, b""), Answer(429, b""), Reset(), CutOff()],
    ids=["throttled", "failed", "429", "reset", "cut off"],
)
def test_what_passes_is_tried_again(fault):
    answer, server = called(fault, fault, Answer(body=b"<ok/>"))
    assert (answer.status, answer.body, answer.requests) == (200, b"<ok/>", 3)
    assert len(server.asked) == 3


def test_each_attempt_is_signed_anew():
    _, server = called(THROTTLED, Answer())
    assert all("Signature=" in asked.headers["authorization"] for asked in server.asked)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            THROTTLED,
            "ec2:Test in eu-west-1: RequestLimitExceeded: Request limit exceeded (3 attempts); AWS"
            " limits this account's calls: fewer at once, or later, will pass",
        ),
        (Answer(502, b"<html>"), "ec2:Test in eu-west-1: AWS answered 502 (3 attempts)"),
        (
            CutOff(),
            "ec2:Test in eu-west-1: ENDPOINT cut the connection before its answer was whole"
            " (3 attempts)",
        ),
    ],
    ids=["throttled", "bad gateway", "cut off"],
)
def test_what_does_not_pass_is_told(fault, message):
    answer, server = called(fault)
    assert answer.message.replace(server.url.removeprefix("http://"), "ENDPOINT") == message
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            error(
                403, "UnauthorizedOperation", "You are not authorized to perform this operation."
            ),
            "UnauthorizedOperation: You are not authorized to perform this operation; allow ec2:Test"
            " to the role or user in use",
        ),
        (
            error(400, "RequestExpired", "Request has expired."),
            "RequestExpired: Request has expired; the session has expired: log in again, or renew"
            " AWS_SESSION_TOKEN and the keys beside it",
        ),
        (
            error(
                401, "AuthFailure", "AWS was not able to validate the provided access credentials"
            ),
            "AuthFailure: AWS was not able to validate the provided access credentials; AWS does not"
            " know these credentials: check the keys, and that the region is enabled for the account",
        ),
        (
            Answer(
                301,
                b"<Error><Code>PermanentRedirect</Code><Message>Use the other.</Message></Error>",
                {"x-amz-bucket-region": "ap-south-1"},
            ),
            "PermanentRedirect: Use the other; the bucket is in the region ap-south-1: ask there",
        ),
        (
            Answer(200, b"<html>Log in</html>", {"content-type": "text/html; charset=utf-8"}),
            "the answer (status 200, a web page) is not AWS's; a proxy or a login page stands in"
            " between: see HTTPS_PROXY, NO_PROXY and AWS_ENDPOINT_URL",
        ),
    ],
    ids=["denied", "expired", "unknown", "elsewhere", "web page"],
)
def test_what_trying_again_does_not_mend_is_asked_once(fault, message):
    answer, server = called(fault)
    assert answer.message == f"ec2:Test in eu-west-1: {message}"
    assert len(server.asked) == 1


def test_s3_fails_behind_a_good_status_and_is_asked_again():
    late = Answer(200, b"<Error><Code>InternalError</Code><Message>We failed.</Message></Error>")
    server = FaultServer(late, Answer(200, b"<Done/>"))
    with server.running():
        answer = call({**KEYS, "AWS_ENDPOINT_URL": server.url}, "s3", "POST", "/b/k?uploadId=1")
    assert (answer.status, answer.body, len(server.asked)) == (200, b"<Done/>", 2)


def test_a_server_that_says_nothing_is_given_up():
    answer, server = called(Silence(), SGFLOW_ANSWER_TIMEOUT_MS="50")
    assert answer.message.endswith(f"127.0.0.1:{server.port} does not answer in time (3 attempts)")


@pytest.mark.parametrize("headers", [{}, {"connection": "close"}], ids=["keep-alive", "close"])
def test_an_answer_that_comes_drop_by_drop_is_given_up(headers):
    answer, server = called(Drip(headers), SGFLOW_ATTEMPT_TIMEOUT_MS="100")
    assert answer.message.endswith(f"127.0.0.1:{server.port} does not answer in time (3 attempts)")


def test_nobody_there():
    server = FaultServer()
    with server.running():
        pass
    answer = call({**KEYS, "AWS_ENDPOINT_URL": server.url})
    assert answer.message == (
        f"ec2:Test in eu-west-1: 127.0.0.1:{server.port} refuses connections (3 attempts)"
    )


@pytest.mark.parametrize(
    ("environment", "files"),
    [
        ({}, "the profile 'default' of ~/.aws/config and ~/.aws/credentials"),
        (
            {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"},
            "the profile 'default' of /dev/null and /nowhere",
        ),
    ],
    ids=["as usual", "other files"],
)
def test_no_credentials(environment, files):
    answer = call({"AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent", **environment})
    assert answer.message == (
        "no AWS credentials were found; looked for in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
        f" {files}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with"
        " AWS_PROFILE, or run with a role"
    )


@pytest.fixture
def profiles(tmp_path):
    """The environment of a profile in use, and what stands in the files."""

    def write(config: str, credentials: str = "", **more: str) -> dict[str, str]:
        (tmp_path / "config").write_text(config)
        (tmp_path / "credentials").write_text(credentials)
        return {
            "AWS_PROFILE": "audit",
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "HOME": str(tmp_path),
            "PATH": os.environ["PATH"],
            **more,
        }

    return write


ROLE = "role_arn = arn:aws:iam::111122223333:role/r"
GOOD_KEYS = "[audit]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = hidden\n"


# As with AWS's own tools, which would not go on with what the profile or the instance gives.
def test_half_a_pair_of_keys(profiles):
    environment = profiles("", GOOD_KEYS, AWS_ACCESS_KEY_ID="AKIDHALF")
    assert call(environment).message == (
        "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not; set both, or none of them"
    )


def test_the_other_half_of_a_pair_of_keys(profiles):
    environment = profiles("[profile audit]\nregion = eu-west-1\n", AWS_SECRET_ACCESS_KEY="hidden")
    message = call(environment).message
    assert "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (the latter alone is set)" in message
    assert "hidden" not in message


@pytest.mark.parametrize(
    ("config", "credentials", "what"),
    [
        (
            f"[profile audit]\n{ROLE}\nsource_profile = base\n",
            "",
            "the source_profile 'base', which is not there",
        ),
        (
            f"[profile audit]\n{ROLE}\nsource_profile = base\n[profile base]\nregion = eu-west-1\n",
            "",
            "the source_profile 'base', which has no credentials",
        ),
        (
            f"[profile audit]\n{ROLE}\nsource_profile = base\n"
            f"[profile base]\n{ROLE}\nsource_profile = audit\n",
            "",
            "the source_profile 'audit', which leads back to it",
        ),
        (
            f"[profile audit]\n{ROLE}\n",
            "",
            "role_arn, but no source_profile or credential_source to assume it with",
        ),
        (
            f"[profile audit]\n{ROLE}\ncredential_source = Nowhere\n",
            "",
            "a credential_source that is none of Environment, Ec2InstanceMetadata and EcsContainer",
        ),
        (
            "",
            "[audit]\naws_access_key_id = AKID\n",
            "aws_access_key_id and no aws_secret_access_key",
        ),
        (
            "",
            "[audit]\naws_secret_access_key = hidden\n",
            "aws_secret_access_key and no aws_access_key_id",
        ),
    ],
    ids=["not there", "without keys", "in a circle", "role alone", "unknown", "id", "secret"],
)
def test_a_profile_that_cannot_be(profiles, config, credentials, what):
    message = call(profiles(config, credentials)).message
    assert f"has {what}; mend it in the files of AWS_CONFIG_FILE" in message
    assert message.startswith("the AWS profile '") and "hidden" not in message


@pytest.mark.parametrize(
    "command",
    ["false", "true", "echo hidden", "/no/such/program", "echo '{\"Version\": 1}'"],
)
def test_a_credential_process_that_fails(profiles, command):
    message = call(profiles(f"[profile audit]\ncredential_process = {command}\n")).message
    assert message.startswith(
        "the credential_process of the AWS profile 'audit' failed, or printed no credentials"
    )
    assert "; run it by hand: it has to end with 0 and to print JSON" in message
    assert "hidden" not in message


# Elsewhere may be somebody else's.
def test_where_the_profile_says_how_nothing_else_is_asked(profiles):
    with FaultServer().running() as metadata:
        environment = profiles(
            "[profile audit]\ncredential_process = false\n",
            AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{metadata.url}/keys",
        )
        assert "credential_process" in call(environment).message
        assert not metadata.asked


def test_a_profile_gives_credentials_by_a_process(profiles):
    keys = json.dumps({"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "s"})
    with FaultServer().running() as server:
        environment = profiles(
            f"[profile audit]\ncredential_process = echo '{keys}'\n", AWS_ENDPOINT_URL=server.url
        )
        assert call(environment).status == 200
    assert "Credential=AKIDPROCESS/" in server.asked[0].headers["authorization"]


def test_what_aws_own_tools_could_use_is_told(profiles):
    environment = profiles("[profile audit]\nsso_session = work\n[sso-session work]\n")
    message = call(environment).message
    assert "(whose sso_session sgflow cannot use)" in message
    assert "aws configure export-credentials --profile audit --format env prints" in message


def test_a_container_that_gives_no_credentials():
    with FaultServer(Answer(404, b"{}")).running() as metadata:
        environment = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{metadata.url}/keys",
            "HOME": "/nonexistent",
        }
        message = call(environment).message
    assert message.startswith("no AWS credentials were found; looked for in AWS_ACCESS_KEY_ID and")
    assert "~/.aws/credentials, AWS_CONTAINER_CREDENTIALS_FULL_URI" in message
    assert "metadata" not in message


def test_a_profile_has_keys_region_and_endpoint(tmp_path):
    with FaultServer().running() as server:
        (tmp_path / "config").write_text(
            f"[profile audit]\nregion = ap-south-1\nservices = local\n"
            f"[services local]\nec2 =\n  endpoint_url = {server.url}\n"
        )
        (tmp_path / "credentials").write_text(
            "[audit]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = s\n"
        )
        environment = {
            "AWS_PROFILE": "audit",
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        }
        assert call(environment, region="").status == 200
    assert "Credential=AKIDPROFILE/" in server.asked[0].headers["authorization"]
    assert "/ap-south-1/ec2/" in server.asked[0].headers["authorization"]


def test_container_credentials():
    keys = b"""{"AccessKeyId": "ASIACONTAINER", "SecretAccessKey": "s", "Token": "t",
        "Expiration": "2099-01-01T00:00:00Z"}"""
    metadata = FaultServer(Answer(200, keys, {"content-type": "application/json"}))
    with metadata.running(), FaultServer().running() as server:
        environment = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{metadata.url}/keys",
            "AWS_ENDPOINT_URL": server.url,
            "HOME": "/nonexistent",
        }
        assert call(environment).status == 200
    assert "Credential=ASIACONTAINER/" in server.asked[0].headers["authorization"]
    assert server.asked[0].headers["x-amz-security-token"] == "t"


def test_a_proxy_is_used_but_for_what_needs_none():
    with FaultServer().running() as proxy, FaultServer().running() as server:
        environment = {**KEYS, "AWS_ENDPOINT_URL": server.url, "HTTP_PROXY": proxy.url}
        assert call(environment).status == 200
        assert (len(proxy.asked), len(server.asked)) == (1, 0)
        assert call({**environment, "NO_PROXY": "127.0.0.1"}).status == 200
        assert (len(proxy.asked), len(server.asked)) == (1, 1)


def test_a_proxy_that_is_not_there_is_named():
    with FaultServer().running() as proxy:
        pass
    environment = {**KEYS, "AWS_ENDPOINT_URL": "http://192.0.2.1", "HTTP_PROXY": proxy.url}
    assert call(environment).message == (
        "ec2:Test in eu-west-1: 192.0.2.1 cannot be reached: the proxy that HTTP_PROXY names refuses"
        " connections (3 attempts); see HTTP_PROXY, or name 192.0.2.1 in NO_PROXY if it needs no proxy"
    )


def test_a_proxy_that_lets_nothing_through():
    with FaultServer(Answer(403)).running() as proxy:
        environment = {**KEYS, "https_proxy": proxy.url}
        assert call(environment).message == (
            "ec2:Test in eu-west-1: ec2.eu-west-1.amazonaws.com cannot be reached: the proxy that"
            " https_proxy names does not let it through (3 attempts); see https_proxy, or name"
            " ec2.eu-west-1.amazonaws.com in NO_PROXY if it needs no proxy"
        )


@pytest.mark.parametrize(
    "url", ["ftp://user:secret@proxy:21", "http://proxy", "http://:8080", "//"]
)
def test_what_is_no_proxys_url_is_told_and_not_quoted(url):
    answer = call({**KEYS, "HTTPS_PROXY": url})
    assert answer.message == (
        "HTTPS_PROXY is no proxy's URL; write it as http://HOST:PORT, or name"
        " ec2.eu-west-1.amazonaws.com in NO_PROXY"
    )


@pytest.mark.parametrize("region", ["eu-west-1", ""])
def test_a_profile_that_is_not_there(tmp_path, region):
    environment = {"AWS_PROFILE": "audit", "HOME": str(tmp_path)}
    assert call(environment, region=region).message == (
        "AWS_PROFILE: there is no profile 'audit' in ~/.aws/config or ~/.aws/credentials; aws"
        " configure list-profiles shows those that there are; AWS_CONFIG_FILE and"
        " AWS_SHARED_CREDENTIALS_FILE name other files"
    )


def test_certificates_are_not_read_for_a_call_that_needs_none(tmp_path):
    # Nobody ever writes to it: who opened it would wait for ever.
    os.mkfifo(tmp_path / "certificates.pem")
    with FaultServer().running() as server:
        environment = {**KEYS, "SSL_CERT_FILE": str(tmp_path / "certificates.pem")}
        assert call({**environment, "AWS_ENDPOINT_URL": server.url}).status == 200


def test_trusted_certificates_that_cannot_be_read(tmp_path):
    answer = call({**KEYS, "SSL_CERT_FILE": str(tmp_path / "none.pem")})
    assert answer.message == (
        f"SSL_CERT_FILE: no trusted certificates can be read from {tmp_path}/none.pem; name a file of"
        " certificates in PEM form"
    )
