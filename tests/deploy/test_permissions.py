"""Roles may do what the code calls and no more."""

import json
import subprocess
import sys

import pytest
import write_templates
from tables import permissions
from tables.permissions import CALLED_BY, CALLS, MADE_BY_SERVICES, ROLES
from templates import DEPLOY, REPOSITORY, template

FUNCTION_ROLES = [role for role in ROLES if role.of_function]
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


@pytest.mark.parametrize("role", FUNCTION_ROLES, ids=lambda role: f"{role.template}-{role.name}")
def test_a_role_grants_what_its_function_calls_and_no_more(role):
    called = set(CALLED_BY[role.template, role.name])
    assert called - granted(role) == set()
    assert granted(role) - called - set(MADE_BY_SERVICES) == set()


def test_what_functions_call_is_in_the_table_of_calls():
    """That of the whole program: what no function calls is for the command line."""
    called = set().union(*CALLED_BY.values())
    everything = {call.action for call in CALLS}
    assert called - everything == set()
    assert everything - called == {"s3:ListBucketMultipartUploads"}


@pytest.mark.parametrize(
    ("room", "role"),
    [
        ("live", ("stream", "FunctionRole")),
        ("live", ("batch", "FunctionRole")),
        ("snapshot", ("stream", "SnapshotRole")),
    ],
)
def test_what_is_asked_of_ec2_is_what_the_rooms_source_names(room, role):
    source = "".join(path.read_text() for path in (REPOSITORY / f"src/{room}").glob("*.cc"))
    named = {action for action in EC2 if f"Ec2Action::k{action.removeprefix('ec2:')}" in source}
    assert named == {action for action in CALLED_BY[role] if action.startswith("ec2:")}


def test_no_function_looks_for_what_a_killed_run_has_left():
    """As `sgflow batch` does: s3:ListBucketMultipartUploads."""
    naming = [path for path in (REPOSITORY / "src").rglob("*.cc")
              if "ListUnfinishedUploads(" in path.read_text()]  # fmt: skip
    assert {str(path.relative_to(REPOSITORY)) for path in naming} == {
        "src/aws/s3_unfinished.cc", "src/batch/s3_outputs.cc",
    }  # fmt: skip
    # There it is what closes the outputs of a run, and objects that come have no run.
    enricher = (REPOSITORY / "src/lambda/object_enricher.cc").read_text()
    assert "OpenS3Outputs(" in enricher and "Close()" not in enricher


def test_what_services_do_is_not_also_said_to_be_the_codes():
    assert {call.action for call in CALLS} & set(MADE_BY_SERVICES) == set()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: f"{role.template}-{role.name}")
def test_what_takes_no_resource_is_held_to_regions(role):
    """But for what Lambda does to place functions in a VPC, which is denied to their code elsewhere,
    and the delivery of flow logs. On which resources the others are granted the emulated stacks'
    roles show (test_emulated.py)."""
    for policy in role.policies:
        for statement in policy.statements:
            if statement["Resource"] == "*" and statement["Effect"] == "Allow":
                condition = statement.get("Condition", {})
                assert "ec2:Region" in condition.get("StringEquals", {}) or policy.name in (
                    "Vpc", "Deliver",
                )  # fmt: skip


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
        test_what_functions_call_is_in_the_table_of_calls()


def test_a_call_of_a_function_must_be_granted_to_it(monkeypatch):
    (role,) = (one for one in FUNCTION_ROLES if one.template == "batch")
    monkeypatch.setitem(CALLED_BY, ("batch", "FunctionRole"), ["s3:DeleteObject"])
    with pytest.raises(AssertionError, match="DeleteObject"):
        test_a_role_grants_what_its_function_calls_and_no_more(role)


def test_generating_twice_changes_nothing():
    for name in write_templates.TEMPLATES:
        path = DEPLOY / f"cloudformation/{name}.yaml"
        assert write_templates.cloudformation(name, path.read_text()) == path.read_text()
