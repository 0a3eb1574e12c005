"""What a user is told by the templates. cfn-lint reads them in `make lint`: cfn_lint.py."""

import pytest
from templates import TEMPLATES, template


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
