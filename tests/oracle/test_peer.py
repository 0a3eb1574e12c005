"""Who the oracle takes for the peer."""

import pytest
from story import FIELDS, FROM_DB, answer_of, line
from written_inventory import DB, FAR, WEB, rule


@pytest.mark.parametrize(
    "more, peer_id, row",
    [
        ({}, "eni-db", "peer: own VPC"),
        ({"next_hop_interface_id": "eni-hop"}, "eni-hop", "peer: next-hop-interface-id"),
        ({"srcaddr": "10.9.0.4", "next_hop_vpc_id": "vpc-9"}, "eni-far", "peer: next-hop-vpc-id"),
        ({"srcaddr": "10.9.0.4"}, None, "peer: none"),
    ],
)
def test_peer_interface(more, peer_id, row):
    inventory = {"NetworkInterfaces": [WEB, DB, FAR]}
    answer, coverage = answer_of(inventory, FIELDS, [line(f"{FROM_DB} REJECT", **more)])
    assert answer.peer_interface_id == peer_id
    assert coverage[row]


@pytest.mark.parametrize("status, peer_id", [("active", "eni-far"), ("pending", None)])
def test_peer_by_the_reference_that_decided(status, peer_id):
    inventory = {
        "NetworkInterfaces": [WEB, DB, FAR],
        "SecurityGroupRules": [rule(f"sgr-1 in tcp 443 sg-far {status} vpc-9")],
    }
    records = [line(f"{FROM_DB} ACCEPT", srcaddr="10.9.0.4")]
    answer, _ = answer_of(inventory, FIELDS, records)
    assert answer.sg_matched_rules == ["sgr-1"]
    assert answer.peer_interface_id == peer_id


def test_peer_where_nothing_is_judged():
    inventory = {"NetworkInterfaces": [WEB | {"Groups": []}, DB]}
    answer, _ = answer_of(inventory, FIELDS, [line(f"{FROM_DB} ACCEPT")])
    assert (answer.sg_verdict, answer.peer_interface_id) == ("not-applicable", "eni-db")
    nothing = line(f"{FROM_DB} ACCEPT", log_status="NODATA")
    assert answer_of(inventory, FIELDS, [nothing])[0].peer_interface_id is None
