#include "lambda/partition_keys.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sgflow {
namespace {

constexpr std::string_view kAll = "account_id,region,vpc_id,day,hour";

// Of lines with these five fields.
std::string KeysOf(const std::vector<std::string>& lines, std::string_view names = kAll) {
  auto keys = PartitionKeys::Parse(names);
  EXPECT_TRUE(keys);
  const auto layout = RecordLayout::Parse("${account-id} ${region} ${vpc-id} ${start} ${end}");
  keys->Clear();
  for (const std::string& line : lines) {
    FlowRecord record;
    EXPECT_TRUE(record.Split(*layout, line, ' '));
    keys->Add(record);
  }
  std::string member;
  keys->AppendMember(member);
  return member;
}

TEST(PartitionKeysTest, AreWhatTheRecordsHaveInCommon) {
  const std::string line = "111122223333 eu-west-1 vpc-0a1 1767225590 1767225599";
  constexpr std::string_view kKeys =
      R"("partitionKeys":{"account_id":"111122223333","region":"eu-west-1","vpc_id":"vpc-0a1",)"
      R"("day":"2025-12-31","hour":"23"})";
  EXPECT_EQ(KeysOf({line}), kKeys);
  EXPECT_EQ(KeysOf({line, line}), kKeys);
  EXPECT_EQ(KeysOf({line}, "day"), R"("partitionKeys":{"day":"2025-12-31"})");
}

// A query that reads one partition would else miss a record that is filed under another's value.
TEST(PartitionKeysTest, AreMixedWhereRecordsDiffer) {
  EXPECT_EQ(KeysOf({"111122223333 eu-west-1 vpc-0a1 1767225590 1767225599",
                    "444455556666 eu-west-1 vpc-0a1 1767225590 1767225600",
                    "111122223333 eu-west-1 vpc-0a1 1767225590 1767225599"},
                   "account_id,region,day,hour"),
            R"("partitionKeys":{"account_id":"mixed","region":"eu-west-1","day":"mixed",)"
            R"("hour":"mixed"})");
  // What is missing is a value too.
  EXPECT_EQ(KeysOf({"111122223333 - - 1 1", "- - - 1 1"}, "account_id,region"),
            R"("partitionKeys":{"account_id":"mixed","region":"unknown"})");
}

TEST(PartitionKeysTest, AreNeverEmptyAndAlwaysPartOfAPath) {
  EXPECT_EQ(KeysOf({"- - - - -"}),
            R"("partitionKeys":{"account_id":"unknown","region":"unknown","vpc_id":"unknown",)"
            R"("day":"unknown","hour":"unknown"})");
  for (const char* const name : {"../../other", "a\"b", "a=b", "EU", "a/b", "%2e"}) {
    EXPECT_EQ(KeysOf({"1 " + std::string(name) + " - 1 1"}, "region"),
              R"("partitionKeys":{"region":"unknown"})");
  }
  EXPECT_EQ(KeysOf({"1 " + std::string(65, 'a') + " - 1 1"}, "region"),
            R"("partitionKeys":{"region":"unknown"})");
  EXPECT_EQ(KeysOf({"1 a - 1 253402300799"}, "day"), R"("partitionKeys":{"day":"9999-12-31"})");
  EXPECT_EQ(KeysOf({"1 a - 1 253402300800"}, "day"), R"("partitionKeys":{"day":"unknown"})");
}

TEST(PartitionKeysTest, StartAnewWithEachFirehoseRecord) {
  auto keys = PartitionKeys::Parse("account_id");
  const auto layout = RecordLayout::Parse("${account-id}");
  for (const std::string line : {"111122223333", "444455556666"}) {
    FlowRecord record;
    ASSERT_TRUE(record.Split(*layout, line, ' '));
    keys->Clear();
    keys->Add(record);
    std::string member;
    keys->AppendMember(member);
    EXPECT_EQ(member, R"("partitionKeys":{"account_id":")" + line + R"("})");
  }
}

TEST(PartitionKeysTest, AreNotThereWhenNoneAreAskedFor) {
  const auto keys = PartitionKeys::Parse("");
  ASSERT_TRUE(keys);
  EXPECT_TRUE(keys->empty());
  EXPECT_EQ(KeysOf({"1 a - 1 1"}, ""), "");
}

}  // namespace
}  // namespace sgflow
