#include "size/growth.h"

#include <algorithm>
#include <cmath>

#include "output/json_text.h"

namespace sgflow {
namespace {

// Total, so that the same is told each time.
bool IsHeavier(const Growth::Record& a, const Growth::Record& b) {
  return a.load != b.load ? a.load > b.load : a.line < b.line;
}

}  // namespace

std::string MessageOf(std::string_view line) {
  std::string message = R"({"message":")";
  AppendJson(line, message);
  return message + "\"}";
}

double Growth::Add(const FlowRecord& record) {
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
  Keep(record.Get(Field::kAction), {.layout = record.shared_layout(),
                                    .line = line_,
                                    .interface_id = std::string(interface_id),
                                    .growth = growth,
                                    .load = load});
  return load;
}

void Growth::Keep(std::string_view action, Record record) {
  std::string key = record.interface_id + ' ';
  const auto [kept, is_new] = heaviest_.try_emplace(key += action);
  if (is_new || IsHeavier(record, kept->second)) kept->second = std::move(record);
  if (heaviest_.size() < 2 * kMostKept) return;
  // Those that are too light to be told.
  const double least = Heaviest().back().load;
  std::erase_if(heaviest_, [&](const auto& one) { return one.second.load < least; });
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
  std::vector<Record> sorted;
  for (const auto& [key, record] : heaviest_) sorted.push_back(record);
  std::ranges::sort(sorted, IsHeavier);
  if (sorted.size() > kMostKept) sorted.resize(kMostKept);
  return sorted;
}

}  // namespace sgflow
