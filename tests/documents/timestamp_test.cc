#include "documents/timestamp.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds kMoment = std::chrono::sys_days(2026y / 1 / 2) + 3h + 4min + 5s;

TEST(ParseTimestamp, TakesEveryFormThatAwsWrites) {
  for (const char* text :
       {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05.123456+00:00",
        "2026-01-02 03:04:05+00:00", "2026-01-02T04:04:05+01:00", "2026-01-02T04:04:05+0100",
        "2026-01-01T22:04:05-05:00", "2026-01-02t03:04:05z"}) {
    EXPECT_EQ(ParseTimestamp(text), kMoment) << text;
  }
  EXPECT_EQ(ParseTimestamp("1969-12-31T23:59:59Z"), std::chrono::sys_seconds(-1s));
}

TEST(ParseTimestamp, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "yesterday", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z",
        "2026-02-30T03:04:05Z", "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z", "2026-01-02T03:04Z",
        "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zulu", "26-01-02T03:04:05Z",
        "2026-01-02T03:04:05+25:00", "1767323045", "2026-1-2T03:04:05Z", "-026-01-02T03:04:05Z"}) {
    EXPECT_EQ(ParseTimestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sgflow
