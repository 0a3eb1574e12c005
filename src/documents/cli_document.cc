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

constexpr std::array<std::string_view, 11> kKnownKeys{
    "NetworkInterfaces", "SecurityGroups", "SecurityGroupRules", "PrefixLists", "Entries",
    "NetworkAcls",       "Subnets",        "Reservations",       "Instances",   "Snapshot",
    "Snapshots"};

}  // namespace

std::span<const std::string_view> KnownKeys() { return kKnownKeys; }

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
  const std::string path = document.PathText();
  const auto path_of = [&](std::string_view key) {
    return path.empty() ? key : builder.Keep(path + '.' + std::string(key));
  };
  for (const KnownList& list : kLists) {
    builder.Expect(list.kind, document.CountOf(list.key));
    const std::string_view list_path = path_of(list.key);
    document.EachObject(list.key, [&](JsonObject& element, std::size_t index) {
      const Origin origin{
          .document = number, .element = static_cast<std::uint32_t>(index), .list = list_path};
      list.read(element, origin, builder);
    });
  }
  const auto read_instance = [&](JsonObject& instance) { ReadInstance(instance, number, builder); };
  document.EachObject("Instances", read_instance);
  document.EachObject("Reservations", [&](JsonObject& reservation) {
    reservation.EachObject("Instances", read_instance);
  });
  if (document.Has("Entries")) {
    const Origin origin{
        .document = number, .element = Origin::kNoElement, .list = path_of("Entries")};
    ReadPrefixListEntries(document, cut, origin, builder);
  }
  // Several accounts and Regions in one file: each is a document of its own.
  document.EachObject("Snapshots", [&](JsonObject& part) {
    const bool is_known = ReadDocument(part, file, builder);
    if (!is_known) part.Fail({}, "nothing in it is known to sgflow", KnownKeysHint(part));
  });
  return known > 0;
}

}  // namespace sgflow
