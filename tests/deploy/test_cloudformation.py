"""cfn-lint finds nothing, neither in the templates nor in what AWS's SAM transform makes of them."""

import json
import pathlib
import subprocess
import sys

import pytest
import write_templates
from templates import TEMPLATES, template, template_path

LINT = "from cfnlint.runner import main; main()"


@pytest.fixture(scope="module")
def lint(tmp_path_factory) -> dict[str, list[str]]:
    """What cfn-lint says of each file by its name: in one run, as it takes seconds to start. Beside the
    templates there are what SAM's transform makes of them, and one with a property that is wrong."""
    made = tmp_path_factory.mktemp("made")
    for name in TEMPLATES:
        if "Transform" in write_templates.read_template(name):
            (made / f"{name}.json").write_text(json.dumps(template(name)))
    wrong = template_path("receiver").read_text().replace("RoleName:", "Name:")
    (made / "wrong.yaml").write_text(wrong)
    paths = [*map(template_path, TEMPLATES), *made.iterdir()]
    done = subprocess.run([sys.executable, "-c", LINT, "--format", "parseable", *map(str, paths)],
                          capture_output=True, text=True)  # fmt: skip
    assert done.stderr == ""
    said = {path.name: [] for path in paths}
    for line in done.stdout.splitlines():
        said[pathlib.Path(line.split(":")[0]).name].append(line)
    return said


@pytest.mark.parametrize("name", TEMPLATES)
def test_cfn_lint_says_nothing(lint, name):
    assert lint[f"{name}.yaml"] == []


@pytest.mark.parametrize("name", ["stream", "batch"])
def test_nor_about_what_the_transform_makes(lint, name):
    assert lint[f"{name}.json"] == []


def test_it_would_say_something(lint):
    assert any("'Name' was unexpected" in line for line in lint["wrong.yaml"])


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_parameter_and_output_is_described(name):
    content = template(name)
    for kind in ("Parameters", "Outputs"):
        for key, one in content.get(kind, {}).items():
            assert one.get("Description"), key


def test_parameters_are_grouped_for_the_console():
    content = template("stream")
    groups = content["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    listed = [name for group in groups for name in group["Parameters"]]
    assert sorted(listed) == sorted(content["Parameters"])
