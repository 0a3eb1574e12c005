"""The modules against the AWS provider's schema: each resource, argument and block is there, and none
that is required is missing. Runs where SGFLOW_PROVIDER_SCHEMA names the unpacked bindings:

    npm pack @cdktf/provider-aws@21.22.1 && tar xzf cdktf-provider-aws-21.22.1.tgz
    SGFLOW_PROVIDER_SCHEMA=package build/venv/bin/python -m pytest tests/deploy/test_provider_schema.py
"""

import os
import pathlib
import re

import pytest
import terraform_modules
from provider_schema import Provider, Schema, read
from terraform_modules import MODULES

FOLDER = os.environ.get("SGFLOW_PROVIDER_SCHEMA")
META = {"count", "for_each", "depends_on", "lifecycle"}
with_schema = pytest.mark.skipif(not FOLDER, reason="SGFLOW_PROVIDER_SCHEMA is not set")


@pytest.fixture(scope="module")
def provider() -> Provider:
    return Provider(pathlib.Path(FOLDER))


def faults(schema: Schema, body: dict, where: str, block: str | None = None) -> list[str]:
    known = schema.arguments(block)
    given = {name: value for name, value in body.items() if name not in META}
    found = [f"{where}: {name} is not known" for name in given if name not in known]
    found += [f"{where}: {name} is missing" for name, one in known.items()
              if one.required and name not in given]  # fmt: skip
    for name, value in given.items():
        if name not in known:
            continue
        is_block = isinstance(value, list) and any(isinstance(one, dict) for one in value)
        if is_block != (known[name].block is not None):
            found.append(f"{where}: {name} is {'no' if is_block else 'a'} block")
        elif is_block:
            if len(value) > 1 and not known[name].several:
                found.append(f"{where}: {name} stands there more than once")
            for one in value:
                found += faults(schema, one, f"{where}.{name}", known[name].block)
    return found


def declared(module: str):
    """(type, name, body, whether it is data) of what the provider makes or tells."""
    for kind in ("resource", "data"):
        for block in terraform_modules.blocks(module).get(kind, []):
            for type_, named in block.items():
                if type_.startswith("aws_"):
                    for name, body in named.items():
                        yield type_, name, body, kind == "data"


@with_schema
@pytest.mark.parametrize("module", MODULES)
def test_the_provider_knows_all_that_a_module_says(provider, module):
    found = []
    for type_, name, body, data in declared(module):
        schema = provider.schema(type_, data)
        address = f"{type_}.{name}"
        found += faults(schema, body, address) if schema else [f"{address}: no such resource"]
    assert found == []


@with_schema
@pytest.mark.parametrize("module", MODULES)
def test_the_provider_tells_what_a_module_refers_to(provider, module):
    source = re.sub(r"(?m)^\s*#.*$", "", terraform_modules.text(module))
    found = re.findall(r"\b(data\.)?(aws_\w+)\.\w+(?:\[0\])?\.(\w+)", source)
    assert found or module in ("examples/stream", "receiver", "account", "network")
    for data, type_, attribute in set(found):
        schema = provider.schema(type_, bool(data))
        assert attribute in schema.attributes, f"{data}{type_}.{attribute}"


# That it would find something

BINDINGS = """
export interface QueueConfig extends cdktf.TerraformMetaArguments {
    /**
    * Docs at Terraform Registry: {@link https://example/queue#queue_name Queue#queue_name}
    */
    readonly queueName: string;
    /**
    * rule block
    *
    * Docs at Terraform Registry: {@link https://example/queue#rule Queue#rule}
    */
    readonly rule?: QueueRule;
}
export interface QueueRule {
    /**
    * Docs at Terraform Registry: {@link https://example/queue#size_in_mb Queue#size_in_mb}
    */
    readonly sizeInMb?: number;
}
export declare class Queue extends cdktf.TerraformResource {
    get queueName(): string;
}
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"queue_name": "q", "rule": [{"size_in_mb": 1}], "count": 1}, []),
        ({"rule": [{}]}, ["q: queue_name is missing"]),
        ({"queue_name": "q", "size": 1}, ["q: size is not known"]),
        ({"queue_name": "q", "rule": [{"size": 1}]}, ["q.rule: size is not known"]),
        ({"queue_name": "q", "rule": {"size_in_mb": 1}}, ["q: rule is a block"]),
        ({"queue_name": [{}]}, ["q: queue_name is no block"]),
        ({"queue_name": "q", "rule": [{}, {}]}, ["q: rule stands there more than once"]),
    ],
)
def test_what_the_provider_does_not_know_is_found(body, told):
    assert faults(read(BINDINGS), body, "q") == told
    assert read(BINDINGS).attributes == {"queue_name"}
