#include <string>
#include <utility>

#include "documents/shapes.h"

namespace sgflow {
namespace {

std::optional<std::vector<IpPrefix>> ReadEntries(JsonObject& object) {
  std::vector<IpPrefix> prefixes;
  const bool told = object.EachObject("Entries", [&](JsonObject& entry) {
    if (!entry.Has("Cidr")) {
      entry.RequiredText("Cidr");
    } else if (const auto prefix = entry.Cidr("Cidr")) {
      prefixes.push_back(*prefix);
    }
  });
  if (!told) return std::nullopt;
  return prefixes;
}

}  // namespace

void ReadPrefixList(JsonObject& object, const Origin& origin, InventoryBuilder& builder) {
  PrefixListDescription description;
  description.origin = origin;
  description.list.id = object.RequiredText("PrefixListId");
  description.list.name = object.Text("PrefixListName");
  auto entries = ReadEntries(object);
  auto cidrs = object.Cidrs("Cidrs");
  description.list.entries = entries ? std::move(entries) : std::move(cidrs);
  object.Finish();
  description.list.doubtful = object.doubtful();
  builder.Add(std::move(description));
}

void ReadPrefixListEntries(JsonObject& document, bool cut, const Origin& origin,
                           InventoryBuilder& builder) {
  if (!document.Has("PrefixListId")) {
    document.Warn(InventoryWarningKind::kEntriesWithoutList, "Entries",
                  "the entries do not say which prefix list they are of and are left out",
                  "let the AWS CLI add it: aws ec2 get-managed-prefix-list-entries "
                  "--prefix-list-id pl-... --query \"{PrefixListId: 'pl-...', Entries: "
                  "Entries}\"");
    return;
  }
  PrefixListDescription description;
  description.origin = origin;
  description.list.id = document.RequiredText("PrefixListId");
  description.list.entries = ReadEntries(document);
  description.list.whole = !cut;
  description.list.doubtful = document.doubtful();
  builder.Add(std::move(description));
}

}  // namespace sgflow
