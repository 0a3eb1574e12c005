"""tflint, which reads Terraform."""

import pathlib

from .go_program import go_program


def program() -> pathlib.Path:
    return go_program("github.com/terraform-linters/tflint", "v0.64.0")
