#include "size/largest_buffer.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "input/base64.h"
#include "input/record_reader.h"

namespace sgflow {
namespace {

constexpr std::size_t kTenth = (1 << 20) / 10;
// A request may be as long as an answer.
constexpr std::size_t kMaxRequestBytes = kMaxResponseBytes;
constexpr std::string_view kEnd = "]}";
constexpr std::uint64_t kArrival = 1767225700000;

// The messages in turn, until they are as many bytes as Firehose gathers, or just more; fewer where
// they are so short that what stands around them would make more than Lambda takes.
std::string EventOf(std::span<const std::string> messages, std::size_t bytes) {
  std::string event = R"({"invocationId":"","records":[)";
  std::size_t size = 0;
  for (std::size_t i = 0; size < bytes; ++i) {
    const std::string& message = messages[i % messages.size()];
    size += message.size();
    std::string record =
        fmt::format(R"({}{{"recordId":"{:062}","approximateArrivalTimestamp":{},"data":")",
                    i == 0 ? "" : ",", i, kArrival);
    AppendBase64(message, record);
    record += "\"}";
    if (event.size() + record.size() + kEnd.size() > kMaxRequestBytes) break;
    event += record;
  }
  return event.append(kEnd);
}

}  // namespace

std::optional<int> LargestBuffer(const std::shared_ptr<const Inventory>& inventory,
                                 const EnricherOptions& options, const FirehoseOptions& function,
                                 std::span<const Growth::Record> records) {
  const auto& layout = records.front().layout;
  std::vector<std::string> messages;
  for (const Growth::Record& record : records) {
    if (record.layout == layout) messages.push_back(MessageOf(record.line));
    // Without packing one record's output is as long among any others: all are the heaviest.
    if (function.packing == Packing::kNone) break;
  }
  RecordReader reader({.layout = layout});
  FirehoseTransform transform(reader, function);
  Enricher enricher(inventory, options);
  const auto fits = [&](int tenths) {
    std::string event = EventOf(messages, static_cast<std::size_t>(tenths) * kTenth);
    const std::size_t size = event.size();
    event.append(kEventPadding, '\0');
    const auto outcome = transform.Transform(std::string_view(event).substr(0, size), enricher,
                                             [] { return false; });
    return outcome && outcome->counts.ok == outcome->counts.records;
  };
  int fitting = kSmallestBuffer - 1;
  int overflowing = kLargestBuffer + 1;
  while (overflowing - fitting > 1) {
    const int middle = (fitting + overflowing) / 2;
    (fits(middle) ? fitting : overflowing) = middle;
  }
  return fitting < kSmallestBuffer ? std::nullopt : std::optional(fitting);
}

}  // namespace sgflow
