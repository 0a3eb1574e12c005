// An id for each record by which a copy of it is told, however often and whichever way it comes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flowlog/flow_record.h"

namespace sgflow {

// docs/schema.md defines the id. Nothing that a carrier adds on the way is in it: a record that
// goes round through a stream comes back with another recordId and another time of arrival.
class RecordIds {
 public:
  static constexpr std::size_t kDigits = 32;

  // What carries some records, and always these, begins: those of them that are equal are numbered
  // from here on, to its end. Outside of one no record is, as a file of any size has room for.
  void StartPayload();
  void EndPayload() { counts_equals_ = false; }

  // The next number among the payload's records that equal this one; 0 outside of a payload.
  std::uint64_t NumberOf(const FlowRecord& record);

  // Hexadecimal, valid until the next call. The second is for records that were numbered before, as
  // those that wait and are taken in another order, or more than once.
  std::string_view Of(const FlowRecord& record);
  std::string_view Of(const FlowRecord& record, std::uint64_t number);

 private:
  struct Hash {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend bool operator==(const Hash&, const Hash&) = default;
  };
  struct LowHalf {
    std::size_t operator()(const Hash& hash) const noexcept { return hash.low; }
  };

  void JoinValues(const FlowRecord& record);
  Hash HashOf(std::uint64_t number) const;
  std::uint64_t CountLine();
  std::string_view Digits(std::uint64_t number);

  std::shared_ptr<const RecordLayout> layout_;
  std::vector<std::size_t> columns_;  // of layout_, without sgflow's own
  std::string line_;
  bool counts_equals_ = false;
  std::unordered_map<Hash, std::uint64_t, LowHalf> equals_;
  std::array<char, kDigits> digits_{};
};

}  // namespace sgflow
