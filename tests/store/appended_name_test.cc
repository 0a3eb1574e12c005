#include "store/appended_name.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

using namespace std::chrono_literals;

constexpr auto kTime = std::chrono::sys_days(2026y / 1 / 2) + 3h + 4min + 5s;

TEST(AppendedName, SaysItsTime) {
  EXPECT_EQ(AppendedName(kTime), "20260102T030405Z.json.gz");
  EXPECT_EQ(TimeOfAppended("20260102T030405Z.json.gz"), kTime);
  EXPECT_EQ(TimeOfAppended("a/b/20260102T030405Z.json.gz"), kTime);
}

TEST(AppendedName, AnyOtherNameSaysNone) {
  for (const std::string_view name :
       {"", "20260102T030405Z.json", "20260102T030405Z.json.gz.gz", "2026-0102T030405Z.json.gz",
        "20261302T030405Z.json.gz", "20260102t030405Z.json.gz", "20260102T030460Z.json.gz",
        "x20260102T030405Z.json.gz", "inventory.json.gz"}) {
    EXPECT_FALSE(TimeOfAppended(name)) << name;
  }
}

}  // namespace
}  // namespace sgflow
