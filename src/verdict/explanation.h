// A verdict in words: one sentence, and the rules that came close.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "verdict/inventory_index.h"
#include "verdict/near_miss.h"
#include "verdict/verdict.h"

namespace sgflow {

// For one thread; beside the Judge that gave the verdicts. What was said before is kept and said
// again, so that a log of nothing but refusals costs little more than its judging.
class Explainer {
 public:
  explicit Explainer(std::shared_ptr<const InventoryIndex> index);

  // sg_reason: one English sentence of printable ASCII without quotes and backslashes save what
  // ids bring along, the same for the same facts. It names what the inventory lacked. Valid until
  // the next call.
  std::string_view Reason(const Verdict& verdict);

  // sg_nearest: for a denial where no rule of the judged direction surely matches; see
  // FindNearMisses. Valid as long as the verdict's spans.
  std::span<const NearMiss> Nearest(const Verdict& verdict) const;

 private:
  // All that a sentence is made of.
  struct Facts {
    std::uint64_t enums = 0;
    std::uint64_t flags = 0;
    std::uint64_t acl = 0;
    std::uint64_t texts = 0;

    friend bool operator==(const Facts&, const Facts&) = default;
  };
  struct FactsHash {
    std::size_t operator()(const Facts& facts) const noexcept;
  };

  Facts FactsOf(const Verdict& verdict);
  const NearMisses* NearMissesOf(const Verdict& verdict) const;
  std::string_view DoubtOf(const Verdict& verdict) const;
  std::uint32_t Number(std::string_view doubt);

  std::shared_ptr<const InventoryIndex> index_;
  std::unordered_map<Facts, std::string, FactsHash> reasons_;
  std::unordered_map<std::string, std::uint32_t> doubts_;
  // Most records say what one of the last did.
  struct Said {
    Facts facts;
    const std::string* reason = nullptr;
  };
  std::array<Said, 128> recent_;
};

}  // namespace sgflow
