#include "inventory/inventory_report.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

TEST(InventoryReport, CountsErrorsBeyondTheFirstTwenty) {
  InventoryReport report;
  for (int i = 0; i < 20; ++i) report.AddError(InFile("a.json"), "wrong");
  InventoryReport one_more = report;
  one_more.AddError(InFile("a.json"), "wrong");
  InventoryReport many_more = one_more;
  for (int i = 0; i < 99; ++i) many_more.AddError(InFile("a.json"), "wrong");

  EXPECT_EQ(report.TakeErrors().size(), 20U);
  EXPECT_EQ(Describe(one_more.TakeErrors().at(20)), "and 1 more error");
  EXPECT_EQ(Describe(many_more.TakeErrors().at(20)), "and 100 more errors");
}

TEST(InventoryReport, TellsEachKindOfWarningOnceWithACount) {
  InventoryReport report;
  report.AddWarning(InventoryWarningKind::kNoInterfaces, InFile("a.json"), "none");
  report.AddWarning(InventoryWarningKind::kHostBits, InFile("a.json", "X[0]"), "first", "mend it");
  report.AddWarning(InventoryWarningKind::kHostBits, InFile("a.json", "X[1]"), "second");
  EXPECT_FALSE(report.has_errors());

  const auto warnings = report.TakeWarnings();
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].count, 2U);
  EXPECT_EQ(Describe(warnings[0]), "a.json: X[0]: first (2 in all); mend it");
  EXPECT_EQ(Describe(warnings[1]), "a.json: none");
}

}  // namespace
}  // namespace sgflow
