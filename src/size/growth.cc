#include "size/growth.h"

#include <algorithm>
#include <cmath>

#include "output/json_text.h"

namespace sgflow {
namespace {

bool IsHeavier(const Growth::Record& a, const Growth::Record& b) { return a.load > b.load; }

}  // namespace

std::string MessageOf(std::string_view line) {
  std::string message = R"({"message":")";
  AppendJson(line, message);
  return message + "\"}";
}

void Growth::Add(const FlowRecord& record) {
  output_.Clear();
  enricher_.Enrich(record, output_);
  line_.clear();
  for (const std::string_view value : record.values()) line_.append(value).append(1, ' ');
  line_.pop_back();

  const auto output = static_cast<double>(output_.size());
  const auto message = static_cast<double>(MessageOf(line_).size());
  const double growth = output / message;
  ++records_;
  output_bytes_ += output_.size();
  message_bytes_ += message;
  constexpr double kHundred = 100;
  ++hundredths_[static_cast<std::uint32_t>(std::ceil(growth * kHundred))];
  const std::string_view interface_id = record.Get(Field::kInterfaceId);
  if (growth > worst_) {
    worst_ = growth;
    worst_interface_ = interface_id;
  }

  keys_.Clear();
  keys_.Add(record);
  metadata_.clear();
  keys_.AppendMember(metadata_);
  // A record's id of 62 digits, its result, its keys, and base64.
  constexpr double kAround = 105;
  constexpr double kBase64 = 4.0 / 3;
  const double load =
      (kAround + kBase64 * output + static_cast<double>(metadata_.size())) / message;
  const bool is_full = heaviest_.size() == kMostKept;
  if (is_full && load <= heaviest_.front().load) return;
  if (is_full) {
    std::ranges::pop_heap(heaviest_, IsHeavier);
    heaviest_.pop_back();
  }
  heaviest_.push_back({.layout = record.shared_layout(),
                       .line = line_,
                       .interface_id = std::string(interface_id),
                       .growth = growth,
                       .load = load});
  std::ranges::push_heap(heaviest_, IsHeavier);
}

double Growth::Percentile(double part) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(records_)));
  std::uint64_t count = 0;
  for (const auto& [growth, records] : hundredths_) {
    count += records;
    if (count >= wanted) return std::min(growth / 100.0, worst_);
  }
  return worst_;
}

std::vector<Growth::Record> Growth::Heaviest() const {
  std::vector<Record> sorted = heaviest_;
  std::ranges::sort(sorted, [](const Record& a, const Record& b) {
    return a.load != b.load ? a.load > b.load : a.line < b.line;
  });
  return sorted;
}

}  // namespace sgflow
