"""Roles may do what the code calls and no more."""

import fnmatch
import json
import subprocess
import sys

import pytest
import write_templates
from tables import permissions
from tables.permissions import CALLS, MADE_BY_SERVICES, ROLES
from templates import DEPLOY, REPOSITORY, template

FUNCTION_ROLES = [role for role in ROLES if role.of_function]
# Of the code's calls those that a role for another account's configuration is not for.
EC2 = {call.action for call in CALLS if call.service == "ec2"}


def granted(role) -> set[str]:
    """Of the policies as they stand in the template."""
    properties = template(role.template)["Resources"][role.name]["Properties"]
    actions = set()
    for policy in properties["Policies"]:
        policy = policy["Fn::If"][1] if "Fn::If" in policy else policy
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                listed = statement["Action"]
                actions |= set([listed] if isinstance(listed, str) else listed)
    return actions


def test_the_templates_are_what_the_tables_say():
    """Else: build/venv/bin/python deploy/write_templates.py"""
    done = subprocess.run([sys.executable, DEPLOY / "write_templates.py", "--check"], capture_output=True,
                          text=True)  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_call_of_the_code_is_granted():
    everything = set().union(*(granted(role) for role in FUNCTION_ROLES))
    assert {call.action for call in CALLS} - everything == set()


@pytest.mark.parametrize("role", FUNCTION_ROLES, ids=lambda role: f"{role.template}-{role.name}")
def test_nothing_is_granted_that_the_code_never_calls(role):
    assert granted(role) - {call.action for call in CALLS} - set(MADE_BY_SERVICES) == set()
    # Where it asks EC2 it asks for all: a list that is denied makes verdicts unsure.
    assert EC2 <= granted(role)


def test_what_services_do_is_not_also_said_to_be_the_codes():
    assert {call.action for call in CALLS} & set(MADE_BY_SERVICES) == set()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.template}-{role.name}")
def test_only_what_takes_no_resource_is_granted_on_all(role):
    for policy in role.policies:
        for statement in policy.statements:
            if statement["Resource"] != "*" or statement["Effect"] == "Deny":
                continue
            listed = statement["Action"]
            for action in [listed] if isinstance(listed, str) else listed:
                assert fnmatch.fnmatch(action, "ec2:*") or fnmatch.fnmatch(
                    action, "logs:*LogDeliver*"
                )
            # But for placing functions in a VPC, a Region is named.
            assert "Condition" in statement or policy.name in ("Vpc", "Deliver")


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.template}-{role.name}")
def test_no_action_is_a_pattern(role):
    assert not any("*" in action for action in granted(role))


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.template}-{role.name}")
def test_a_role_is_for_one_service_or_named_roles(role):
    (statement,) = role.trust["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    ((kind, principal),) = statement["Principal"].items()
    assert kind in ("Service", "AWS") and principal != "*"


def test_the_documented_permissions_are_those():
    """docs/permissions.md comes from the same table (aws_test)."""
    page = (REPOSITORY / "docs/permissions.md").read_text()
    for call in CALLS:
        assert f"| `{call.action}` |" in page
    policy = json.loads(page.split("```json\n")[1].split("```")[0])
    assert set(policy["Statement"][0]["Action"]) == EC2


def test_an_action_table_that_is_not_understood_is_told(monkeypatch, tmp_path):
    table = tmp_path / "action_table.inc"
    table.write_text('SGFLOW_AWS_ACTION(kS3, GetObject, "s3:GetObject")\n')
    monkeypatch.setattr(permissions, "ACTION_TABLE", table)
    with pytest.raises(ValueError, match="not understood"):
        permissions.read_calls()


def test_a_call_that_is_added_to_the_table_must_be_granted(monkeypatch):
    """What the tests above would say."""
    more = [*CALLS, permissions.Call("sqs", "sqs:ChangeMessageVisibility", "arn:...")]
    monkeypatch.setattr(sys.modules[__name__], "CALLS", more)
    with pytest.raises(AssertionError, match="ChangeMessageVisibility"):
        test_every_call_of_the_code_is_granted()


def test_generating_twice_changes_nothing():
    for name in write_templates.TEMPLATES:
        path = DEPLOY / f"cloudformation/{name}.yaml"
        assert write_templates.cloudformation(name, path.read_text()) == path.read_text()
