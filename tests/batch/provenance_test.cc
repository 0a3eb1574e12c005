#include "batch/provenance.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow {
namespace {

TEST(Provenance, IsTheInputsNameInPrintableAscii) {
  EXPECT_EQ(SourceOf("/logs/a.log"), "/logs/a.log");
  EXPECT_EQ(SourceOf("s3://logs/a b%\n\xFF.log"), "s3://logs/a%20b%25%0A%FF.log");
  EXPECT_NE(SourceOf("/a b"), SourceOf("/a%20b"));
}

TEST(Provenance, LongNamesAreToldApartAndFitIntoMetadata) {
  const std::string folder(2000, 'x');
  EXPECT_NE(SourceOf(folder + "/a"), SourceOf(folder + "/b"));
  EXPECT_LT(SourceOf(folder).size(), 1500U);
}

TEST(Provenance, ARefusalNamesBothInputs) {
  const PlannedInput planned{.input = {.name = "d2/a.log", .key = "a.log", .state = {}},
                             .output_key = "a.jsonl"};
  EXPECT_EQ(Describe(OfAnotherInput(planned, "/d1/a.log", "do this")),
            "d2/a.log: its output a.jsonl is there already, and of another input: /d1/a.log; "
            "do this");
}

}  // namespace
}  // namespace sgflow
