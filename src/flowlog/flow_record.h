// One flow-log record: views into the line, in the line's order.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "error/error.h"
#include "flowlog/record_layout.h"
#include "network/ip_address.h"

namespace sgflow {

// Meant to be filled again and again: nothing in it allocates. Its views are valid while the
// bytes they were split from live.
class FlowRecord {
 public:
  // What AWS writes for "does not apply" or "could not be computed".
  static constexpr std::string_view kMissing = "-";
  static constexpr bool IsMissing(std::string_view value) {
    return value.size() == 1 && value[0] == kMissing[0];
  }

  FlowRecord() = default;

  // Requires values.size() == layout->size(). The values are copied as views; `plain` is told by
  // who knows it.
  void Assign(std::shared_ptr<const RecordLayout> layout, std::span<const std::string_view> values,
              bool plain = false);

  // Splits a line into fields, each separator starting a new one. False, and the record
  // unspecified, where the line has not exactly layout->size() fields.
  [[nodiscard]] bool Split(const std::shared_ptr<const RecordLayout>& layout, std::string_view line,
                           char separator);

  const RecordLayout& layout() const { return *layout_; }
  const std::shared_ptr<const RecordLayout>& shared_layout() const { return layout_; }
  std::span<const std::string_view> values() const { return {values_.data(), layout_->size()}; }

  // Empty where the layout lacks the field or the record has `-` there.
  std::string_view Get(Field field) const {
    const auto index = layout_->IndexOf(field);
    if (!index || IsMissing(values_[*index])) return {};
    return values_[*index];
  }

  // None where missing, or no number of this size. Requires a field that is a number. Already read
  // where CheckTypes has passed.
  std::optional<std::uint64_t> GetNumber(Field field) const {
    std::uint64_t number = 0;
    if (!ReadNumber(field, number)) return std::nullopt;
    return number;
  }
  // The same into `to`; false, and `to` unspecified, where it is none. For where nanoseconds count:
  // an optional is put together in memory, and whoever reads it at once waits.
  bool ReadNumber(Field field, std::uint64_t& to) const {
    const auto index = layout_->IndexOf(field);
    if (!index || IsMissing(values_[*index])) return false;
    to = numbers_[*index];
    return typed_ || ParseNumber(values_[*index], to);
  }

  // None where missing or no address. Requires one of kAddressFields. Read as GetNumber is.
  std::optional<IpAddress> GetAddress(Field field) const {
    IpAddress address;
    if (!ReadAddress(field, address)) return std::nullopt;
    return address;
  }
  bool ReadAddress(Field field, IpAddress& to) const {
    const auto index = layout_->IndexOf(field);
    if (!index || IsMissing(values_[*index])) return false;
    to = addresses_[AddressPlace(field)];
    return typed_ || ParseAddress(values_[*index], to);
  }

  // Whether the values are printable ASCII without quotes and backslashes, so that JSON holds them
  // as they are. False also where nobody looked.
  bool plain() const { return plain_; }

  // The line that the values were split from, in whose bytes they lie; empty where they were
  // assigned.
  std::string_view line() const { return line_; }

  // The first field whose text is not of its type: a sign that the layout is wrong. Keeps what it
  // has read for GetNumber and GetAddress.
  [[nodiscard]] Result<void> CheckTypes();

 private:
  static bool ParseNumber(std::string_view text, std::uint64_t& to);
  static bool ParseAddress(std::string_view text, IpAddress& to);

  std::shared_ptr<const RecordLayout> layout_;
  std::array<std::string_view, kMaxColumns> values_;
  std::string_view line_;
  bool plain_ = false;
  // What CheckTypes has read, where it has passed: numbers by column, addresses by AddressPlace.
  bool typed_ = false;
  std::array<std::uint64_t, kMaxColumns> numbers_{};
  std::array<IpAddress, kAddressFields.size()> addresses_;
};

struct FieldSplit {
  std::size_t count = 0;  // how many fields the line has: perhaps more than there was room for
  bool plain = false;     // see FlowRecord::plain; of the whole line
};

// Splits `line` at each `separator` into at most fields.size() views. An empty line has one,
// empty, field.
FieldSplit SplitFields(std::string_view line, char separator, std::span<std::string_view> fields);

}  // namespace sgflow
