"""What makes a record odd: gaps, unknown interfaces, no data."""

from generate_layout import V2


def disturb(dice, values):
    rng = dice.rng
    if dice.chance(0.02):
        values["interface-id"] = "eni-unknown"
    if dice.chance(0.015):
        for name in V2[3:10] + [
            "action",
            "tcp-flags",
            "type",
            "pkt-srcaddr",
            "pkt-dstaddr",
            "flow-direction",
            "traffic-path",
        ]:
            values[name] = "-"
        values["log-status"] = rng.choice(("NODATA", "SKIPDATA"))
    if dice.chance(0.01, "no-interface-id"):
        values.update(
            {"interface-id": "-", "subnet-id": "-", "instance-id": "-", "resource-id": "nat-1"}
        )
    if dice.chance(0.08, "missing-fields"):
        gap = rng.choice(
            (
                ["action"],
                ["protocol"],
                ["srcport"],
                ["dstport"],
                ["srcaddr", "pkt-srcaddr"],
                ["dstaddr", "pkt-dstaddr"],
                ["srcaddr"],
                ["dstaddr"],
                ["pkt-srcaddr"],
                ["pkt-dstaddr"],
                ["flow-direction"],
                ["tcp-flags"],
                ["interface-id"],
                ["interface-id", "vpc-id"],
                ["flow-direction", "interface-id"],
                ["instance-id"],
                ["subnet-id"],
            )
        )
        if "interface-id" in gap and "no-interface-id" in dice.skip:
            return
        if "flow-direction" in gap and "no-direction" in dice.skip:
            return
        for name in gap:
            values[name] = "-"
