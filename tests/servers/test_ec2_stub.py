"""The stub itself, asked by boto3: pages, filters, limits, faults."""

import boto3
import botocore.config
import botocore.exceptions
import pytest

from servers.ec2_stub import Denied, ExpiredPage, Reset, Throttled, make_account


def client(stub, region="eu-west-1", attempts=1):
    return boto3.client(
        "ec2",
        endpoint_url=stub.url,
        region_name=region,
        aws_access_key_id="AKID",
        aws_secret_access_key="secret",
        config=botocore.config.Config(retries={"total_max_attempts": attempts, "mode": "standard"}),
    )


def code(error) -> str:
    return error.value.response["Error"]["Code"]


def pages(stub, operation, key, **arguments):
    return [p[key] for p in client(stub).get_paginator(operation).paginate(**arguments)]


def test_every_listing_is_what_the_account_has(ec2_stub):
    account = ec2_stub.accounts[0]
    asked = {
        "describe_network_interfaces": ("NetworkInterfaces", {"IncludeManagedResources": True}),
        "describe_security_groups": ("SecurityGroups", {}),
        "describe_security_group_rules": ("SecurityGroupRules", {}),
        "describe_managed_prefix_lists": ("PrefixLists", {}),
        "describe_network_acls": ("NetworkAcls", {}),
        "describe_subnets": ("Subnets", {}),
    }
    for operation, (key, arguments) in asked.items():
        found = [one for page in pages(ec2_stub, operation, key, **arguments) for one in page]
        for one in found:
            for time in [one.get("Attachment", {})]:
                if "AttachTime" in time:
                    time["AttachTime"] = time["AttachTime"].strftime("%Y-%m-%dT%H:%M:%S.000Z")
        assert found == account.described()[key], operation
    list_id = account.prefix_lists[0]["PrefixListId"]
    entries = pages(ec2_stub, "get_managed_prefix_list_entries", "Entries", PrefixListId=list_id)
    assert [len(page) for page in entries] == [100, 50]
    assert sum(entries, []) == account.entries[list_id]


def test_instances_are_described_by_name(ec2_stub):
    interfaces = [one for one in ec2_stub.accounts[0].interfaces if "Attachment" in one][:2]
    ids = [one["Attachment"]["InstanceId"] for one in interfaces]
    described = client(ec2_stub).describe_instances(InstanceIds=ids)["Reservations"]
    groups = [one["Instances"][0]["SecurityGroups"] for one in described]
    assert groups == [one["Groups"] for one in interfaces]
    with pytest.raises(botocore.exceptions.ClientError) as error:
        client(ec2_stub).describe_instances(InstanceIds=[*ids, "i-0gone"])
    assert code(error) == "InvalidInstanceID.NotFound"


def test_pages_may_be_small_and_empty(ec2_stub):
    ec2_stub.accounts = [make_account(interfaces=5000)]
    ec2_stub.page_size, ec2_stub.empty_pages = 900, True
    found = pages(
        ec2_stub, "describe_network_interfaces", "NetworkInterfaces", IncludeManagedResources=True
    )
    assert [len(page) for page in found] == [900, 0, 900, 0, 900, 0, 900, 0, 900, 0, 500]
    assert ec2_stub.calls == {"DescribeNetworkInterfaces": 11}


def test_managed_interfaces_are_hidden_unless_asked_for(ec2_stub):
    shown = pages(ec2_stub, "describe_network_interfaces", "NetworkInterfaces")[0]
    assert 0 < len(shown) < len(ec2_stub.accounts[0].interfaces)


def test_filters(ec2_stub):
    ec2 = client(ec2_stub)
    rule = ec2_stub.accounts[0].rules[7]
    wanted = [{"Name": "group-id", "Values": [rule["GroupId"], "sg-gone"]}]
    found = ec2.describe_security_group_rules(Filters=wanted)["SecurityGroupRules"]
    assert found == [r for r in ec2_stub.accounts[0].rules if r["GroupId"] == rule["GroupId"]]
    names = [{"Name": "group-name", "Values": ["group-1?"]}]
    assert len(ec2.describe_security_groups(Filters=names)["SecurityGroups"]) == 2
    ids = [{"Name": "subnet-id", "Values": [f"subnet-{i}" for i in range(201)]}]
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        ec2.describe_subnets(Filters=ids)
    assert code(refused) == "FilterLimitExceeded"
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        ec2.describe_subnets(MaxResults=1001)
    assert code(refused) == "InvalidParameterValue"


def test_faults_come_when_they_are_planned(ec2_stub):
    ec2 = client(ec2_stub)
    ec2_stub.fail("DescribeSubnets", Throttled(), times=2, after=1)
    ec2.describe_subnets()
    for _ in range(2):
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            ec2.describe_subnets()
        assert code(refused) == "RequestLimitExceeded"
    ec2.describe_subnets()
    ec2_stub.fail("*", Reset)
    with pytest.raises(botocore.exceptions.HTTPClientError):
        ec2.describe_subnets()
    ec2_stub.fail("DescribeSubnets", Denied(), region="us-east-1")
    ec2.describe_subnets()
    assert ec2_stub.calls["DescribeSubnets"] == 6 and ec2_stub.faulted == 3


def test_a_token_is_of_its_question_alone(ec2_stub):
    ec2 = client(ec2_stub)
    token = ec2.describe_network_interfaces(MaxResults=5)["NextToken"]
    assert (
        len(ec2.describe_network_interfaces(MaxResults=5, NextToken=token)["NetworkInterfaces"])
        == 5
    )
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        ec2.describe_network_interfaces(MaxResults=6, NextToken=token)
    assert code(refused) == "InvalidNextToken"
    ec2_stub.fail("DescribeNetworkInterfaces", ExpiredPage())
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        ec2.describe_network_interfaces(MaxResults=5, NextToken=token)
    assert code(refused) == "InvalidNextToken"


def test_a_region_without_anything_is_refused(ec2_stub):
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        client(ec2_stub, region="us-east-1").describe_subnets()
    assert code(refused) == "AuthFailure"


def test_moto_answers(moto_server):
    ec2 = boto3.client(
        "ec2", endpoint_url=moto_server, region_name="eu-west-1",
        aws_access_key_id="AKID", aws_secret_access_key="secret",
    )  # fmt: skip
    assert ec2.describe_subnets()["Subnets"]
