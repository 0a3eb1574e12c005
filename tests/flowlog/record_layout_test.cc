#include "flowlog/record_layout.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sgflow {
namespace {

std::string NamesOf(const Result<std::shared_ptr<const RecordLayout>>& layout) {
  if (!layout) return Describe(layout.error());
  std::string names;
  for (const auto& column : (*layout)->columns()) {
    if (!names.empty()) names += ' ';
    names += column.name;
  }
  return names;
}

TEST(RecordLayout, DefaultIsAwsVersion2Order) {
  EXPECT_EQ(NamesOf(RecordLayout::Default()),
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "
            "bytes start end action log-status");
}

TEST(RecordLayout, ClassicIsVersion5InAlphabeticalOrder) {
  EXPECT_EQ(NamesOf(RecordLayout::Parse("classic")),
            "account-id action az-id bytes dstaddr dstport end flow-direction instance-id "
            "interface-id log-status packets pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service "
            "pkt-srcaddr protocol region srcaddr srcport start sublocation-id sublocation-type "
            "subnet-id tcp-flags traffic-path type version vpc-id");
}

TEST(RecordLayout, PresetsHaveAwsCounts) {
  const std::pair<const char*, std::size_t> counts[] = {
      {"v2", 14}, {"v3", 21}, {"v4", 25}, {"v5", 29},  {"v6", 36},
      {"v7", 39}, {"v8", 40}, {"v9", 41}, {"v10", 42}, {"v11", 54}};
  for (const auto& [name, count] : counts) {
    EXPECT_EQ((*RecordLayout::Parse(name))->size(), count) << name;
  }
}

TEST(RecordLayout, ReadsAwsFormatStringsAndPlainNames) {
  for (const char* format :
       {"${interface-id} ${srcaddr} ${dstaddr}", "interface-id srcaddr dstaddr",
        "\"${interface-id} ${srcaddr} ${dstaddr}\"", "interface_id,srcaddr, dstaddr",
        "  interfaceId\tsrcAddr\ndstAddr "}) {
    EXPECT_EQ(NamesOf(RecordLayout::Parse(format)), "interface-id srcaddr dstaddr") << format;
  }
}

TEST(RecordLayout, CarriesFieldsThatAwsAddsLater) {
  const auto layout = *RecordLayout::Parse("${srcaddr} ${quantum-state}");
  EXPECT_EQ(layout->columns()[1].field, std::nullopt);
  EXPECT_EQ(layout->columns()[1].name, "quantum-state");
  EXPECT_EQ(layout->IndexOf(Field::kSrcaddr), 0U);
  EXPECT_EQ(layout->IndexOf(Field::kDstaddr), std::nullopt);
}

TEST(RecordLayout, SaysWhatIsWrong) {
  EXPECT_EQ(NamesOf(RecordLayout::Parse("srcaddr dstaddr srcAddr")),
            "field 'srcaddr' stands twice");
  EXPECT_EQ(NamesOf(RecordLayout::Parse("v12")),
            "'v12' is no flow-log field and no preset; presets are v2 to v11 and classic; "
            "docs/fields.md has the names");
  EXPECT_EQ(NamesOf(RecordLayout::Parse("scraddr")),
            "'scraddr' is no flow-log field and no preset; did you mean srcaddr?");
  EXPECT_EQ(NamesOf(RecordLayout::Parse("  ")), "no field names");
  EXPECT_EQ(NamesOf(RecordLayout::Parse("${version} ${srcaddr")),
            "'${srcaddr' is no field's name; write ${name} or name, set apart by blanks or commas");
  std::string many = "srcaddr";
  for (int i = 0; i < 128; ++i) many += " new-" + std::to_string(i);
  EXPECT_EQ(NamesOf(RecordLayout::Parse(many)), "129 fields; at most 128 can be read");
}

}  // namespace
}  // namespace sgflow
