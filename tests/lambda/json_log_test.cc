#include "lambda/json_log.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow {
namespace {

TEST(JsonLogTest, WritesOneObjectALine) {
  std::string logged;
  JsonLog log(LogLevel::kInfo, [&logged](std::string_view line) { logged += line; });
  log.Write(LogLine(LogLevel::kWarn)
                .Add("message", "a \"b\"\n\\c")
                .Add("records", std::uint64_t{12})
                .Add("milliseconds", std::chrono::microseconds(1567)));
  for (char& c : logged) {
    if (c >= '1' && c <= '9') c = '0';
  }
  EXPECT_EQ(logged, R"({"level":"WARN","message":"a \"b\"\n\\c","records":00,"milliseconds":0.000,)"
                    R"("timestamp":"0000-00-00T00:00:00.000Z"})"
                    "\n");
}

TEST(JsonLogTest, WhatIsNoUtf8IsWrittenAsItsBytes) {
  EXPECT_EQ(LogLine(LogLevel::kInfo).Add("object", "\u00fc/a\xFF.log").text(),
            "{\"level\":\"INFO\",\"object\":\"\u00fc/a\\\\xff.log\"");
}

TEST(JsonLogTest, LeavesOutWhatIsBelowTheLevel) {
  std::string logged;
  JsonLog log(LogLevel::kWarn, [&logged](std::string_view line) { logged += line; });
  log.Write(LogLine(LogLevel::kInfo));
  EXPECT_EQ(logged, "");
  log.Write(LogLine(LogLevel::kWarn));
  log.Write(LogLine(LogLevel::kFatal));
  EXPECT_NE(logged.find("FATAL"), std::string::npos);
}

TEST(JsonLogTest, KnowsLambdasLevels) {
  EXPECT_EQ(FindLogLevel("TRACE"), LogLevel::kTrace);
  EXPECT_EQ(FindLogLevel("FATAL"), LogLevel::kFatal);
  EXPECT_EQ(FindLogLevel("VERBOSE"), std::nullopt);
}

}  // namespace
}  // namespace sgflow
