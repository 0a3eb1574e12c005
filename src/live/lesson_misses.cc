#include "live/lesson_misses.h"

namespace sgflow {
namespace {

bool IsRefused(const AwsFault& fault) {
  return fault.kind == AwsFault::Kind::kAccessDenied || fault.kind == AwsFault::Kind::kCredentials;
}

}  // namespace

Miss MissOf(const Lesson::Outcome& outcome, bool of_strangers) {
  if (!outcome.fault) return {};
  const Learnable what = outcome.sought.what;
  // Nobody has to let this account see the groups of a VPC that is peered with its own.
  if (of_strangers && what == Learnable::kGroupMembers && IsRefused(*outcome.fault)) return {};
  const bool is_final = outcome.fault->kind == AwsFault::Kind::kNotFound;
  // Without the rest an answer is poorer, not wrong.
  const bool needed = what == Learnable::kInterface || what == Learnable::kGroupRules ||
                      what == Learnable::kBranches;
  return {.error = outcome.fault->error,
          .reason = outcome.reason,
          .is_final = is_final,
          .fails_batch = needed && !is_final};
}

}  // namespace sgflow
