#include "live/lesson.h"

#include <algorithm>
#include <iterator>

#include "aws/action.h"
#include "live/fault_reason.h"

namespace sgflow {
namespace {

constexpr std::string_view kTrunkTag = "tag:vpcresources.k8s.aws/trunk-eni-id";
constexpr std::string_view kTheInterface = "the interface";
constexpr std::string_view kItsRules = "the rules of its security groups";
constexpr std::string_view kItsBranches = "the branches of the trunk interface";

template <typename Names>
std::vector<std::string> IdsOf(const Names& names) {
  std::vector<std::string> ids;
  for (const auto& name : names) ids.push_back(name.id);
  return ids;
}

// Each asked for by itself: where one fails the others are learned all the same.
template <typename ByPlace>
std::vector<std::pair<Ec2Place, typename ByPlace::mapped_type>> InPieces(const ByPlace& wanted) {
  std::vector<std::pair<Ec2Place, typename ByPlace::mapped_type>> pieces;
  for (const auto& [place, all] : wanted) {
    std::size_t count = 0;
    for (const auto& one : all) {
      if (count++ % kMostFilterValues == 0) pieces.push_back({place, {}});
      auto& piece = pieces.back().second;
      piece.insert(piece.end(), one);
    }
  }
  return pieces;
}

Ec2Places::Question Filtered(const Ec2Place& place, Ec2Action action, std::string_view filter,
                             std::vector<std::string> values) {
  return {.place = place,
          .ask = {.action = action, .filter = std::string(filter), .values = std::move(values)}};
}

bool SaysNotFound(const AwsFault& fault) {
  return fault.kind == AwsFault::Kind::kNotFound || fault.code.ends_with(".NotFound");
}

// The group is another account's, as those of interfaces that AWS's services own may be.
AwsFault NotShown(const std::string& group_id) {
  return {.kind = AwsFault::Kind::kNotFound,
          .code = {},
          .error = {.kind = ErrorKind::kEnvironment,
                    .message = "AWS does not show the rules of " + group_id + " to this account",
                    .place = {},
                    .hint = {}}};
}

}  // namespace

void Lesson::AddInterface(const Ec2Place& place, const Lacking::Name& name, bool anew) {
  const auto known = known_.interfaces.find(name.id);
  if (anew || known == known_.interfaces.end()) {
    interfaces_[place].push_back(name);
    return;
  }
  candidates_.emplace(name.id, Candidate{.said = {known->second.place, known->second.said},
                                         .element = known->second.element,
                                         .name = name,
                                         .branches = {},
                                         .failure = {}});
}

void Lesson::AddMembers(const Ec2Place& place, const Lacking::Name& group) {
  members_[place].push_back(group);
}

void Lesson::AddPrefixList(const Ec2Place& place, const Lacking::Name& name) {
  prefix_lists_.emplace_back(place, name);
}

void Lesson::AddSubnet(const Ec2Place& place, const Lacking::Name& name) {
  subnets_[place].push_back(name);
}

void Lesson::Run() {
  AskForWanted();
  AskForParts();
  Settle();
}

std::vector<Ec2Places::Answer> Lesson::Ask(std::vector<Ec2Places::Question> questions) {
  for (Ec2Places::Question& question : questions) question.ask.deadline = until_;
  return places_.Ask(questions);
}

void Lesson::AskForWanted() {
  std::vector<Ec2Places::Question> questions;
  const auto interfaces = InPieces(interfaces_);
  const auto members = InPieces(members_);
  const auto subnets = InPieces(subnets_);
  const auto ask = [&](const auto& wanted, Ec2Action action, std::string_view filter) {
    for (const auto& [place, names] : wanted) {
      questions.push_back(Filtered(place, action, filter, IdsOf(names)));
    }
  };
  ask(interfaces, Ec2Action::kDescribeNetworkInterfaces, "network-interface-id");
  ask(members, Ec2Action::kDescribeNetworkInterfaces, "group-id");
  ask(subnets, Ec2Action::kDescribeSubnets, "subnet-id");
  ask(subnets, Ec2Action::kDescribeNetworkAcls, "association.subnet-id");
  for (const auto& [place, name] : prefix_lists_) {
    questions.push_back(
        {.place = place,
         .ask = {.action = Ec2Action::kGetManagedPrefixListEntries, .prefix_list_id = name.id}});
  }
  auto answers = Ask(std::move(questions));
  auto at = answers.begin();
  for (const auto& [place, names] : interfaces) TakeInterfaces(place, names, std::move(*at++));
  for (const auto& [place, names] : members) TakeMembers(place, names, std::move(*at++));
  auto acls = at + static_cast<std::ptrdiff_t>(subnets.size());
  for (const auto& [place, names] : subnets) {
    TakeSubnets(place, names, std::move(*at++), std::move(*acls++));
  }
  at = acls;
  for (const auto& [place, name] : prefix_lists_) TakePrefixList(place, name, std::move(*at++));
}

// Rules of groups, and trunks' branches; then rules of the branches' groups.
void Lesson::AskForParts() {
  std::set<std::string> asked;
  for (const bool first : {true, false}) {
    IdsByPlace wanted_groups;
    std::map<Ec2Place, std::vector<std::string>> wanted_trunks;
    if (first) wanted_groups = groups_;
    for (const auto& [id, candidate] : candidates_) {
      for (const std::string& group : candidate.element.related) {
        if (!known_.groups.contains(group)) wanted_groups[candidate.said.place].insert(group);
      }
      if (first && candidate.element.type == "trunk")
        wanted_trunks[candidate.said.place].push_back(id);
    }
    for (auto& [place, ids] : wanted_groups) {
      std::erase_if(ids, [&](const std::string& id) { return !asked.insert(id).second; });
    }
    const auto groups = InPieces(wanted_groups);
    const auto trunks = InPieces(wanted_trunks);

    std::vector<Ec2Places::Question> questions;
    for (const auto& [place, ids] : groups) {
      const std::vector<std::string> values(ids.begin(), ids.end());
      questions.push_back(Filtered(place, Ec2Action::kDescribeSecurityGroups, "group-id", values));
      questions.push_back(
          Filtered(place, Ec2Action::kDescribeSecurityGroupRules, "group-id", values));
    }
    for (const auto& [place, ids] : trunks) {
      questions.push_back(Filtered(place, Ec2Action::kDescribeNetworkInterfaces, kTrunkTag, ids));
    }
    const auto unseen = InPieces(std::exchange(unseen_, {}));
    for (const auto& [place, names] : unseen) {
      questions.push_back(
          Filtered(place, Ec2Action::kDescribeSecurityGroups, "group-id", IdsOf(names)));
    }
    if (questions.empty()) return;
    auto answers = Ask(std::move(questions));
    auto at = answers.begin();
    for (const auto& [place, ids] : groups) {
      auto described = std::move(*at++);
      TakeGroups(place, ids, std::move(described), std::move(*at++));
    }
    for (const auto& [place, ids] : trunks) TakeBranches(place, ids, std::move(*at++));
    for (const auto& [place, names] : unseen) TakeUnseen(place, names, std::move(*at++));
  }
}

void Lesson::TakeInterfaces(const Ec2Place& place, const Names& names, Ec2Places::Answer answer) {
  if (!answer) {
    Failed(names, answer.error(), kTheInterface, Ec2Action::kDescribeNetworkInterfaces);
    return;
  }
  std::map<std::string_view, Ec2Element*> found;
  for (Ec2Element& element : *answer) found.emplace(element.id, &element);
  for (const Lacking::Name& name : names) {
    const auto at = found.find(name.id);
    if (at == found.end()) {
      outcomes_.push_back({.name = name, .found = false, .fault = {}, .reason = {}});
      continue;
    }
    candidates_.insert_or_assign(name.id, Candidate{.said = {place, now_},
                                                    .element = *at->second,
                                                    .name = name,
                                                    .branches = {},
                                                    .failure = {}});
  }
}

void Lesson::TakeMembers(const Ec2Place& place, const Names& names, Ec2Places::Answer answer) {
  if (!answer) {
    Failed(names, answer.error(), {}, Ec2Action::kDescribeNetworkInterfaces);
    return;
  }
  std::set<std::string_view> asked;
  std::set<std::string_view> carrying;
  for (const Lacking::Name& name : names) asked.insert(name.id);
  for (const Ec2Element& element : *answer) carrying.insert(element.id);
  // Peers that are no members any more.
  const auto left = [&](const auto& entry) {
    const auto& interface = entry.second;
    return !interface.own && interface.place == place && !carrying.contains(entry.first) &&
           std::ranges::any_of(interface.element.related,
                               [&](const std::string& group) { return asked.contains(group); });
  };
  if (std::erase_if(known_.interfaces, left) != 0) changed_ = true;
  std::set<std::string> carried;
  for (const Ec2Element& element : *answer) {
    carried.insert(element.related.begin(), element.related.end());
  }
  for (Ec2Element& element : *answer) {
    const bool own = known_.IsOwn(element.id);
    // With groups whose rules are not known it would not be an own one any more.
    if (own && !known_.KnowsGroupsOf(element)) continue;
    KeepInterface({place, now_}, std::move(element), own);
  }
  for (const Lacking::Name& name : names) {
    if (carried.contains(name.id) || known_.groups.contains(name.id)) {
      KeepMembers(place, name);
    } else {
      unseen_[place].push_back(name);
    }
  }
}

void Lesson::KeepMembers(const Ec2Place& place, const Lacking::Name& name) {
  Keep(known_.members, name.id, LiveKnowledge::Said{place, now_}, known_.members.contains(name.id));
  Found(name);
}

void Lesson::TakeUnseen(const Ec2Place& place, const Names& names, Ec2Places::Answer groups) {
  if (!groups) {
    Failed(names, groups.error(), {}, Ec2Action::kDescribeSecurityGroups);
    return;
  }
  for (const Lacking::Name& name : names) {
    if (std::ranges::find(*groups, name.id, &Ec2Element::id) != groups->end()) {
      KeepMembers(place, name);
    } else {
      outcomes_.push_back({.name = name, .found = false, .fault = {}, .reason = {}});
    }
  }
}

void Lesson::TakePrefixList(const Ec2Place& place, const Lacking::Name& name,
                            Ec2Places::Answer answer) {
  if (!answer && SaysNotFound(answer.error())) {
    outcomes_.push_back({.name = name, .found = false, .fault = {}, .reason = {}});
  } else if (!answer) {
    Failed({name}, answer.error(), {}, Ec2Action::kGetManagedPrefixListEntries);
  } else {
    LiveKnowledge::List list{{place, now_}, std::move(answer->front().json)};
    const auto known = known_.prefix_lists.find(name.id);
    const bool same = known != known_.prefix_lists.end() && known->second.json == list.json;
    Keep(known_.prefix_lists, name.id, std::move(list), same);
    Found(name);
  }
}

void Lesson::TakeSubnets(const Ec2Place& place, const Names& names, Ec2Places::Answer subnets,
                         Ec2Places::Answer acls) {
  if (!subnets) {
    Failed(names, subnets.error(), {}, Ec2Action::kDescribeSubnets);
    return;
  }
  if (!acls) {
    Failed(names, acls.error(), {}, Ec2Action::kDescribeNetworkAcls);
    return;
  }
  std::map<std::string_view, const Ec2Element*> described;
  for (const Ec2Element& subnet : *subnets) described.emplace(subnet.id, &subnet);
  std::map<std::string_view, const Ec2Element*> acl_of;
  for (const Ec2Element& acl : *acls) {
    for (const std::string& subnet_id : acl.related) acl_of.emplace(subnet_id, &acl);
  }
  for (const Lacking::Name& name : names) {
    const auto subnet = described.find(name.id);
    const auto acl = acl_of.find(name.id);
    if (subnet == described.end() || acl == acl_of.end()) {
      outcomes_.push_back({.name = name, .found = false, .fault = {}, .reason = {}});
      continue;
    }
    LiveKnowledge::Subnet said{
        {place, now_}, subnet->second->json, acl->second->id, acl->second->json};
    const auto known = known_.subnets.find(name.id);
    const bool same = known != known_.subnets.end() && known->second.json == said.json &&
                      known->second.acl == said.acl;
    Keep(known_.subnets, name.id, std::move(said), same);
    Found(name);
  }
}

void Lesson::TakeGroups(const Ec2Place& place, const std::set<std::string>& ids,
                        Ec2Places::Answer groups, Ec2Places::Answer rules) {
  const auto fail_all = [&](const AwsFault& fault, Ec2Action action) {
    for (const std::string& id : ids) {
      failed_groups_.emplace(id, Failure{fault, ReasonOf(fault, kItsRules, action)});
    }
  };
  if (!groups) return fail_all(groups.error(), Ec2Action::kDescribeSecurityGroups);
  if (!rules) return fail_all(rules.error(), Ec2Action::kDescribeSecurityGroupRules);
  std::map<std::string, LiveKnowledge::Group> found;
  for (Ec2Element& group : *groups) {
    found[group.id] = {{place, now_}, std::move(group.json), {}};
  }
  for (const Ec2Element& rule : *rules) {
    LiveKnowledge::Group& group = found[rule.id];
    if (!group.rules.empty()) group.rules += ',';
    group.rules += rule.json;
  }
  for (const std::string& id : ids) {
    const auto at = found.find(id);
    if (at == found.end()) {
      // Without a rule it would be listed all the same: so it is not shown, and its rules neither.
      AwsFault fault = NotShown(id);
      std::string reason = fault.error.message;
      failed_groups_.emplace(id, Failure{std::move(fault), std::move(reason)});
      continue;
    }
    LiveKnowledge::Group& group = at->second;
    group.place = place;
    group.said = now_;
    const auto known = known_.groups.find(id);
    const bool same = known != known_.groups.end() && known->second.json == group.json &&
                      known->second.rules == group.rules;
    Keep(known_.groups, id, std::move(group), same);
  }
}

void Lesson::TakeBranches(const Ec2Place& place, const std::vector<std::string>& trunks,
                          Ec2Places::Answer answer) {
  if (!answer) {
    for (const std::string& id : trunks) {
      candidates_.at(id).failure =
          Failure{answer.error(),
                  ReasonOf(answer.error(), kItsBranches, Ec2Action::kDescribeNetworkInterfaces)};
    }
    return;
  }
  std::vector<std::string> branches;
  for (Ec2Element& element : *answer) {
    const std::string& id = branches.emplace_back(element.id);
    candidates_.try_emplace(id, Candidate{.said = {place, now_},
                                          .element = std::move(element),
                                          .name = {},
                                          .branches = {},
                                          .failure = {}});
  }
  // Which of them hang on which trunk plays no part: all are needed.
  for (const std::string& id : trunks) candidates_.at(id).branches = branches;
}

const Lesson::Failure* Lesson::FailureOf(const Candidate& candidate) const {
  if (candidate.failure) return &*candidate.failure;
  for (const std::string& group : candidate.element.related) {
    const auto failed = failed_groups_.find(group);
    if (failed != failed_groups_.end() && !known_.groups.contains(group)) return &failed->second;
  }
  for (const std::string& branch : candidate.branches) {
    if (const Failure* failure = FailureOf(candidates_.at(branch))) return failure;
  }
  return nullptr;
}

void Lesson::Settle() {
  for (auto& [id, candidate] : candidates_) {
    const Failure* failure = FailureOf(candidate);
    // What is an own one already stays as it was where its new groups are not known.
    if (failure == nullptr || !known_.IsOwn(id)) {
      KeepInterface(candidate.said, candidate.element, failure == nullptr);
    }
    if (!candidate.name) continue;
    if (failure == nullptr) {
      Found(*candidate.name);
    } else {
      outcomes_.push_back({.name = *candidate.name,
                           .found = false,
                           .fault = failure->fault,
                           .reason = failure->reason});
    }
  }
  // Of groups that are to be renewed nobody asks by name.
  for (const auto& [place, ids] : groups_) {
    for (const std::string& id : ids) {
      const auto failed = failed_groups_.find(id);
      if (failed == failed_groups_.end()) continue;
      outcomes_.push_back({.name = {place.account_id, place.region, id},
                           .found = false,
                           .fault = failed->second.fault,
                           .reason = failed->second.reason});
    }
  }
}

void Lesson::Found(const Lacking::Name& name) {
  outcomes_.push_back({.name = name, .found = true, .fault = {}, .reason = {}});
}

void Lesson::Failed(const Names& names, const AwsFault& fault, std::string_view what,
                    Ec2Action action) {
  for (const Lacking::Name& name : names) {
    outcomes_.push_back(
        {.name = name, .found = false, .fault = fault, .reason = ReasonOf(fault, what, action)});
  }
}

template <typename T>
void Lesson::Keep(LiveKnowledge::ById<T>& known, const std::string& id, T said, bool same) {
  known.insert_or_assign(id, std::move(said));
  changed_ = changed_ || !same;
}

void Lesson::KeepInterface(const LiveKnowledge::Said& said, Ec2Element element, bool own) {
  const auto known = known_.interfaces.find(element.id);
  const bool is_new = known == known_.interfaces.end();
  const bool same =
      !is_new && known->second.own == own && known->second.element.json == element.json;
  const std::string id = element.id;
  const LiveKnowledge::Time used = is_new ? now_ : known->second.used;
  Keep(known_.interfaces, id,
       LiveKnowledge::Interface{said, std::move(element), own, /*gone=*/false, used}, same);
}

}  // namespace sgflow
