"""The function with the live inventory: what it asks of AWS from invocation to invocation."""

import json
import time

import pytest
from firehose_world import firehose_event, message, results
from servers.ec2_stub import (
    Denied,
    ExpiredCredentials,
    Hold,
    Refused,
    Throttled,
    UnknownCredentials,
)
from servers.synthetic_account import make_account

FORMAT = "${account-id} ${region} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${tcp-flags} ${flow-direction} ${action} ${log-status}"


def line(interface: str, number: int = 0, action: str = "ACCEPT") -> bytes:
    return message(
        f"111122223333 eu-west-1 {interface} 203.0.113.9 10.0.0.10 {20_000 + number} 443 6"
        f" {number % 3} ingress {action} OK"
    )


@pytest.fixture
def live(api, start, ec2_stub):
    ec2_stub.accounts[:] = [make_account(interfaces=100, groups=40, prefix_lists=0)]

    def run(**variables):
        return start(api, SGFLOW_INVENTORY=None, SGFLOW_RECORD_FORMAT=FORMAT,
                     **{**ec2_stub.environment, "NO_PROXY": "127.0.0.1", **variables})  # fmt: skip

    return run


def ids(stub):
    return [one["NetworkInterfaceId"] for one in stub.accounts[0].interfaces]


def ask(api, function, event):
    answer = api.invoke(event)
    results(event, answer)
    return function.summary(answer)


@pytest.mark.parametrize("output", ["classic", "json"])
def test_two_calls_when_cold_and_none_when_warm(api, ec2_stub, live, output):
    function = live(SGFLOW_FORMAT=output)
    event = firehose_event(*(line(ids(ec2_stub)[i % 100], i) for i in range(3000)))
    cold = ask(api, function, event)
    assert ec2_stub.calls == {"DescribeNetworkInterfaces": 1, "DescribeSecurityGroupRules": 1}
    assert (cold["apiCalls"], cold["throttles"], cold["unknownInterface"]) == (2, 0, 0)
    warm = ask(api, function, event)
    assert warm["apiCalls"] == 0
    assert sum(ec2_stub.calls.values()) == 2


def test_a_third_call_where_a_group_has_no_rule(api, ec2_stub, live):
    account = ec2_stub.accounts[0]
    bare = account.interfaces[0]["Groups"][0]["GroupId"]
    account.rules[:] = [rule for rule in account.rules if rule["GroupId"] != bare]
    function = live()
    summary = ask(api, function, firehose_event(line(ids(ec2_stub)[0])))
    assert (summary["apiCalls"], summary["unknownInterface"]) == (3, 0)


def test_terminated_instances_are_asked_for_once(api, ec2_stub, live):
    function = live()
    event = firehose_event(*(line(f"eni-0dead{i:012x}", i) for i in range(100)))
    first = ask(api, function, event)
    assert (first["apiCalls"], first["unknownInterface"]) == (1, 100)
    second = ask(api, function, event)
    assert (second["apiCalls"], second["cacheHits"]) == (0, 100)


def test_nothing_is_asked_before_the_first_event(api, ec2_stub, live):
    function = live()
    assert ask(api, function, firehose_event())["apiCalls"] == 0
    assert sum(ec2_stub.calls.values()) == 0


def test_a_batch_never_fails_because_aws_throttles(api, ec2_stub, live):
    ec2_stub.fail("DescribeNetworkInterfaces", Throttled(), times=100)
    function = live(SGFLOW_FORMAT="json")
    summary = ask(api, function, firehose_event(line(ids(ec2_stub)[0])))
    assert (summary["ok"], summary["unknownInterface"], summary["notLearned"]) == (1, 1, 1)
    assert summary["throttles"] == summary["apiCalls"] == 3
    # And the log says what went wrong, once the answer was given.
    ask(api, function, firehose_event())
    warnings = [entry["message"] for entry in function.log() if entry["level"] == "WARN"]
    assert any("RequestLimitExceeded" in text for text in warnings), warnings


def test_but_for_those_who_want_it(api, ec2_stub, live):
    ec2_stub.fail("DescribeSecurityGroupRules", Denied(), times=100)
    function = live(SGFLOW_ON_INVENTORY_ERROR="fail")
    answer = api.invoke(firehose_event(line(ids(ec2_stub)[0])))
    assert answer.path.endswith("/error")
    body = answer.json()
    assert body["errorType"] == "Function.InventoryUnavailable"
    assert "ec2:DescribeSecurityGroupRules" in body["errorMessage"]
    assert ask(api, function, firehose_event())["level"] == "INFO"


def test_a_permission_that_is_taken_away_between_events(api, ec2_stub, live):
    function = live()
    first, second = ids(ec2_stub)[:2]
    assert ask(api, function, firehose_event(line(first)))["unknownInterface"] == 0
    ec2_stub.fail("*", Denied(), times=100)
    summary = ask(api, function, firehose_event(line(first), line(second)))
    assert (summary["ok"], summary["unknownInterface"]) == (2, 1)
    assert summary["unlearned"].endswith("it denies ec2:DescribeNetworkInterfaces")


NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


@pytest.mark.parametrize(
    ("variables", "why", "message"),
    [
        (
            NO_KEYS,
            "no AWS credentials were found",
            "no AWS credentials were found; looked for in AWS_ACCESS_KEY_ID and"
            " AWS_SECRET_ACCESS_KEY, the profile 'default' of /dev/null and /dev/null; set",
        ),
        (
            {"AWS_PROFILE": "audit", **NO_KEYS},
            "no AWS credentials were found",
            "AWS_PROFILE: there is no profile 'audit'",
        ),
        (
            {"AWS_ENDPOINT_URL": "ftp://x"},
            "AWS_ENDPOINT_URL is no endpoint's URL",
            "is no endpoint",
        ),
    ],
    ids=["no keys", "no profile", "no endpoint"],
)
def test_what_never_came_to_a_call_says_so(api, ec2_stub, live, variables, why, message):
    function = live(**variables)
    summary = ask(api, function, firehose_event(line(ids(ec2_stub)[0])))
    assert summary["unlearned"] == f"1 record: AWS could not be asked for the interface: {why}"
    ask(api, function, firehose_event())
    [warning] = [entry["message"] for entry in function.log() if entry["level"] == "WARN"]
    assert message in warning
    assert sum(ec2_stub.calls.values()) == 0


@pytest.mark.parametrize(
    ("fault", "why", "advice"),
    [
        (ExpiredCredentials(), "there are no valid credentials (RequestExpired)", "log in again"),
        (UnknownCredentials(), "there are no valid credentials (AuthFailure)", "check the keys"),
        (Denied(), "it denies ec2:DescribeNetworkInterfaces", "ec2:DescribeNetworkInterfaces"),
        (
            Refused(401, "OptInRequired", "You are not subscribed to this service."),
            "it refuses DescribeNetworkInterfaces (OptInRequired)",
            "enable the region for the account",
        ),
    ],
    ids=["expired", "unknown", "revoked", "region not enabled"],
)
def test_credentials_that_aws_does_not_take(api, ec2_stub, live, fault, why, advice):
    ec2_stub.fail("*", fault, times=100)
    function = live()
    summary = ask(api, function, firehose_event(line(ids(ec2_stub)[0])))
    assert summary["unlearned"] == f"1 record: AWS could not be asked for the interface: {why}"
    ask(api, function, firehose_event())
    [warning] = [entry["message"] for entry in function.log() if entry["level"] == "WARN"]
    assert advice in warning


def test_an_interface_goes_without_the_rules_that_are_denied(api, ec2_stub, live):
    ec2_stub.fail("DescribeSecurityGroupRules", Denied(), times=100)
    function = live(SGFLOW_FORMAT="classic")
    event = firehose_event(line(ids(ec2_stub)[0]))
    answer = api.invoke(event)
    [(_, data)] = results(event, answer)
    [group] = ec2_stub.accounts[0].interfaces[0]["Groups"]
    assert json.loads(data)["security-groups"] == f"||||{group['GroupId']}"
    summary = function.summary(answer)
    assert (summary["unknownInterface"], summary["notLearned"]) == (0, 1)
    assert summary["unlearned"] == (
        "1 record: AWS could not be asked for the rules of its security groups: it denies"
        " ec2:DescribeSecurityGroupRules"
    )


def test_calls_that_assume_roles_count_too(api, ec2_stub, live):
    function = live(SGFLOW_ROLE_ARN="arn:aws:iam::{account-id}:role/sgflow")
    summary = ask(api, function, firehose_event(line(ids(ec2_stub)[0])))
    assert summary["apiCalls"] == sum(ec2_stub.calls.values()) == 3


def test_trunks_are_asked_for_branches_where_the_output_tells_them(api, ec2_stub, live):
    account = ec2_stub.accounts[0]
    account.interfaces[0]["InterfaceType"] = "trunk"
    function = live(SGFLOW_FORMAT="classic")
    assert ask(api, function, firehose_event(line(ids(ec2_stub)[0])))["unknownInterface"] == 0
    assert ec2_stub.calls["DescribeNetworkInterfaces"] == 1


def test_an_invocation_does_not_wait_for_aws_beyond_its_time(api, ec2_stub, live):
    ec2_stub.fail("DescribeNetworkInterfaces", Hold())
    function = live(SGFLOW_FORMAT="json")
    event = firehose_event(line(ids(ec2_stub)[0]))
    api.wait_for_next()
    # EC2 says nothing before the answer is there.
    soon = {"Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 3000)}
    answer = api.invoke(event, headers=soon)
    results(event, answer)
    summary = function.summary(answer)
    assert (summary["ok"], summary["unknownInterface"]) == (1, 1)
    assert summary["silent"].startswith("eu-west-1: no answer for ")
    assert summary["unlearned"].startswith("1 record: AWS could not be asked for the interface")
    ec2_stub.release()
    # For a while nobody waits for it, whatever is lacking.
    for interface in ids(ec2_stub)[:2]:
        assert ask(api, function, firehose_event(line(interface)))["unknownInterface"] == 1
    assert ec2_stub.calls["DescribeNetworkInterfaces"] == 1
