"""What is drawn from a seed, and what is left out of it."""

import random

# Things that can be left out, for bringing a program up step by step.
FEATURES = (
    "balancers",
    "branches",
    "conversations",
    "delegated-prefixes",
    "fragments",
    "missing-fields",
    "next-hop",
    "next-token",
    "no-direction",
    "no-interface-id",
    "permissions",
    "same-addresses",
    "several-sources",
    "transit-gateway",
    "two-acls",
    "uncovered",
    "undescribed",
)


class Dice:
    def __init__(self, seed, skip=()):
        unknown = set(skip) - set(FEATURES)
        if unknown:
            raise ValueError(f"unknown features {sorted(unknown)}; known: {FEATURES}")
        self.rng = random.Random(seed)
        self.skip = set(skip)

    def chance(self, probability, feature=None):
        # always draws, so that leaving a feature out disturbs the rest little
        drawn = self.rng.random() < probability
        return drawn and feature not in self.skip
