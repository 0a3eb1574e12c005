#include "documents/cli_document.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "documents/shapes.h"
#include "inventory/description.h"

namespace sgflow {
namespace {

struct KnownList {
  std::string_view key;
  ListedKind kind;
  void (*read)(JsonObject&, const Origin&, InventoryBuilder&);
};

constexpr std::array<KnownList, kListedKindCount> kLists{{
    {"NetworkInterfaces", ListedKind::kNetworkInterfaces, ReadInterface},
    {"SecurityGroups", ListedKind::kSecurityGroups, ReadGroup},
    {"SecurityGroupRules", ListedKind::kSecurityGroupRules, ReadRule},
    {"PrefixLists", ListedKind::kPrefixLists, ReadPrefixList},
    {"NetworkAcls", ListedKind::kNetworkAcls, ReadAcl},
    {"Subnets", ListedKind::kSubnets, ReadSubnet},
}};

constexpr std::array<std::string_view, 10> kKnownKeys{
    "NetworkInterfaces", "SecurityGroups", "SecurityGroupRules", "PrefixLists", "Entries",
    "NetworkAcls",       "Subnets",        "Reservations",       "Instances",   "Snapshot"};

}  // namespace

std::string KnownKeysHint(const JsonObject& document) {
  std::string known;
  for (const std::string_view key : kKnownKeys) {
    const std::string_view like = document.KeyLike(key);
    if (!like.empty()) {
      return "it has " + std::string(like) + ": did you mean " + std::string(key) + "?";
    }
    known += known.empty() ? "known are " : ", ";
    known += key;
  }
  return known;
}

bool ReadDocument(JsonObject& document, std::string_view file, InventoryBuilder& builder) {
  DocumentDescription description;
  description.file = file;
  for (const KnownList& list : kLists) {
    if (document.Has(list.key)) description.kinds.Add(list.kind);
  }
  // Every key is asked for, so that one in the wrong case is found.
  const auto known =
      std::ranges::count_if(kKnownKeys, [&](std::string_view key) { return document.Has(key); });
  description.cut = !document.Text("NextToken").empty();
  document.Object("Snapshot", [&](JsonObject& snapshot) { ReadSnapshot(snapshot, description); });

  const bool cut = description.cut;
  const std::uint32_t number = builder.AddDocument(std::move(description));
  for (const KnownList& list : kLists) {
    builder.Expect(list.kind, document.CountOf(list.key));
    document.EachObject(list.key, [&](JsonObject& element, std::size_t index) {
      const Origin origin{
          .document = number, .element = static_cast<std::uint32_t>(index), .list = list.key};
      list.read(element, origin, builder);
    });
  }
  const auto read_instance = [&](JsonObject& instance) { ReadInstance(instance, number, builder); };
  document.EachObject("Instances", read_instance);
  document.EachObject("Reservations", [&](JsonObject& reservation) {
    reservation.EachObject("Instances", read_instance);
  });
  if (document.Has("Entries")) {
    const Origin origin{.document = number, .element = Origin::kNoElement, .list = "Entries"};
    ReadPrefixListEntries(document, cut, origin, builder);
  }
  return known > 0;
}

}  // namespace sgflow
