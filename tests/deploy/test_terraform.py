"""The modules: parsed, and nothing in them that is used and not declared, or the other way round.

That they name the provider's attributes rightly is what test_provider_schema.py sees. What a plan has
to know is looked at, and tried with Terraform where it is installed.
"""

import json
import os
import re
import shutil
import subprocess

import pytest
import terraform_modules
import write_templates
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
def test_no_file_is_longer_than_a_person_reads(module):
    """But for what is generated, one piece after another."""
    for path in terraform_modules.files(module):
        if "write_templates.py" not in path.read_text():
            assert len(path.read_text().splitlines()) <= 300, path


# What a plan can know: modules are called with ARNs and ids of what the same plan makes.

# Texts that nobody takes from a resource.
SAID_BY_PEOPLE = {"snapshot_schedule"}


def told_by_a_resource(module: str) -> set[str]:
    """Variables that may be an id, a name, an address or an ARN. Of lists a plan knows the length."""
    variables = {name: body for block in blocks(module)["variable"] for name, body in block.items()}
    chosen = {name for name, body in variables.items()
              if any("contains(" in one["condition"] for one in body.get("validation", []))}  # fmt: skip
    texts = {name for name, body in variables.items() if body["type"] == "string"}
    return texts - chosen - SAID_BY_PEOPLE


def variables_behind(expression: str, module: str) -> set[str]:
    """Also through locals."""
    found = set(re.findall(r"\bvar\.(\w+)", expression))
    defined = {
        name: value for block in blocks(module).get("locals", []) for name, value in block.items()
    }
    for name in re.findall(r"\blocal\.(\w+)", expression):
        found |= variables_behind(str(defined[name]), module)
    return found


def counted(module: str) -> list[str]:
    return re.findall(r"(?m)^\s*(?:count|for_each)\s*= (.*)$", text(module))


MODULES_OF_OTHERS = [module for module in MODULES if module != "examples/stream"]


@pytest.mark.parametrize("module", MODULES_OF_OTHERS)
def test_what_is_made_does_not_hang_on_what_only_the_apply_tells(module):
    for expression in counted(module):
        assert variables_behind(expression, module) & told_by_a_resource(module) == set(), (
            expression
        )


def test_which_variables_those_are():
    assert told_by_a_resource("batch") >= {
        "kms_key_arn", "flow_log_resource_id", "source_bucket_name", "role_arn", "snapshot_bucket_name",
    }  # fmt: skip
    assert told_by_a_resource("stream") >= {
        "kms_key_arn", "flow_log_resource_id", "redis_password_secret_arn", "endpoint_secret_arn",
        "redis_url", "role_arn",
    }  # fmt: skip
    assert "kms_key_arn" in variables_behind("local.has_key ? 1 : 0", "stream")
    assert sum(map(len, map(counted, MODULES_OF_OTHERS))) > 30


# The same by Terraform itself, with its built-in resource in place of the provider's.
CHOSEN = {
    "stream": 'destination = "splunk"\n  inventory = "redis"\n  flow_log_resource_type = "VPC"',
    "batch": 'makes_bucket = false\n  inventory = "snapshot"',
    "account": 'flow_log_resource_type = "VPC"',
    "network": "makes_cache = true",
    "receiver": "",
}
ONLY_POLICIES = r"(?ms)^  (?:policy|assume_role_policy) += (?:jsonencode\(.*?^  }\)|\S*?)$"


def stand_in(resource: str) -> str:
    """terraform_data with the resource's count and policies."""
    kind, name = re.match(r'resource "(\w+)" "(\w+)"', resource).groups()
    lines = re.findall(r"(?m)^  count += .*$", resource)
    policies = [one.split("=", 1)[1].strip() for one in re.findall(ONLY_POLICIES, resource)]
    made = "\n".join([*lines, f"  input = [{', '.join(policies)}]"])
    # What the provider's own resources and data would tell.
    made = re.sub(r"\b(?:data\.)?aws_\w+\.\w+(?:\[0\])?\.\w+", "var.unknown", made)
    return f'resource "terraform_data" "{kind}_{name}" {{\n{made}\n}}\n'


with_terraform = pytest.mark.skipif(
    not shutil.which("terraform"), reason="no terraform on this machine"
)


def terraform(folder, *arguments) -> str:
    done = subprocess.run(
        ["terraform", f"-chdir={folder}", *arguments, "-no-color"],
        capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "CHECKPOINT_DISABLE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@with_terraform
@pytest.mark.parametrize("module", MODULES_OF_OTHERS)
def test_terraform_plans_with_what_is_not_known_yet(module, tmp_path):
    inner = tmp_path / "module"
    inner.mkdir()
    folder = DEPLOY / "terraform" / module
    for name in ("variables.tf", "conditions.tf", "rules.tf"):
        if (folder / name).exists():
            (inner / name).write_text((folder / name).read_text())
    resources = re.findall(r'(?ms)^resource "aws_.*?^}$', text(module))
    (inner / "made.tf").write_text(
        'variable "unknown" {\n  type = string\n}\n' + "\n".join(map(stand_in, resources))
    )
    given = ["unknown", *sorted(told_by_a_resource(module) - {"name", "reserved_concurrency"})]
    lists = [name for block in blocks(module)["variable"] for name, body in block.items()
             if body["type"].startswith("list")]  # fmt: skip
    (tmp_path / "main.tf").write_text(
        'resource "terraform_data" "later" {}\n\nmodule "it" {\n  source = "./module"\n'
        + "".join(f"  {name} = terraform_data.later.id\n" for name in given)
        + "".join(f"  {name} = [terraform_data.later.id]\n" for name in lists)
        + f"  {CHOSEN[module]}\n}}\n"
    )
    terraform(tmp_path, "init", "-input=false")
    plan = terraform(tmp_path, "plan", "-lock=false", "-input=false")
    policies = len(re.findall(r"(?m)^resource \"aws_iam_role_policy\"", text(module)))
    assert plan.count("terraform_data.aws_iam_role_policy_") >= policies


# What the provider leaves out of what it reads, and would add at each plan: internal/service/firehose/
# delivery_stream.go of hashicorp/terraform-provider-aws, defaultProcessorParameters.
def left_out_by_the_provider(destination: str) -> dict[str, str]:
    size = "0.25" if destination == "splunk" else "1"
    role = {} if destination == "splunk" else {"RoleArn": "ROLE"}
    return {
        "NumberOfRetries": "3",
        "BufferIntervalInSeconds": "60",
        "BufferSizeInMBs": size,
        **role,
    }


@with_terraform
def test_no_plan_has_a_change_that_is_none(tmp_path):
    """The processor's parameters of a stream, as the provider reads them back."""
    (processing,) = re.findall(r"(?ms)^locals \{\n  processing = .*?^\}$", text("stream"))
    made = processing.replace("aws_lambda_function.function.arn", '"FUNCTION"')
    made = made.replace("aws_iam_role.stream_role.arn", '"ROLE"')
    settings = [(destination, size, interval) for destination in ("s3", "http", "splunk")
                for size in ("0.25", "1", "0.8") for interval in ("60", "0")]  # fmt: skip
    inner = tmp_path / "module"
    inner.mkdir()
    names = ("destination", "buffer_size", "buffer_interval")
    (inner / "made.tf").write_text(
        "".join(f'variable "{name}" {{}}\n' for name in names)
        + f'{made}\noutput "it" {{\n  value = local.processing\n}}\n'
    )
    (tmp_path / "main.tf").write_text("".join(
        f'module "m{i}" {{\n  source = "./module"\n  destination = "{one[0]}"\n'
        f"  buffer_size = {one[1]}\n  buffer_interval = {one[2]}\n}}\n"
        f'output "m{i}" {{\n  value = module.m{i}.it\n}}\n' for i, one in enumerate(settings)
    ))  # fmt: skip
    terraform(tmp_path, "init", "-input=false")
    terraform(tmp_path, "apply", "-auto-approve", "-input=false")
    told = json.loads(terraform(tmp_path, "output", "-json"))
    for i, (destination, size, interval) in enumerate(settings):
        given = {name: str(value) for name, value in told[f"m{i}"]["value"].items()}
        default = left_out_by_the_provider(destination)
        assert [one for one in given.items() if one in default.items()] == []
        # And Firehose has all that was wanted.
        assert {**default, **given} == {
            "LambdaArn": "FUNCTION", "RoleArn": "ROLE", "NumberOfRetries": "3",
            "BufferSizeInMBs": size, "BufferIntervalInSeconds": interval,
        }  # fmt: skip


# docs.aws.amazon.com, the API's references; with a prefix the provider adds 26 characters.
LONGEST = {
    ("aws_cloudwatch_dashboard", "dashboard_name"): 255,
    ("aws_cloudwatch_event_rule", "name"): 64,
    ("aws_cloudwatch_log_group", "name_prefix"): 512 - 26,
    ("aws_cloudwatch_metric_alarm", "alarm_name"): 255,
    ("aws_elasticache_replication_group", "replication_group_id"): 40,
    ("aws_elasticache_subnet_group", "name"): 255,
    ("aws_iam_role", "name_prefix"): 64 - 26,
    ("aws_kinesis_firehose_delivery_stream", "name"): 64,
    ("aws_lambda_function", "function_name"): 64,
    ("aws_s3_bucket", "bucket_prefix"): 63 - 26,
    ("aws_secretsmanager_secret", "name_prefix"): 512 - 26,
    ("aws_security_group", "name_prefix"): 255 - 26,
    ("aws_sqs_queue", "name"): 80,
}  # fmt: skip


@pytest.mark.parametrize("module", write_templates.NAME_LENGTHS)
def test_the_longest_name_makes_no_name_too_long(module):
    longest = write_templates.NAME_LENGTHS[module]
    left = {}
    for address, body in terraform_modules.resources(module).items():
        for attribute, value in body.items():
            if attribute in ("name", *(key for _, key in LONGEST)) and "var.name" in str(value):
                name = re.sub(r"\$\{var\.name\}|^var\.name$", "n" * longest, str(value))
                left[address, attribute] = LONGEST[address.split(".")[0], attribute] - len(name)
    assert min(left.values()) == 0, left
    (variable,) = (one["name"] for one in blocks(module)["variable"] if "name" in one)
    assert f"length(var.name) <= {longest}" in str(variable["validation"])
    assert len(variable["default"]) <= longest
