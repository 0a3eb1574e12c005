"""Other shapes of what AWS's CLI prints, as the oracle reads them."""

from story import FIELDS, SYN_IN, answer_of, line
from written_inventory import DB, IN_443, WEB, rule


def test_permissions_are_read_where_a_group_has_no_numbered_rules():
    group = {
        "GroupId": "sg-web",
        "VpcId": "vpc-1",
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            },
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "IpRanges": [{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "198.51.100.0/24"}],
                "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
            },
        ],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-db"}]}],
    }
    inventory = {"NetworkInterfaces": [WEB, DB], "SecurityGroups": [group]}
    answer, _ = answer_of(inventory, FIELDS, [line(SYN_IN)])
    assert answer.sg_matched_rules == ["sg-web/IpPermissions/1"]
    answer, _ = answer_of(inventory, FIELDS, [line("out 10.0.1.9/443 50000 tcp 2 ACCEPT")])
    assert answer.sg_matched_rules == ["sg-web/IpPermissionsEgress/0"]
    inventory["SecurityGroupRules"] = [rule("sgr-1 in tcp 80 0.0.0.0/0")]
    answer, _ = answer_of(inventory, FIELDS, [line(SYN_IN)])
    assert answer.sg_verdict == "allowed-unexplained"


def test_interfaces_of_instances():
    nested = {k: v for k, v in WEB.items() if k != "Attachment"}
    inventory = {
        "Reservations": [{"Instances": [{"InstanceId": "i-web", "NetworkInterfaces": [nested]}]}],
        "SecurityGroupRules": [rule(IN_443)],
    }
    answer, coverage = answer_of(
        inventory,
        FIELDS,
        [line(SYN_IN, interface_id="-", instance_id="i-web", dstaddr="10.0.0.99")],
    )
    assert answer.sg_verdict == "allowed-by-rule"
    assert coverage["interface: by instance"]
