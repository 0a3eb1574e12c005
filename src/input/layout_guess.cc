#include "input/layout_guess.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sgflow {
namespace {

std::string_view VersionOf(const RecordLayout& layout) {
  if (&layout == RecordLayout::Default().get()) return "2";
  return &layout == RecordLayout::Classic().get() ? "5" : "6";
}

// Seconds since 2014 (VPC Flow Logs came in 2015, AWS's examples are older), or milliseconds, as
// some tools make them.
bool IsTime(std::uint64_t time) {
  constexpr std::uint64_t kFirst = 1'388'534'400;
  constexpr std::uint64_t kLast = 32'503'680'000;  // the year 3000
  return (time >= kFirst && time <= kLast) || (time >= kFirst * 1000 && time <= kLast * 1000);
}

bool TimesFit(const FlowRecord& record) {
  const auto start = record.GetNumber(Field::kStart);
  const auto end = record.GetNumber(Field::kEnd);
  return start && end && IsTime(*start) && IsTime(*end) && *start <= *end &&
         *end - *start < *start / 2;
}

bool CountsFit(const FlowRecord& record) {
  const auto packets = record.GetNumber(Field::kPackets);
  const auto bytes = record.GetNumber(Field::kBytes);
  // Without a count where VPC block public access refused.
  return !packets || !bytes || *packets <= *bytes;
}

bool TrafficFits(const FlowRecord& record) {
  const bool action =
      record.layout().IndexOf(Field::kAction) ? !record.Get(Field::kAction).empty() : true;
  const bool traffic = record.Get(Field::kLogStatus) == "OK";
  if (!traffic) return record.Get(Field::kAction).empty();
  for (const Field field : {Field::kSrcaddr, Field::kDstaddr, Field::kSrcport, Field::kDstport,
                            Field::kProtocol, Field::kPackets}) {
    if (record.Get(field).empty()) return false;
  }
  return action;
}

bool SublocationFits(const FlowRecord& record) {
  return record.Get(Field::kSublocationId).empty() == record.Get(Field::kSublocationType).empty();
}

// Whether a value of the field's type is all that FitsField asks for, so that CheckTypes tells it.
bool IsToldByType(Field field) {
  const bool is_narrower =
      field == Field::kVersion || field == Field::kTcpFlags || field == Field::kTrafficPath;
  return InfoOf(field).type != FieldType::kText && !is_narrower;
}

}  // namespace

bool FitsWellKnownLayout(FlowRecord& record) {
  const auto columns = record.layout().columns();
  const auto values = record.values();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Field field = *columns[i].field;
    if (!IsToldByType(field) && !FitsField(field, values[i])) return false;
  }
  return record.CheckTypes() && record.Get(Field::kVersion) == VersionOf(record.layout()) &&
         SublocationFits(record) && TimesFit(record) && CountsFit(record) && TrafficFits(record);
}

}  // namespace sgflow
