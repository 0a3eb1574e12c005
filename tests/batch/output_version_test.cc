// Says when kOutputVersion has to be raised.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "batch/batch.h"
#include "batch/checkpoint.h"
#include "input/record_reader.h"
#include "live/enriching.h"
#include "store/inventory_files.h"

namespace sgflow {
namespace {

struct EnrichingSink : RecordSink {
  explicit EnrichingSink(Enriching& lines_of) : enriching(lines_of) {}
  void OnRecord(const FlowRecord& record) override { ASSERT_TRUE(enriching.Add(record, lines)); }
  void OnRejected(const Error& error, std::string_view) override { FAIL() << Describe(error); }

  Enriching& enriching;
  OutputBuffer lines;
};

std::uint64_t HashOfExample(OutputFormat format) {
  const std::vector<std::string> inventory{"examples/inventory.json"};
  const auto enriching =
      MakeEnriching(LoadInventoryFiles(inventory)->inventory, EnricherOptions{.format = format});
  EnrichingSink sink(*enriching);
  auto log = FileSource::Open("examples/flow.log");
  EXPECT_TRUE(RecordReader({}).Read(*log, sink));
  EXPECT_GT(sink.lines.size(), 100'000U);
  return HashOf(sink.lines.view());
}

// When this fails the output has changed: raise kOutputVersion and put the new hashes here, so that
// files that were written before are written anew.
TEST(OutputVersion, IsThatOfTheseBytes) {
  EXPECT_EQ(kOutputVersion, 2);
  EXPECT_EQ(HashOfExample(OutputFormat::kJson), 7752885008731110806U);
  EXPECT_EQ(HashOfExample(OutputFormat::kClassic), 6757386743202147968U);
}

}  // namespace
}  // namespace sgflow
