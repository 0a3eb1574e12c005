// Whatever does not fit or is late, whatever the stream does: no record is lost and none comes
// twice.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "documents/documents.h"
#include "fake_stream.h"
#include "input/base64.h"
#include "input/byte_source.h"
#include "input/gzip_source.h"
#include "lambda/firehose_event.h"
#include "lambda/firehose_handler.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using Turn = FakeStream::Turn;

class NothingKnown : public InventorySource {
 public:
  std::shared_ptr<const Inventory> Current() override { return inventory_; }
  std::vector<std::string> Refresh() override { return {}; }
  SourceCounters counters() const override { return {}; }

 private:
  static std::shared_ptr<const Inventory> Load() {
    const Document document{.name = "test.json",
                            .text = R"({"SecurityGroups": [{"GroupId": "sg-1"}],)"
                                    R"("SecurityGroupRules": [], "NetworkInterfaces": []})"};
    return LoadInventory(std::span(&document, 1))->inventory;
  }
  std::shared_ptr<const Inventory> inventory_ = Load();
};

// Each look at it takes some time, so that any invocation may be late.
Reingestion::Time now;
Reingestion::Time::duration step;
Reingestion::Time TickingClock() { return now += step; }

// A record that is known again by its port wherever it turns up; `lines` of it.
std::string Payload(std::size_t number, std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) {
    text += "2 111122223333 eni-404 203.0.113.9 192.0.2.5 " + std::to_string(10'000 + number) +
            " 443 6 10 840 1620000000 1620000060 ACCEPT OK\n";
  }
  return text;
}

// What stands behind each `"name":"` of an answer.
std::vector<std::string> ValuesOf(std::string_view name, std::string_view body) {
  const std::string before = "\"" + std::string(name) + "\":\"";
  std::vector<std::string> values;
  for (std::size_t at = body.find(before); at != std::string_view::npos;
       at = body.find(before, at)) {
    at += before.size();
    values.emplace_back(body.substr(at, body.find('"', at) - at));
  }
  return values;
}

std::string Decoded(const std::string& base64) {
  std::string bytes;
  RC_ASSERT(DecodeBase64(base64, bytes));
  return bytes;
}

std::string Unzipped(const std::string& gzip) {
  MemorySource source(gzip);
  GzipSource unzipped(source);
  const auto text = ReadToEnd(unzipped);
  RC_ASSERT(text.has_value());
  return *text;
}

// How many lines of each record's are in the output.
std::vector<std::size_t> LinesIn(std::string_view output, std::size_t records) {
  std::vector<std::size_t> lines(records);
  const std::string_view before = "\"srcport\": \"";
  for (std::size_t at = output.find(before); at != std::string_view::npos;
       at = output.find(before, at + 1)) {
    ++lines.at(std::stoul(std::string(output.substr(at + before.size(), 5))) - 10'000);
  }
  return lines;
}

RC_GTEST_PROP(OverflowProperty, EveryRecordIsAccountedForOnce, ()) {
  const auto sizes = *rc::gen::container<std::vector<std::size_t>>(
      rc::gen::weightedOneOf<std::size_t>({{1, rc::gen::just<std::size_t>(0)},
                                           {6, rc::gen::inRange<std::size_t>(1, 4)},
                                           {1, rc::gen::inRange<std::size_t>(4, 600)}}));
  const bool packs = *rc::gen::arbitrary<bool>();
  std::vector<std::string> originals;
  std::string event = R"({"records":[)";
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    originals.push_back(Payload(i, sizes[i]));
    if (i != 0) event += ',';
    event += R"({"recordId":"id-)" + std::to_string(i) + R"(","data":")";
    AppendBase64(originals.back(), event);
    event += R"("})";
  }
  event += "]}";
  const std::size_t size = event.size();
  event.append(kEventPadding, '\0');
  const std::size_t limit = size + 40 * sizes.size() + *rc::gen::inRange<std::size_t>(0, 20'000);

  auto client = std::make_unique<FakeStream>();
  FakeStream& stream = *client;
  for (const int turn : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 7))) {
    stream.turns.push_back(static_cast<Turn>(turn));
  }
  now = Reingestion::Time(1'700'000'000s);
  step = *rc::gen::element<Reingestion::Time::duration>(0ms, 0ms, 1ms, 10ms, 2s);
  Reingestion reingestion(std::move(client), "flow-logs", &TickingClock,
                          [](std::chrono::milliseconds pause) { now += pause; });
  const bool reingests = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});

  NothingKnown source;
  JsonLog log(LogLevel::kFatal, [](std::string_view) {});
  RecordReader reader{ReadOptions{}};
  BatchEnricher batches(source, {.format = OutputFormat::kClassic});
  FirehoseTransform transform(
      reader, {.packing = packs ? Packing::kGzip : Packing::kNone, .max_response_bytes = limit});
  FirehoseHandler handler(transform, batches, source, reingests ? &reingestion : nullptr, nullptr,
                          log, &TickingClock);
  Invocation invocation;
  invocation.deadline = std::chrono::floor<std::chrono::milliseconds>(now) + 30s;
  invocation.event = std::string_view(event).substr(0, size);
  const auto answer = handler.Handle(invocation);
  RC_ASSERT(answer.has_value());
  RC_ASSERT(answer->size() <= limit);

  std::string delivered;
  std::vector<std::string> elsewhere = stream.taken;
  const auto results = ValuesOf("result", *answer);
  const auto data = ValuesOf("data", *answer);
  RC_ASSERT(results.size() == sizes.size() && data.size() == sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (results[i] == "Ok") {
      delivered += packs ? Unzipped(Decoded(data[i])) : Decoded(data[i]);
    } else if (results[i] == "ProcessingFailed") {
      RC_ASSERT(Decoded(data[i]) == originals[i]);
      elsewhere.push_back(originals[i]);
    } else {
      RC_ASSERT(results[i] == "Dropped" && data[i].empty());
    }
  }
  RC_ASSERT(reingests || stream.sizes.empty());
  const auto lines = LinesIn(delivered, sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) continue;
    const auto times = std::ranges::count(elsewhere, originals[i]);
    RC_ASSERT(times == (lines[i] == 0 ? 1 : 0));
    RC_ASSERT(lines[i] == 0 || lines[i] == sizes[i]);
  }
  // What was taken without a word is sent again or comes back: twice, never less.
  for (const std::string& lost : stream.lost) {
    RC_ASSERT(lost.empty() || std::ranges::count(elsewhere, lost) == 1);
  }
  RC_CLASSIFY(!stream.taken.empty(), "re-ingested");
  RC_CLASSIFY(std::ranges::count(results, "ProcessingFailed") > 0, "failed");
  RC_CLASSIFY(!stream.taken.empty() && std::ranges::count(results, "ProcessingFailed") > 0, "both");
  RC_CLASSIFY(packs, "packed");
}

}  // namespace
}  // namespace sgflow
