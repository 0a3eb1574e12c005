#include "enrich/enricher.h"

#include <gtest/gtest.h>

#include <string>

#include "output/encoding.h"

namespace sgflow {
namespace {

// eni-1 has 10.0.1.5; its groups have rules in both directions.
class EnricherTest : public testing::Test {
 protected:
  std::string Enrich(std::string_view layout, std::string_view line) {
    FlowRecord record;
    EXPECT_TRUE(record.Split(*RecordLayout::Parse(layout), line, ' '));
    OutputBuffer buffer;
    enricher_.Enrich(record, buffer);
    return std::string(buffer.view());
  }

  // Which rules the classic output gives: "in", "out" or "none".
  std::string RulesGiven(std::string_view layout, std::string_view line) {
    const std::string text = Enrich(layout, line);
    if (text.find("sgr-1|") != std::string::npos) return "in";
    if (text.find("sgr-6|") != std::string::npos) return "out";
    EXPECT_NE(text.find("||||no-security-groups"), std::string::npos) << text;
    return "none";
  }

  Enricher enricher_{InventoryOf(kEveryKindOfRule), {.format = OutputFormat::kClassic}};
};

TEST_F(EnricherTest, TakesTheLoggedDirection) {
  EXPECT_EQ(RulesGiven("interface-id flow-direction", "eni-1 ingress"), "in");
  EXPECT_EQ(RulesGiven("interface-id flow-direction", "eni-1 egress"), "out");
  EXPECT_EQ(RulesGiven("interface-id flow-direction srcaddr", "eni-1 egress 192.0.2.1"), "out");
}

TEST_F(EnricherTest, InfersTheDirectionFromTheInterfacesAddresses) {
  constexpr std::string_view kLayout = "interface-id srcaddr dstaddr";
  EXPECT_EQ(RulesGiven(kLayout, "eni-1 192.0.2.1 10.0.1.5"), "in");
  EXPECT_EQ(RulesGiven(kLayout, "eni-1 10.0.1.5 192.0.2.1"), "out");
  EXPECT_EQ(RulesGiven(kLayout, "eni-1 10.0.1.5 10.0.1.5"), "none");
  EXPECT_EQ(RulesGiven(kLayout, "eni-1 192.0.2.1 192.0.2.2"), "none");
  EXPECT_EQ(RulesGiven(kLayout, "eni-1 - -"), "none");
}

TEST_F(EnricherTest, TellsTheRecordsIdWhereItIsSelected) {
  const auto enriched = [](OutputFormat format, std::string_view fields) {
    Enricher enricher(InventoryOf(kEveryKindOfRule),
                      {.format = format,
                       .fields = *FieldSelection::Parse(format, {"--fields", fields}, {"", ""})});
    FlowRecord record;
    EXPECT_TRUE(record.Split(*RecordLayout::Parse("interface-id srcaddr"), "eni-1 10.0.1.5", ' '));
    OutputBuffer buffer;
    enricher.Enrich(record, buffer);
    return std::string(buffer.view());
  };
  EXPECT_EQ(enriched(OutputFormat::kJson, "srcaddr,sgflow_record_id"),
            R"({"srcaddr":"10.0.1.5","sgflow_record_id":"6fa04895882a759e1b807c6ed97f2fd7"})"
            "\n");
  EXPECT_EQ(enriched(OutputFormat::kClassic, "srcaddr,sgflow_record_id"),
            R"({"srcaddr": "10.0.1.5", "sgflow_record_id": "6fa04895882a759e1b807c6ed97f2fd7"})"
            "\n");
  EXPECT_EQ(enriched(OutputFormat::kClassic, "sgflow_record_id"),
            R"({"sgflow_record_id": "6fa04895882a759e1b807c6ed97f2fd7"})"
            "\n");
  EXPECT_TRUE(enriched(OutputFormat::kClassic, "+sgflow_record_id")
                  .ends_with(R"(", "sgflow_record_id": "6fa04895882a759e1b807c6ed97f2fd7"})"
                             "\n"));
}

TEST_F(EnricherTest, CountsEveryRecordOnce) {
  Enrich("interface-id log-status", "eni-1 OK");
  Enrich("interface-id log-status", "eni-404 OK");
  Enrich("interface-id log-status", "- OK");
  Enrich("interface-id log-status", "eni-1 NODATA");
  Enrich("interface-id log-status", "eni-404 SKIPDATA");
  Enrich("tgw-id", "tgw-1");
  const EnrichCounters& counters = enricher_.counters();
  EXPECT_EQ(counters.records, 6U);
  EXPECT_EQ(counters.enriched, 1U);
  EXPECT_EQ(counters.unknown_interface, 2U);
  EXPECT_EQ(counters.nothing_to_enrich, 3U);
}

}  // namespace
}  // namespace sgflow
