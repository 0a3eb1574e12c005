// sgflow's own Snapshot: when, of whom, and what was listed whole.
#include <gtest/gtest.h>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::ErrorsOf;
using testing::InventoryOf;
using testing::Texts;

TEST(Snapshot, SaysWhenAndWhose) {
  using namespace std::chrono_literals;
  const auto inventory = InventoryOf(R"({"Snapshot": {
    "CapturedAt": "2026-01-02T03:04:05Z", "AccountId": "111122223333", "Region": "eu-west-1"}})");

  ASSERT_EQ(inventory->snapshots().size(), 1U);
  EXPECT_EQ(inventory->snapshots()[0].account_id, "111122223333");
  EXPECT_EQ(inventory->snapshots()[0].region, "eu-west-1");
  EXPECT_EQ(inventory->captured_at(), std::chrono::sys_days(2026y / 1 / 2) + 3h + 4min + 5s);
}

TEST(Snapshot, ATimeThatIsNoneIsAnError) {
  EXPECT_EQ(ErrorsOf(R"({"Snapshot": {"CapturedAt": "2026-01-02 03:04"}})"),
            Texts{"a.json:1:29: Snapshot.CapturedAt: \"2026-01-02 03:04\" is no time; write it as "
                  "2026-01-02T03:04:05Z, with Z or an offset as +01:00"});
  EXPECT_EQ(ErrorsOf(R"({"Snapshot": {"CapturedAt": 1767323045}})"),
            Texts{"a.json:1:29: Snapshot.CapturedAt: text is expected, not the number 1767323045; "
                  "write it in quotes"});
}

TEST(Snapshot, CoverageNarrowsWhatIsTakenAsWhole) {
  constexpr std::string_view kText = R"({
    "Snapshot": {"Coverage": {"Kinds": ["NetworkInterfaces", "KindOfTomorrow"],
                              "VpcIds": ["vpc-1"], "MembersOfGroupIds": ["sg-1"]}},
    "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1"},
                          {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-2"}],
    "SecurityGroups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}],
    "SecurityGroupRules": []})";
  const auto inventory = InventoryOf(kText);

  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-2"));
  EXPECT_TRUE(inventory->FindGroup("sg-1")->members_known);
  EXPECT_FALSE(inventory->FindGroup("sg-2")->members_known);
  EXPECT_FALSE(inventory->FindGroup("sg-1")->rules_known) << "rules are not among the kinds";
}

TEST(Snapshot, CoverageMayBeOfSingleGroupsRules) {
  const auto inventory = InventoryOf(R"({
    "Snapshot": {"Coverage": {"RulesOfGroupIds": ["sg-1", "sg-404"]}},
    "SecurityGroups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]})");
  EXPECT_TRUE(inventory->FindGroup("sg-1")->rules_known);
  EXPECT_FALSE(inventory->FindGroup("sg-2")->rules_known);
  EXPECT_EQ(inventory->FindGroup("sg-404"), nullptr);
}

TEST(Snapshot, ListsInCoverageAreOfTexts) {
  EXPECT_EQ(ErrorsOf(R"({"Snapshot": {"Coverage": {"AccountIds": [111122223333],
                                                   "VpcIds": "vpc-1"}}})"),
            (Texts{"a.json:1:43: Snapshot.Coverage.AccountIds[0]: text is expected, not the number "
                   "111122223333; write it in quotes",
                   "a.json:2:62: Snapshot.Coverage.VpcIds: a list is expected, not the text "
                   "\"vpc-1\""}));
}

TEST(Snapshot, OfALaterVersionIsRefused) {
  EXPECT_EQ(ErrorsOf(R"({"Snapshot": {"Version": 1}})"), Texts{});
  EXPECT_EQ(ErrorsOf(R"({"Snapshot": {"Version": 2}})"),
            Texts{"a.json:1:26: Snapshot.Version: 2 is no version of a snapshot that this sgflow "
                  "reads; take the sgflow that wrote it, or a newer one"});
}

// What is whole in one account and Region says nothing of another.
TEST(Snapshot, SeveralInAFileAreDocumentsOfTheirOwn) {
  const auto inventory = InventoryOf(R"({"Snapshots": [
    {"Snapshot": {"AccountId": "111122223333", "Region": "eu-west-1",
                  "Coverage": {"Kinds": ["NetworkInterfaces"], "VpcIds": ["vpc-1"]}},
     "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1"}]},
    {"Snapshot": {"AccountId": "111122223333", "Region": "us-east-1", "Coverage": {"Kinds": []}},
     "NetworkInterfaces": [{"NetworkInterfaceId": "eni-2", "VpcId": "vpc-2"}]}]})");

  EXPECT_EQ(inventory->snapshots().size(), 2U);
  EXPECT_EQ(inventory->interfaces().size(), 2U);
  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-2"));
}

TEST(Snapshot, MessagesSayWhichOfSeveral) {
  EXPECT_EQ(ErrorsOf(R"({"Snapshots": [{"Subnets": []},
    {"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "a"},
                        {"GroupId": "sg-1", "GroupName": "b"}]}]})"),
            Texts{"a.json:3:25: Snapshots[1].SecurityGroups[1]: sg-1 is described twice, with "
                  "different GroupName; the other one is Snapshots[1].SecurityGroups[0] of a.json; "
                  "keep the one that is true"});
  EXPECT_EQ(ErrorsOf(R"({"Snapshots": [{"subnets": []}]})"),
            Texts{"a.json:1:16: Snapshots[0]: nothing in it is known to sgflow; it has subnets: "
                  "did you mean Subnets?"});
}

}  // namespace
}  // namespace sgflow
