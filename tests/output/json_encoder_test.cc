#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "output/encoding.h"

namespace sgflow {
namespace {

std::string Json(std::string_view layout, std::string_view line, std::string_view interface_id,
                 std::optional<Direction> direction) {
  return Encode({OutputFormat::kJson, layout, line, interface_id, direction, "+sg_rules"});
}

TEST(JsonEncoder, NumbersAreNumbersAndTheMissingIsLeftOut) {
  EXPECT_EQ(Json("account-id srcport dstport srcaddr bytes tcp-flags", "001122223333 0 - - 007 00",
                 "", std::nullopt),
            "{\"account_id\":\"001122223333\",\"srcport\":0,\"bytes\":7,\"tcp_flags\":0}\n");
  EXPECT_EQ(Json("srcaddr", "-", "", std::nullopt), "{}\n");
}

TEST(JsonEncoder, AddsGroupsAndTheRulesOfTheDirection) {
  EXPECT_EQ(
      Json("srcaddr", "192.0.2.1", "eni-1", Direction::kIngress),
      R"({"srcaddr":"192.0.2.1","sg_ids":["sg-b","sg-a"],"sg_rules":[)"
      R"({"id":"sgr-1","group":"sg-b","protocol":"tcp","ports":"443","source":"0.0.0.0/0"},)"
      R"({"id":"sgr-2","group":"sg-b","protocol":"udp","ports":"1024-65535","source":"2001:db8::/32"},)"
      R"({"id":"sgr-3","group":"sg-b","protocol":"all","ports":"all","source":"sg-a"},)"
      R"({"id":"sgr-4","group":"sg-b","protocol":"icmp","ports":"8-0","source":"pl-1"},)"
      R"({"id":"sgr-5","group":"sg-b","protocol":"50","ports":"all","source":"192.0.2.0/24"}]})"
      "\n");
  EXPECT_EQ(Json("srcaddr", "-", "eni-1", Direction::kEgress),
            R"({"sg_ids":["sg-b","sg-a"],"sg_rules":[{"id":"sgr-6","group":"sg-a",)"
            R"("protocol":"all","ports":"all","source":"0.0.0.0/0"}]})"
            "\n");
  EXPECT_EQ(Json("srcaddr", "-", "eni-1", std::nullopt), "{\"sg_ids\":[\"sg-b\",\"sg-a\"]}\n");
  EXPECT_EQ(Json("srcaddr", "-", "eni-2", Direction::kEgress), "{\"sg_ids\":[],\"sg_rules\":[]}\n");
}

TEST(JsonEncoder, WritesWhatIsSelected) {
  const auto selected = [](std::string_view fields, std::string_view drop) {
    return Encode({OutputFormat::kJson, "srcaddr dstaddr new-field sg_reason", "10.0.1.5 - x y",
                   "eni-1", Direction::kEgress, fields, drop});
  };
  // sg_reason is a column of sgflow's; what an earlier run wrote there is not carried along.
  EXPECT_EQ(selected("", ""),
            "{\"srcaddr\":\"10.0.1.5\",\"new_field\":\"x\",\"sg_ids\":[\"sg-b\",\"sg-a\"]}\n");
  EXPECT_EQ(selected("srcAddr,sg-ids", ""),
            "{\"srcaddr\":\"10.0.1.5\",\"sg_ids\":[\"sg-b\",\"sg-a\"]}\n");
  EXPECT_EQ(selected("", "srcaddr, sg_ids"), "{\"new_field\":\"x\"}\n");
  EXPECT_EQ(selected("action", ""), "{}\n");
}

TEST(JsonEncoder, TextStaysUtf8AndTagsPercentEncoded) {
  EXPECT_EQ(Json("instance-tag new-field srcaddr", "a%20b \"\xC3\xA9\"\t -", "", std::nullopt),
            "{\"instance_tag\":\"a%20b\",\"new_field\":\"\\\"\xC3\xA9\\\"\\t\"}\n");
}

}  // namespace
}  // namespace sgflow
