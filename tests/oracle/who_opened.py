"""Who opened the conversation, and what is remembered of its earlier records."""

from inventory import TCP, YES

SYN = {2, 3, 6, 7}
SYN_ACK = {18, 19, 22, 23}
CLOSING = {1, 4, 5}


def conversation_of(facts):
    """ "the same conversation (interface, protocol, both address and port pairs in either
    order)". D18"""
    if (
        facts.interface is None
        or facts.protocol is None
        or facts.source is None
        or facts.destination is None
        or facts.source_port is None
        or facts.destination_port is None
    ):
        return None
    pairs = sorted(
        [
            (str(facts.source), facts.source_port),
            (str(facts.destination), facts.destination_port),
        ]
    )
    return facts.interface.id, facts.protocol, *pairs


def opened_by_flags(facts):
    # "TCP flags 2, 3, 6, 7 (SYN without ACK) | sender | exact"
    # "TCP flags 18, 19, 22, 23 (SYN-ACK) | receiver | exact"
    if facts.protocol == TCP and facts.flags in SYN:
        return "sender"
    if facts.protocol == TCP and facts.flags in SYN_ACK:
        return "receiver"
    return None


def opened_before(facts, conversations):
    """What an earlier record of the conversation said, as seen from this one."""
    opener = conversations.get(conversation_of(facts))
    if opener is None:
        return None
    return "sender" if opener == (str(facts.source), facts.source_port) else "receiver"


def remember(facts, conversations):
    # D19, D20: whatever the verdict; later flags replace earlier ones
    by_flags, key = opened_by_flags(facts), conversation_of(facts)
    if by_flags and key:
        conversations[key] = (
            (str(facts.source), facts.source_port)
            if by_flags == "sender"
            else (str(facts.destination), facts.destination_port)
        )


def who_opened(oracle, facts, own, other, remembered):
    """("sender", "receiver" or None, confidence or None, rests on a direction's silence)."""
    if facts.protocol == TCP:
        if facts.flags is None:
            oracle.hit("flags: missing")
        elif facts.flags in {0} | CLOSING:
            oracle.hit("flags: 0, 1, 4 or 5")
        elif facts.flags not in SYN | SYN_ACK:
            oracle.hit("flags: any other value")

    by_flags = opened_by_flags(facts)
    if by_flags:
        oracle.hit("opened: SYN" if by_flags == "sender" else "opened: SYN-ACK")
        return by_flags, "exact", False
    # "such flags on an earlier record of the same conversation ... | as it says | likely"
    if remembered:
        oracle.hit(f"opened: remembered, {remembered}")
        return remembered, "likely", False
    # "For a REJECT nothing below the third row is asked"
    if facts.action == "REJECT":
        oracle.hit("opened: unknown, REJECT")
        return None, None, False
    # "ACCEPT, and only one direction has a match (yes or can't tell) | as that direction
    # says | exact"
    if bool(own) != bool(other):
        oracle.hit(f"opened: only {'own' if own else 'other'} direction matches")
        return ("sender" if own else "receiver"), "exact", True
    if own and other:
        # "ACCEPT, both have one, and only one direction's names the port (a range other
        # than all; for ICMP a type) | that direction's | likely". D21
        own_names = any(rule.names_the_port() for rule, _ in own)
        other_names = any(rule.names_the_port() for rule, _ in other)
        if own_names != other_names:
            oracle.hit(f"opened: only {'own' if own_names else 'other'} names the port")
            return ("sender" if own_names else "receiver"), "likely", False
        # "ACCEPT, and only one direction has a sure match | that direction's | possible"
        own_sure = any(answer == YES for _, answer in own)
        other_sure = any(answer == YES for _, answer in other)
        if own_sure != other_sure:
            oracle.hit(f"opened: only {'own' if own_sure else 'other'} is sure")
            return ("sender" if own_sure else "receiver"), "possible", False
    # "ACCEPT, exactly one port is below 1024 | the side with the other port | likely"
    # "ACCEPT, exactly one port is below 32768 | the side with the other port | possible"
    if facts.has_ports():  # D22
        for limit, confidence in ((1024, "likely"), (32768, "possible")):
            source_low = facts.source_port < limit
            destination_low = facts.destination_port < limit
            if source_low != destination_low:
                opener = "sender" if destination_low else "receiver"
                oracle.hit(f"opened: below {limit}, {opener}")
                return opener, confidence, False
    # "none of these | unknown; own direction is taken | ACCEPT: ambiguous"
    oracle.hit("opened: unknown, ACCEPT")
    return None, "ambiguous", False
