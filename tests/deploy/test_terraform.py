"""The modules: parsed, and nothing in them that is used and not declared, or the other way round.

There is no schema of the provider here to hold them against: that they name the provider's
attributes rightly is what test_same_architecture.py and people who read see.
"""

import re
import subprocess

import pytest
import terraform_modules
from servers import tflint
from templates import DEPLOY
from terraform_modules import MODULES, blocks, names, text

# A word that is Terraform's own, or a loop's, where a resource's type would stand.
OWN_WORDS = {"var", "local", "module", "data", "path", "each", "parameters"}


def references(module: str) -> set[tuple[str, str]]:
    """(var, name), (local, name), (TYPE, NAME), (data.TYPE, NAME), in all expressions."""
    source = re.sub(r"(?m)^\s*#.*$", "", text(module))
    # Text outside of ${...} is no expression.
    source = re.sub(r"(?<!\$)\$\{|\}", " ", source)
    found = set(re.findall(r"(?<![\w.\"-])(var|local|module)\.(\w+)", source))
    found |= {(f"data.{kind}", name) for kind, name in re.findall(r"\bdata\.(\w+)\.(\w+)", source)}
    found |= set(re.findall(r"(?<![\w.\"])((?:aws|terraform)_\w+)\.(\w+)", source))
    return found


def declared(module: str) -> set[tuple[str, str]]:
    everything = {("var", name) for name in names(module, "variable")}
    everything |= {("local", name) for block in blocks(module).get("locals", []) for name in block}
    everything |= {("module", name) for name in names(module, "module")}
    everything |= {tuple(name.split(".")) for name in names(module, "resource")}
    for name in names(module, "data"):
        kind, one = name.split(".")
        everything.add((f"data.{kind}", one))
    return everything


@pytest.mark.parametrize("module", MODULES)
def test_what_is_used_is_declared(module):
    assert references(module) - declared(module) == set()


@pytest.mark.parametrize("module", MODULES)
def test_what_is_declared_is_used(module):
    def is_setting(one):
        return one[0] in ("var", "local") or one[0].startswith("data.")

    assert {one for one in declared(module) if is_setting(one)} - references(module) == set()


@pytest.mark.parametrize("module", MODULES)
def test_every_variable_and_output_is_described(module):
    for kind in ("variable", "output"):
        for block in blocks(module).get(kind, []):
            for name, content in block.items():
                assert content.get("description"), f"{kind} {name}"
    for block in blocks(module).get("variable", []):
        for name, content in block.items():
            assert content.get("type"), name


def test_the_example_gives_the_module_what_it_has_and_needs():
    (block,) = blocks("examples/stream")["module"]
    given = set(block["stream"]) - {"source"}
    variables = {
        name: content for one in blocks("stream")["variable"] for name, content in one.items()
    }
    assert given - set(variables) == set()
    assert {
        name for name, content in variables.items() if "default" not in content
    } - given == set()
    used = set(re.findall(r"module\.stream\.(\w+)", text("examples/stream")))
    assert used - names("stream", "output") == set()


@pytest.mark.parametrize("module", MODULES)
def test_tflint_says_nothing(module):
    done = subprocess.run(
        [tflint.program(), f"--chdir={DEPLOY / 'terraform' / module}", "--no-color",
         "--minimum-failure-severity=notice"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("module", MODULES)
def test_no_file_is_longer_than_a_person_reads(module):
    """But for what is generated, one piece after another."""
    for path in terraform_modules.files(module):
        if "write_templates.py" not in path.read_text():
            assert len(path.read_text().splitlines()) <= 300, path
