// Prefix lists, which three commands tell of in three ways.
#include <gtest/gtest.h>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::ErrorsOf;
using testing::InventoryOf;
using testing::Texts;
using testing::WarningsOf;

Texts EntriesOf(const Inventory& inventory, std::string_view id) {
  Texts texts;
  const auto& entries = inventory.FindPrefixList(id)->entries;
  if (!entries) return {"unknown"};
  for (const IpPrefix& prefix : *entries) texts.push_back(prefix.ToString());
  return texts;
}

TEST(PrefixLists, OfDescribePrefixListsHaveCidrs) {
  const auto inventory = InventoryOf(R"({"PrefixLists": [
    {"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.eu-west-1.s3",
     "Cidrs": ["198.51.100.0/24", "192.0.2.0/24"]}]})");

  EXPECT_EQ(inventory->FindPrefixList("pl-1")->name, "com.amazonaws.eu-west-1.s3");
  EXPECT_EQ(EntriesOf(*inventory, "pl-1"), (Texts{"192.0.2.0/24", "198.51.100.0/24"}));
}

TEST(PrefixLists, OfDescribeManagedPrefixListsHaveNoEntries) {
  constexpr std::string_view kText = R"({"PrefixLists": [
    {"PrefixListId": "pl-1", "PrefixListName": "one", "AddressFamily": "IPv4", "MaxEntries": 10},
    {"PrefixListId": "pl-2", "PrefixListName": "two", "Entries": [{"Cidr": "2001:db8::/32"}]},
    {"PrefixListId": "pl-3", "Cidrs": [], "Entries": null}]})";

  EXPECT_EQ(WarningsOf(kText),
            Texts{"a.json:2:5: PrefixLists[0]: pl-1 has no entries here: what it holds is unknown; "
                  "add the file that this writes: aws ec2 get-managed-prefix-list-entries "
                  "--prefix-list-id pl-1 --query \"{PrefixListId: 'pl-1', Entries: Entries}\""});
  const auto inventory = InventoryOf(kText);
  EXPECT_EQ(EntriesOf(*inventory, "pl-1"), Texts{"unknown"});
  EXPECT_EQ(EntriesOf(*inventory, "pl-2"), Texts{"2001:db8::/32"});
  EXPECT_EQ(EntriesOf(*inventory, "pl-3"), Texts{}) << "known to be empty";
}

TEST(PrefixLists, EntriesOfGetManagedPrefixListEntriesNeedTheirId) {
  constexpr std::string_view kEntries =
      R"({"Entries": [{"Cidr": "10.0.0.0/16", "Description": "d"}]})";
  EXPECT_EQ(
      WarningsOf(kEntries),
      Texts{"a.json:1:13: Entries: the entries do not say which prefix list they are of and "
            "are left out; let the AWS CLI add it: aws ec2 get-managed-prefix-list-entries "
            "--prefix-list-id pl-... --query \"{PrefixListId: 'pl-...', Entries: Entries}\""});

  constexpr std::string_view kLists = R"({"PrefixLists": [{"PrefixListId": "pl-1"}]})";
  constexpr std::string_view kNamed =
      R"({"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.0.0.0/16"}]})";
  EXPECT_EQ(WarningsOf({{"lists.json", kLists}, {"entries.json", kNamed}}), Texts{});
  EXPECT_EQ(EntriesOf(*InventoryOf({{"lists.json", kLists}, {"entries.json", kNamed}}), "pl-1"),
            Texts{"10.0.0.0/16"});
}

TEST(PrefixLists, EntriesThatGoOnAreNotAllOfTheList) {
  const auto inventory = InventoryOf(
      R"({"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.0.0.0/16"}], "NextToken": "more"})");

  EXPECT_FALSE(inventory->FindPrefixList("pl-1")->whole);
  EXPECT_EQ(EntriesOf(*inventory, "pl-1"), Texts{"10.0.0.0/16"});
}

TEST(PrefixLists, ACidrThatIsNoneIsAnError) {
  EXPECT_EQ(
      ErrorsOf(R"({"PrefixListId": "pl-1",
    "Entries": [{"Cidr": "10.0.0.0"}, {"Description": "d"}, "10.0.0.0/8"],
    "PrefixLists": [{"PrefixListId": "pl-2", "Cidrs": ["all", 7]}]})"),
      (Texts{"a.json:3:63: PrefixLists[0].Cidrs[1]: text is expected, not the number 7; write "
             "it in quotes",
             "a.json:2:26: Entries[0].Cidr: \"10.0.0.0\" is no CIDR; for a single address "
             "write \"10.0.0.0/32\"",
             "a.json:2:39: Entries[1]: Cidr is missing",
             "a.json:2:61: Entries[2]: an object is expected, not the text \"10.0.0.0/8\""}));
}

}  // namespace
}  // namespace sgflow
