#include "verdict/explanation.h"

#include <utility>

#include "verdict/reason.h"
#include "verdict/rule_matcher.h"

namespace sgflow {
namespace {

// Far more than a log has different ones; then all is said anew.
constexpr std::size_t kMostReasons = 8192;

bool IsDenial(VerdictKind kind) {
  return kind >= VerdictKind::kDeniedByNetworkAcl || kind == VerdictKind::kDeniedByVpc;
}

template <typename... Values>
std::uint64_t Packed(Values... values) {
  std::uint64_t packed = 0;
  ((packed = packed << 8 | static_cast<std::uint8_t>(values)), ...);
  return packed;
}

std::uint64_t Numbered(AclIndex acl, std::int32_t entry) {
  return (std::uint64_t{acl} + 1) << 32 | static_cast<std::uint32_t>(entry);
}

}  // namespace

Explainer::Explainer(std::shared_ptr<const InventoryIndex> index) : index_(std::move(index)) {}

std::size_t Explainer::FactsHash::operator()(const Facts& facts) const noexcept {
  std::uint64_t hash = 0;
  for (const std::uint64_t part : {facts.enums, facts.flags, facts.acl, facts.texts}) {
    hash = (hash ^ part) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32;
  }
  return hash;
}

const NearMisses* Explainer::NearMissesOf(const Verdict& verdict) const {
  const MatchSet* matches = verdict.matches;
  if (matches == nullptr || matches->sure_count != 0) return nullptr;
  if (!IsDenial(verdict.kind) && !verdict.matched_untold) return nullptr;
  if (!matches->near_misses) [[unlikely]] {
    matches->near_misses = std::make_unique<const NearMisses>(
        FindNearMisses(*index_, index_->lists()[matches->list], matches->sample));
    if (matches->bytes_remembered != nullptr) {
      *matches->bytes_remembered += matches->near_misses->bytes();
    }
  }
  return matches->near_misses.get();
}

std::span<const NearMiss> Explainer::Nearest(const Verdict& verdict) const {
  if (!IsDenial(verdict.kind)) return {};
  const NearMisses* misses = NearMissesOf(verdict);
  if (misses == nullptr) return {};
  return misses->misses;
}

std::string_view Explainer::DoubtOf(const Verdict& verdict) const {
  if (verdict.untold.empty()) return {};
  const NearMisses* misses = NearMissesOf(verdict);
  return misses == nullptr ? std::string_view{} : misses->doubt;
}

std::uint32_t Explainer::Number(std::string_view doubt) {
  if (doubt.empty()) return 0;
  return doubts_.try_emplace(std::string(doubt), static_cast<std::uint32_t>(doubts_.size() + 1))
      .first->second;
}

Explainer::Facts Explainer::FactsOf(const Verdict& verdict) {
  const Unlearned* acl = UnlearnedAclOf(verdict, *index_);
  const bool names_groups = verdict.groups_incomplete && verdict.local != nullptr;
  return {
      .enums = Packed(verdict.kind, verdict.obstacle, verdict.missing, verdict.evidence,
                      verdict.initiator ? static_cast<int>(*verdict.initiator) : 3,
                      verdict.reject_reason,
                      8 * static_cast<int>(verdict.acl_answer.outcome) +
                          static_cast<int>(verdict.reply_acl.outcome),
                      verdict.flags_hint),
      .flags =
          Packed(verdict.direction ? static_cast<int>(*verdict.direction) : 2,
                 verdict.judged_direction, verdict.matched_untold, !verdict.untold.empty(),
                 2 * int{verdict.acl_answer.doubtful} + int{verdict.acl_answer.may_be_otherwise},
                 4 * int{verdict.reply_acl.doubtful} + 2 * int{verdict.replies_refused} +
                     int{verdict.groups_refuse},
                 verdict.matches != nullptr && verdict.matches->sure_count != 0,
                 2 * int{verdict.groups_incomplete} + int{verdict.no_groups}),
      .acl = verdict.acl             ? Numbered(*verdict.acl, verdict.acl_rule)
             : verdict.reply_acl.acl ? Numbered(*verdict.reply_acl.acl, verdict.reply_acl.number)
             : acl != nullptr        ? Number(acl->reason)
                                     : 0,
      .texts =
          std::uint64_t{Number(verdict.unlearned.empty() ? DoubtOf(verdict) : verdict.unlearned)}
              << 32 |
          (names_groups ? index_->facts(*verdict.local).list + 1 : 0)};
}

std::string_view Explainer::Reason(const Verdict& verdict) {
  const Facts facts = FactsOf(verdict);
  Said& recent = recent_[FactsHash{}(facts) % recent_.size()];
  if (recent.reason != nullptr && recent.facts == facts) return *recent.reason;
  if (reasons_.size() >= kMostReasons) {
    reasons_.clear();
    doubts_.clear();
    recent_.fill({});
    return Reason(verdict);
  }
  auto found = reasons_.find(facts);
  if (found == reasons_.end()) {
    found = reasons_.emplace(facts, ReasonOf(verdict, DoubtOf(verdict), *index_)).first;
  }
  recent = {.facts = facts, .reason = &found->second};
  return *recent.reason;
}

}  // namespace sgflow
