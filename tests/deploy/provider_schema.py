"""The schema of Terraform's AWS provider, as the bindings that CDK for Terraform generates from it
have it: npm's @cdktf/provider-aws, unpacked. Each argument's own name stands in its comment's link."""

import functools
import pathlib
import re
from dataclasses import dataclass

from tables.values import snake

LINK = r"\{@link https://\S+#(\w+) "


@dataclass
class Argument:
    required: bool
    block: str | None  # the name of its type, where it is a block
    several: bool  # blocks


@dataclass
class Schema:
    types: dict[str, dict[str, Argument]]
    root: str
    attributes: set[str]  # what can be referred to

    def arguments(self, block: str | None = None) -> dict[str, Argument]:
        return self.types[block or self.root]


class Provider:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder

    @functools.cache  # noqa: B019
    def schema(self, kind: str, data: bool = False) -> Schema | None:
        """Of aws_KIND; None: there is no such resource or source of data."""
        name = kind.removeprefix("aws_").replace("_", "-")
        path = self.folder / "lib" / (f"data-aws-{name}" if data else name) / "index.d.ts"
        return read(path.read_text()) if path.exists() else None


def read(text: str) -> Schema:
    bodies = dict(re.findall(r"(?ms)^export interface (\w+)[^{]*\{\n(.*?)^\}", text))
    (root,) = re.findall(r"(?m)^export interface (\w+) extends cdktf\.TerraformMetaArguments", text)
    types = {
        name: {
            own: argument(optional == "", kind, bodies)
            for own, optional, kind in re.findall(
                rf"{LINK}(?:(?!\*/).)*?\*/\s*readonly \w+(\??): ([^;]+);", body, re.DOTALL
            )
        }
        for name, body in bodies.items()
    }
    attributes = {snake(name) for name in re.findall(r"(?m)^    get (\w+)\(\)", text)}
    return Schema(types, root, attributes)


def argument(required: bool, kind: str, bodies: dict) -> Argument:
    name = re.match(r"\w+", kind)
    block = name[0] if name and name[0] in bodies else None
    return Argument(required, block, "[]" in kind)
