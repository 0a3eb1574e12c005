"""Who talks to whom."""

import ipaddress
from dataclasses import dataclass, replace

from generated_vpc import Interface

EXTERNAL4 = ("198.51.100.7", "198.51.100.8", "203.0.113.9", "192.0.2.10")
EXTERNAL6 = ("2001:db8:ffff::7", "2001:db8:ffff::8", "2001:db8:fffe::9")
PORTS = (22, 53, 80, 123, 443, 1023, 1024, 5432, 8080, 32767, 32768, 40000, 50000, 65535)
PROTOCOLS = (6,) * 11 + (17,) * 4 + (1, 1, 58, 58, 47, 50, 132)


@dataclass(frozen=True)
class Flow:
    """A conversation as one side of it is logged, before it becomes a line."""

    interface: Interface
    local: object  # the true local address
    local_seen: object  # what srcaddr or dstaddr shows
    peer: object
    peer_seen: object
    protocol: int
    local_port: int
    peer_port: int
    egress: bool


class Flows:
    """New conversations, and more of the latest ones."""

    def __init__(self, world):
        self.world, self.dice = world, world.dice
        self.recent = []

    def choose(self):
        rng = self.dice.rng
        if self.recent and self.dice.chance(0.4, "conversations"):
            flow = rng.choice(self.recent)
            if self.dice.chance(0.5):
                flow = replace(flow, egress=not flow.egress)
            return flow
        flow = self.new_flow()
        self.recent = (self.recent + [flow])[-20:]
        return flow

    def new_flow(self):
        rng = self.dice.rng
        vpc = rng.choice([self.world.main] * 5 + self.world.vpcs[1:])
        interface = rng.choice(vpc.interfaces)
        version = 6 if interface.primary(6) and self.dice.chance(0.4) else 4
        local = interface.any_address(rng, version)
        local_seen = local if version == 6 or self.dice.chance(0.2) else interface.primary(4)
        if interface.type == "trunk" and self.dice.chance(0.6):
            branch = rng.choice([i for i in vpc.interfaces if i.type == "branch"] or [interface])
            local = branch.primary(version) or local
            if self.dice.chance(0.2):
                local_seen = local
        peer = self.choose_peer(vpc, interface, version)
        peer_seen = peer
        if self.dice.chance(0.1):  # behind a translating hop
            peer_seen = self.choose_peer(vpc, interface, version)
        if self.dice.chance(0.03):  # routed through: neither address is its own
            local = self.external(version)
            if self.dice.chance(0.5):
                local_seen = local
        protocol = rng.choice(PROTOCOLS)
        if protocol in (1, 58) and self.dice.chance(0.8):
            protocol = 1 if version == 4 else 58
        local_port = peer_port = 0
        if protocol in (6, 17):
            local_port, peer_port = rng.choice(PORTS), rng.choice(PORTS)
            if self.dice.chance(0.06, "fragments"):
                local_port = peer_port = 0
            elif self.dice.chance(0.02):
                peer_port = 0
        if local_port == peer_port and {local, local_seen} & {peer, peer_seen}:
            peer = peer_seen = ipaddress.ip_address(
                "198.51.100.99" if version == 4 else "2001:db8:ffff::99"
            )
        return Flow(
            interface,
            local,
            local_seen,
            peer,
            peer_seen,
            protocol,
            local_port,
            peer_port,
            self.dice.chance(0.45),
        )

    def choose_peer(self, vpc, interface, version):
        rng, drawn = self.dice.rng, self.dice.rng.random()
        if drawn < 0.3:
            return self.external(version)
        if drawn < 0.38:
            return rng.choice(vpc.subnets).unused(version)
        if drawn < 0.75:
            others = [i for i in vpc.interfaces if i is not interface]
        else:
            others = [i for i in self.world.interfaces if i.vpc is not vpc]
        return rng.choice(others).any_address(rng, version) or self.external(version)

    def external(self, version):
        return ipaddress.ip_address(self.dice.rng.choice(EXTERNAL4 if version == 4 else EXTERNAL6))
