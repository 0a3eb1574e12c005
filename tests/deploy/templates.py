"""The CloudFormation templates as AWS sees them, and Terraform's modules as python-hcl2 does."""

import functools
import os
import pathlib
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
DEPLOY = REPOSITORY / "deploy"
sys.path.insert(0, str(DEPLOY))

import write_templates  # noqa: E402

TEMPLATES = write_templates.TEMPLATES


def template_path(name: str) -> pathlib.Path:
    return DEPLOY / f"cloudformation/{name}.yaml"


@functools.cache
def template(name: str) -> dict:
    """With the long forms of functions, and what AWS's transform makes of SAM's types."""
    loaded = write_templates.read_template(name)
    if "Transform" not in loaded:
        return loaded
    # It asks for a Region where a partition's name is needed.
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    return Translator({}, Parser()).translate(loaded, {})
