"""Terraform's modules as python-hcl2 reads them, with its marks taken off."""

import functools
import pathlib
import re

import hcl2
from templates import DEPLOY

MODULES = ("stream", "batch", "account", "receiver", "network", "examples/stream")


def files(module: str) -> list[pathlib.Path]:
    return sorted((DEPLOY / "terraform" / module).glob("*.tf"))


def text(module: str) -> str:
    return "\n".join(path.read_text() for path in files(module))


@functools.cache
def blocks(module: str) -> dict[str, list]:
    """All blocks of the module by their kind, as variable and resource."""
    merged: dict[str, list] = {}
    for path in files(module):
        for kind, found in clean(hcl2.loads(path.read_text())).items():
            merged.setdefault(kind, []).extend(found)
    return merged


def names(module: str, kind: str) -> set[str]:
    """Of variables, outputs, locals; of resources and data TYPE.NAME."""
    found = set()
    for block in blocks(module).get(kind, []):
        for name, content in block.items():
            if kind in ("resource", "data"):
                found |= {f"{name}.{one}" for one in content}
            else:
                found.add(name)
    return found


def resources(module: str) -> dict[str, dict]:
    """By TYPE.NAME."""
    return {
        f"{kind}.{name}": body
        for block in blocks(module)["resource"]
        for kind, named in block.items()
        for name, body in named.items()
    }


class Expression(str):
    """What Terraform works out; all else is literal. `quoted`: a text that has some in it."""

    quoted = False


def clean(value):
    """Text without quotes; `${...}` as an Expression; blocks without their marks, and a dynamic
    block as the block that it makes."""
    if isinstance(value, list):
        return [clean(one) for one in value]
    if isinstance(value, dict):
        made = {}
        for key, one in value.items():
            if key in ("__is_block__", "__comments__", "__inline_comments__"):
                continue
            if key == "dynamic" and isinstance(one, list):
                for dynamic in one:
                    for name, content in clean(dynamic).items():
                        made.setdefault(name, []).extend(
                            {"for_each": content["for_each"], **one} for one in content["content"]
                        )
                continue
            made[unquoted(key)] = clean(one)
        return made
    if not isinstance(value, str):
        return value
    if re.fullmatch(r'"(?:[^"\\]|\\.)*"', value):
        inside = value[1:-1].replace('\\"', '"')
        holds = re.search(r"(?<!\$)\$\{", inside)
        if not holds:
            return inside.replace("$${", "${")
        expression = Expression(inside)
        expression.quoted = True
        return expression
    return Expression(value.removeprefix("${").removesuffix("}"))


def unquoted(text: str) -> str:
    return text[1:-1] if text.startswith('"') else text
