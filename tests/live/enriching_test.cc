// Records that wait in chunks are as those that do not.
#include "live/enriching.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "documents/documents.h"
#include "enrich/time_travel.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const Inventory> Nothing() {
  const Document document{.name = "test.json",
                          .text = R"({"SecurityGroups": [{"GroupId": "sg-1"}],)"
                                  R"("SecurityGroupRules": [], "NetworkInterfaces": []})"};
  return LoadInventory(std::span(&document, 1))->inventory;
}

class NothingKnown : public InventorySource {
 public:
  std::shared_ptr<const Inventory> Current() override { return inventory_; }
  std::vector<std::string> Refresh() override { return {}; }
  SourceCounters counters() const override { return {}; }

 private:
  std::shared_ptr<const Inventory> inventory_ = Nothing();
};

EnricherOptions WithIds() {
  return {.fields = *FieldSelection::Parse(OutputFormat::kJson, {"--fields", "sgflow_record_id"},
                                           {"", ""})};
}

// More times than are held at once, so that records are taken in the order of theirs.
std::shared_ptr<Timeline> ManyTimes() {
  std::vector<Timeline::Moment> captures;
  for (int second = 0; second < 100; ++second) captures.emplace_back(1s * second);
  const auto nothing = [] { return std::make_shared<Timeline::State>(Nothing()); };
  auto timeline = std::make_shared<Timeline>(
      std::vector<std::vector<Timeline::Moment>>{captures}, nothing(),
      [=](std::size_t, Timeline::Which) { return Result<Timeline::StatePtr>(nothing()); });
  EXPECT_LT(TimeTravel::RoomFor(*timeline), 50U);
  return timeline;
}

// In each payload equal records that are further apart than a chunk is long.
std::string Enriched(Enriching& enriching) {
  const auto layout = *RecordLayout::Parse("interface-id srcport end");
  OutputBuffer output;
  const auto add = [&](const std::string& line) {
    FlowRecord record;
    EXPECT_TRUE(record.Split(layout, line, ' '));
    EXPECT_TRUE(enriching.Add(record, output));
  };
  enriching.StartStretch();
  for (int payload = 0; payload < 3; ++payload) {
    enriching.StartPayload();
    add("eni-1 1 7");
    for (int i = 0; i < 9000; ++i) add("eni-1 2 " + std::to_string(i % 99));
    add("eni-1 1 7");
    enriching.EndPayload();
    add("eni-1 1 7");
  }
  EXPECT_TRUE(enriching.Finish(output));
  return std::string(output.view());
}

TEST(EnrichingTest, IdsDoNotHangOnWhatWaits) {
  const std::string at_once = Enriched(*MakeEnriching(Nothing(), WithIds()));
  EXPECT_TRUE(Enriched(*MakeEnriching(std::make_shared<NothingKnown>(), WithIds())) == at_once);
  EXPECT_TRUE(Enriched(*MakeEnriching(ManyTimes(), WithIds())) == at_once);
}

}  // namespace
}  // namespace sgflow
