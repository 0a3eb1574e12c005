"""AWS's Service Authorization Reference, as cfn-lint brings it: on what resources an action can be
allowed."""

import functools
import json
import pathlib
import re

import cfnlint

REFERENCE = pathlib.Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json"


# What Lambda places a function in a VPC by. AWS gives them on `*`
# (docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html): it asks
# before there is an interface to name, and turns down a role that may delete interfaces alone
# (docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#vpc-permissions,
# github.com/hashicorp/terraform-provider-aws/issues/20698).
ASKED_FOR_ON_EVERYTHING = {
    "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}  # fmt: skip


@functools.cache
def _reference() -> dict:
    return json.loads(REFERENCE.read_text())


def kinds(action: str) -> dict[str, list[str]]:
    """Patterns of the ARNs of each kind of resource that the action takes; none: it takes `*` alone."""
    service, name = action.split(":")
    known = _reference()[service]
    resources = {kind.lower(): one for kind, one in known["Resources"].items()}
    return {
        kind: [_pattern(form) for form in resources[kind.lower()]["ARNFormats"]]
        for kind in known["Actions"][name.lower()].get("Resources", [])
    }


def _pattern(form: str) -> str:
    """A variable is one part of the ARN, and the policy may have `*` there."""
    return re.sub(r"\$\{\w+\}", "[^:]*", form)


def misfits(statement: dict) -> list[tuple[str, str]]:
    """Actions on a resource that they do not take, or on `*` though they take a resource; but for
    those of Lambda, which have to be on `*`."""
    if statement["Effect"] == "Deny":
        return []
    found = []
    for action in _listed(statement["Action"]):
        patterns = [one for several in kinds(action).values() for one in several]
        for resource in _listed(statement["Resource"]):
            fits = resource == "*" if action in ASKED_FOR_ON_EVERYTHING or not patterns else any(
                re.fullmatch(one, resource) for one in patterns)  # fmt: skip
            if not fits:
                found.append((action, resource))
    return found


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]
