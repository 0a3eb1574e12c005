#include "live/group_rules.h"

#include <utility>

#include "live/fault_reason.h"

namespace sgflow {
namespace {

// The group is another account's, as those of interfaces that AWS's services own may be.
LessonFailure NotShown(const std::string& group_id) {
  std::string message = "AWS does not show the rules of " + group_id + " to this account";
  return {.fault = {.kind = AwsFault::Kind::kNotFound,
                    .code = {},
                    .error = {.kind = ErrorKind::kEnvironment,
                              .message = message,
                              .place = {},
                              .hint = {}}},
          .reason = message};
}

}  // namespace

void GroupRules::Want(const Ec2Place& place, const std::string& group_id) {
  if (asked_.emplace(group_id, place).second) wanted_[place].insert(group_id);
}

void GroupRules::Queue() {
  for (const auto& [place, ids] : std::exchange(wanted_, {})) {
    queue_.AddFiltered(place, Ec2Action::kDescribeSecurityGroupRules, "group-id", ids,
                       [this, place](const Ids& asked, Ec2Places::Answer rules) {
                         TakeRules(place, asked, std::move(rules));
                       });
  }
}

void GroupRules::TakeRules(const Ec2Place& place, const Ids& ids, Ec2Places::Answer rules) {
  if (!rules) return Fail(ids, rules.error(), Ec2Action::kDescribeSecurityGroupRules);
  std::map<std::string, std::string> rules_of;
  for (const Ec2Element& rule : *rules) {
    std::string& text = rules_of[rule.related.front()];
    if (!text.empty()) text += ',';
    text += rule.json;
  }
  Ids without;
  for (const std::string& id : ids) {
    const auto found = rules_of.find(id);
    if (found == rules_of.end()) {
      without.insert(id);
    } else {
      Keep(place, id, std::move(found->second));
    }
  }
  queue_.AddFiltered(place, Ec2Action::kDescribeSecurityGroups, "group-id", without,
                     [this, place](const Ids& asked, Ec2Places::Answer groups) {
                       TakeGroups(place, asked, std::move(groups));
                     });
}

void GroupRules::TakeGroups(const Ec2Place& place, const Ids& ids, Ec2Places::Answer groups) {
  if (!groups) return Fail(ids, groups.error(), Ec2Action::kDescribeSecurityGroups);
  Ids shown;
  for (const Ec2Element& group : *groups) shown.insert(group.id);
  for (const std::string& id : ids) {
    if (shown.contains(id)) {
      Keep(place, id, {});
    } else {
      failures_.emplace(id, NotShown(id));
    }
  }
}

void GroupRules::Keep(const Ec2Place& place, const std::string& id, std::string rules) {
  const auto known = known_.groups.find(id);
  changed_ = changed_ || known == known_.groups.end() || known->second.rules != rules;
  known_.groups.insert_or_assign(id, LiveKnowledge::Group{{place, now_}, std::move(rules)});
}

void GroupRules::Fail(const Ids& ids, const AwsFault& fault, Ec2Action action) {
  for (const std::string& id : ids) {
    failures_.emplace(id, LessonFailure{fault, ReasonOf(fault, Learnable::kGroupRules, action)});
  }
}

const LessonFailure* GroupRules::FailureOf(const std::string& group_id) const {
  const auto failed = failures_.find(group_id);
  return failed == failures_.end() ? nullptr : &failed->second;
}

}  // namespace sgflow
