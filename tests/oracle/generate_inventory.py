"""The world as AWS's CLI prints it."""

from generate_acls import add_acls_and_subnets
from generate_rules import add_groups_and_rules


def make_inventory(world):
    document = {"NetworkInterfaces": []}
    add_interface_documents(world, document)
    add_prefix_lists(world, document)
    add_groups_and_rules(world, document)
    add_acls_and_subnets(world, document)
    if world.dice.chance(0.06, "next-token"):
        document["NextToken"] = "token"
    return document


def add_interface_documents(world, document):
    """Most of them plainly, sometimes those of one instance as describe-instances does."""
    instances = sorted({i.instance for i in world.interfaces if i.instance})
    nested = world.dice.rng.choice(instances) if instances and world.dice.chance(0.2) else None
    mine = []
    for interface in world.interfaces:
        if nested and interface.instance == nested:
            mine.append(interface.document())
        else:
            document["NetworkInterfaces"].append(interface.document())
    if nested:
        for entry in mine:
            del entry["Attachment"]["InstanceId"]
        document["Reservations"] = [
            {"Instances": [{"InstanceId": nested, "NetworkInterfaces": mine}]}
        ]
    world.dice.rng.shuffle(document["NetworkInterfaces"])


def add_prefix_lists(world, document):
    def some():
        return [str(world.any_network()) for _ in range(world.dice.rng.randrange(1, 4))]

    document["PrefixLists"] = [
        {"PrefixListId": "pl-entries", "Entries": [{"Cidr": c} for c in some()]},
        {"PrefixListId": "pl-cidrs", "Cidrs": some()},
        {"PrefixListId": "pl-empty", "Entries": []},
        {"PrefixListId": "pl-unread", "MaxEntries": 10},
    ]
    document["PrefixListId"] = "pl-beside"
    document["Entries"] = [{"Cidr": c} for c in some()]
