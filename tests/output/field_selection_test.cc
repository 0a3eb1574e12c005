#include "output/field_selection.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow::test {
namespace {

// What is wrong with the options; empty where nothing is.
std::string Wrong(OutputFormat format, std::string_view fields, std::string_view drop = "") {
  const auto parsed = FieldSelection::Parse(format, {"--fields", fields}, {"--drop", drop});
  return parsed ? "" : Describe(parsed.error());
}

constexpr OutputFormat kJson = OutputFormat::kJson;
constexpr OutputFormat kClassic = OutputFormat::kClassic;

TEST(FieldSelection, NamesWhatIsNear) {
  EXPECT_EQ(Wrong(kJson, "sg_verdit"),
            "--fields: 'sg_verdit' is no field and no column (near it: sg_verdict)");
  EXPECT_EQ(Wrong(kJson, "", "colour"),
            "--drop: 'colour' is no field and no column; "
            "docs/fields.md and docs/schema.md have the names");
}

TEST(FieldSelection, NamesAllThatIsWrongAtOnce) {
  EXPECT_EQ(Wrong(kJson, "srcadr,bytes,security-groups", "+srcaddr,dstport"),
            "--fields: 'srcadr' is no field and no column (near it: srcaddr); "
            "--fields: 'security-groups' is a column of the classic format, and this is json; "
            "--drop: '+srcaddr' is no field and no column (near it: srcaddr)");
}

TEST(FieldSelection, TakesNothingAwayByASign) {
  EXPECT_EQ(Wrong(kJson, "-srcaddr"), "--fields: '-srcaddr' is no name; --drop leaves out");
}

TEST(FieldSelection, KnowsWhichFormatHasAColumn) {
  EXPECT_EQ(Wrong(kClassic, "sg_verdict"),
            "--fields: 'sg_verdict' is a column of the json format, and this is classic");
  EXPECT_EQ(Wrong(kClassic, "+sg_rules"),
            "--fields: 'sg_rules' is a column of the json format, and this is classic");
  EXPECT_EQ(Wrong(kClassic, "security-groups"), "");
  EXPECT_EQ(Wrong(kClassic, "sgflow_record_id"), "");
  EXPECT_EQ(Wrong(kJson, "sg_verdict"), "");
  // What is not there is left out, whichever format has it.
  EXPECT_EQ(Wrong(kClassic, "", "sg_reason"), "");
  EXPECT_EQ(Wrong(kJson, "", "security-groups"), "");
}

TEST(FieldSelection, LeavesSomethingToWrite) {
  EXPECT_EQ(Wrong(kJson, "srcaddr", "srcaddr"),
            "--fields and --drop leave nothing to write; "
            "name a field or column of the json format");
  EXPECT_EQ(Wrong(kClassic, "security_groups", "security-groups"),
            "--fields and --drop leave nothing to write; "
            "name a field or column of the classic format");
  // The log's format may well have it.
  EXPECT_EQ(Wrong(kClassic, "ecs-task-id"), "");
  // Fields that the catalogue lacks are still written.
  EXPECT_EQ(Wrong(kJson, "", "srcaddr"), "");
}

}  // namespace
}  // namespace sgflow::test
