"""An emulated AWS with what a user has before deploying: a package in S3, a VPC."""

import contextlib
import io
import itertools
import os
import pathlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass

import boto3
import pytest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [
    str(folder) for folder in (TESTS, TESTS / "lambda", TESTS / "deploy", TESTS.parent / "deploy")
]

from authorized_endpoint import FUNCTION_KEY, AuthorizedEndpoint  # noqa: E402
from emulated_stack import REGION, Stack  # noqa: E402
from function_process import BINARY, Function  # noqa: E402
from runtime_api_server import RuntimeApi  # noqa: E402
from templates import template  # noqa: E402

CODE = {"CodeBucket": "packages", "CodeKey": "sgflow-1.zip"}


@pytest.fixture(scope="session")
def package(tmp_path_factory) -> pathlib.Path:
    """The zip that a user uploads: of `make package` where SGFLOW_PACKAGE says where that is, else
    made of the program in the same way."""
    if folder := os.environ.get("SGFLOW_PACKAGE"):
        return pathlib.Path(folder) / "sgflow-lambda-x86_64.zip"
    path = tmp_path_factory.mktemp("package") / "sgflow.zip"
    script = TESTS.parent / "scripts/package/zip_bootstrap.py"
    subprocess.run([sys.executable, script, BINARY, path], check=True)
    return path


@pytest.fixture(scope="session")
def bootstrap(cloud, tmp_path_factory) -> pathlib.Path:
    """What is in the zip that the stacks' functions are made from, as Lambda unpacks it."""
    zipped = cloud.client("s3").get_object(Bucket=CODE["CodeBucket"], Key=CODE["CodeKey"])["Body"]
    with zipfile.ZipFile(io.BytesIO(zipped.read())) as archive:
        path = pathlib.Path(archive.extract("bootstrap", tmp_path_factory.mktemp("task")))
        path.chmod(archive.getinfo("bootstrap").external_attr >> 16 & 0o777)
    return path


@dataclass
class Cloud:
    url: str
    vpc: str
    subnets: list[str]
    route_table: str
    stacks: int = 0

    def client(self, service: str):
        return boto3.client(service, endpoint_url=self.url, region_name=REGION,
                            aws_access_key_id="x", aws_secret_access_key="x")  # fmt: skip

    def deploy(self, name: str, **parameters: str) -> Stack:
        """A stack of its own for each call."""
        self.stacks += 1
        return self.stack(name, **parameters).create()

    def stack(self, name: str, **parameters: str) -> Stack:
        if "CodeKey" in template(name)["Parameters"]:
            parameters = {**CODE, **parameters}
        return Stack(self.url, f"{name}{self.stacks}", template(name), parameters)

    def environment(self, stack: Stack, function: str) -> dict[str, str]:
        """What Lambda starts the function with."""
        configuration = self.client("lambda").get_function_configuration(
            FunctionName=stack.references[function]
        )
        return {
            **configuration["Environment"]["Variables"],
            "AWS_LAMBDA_FUNCTION_NAME": configuration["FunctionName"],
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration["MemorySize"]),
            "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": FUNCTION_KEY, "AWS_SECRET_ACCESS_KEY": "x",
            "NO_PROXY": "127.0.0.1",
        }  # fmt: skip

    def statements_of(self, stack: Stack, function: str) -> list[dict]:
        """What the function's role may do."""
        configuration = self.client("lambda").get_function_configuration(
            FunctionName=stack.references[function]
        )
        return self.statements_of_role(configuration["Role"].rpartition("/")[2])

    def statements_of_role(self, role: str) -> list[dict]:
        iam = self.client("iam")
        return [
            statement
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
            for statement in iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"][
                "Statement"
            ]
        ]


@pytest.fixture(scope="session")
def cloud(moto_server, package) -> Cloud:
    made = Cloud(moto_server, "", [], "")
    s3 = made.client("s3")
    s3.create_bucket(
        Bucket=CODE["CodeBucket"], CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    s3.upload_file(str(package), CODE["CodeBucket"], CODE["CodeKey"])
    ec2 = made.client("ec2")
    made.vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    made.subnets = [
        ec2.create_subnet(VpcId=made.vpc, CidrBlock=f"10.1.{i}.0/24",
                          AvailabilityZone=f"{REGION}{'ab'[i]}")["Subnet"]["SubnetId"]
        for i in range(2)
    ]  # fmt: skip
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [made.vpc]}])
    made.route_table = tables["RouteTables"][0]["RouteTableId"]
    return made


@pytest.fixture(scope="session")
def database(cloud):
    """An interface whose group lets in PostgreSQL from one network; its id, address and rule."""
    ec2 = cloud.client("ec2")
    group = ec2.create_security_group(GroupName="database", Description="d", VpcId=cloud.vpc)[
        "GroupId"
    ]
    rule = ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 5432,
                "ToPort": 5432,
                "IpRanges": [{"CidrIp": "10.1.0.0/24"}],
            }
        ],
    )["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    made = ec2.create_network_interface(SubnetId=cloud.subnets[1], Groups=[group])[
        "NetworkInterface"
    ]
    return {"id": made["NetworkInterfaceId"], "address": made["PrivateIpAddress"], "rule": rule,
            "group": group, "subnet": cloud.subnets[1]}  # fmt: skip


@pytest.fixture
def called() -> set[str]:
    """The actions that the functions of the test have called, each as its role."""
    return set()


@pytest.fixture
def run(cloud, bootstrap, called):
    """run(stack, logical_id) starts that function and gives the Runtime API that it asks. What its
    role does not allow is refused to it, and fails the test."""
    refused = []
    with contextlib.ExitStack() as ends:

        def start(stack, logical_id):
            statements = cloud.statements_of(stack, logical_id)
            aws = ends.enter_context(AuthorizedEndpoint(cloud.url, statements, called))
            api = ends.enter_context(RuntimeApi())
            environment = {**cloud.environment(stack, logical_id), "AWS_ENDPOINT_URL": aws.url}
            function = Function(api.address, [str(bootstrap)], **environment)
            ends.callback(function.end)
            api.function, api.process = function, function.process
            refused.append(aws.refused)
            return api

        yield start
    assert list(itertools.chain(*refused)) == []
