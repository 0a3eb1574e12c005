#include "live/lesson.h"

#include <memory>

#include "live/fault_reason.h"

namespace sgflow {
namespace {

constexpr std::string_view kTrunkTag = "tag:vpcresources.k8s.aws/trunk-eni-id";

}  // namespace

void Lesson::AddInterface(const Ec2Place& place, const Lacking::Name& name, bool anew) {
  const auto known = known_.interfaces.find(name.id);
  if (anew || known == known_.interfaces.end()) {
    interfaces_[place].push_back(name);
    return;
  }
  AddCandidate({.said = {known->second.place, known->second.said},
                .element = known->second.element,
                .name = name});
}

void Lesson::AddBranches(const Ec2Place& place, const Lacking::Name& trunk) {
  known_trunks_[place].insert(trunk.id);
  interfaces_[place].push_back(trunk);
}

void Lesson::AddGroup(const Ec2Place& place, const std::string& id) { rules_.Want(place, id); }

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
  for (const auto& [place, names] : interfaces_) {
    QueueNamed(place, names, Ec2Action::kDescribeNetworkInterfaces, "network-interface-id",
               &Lesson::TakeInterfaces);
  }
  QueueReferences();
  do {
    rules_.Queue();
    QueueBranches();
  } while (queue_.AskRound());
  Settle();
}

void Lesson::QueueNamed(const Ec2Place& place, const Names& names, Ec2Action action,
                        std::string_view filter, TakeNamed take) {
  const auto by_id = std::make_shared<std::multimap<std::string, Lacking::Name>>();
  Ids ids;
  for (const Lacking::Name& name : names) {
    by_id->emplace(name.id, name);
    ids.insert(name.id);
  }
  queue_.AddFiltered(place, action, filter, ids,
                     [this, place, by_id, take](const Ids& asked, Ec2Places::Answer answer) {
                       Names of_question;
                       for (const std::string& id : asked) {
                         const auto [first, last] = by_id->equal_range(id);
                         for (auto at = first; at != last; ++at) of_question.push_back(at->second);
                       }
                       (this->*take)(place, of_question, std::move(answer));
                     });
}

// With what it needs to stand as an own one.
void Lesson::AddCandidate(Candidate candidate) {
  const Ec2Place& place = candidate.said.place;
  for (const std::string& group : candidate.element.related) {
    if (known_.groups.contains(group) || options_.leaves_alone(place, group)) continue;
    rules_.Want(place, group);
  }
  const bool is_trunk = options_.with_branches && candidate.element.type == "trunk";
  if (is_trunk && candidate.name) trunks_[place].insert(candidate.element.id);
  const std::string id = candidate.element.id;
  candidates_.insert_or_assign(id, std::move(candidate));
}

void Lesson::QueueBranches() {
  for (const auto& [place, trunks] : std::exchange(trunks_, {})) {
    queue_.AddFiltered(place, Ec2Action::kDescribeNetworkInterfaces, kTrunkTag, trunks,
                       [this, place](const Ids& asked, Ec2Places::Answer answer) {
                         TakeBranches(place, asked, std::move(answer));
                       });
  }
}

void Lesson::TakeInterfaces(const Ec2Place& place, const Names& names, Ec2Places::Answer answer) {
  std::map<std::string_view, const Ec2Element*> found;
  if (answer) {
    for (const Ec2Element& element : *answer) found.emplace(element.id, &element);
  }
  for (const Lacking::Name& name : names) {
    const auto at = found.find(name.id);
    if (!answer) {
      Failed(WhatOf(place, name.id), place, {name}, answer.error(),
             Ec2Action::kDescribeNetworkInterfaces);
    } else if (at == found.end()) {
      NotThere(WhatOf(place, name.id), place, name);
    } else {
      AddCandidate({.said = {place, options_.now}, .element = *at->second, .name = name});
    }
  }
}

void Lesson::TakeBranches(const Ec2Place& place, const Ids& trunks, Ec2Places::Answer answer) {
  if (!answer) {
    const LessonFailure failure{answer.error(), ReasonOf(answer.error(), Learnable::kBranches,
                                                         Ec2Action::kDescribeNetworkInterfaces)};
    for (const std::string& id : trunks) candidates_.at(id).failure = failure;
    return;
  }
  for (Ec2Element& element : *answer) {
    if (candidates_.contains(element.id)) continue;
    AddCandidate({.said = {place, options_.now}, .element = std::move(element)});
  }
}

Learnable Lesson::WhatOf(const Ec2Place& place, const std::string& interface_id) const {
  const auto known = known_trunks_.find(place);
  const bool of_branches = known != known_trunks_.end() && known->second.contains(interface_id);
  return of_branches ? Learnable::kBranches : Learnable::kInterface;
}

void Lesson::Settle() {
  for (auto& [id, candidate] : candidates_) {
    const Ec2Place place = candidate.said.place;
    const auto& failure = candidate.failure;
    // A trunk that is an own one already stays as it was.
    if (!failure || !known_.IsOwn(id)) {
      KeepInterface(candidate.said, std::move(candidate.element), !failure);
    }
    if (!candidate.name) continue;
    if (failure) {
      Failed(WhatOf(place, id), place, *candidate.name, *failure);
    } else {
      Found(WhatOf(place, id), place, *candidate.name);
    }
  }
  for (const auto& [id, place] : rules_.asked()) {
    const Lacking::Name name{place.account_id, place.region, id};
    if (const LessonFailure* failure = rules_.FailureOf(id)) {
      Failed(Learnable::kGroupRules, place, name, *failure);
    } else {
      Found(Learnable::kGroupRules, place, name);
    }
  }
}

void Lesson::KeepInterface(const LiveKnowledge::Said& said, Ec2Element element, bool own) {
  const auto known = known_.interfaces.find(element.id);
  const bool is_new = known == known_.interfaces.end();
  const bool same =
      !is_new && known->second.own == own && known->second.element.json == element.json;
  const std::string id = element.id;
  const LiveKnowledge::Time used = is_new ? options_.now : known->second.used;
  Keep(known_.interfaces, id,
       LiveKnowledge::Interface{said, std::move(element), own, /*gone=*/false, used}, same);
}

void Lesson::Found(Learnable what, const Ec2Place& place, const Lacking::Name& name) {
  outcomes_.push_back({.sought = {what, place, name.id},
                       .account_id = name.account_id,
                       .found = true,
                       .fault = {},
                       .reason = {}});
}

void Lesson::NotThere(Learnable what, const Ec2Place& place, const Lacking::Name& name) {
  Found(what, place, name);
  outcomes_.back().found = false;
}

void Lesson::Failed(Learnable what, const Ec2Place& place, const Lacking::Name& name,
                    const LessonFailure& failure) {
  NotThere(what, place, name);
  outcomes_.back().fault = failure.fault;
  outcomes_.back().reason = failure.reason;
}

void Lesson::Failed(Learnable what, const Ec2Place& place, const Names& names,
                    const AwsFault& fault, Ec2Action action) {
  const LessonFailure failure{fault, ReasonOf(fault, what, action)};
  for (const Lacking::Name& name : names) Failed(what, place, name, failure);
}

}  // namespace sgflow
