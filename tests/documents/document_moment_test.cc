#include "documents/document_moment.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

using namespace std::chrono_literals;

std::optional<DocumentMoment> MomentOf(std::string_view text) {
  return FindMoment({.name = "a.json", .text = text});
}

TEST(DocumentMoment, IsThatOfItsSnapshot) {
  const auto moment = MomentOf(R"({"NetworkInterfaces": [], "Snapshot": {
    "CapturedAt": "2026-01-02T03:04:05Z", "AccountId": "111122223333", "Region": "eu-west-1"}})");
  ASSERT_TRUE(moment);
  EXPECT_EQ(moment->captured_at, std::chrono::sys_days(2026y / 1 / 2) + 3h + 4min + 5s);
  EXPECT_EQ(moment->places, (std::vector<CapturedPlace>{{"111122223333", "eu-west-1", {}}}));
}

TEST(DocumentMoment, OfSeveralSnapshotsIsTheOldest) {
  const auto moment = MomentOf(R"({"Snapshots": [
    {"Snapshot": {"CapturedAt": "2026-01-02T00:00:07Z", "AccountId": "1"}},
    {"Snapshot": {"CapturedAt": "2026-01-02T00:00:05Z", "AccountId": "2"}}]})");
  ASSERT_TRUE(moment);
  EXPECT_EQ(moment->captured_at, std::chrono::sys_days(2026y / 1 / 2) + 5s);
  EXPECT_EQ(moment->places, (std::vector<CapturedPlace>{{"1", "", {}}, {"2", "", {}}}));
}

TEST(DocumentMoment, TellsTheVpcsThatItsCoverageNames) {
  const auto moment = MomentOf(R"({"Snapshot": {"CapturedAt": "2026-01-02T00:00:07Z",
    "AccountId": "1", "Region": "r", "Coverage": {"VpcIds": ["vpc-1", "vpc-2"]}}})");
  ASSERT_TRUE(moment);
  EXPECT_EQ(moment->places, (std::vector<CapturedPlace>{{"1", "r", {"vpc-1", "vpc-2"}}}));
}

TEST(DocumentMoment, TellsUntilWhenTheOneBeforeWasTrue) {
  using namespace std::chrono_literals;
  constexpr std::chrono::sys_seconds kDay = std::chrono::sys_days(2026y / 1 / 2);
  constexpr std::string_view kText =
      R"({"Snapshot":{"Version":1,"CapturedAt":"2026-01-02T00:30:00Z","Region":"r"},"Subnets":[]})";
  const CaptureBefore before{.captured_at = kDay, .seen_at = kDay + 15min};
  const std::string text = WithBefore(kText, before);
  EXPECT_EQ(
      text,
      R"({"Snapshot":{"Version":1,"CapturedAt":"2026-01-02T00:30:00Z",)"
      R"("PreviousCapturedAt":"2026-01-02T00:00:00Z","PreviousSeenAt":"2026-01-02T00:15:00Z",)"
      R"("Region":"r"},"Subnets":[]})");
  EXPECT_EQ(MomentOf(text)->before, before);
  EXPECT_EQ(MomentOf(kText)->before, std::nullopt);
  EXPECT_EQ(WithoutMoment(text), WithoutMoment(kText));
  EXPECT_NE(HashWithoutMoment(text), HashWithoutMoment(kText)) << "they say other things";
  EXPECT_EQ(WithBefore("{}", before), "{}");
}

TEST(DocumentMoment, DescribedAreTheElementsOfItsLists) {
  const std::string_view text = R"({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1",
    "Groups": [{"GroupId": "sg-carried"}]}], "Snapshots": [{"Subnets": [{"SubnetId": "subnet-1"}]},
    {"PrefixLists": [{"PrefixListId": "pl-1"}]}], "SecurityGroups": [{"GroupId": "sg-1"}]})";
  EXPECT_EQ(FindDescribedIds({.name = "a.json", .text = text}),
            (std::unordered_set<std::string>{"eni-1", "sg-1", "subnet-1", "pl-1"}));
}

TEST(DocumentMoment, IsNoneWhereNothingTellsIt) {
  EXPECT_FALSE(MomentOf(R"({"NetworkInterfaces": []})"));
  EXPECT_FALSE(MomentOf(R"({"SecurityGroups": [{"GroupName": "\"CapturedAt\""}]})"));
  EXPECT_FALSE(MomentOf(R"({"Snapshot": {"CapturedAt": "yesterday"}})"));
  EXPECT_FALSE(MomentOf(R"({"Snapshot": {"CapturedAt": "2026-01-02T00:00:05Z")"));
}

TEST(DocumentMoment, AsideTwoSnapshotsMaySayTheSame) {
  constexpr std::string_view kOne =
      R"({"Snapshot":{"CapturedAt":"2026-01-02T00:00:05Z"},"Subnets":[]})";
  constexpr std::string_view kLater =
      R"({"Snapshot":{"CapturedAt": "2026-01-02T00:01:05Z"},"Subnets":[]})";
  constexpr std::string_view kOther =
      R"({"Snapshot":{"CapturedAt":"2026-01-02T00:00:05Z"},"Subnets":[1]})";
  EXPECT_EQ(WithoutMoment(kOne), R"({"Snapshot":{"CapturedAt"},"Subnets":[]})");
  EXPECT_EQ(HashWithoutMoment(kOne), HashWithoutMoment(kLater));
  EXPECT_NE(HashWithoutMoment(kOne), HashWithoutMoment(kOther));
  EXPECT_EQ(WithoutMoment(R"({"a": "CapturedAt"})"), R"({"a": "CapturedAt"})");
  EXPECT_EQ(WithoutMoment(R"({"CapturedAt": 5, "b": 6})"), R"({"CapturedAt": 5, "b": 6})");
}

}  // namespace
}  // namespace sgflow
