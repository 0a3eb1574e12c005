"""cfn-lint finds nothing, neither in the templates nor in what AWS's SAM transform makes of them."""

import json
import subprocess
import sys

import pytest
import write_templates
from templates import TEMPLATES, template, template_path

LINT = "from cfnlint.runner import main; main()"


def lint(*paths) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", LINT, *map(str, paths)], capture_output=True,
                          text=True)  # fmt: skip
    return done.returncode, done.stdout


def test_cfn_lint_says_nothing():
    assert lint(*map(template_path, TEMPLATES)) == (0, "")


def test_nor_about_what_the_transform_makes(tmp_path):
    made = [name for name in TEMPLATES if "Transform" in write_templates.read_template(name)]
    assert made == ["stream", "batch"]
    for name in made:
        (tmp_path / f"{name}.json").write_text(json.dumps(template(name)))
    assert lint(*tmp_path.iterdir()) == (0, "")


def test_it_would_say_something(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text(template_path("receiver").read_text().replace("RoleName:", "Name:"))
    code, said = lint(path)
    assert code != 0 and "'Name' was unexpected" in said


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
