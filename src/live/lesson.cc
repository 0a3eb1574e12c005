#include "live/lesson.h"

#include <memory>

#include "live/fault_reason.h"

namespace sgflow {
namespace {

constexpr std::string_view kTrunkTag = "tag:vpcresources.k8s.aws/trunk-eni-id";
constexpr std::string_view kTheInterface = "the interface";
constexpr std::string_view kItsBranches = "the branches of the trunk interface";

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

void Lesson::AddGroup(const Ec2Place& place, const std::string& id) {
  groups_.push_back({place.account_id, place.region, id});
  rules_.Want(place, id);
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
  for (const std::string& group : candidate.element.related) {
    if (!known_.groups.contains(group)) rules_.Want(candidate.said.place, group);
  }
  const bool is_trunk = options_.with_branches && candidate.element.type == "trunk";
  if (is_trunk && candidate.name) trunks_[candidate.said.place].insert(candidate.element.id);
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
  if (!answer) {
    Failed(names, answer.error(), kTheInterface, Ec2Action::kDescribeNetworkInterfaces);
    return;
  }
  std::map<std::string_view, const Ec2Element*> found;
  for (const Ec2Element& element : *answer) found.emplace(element.id, &element);
  for (const Lacking::Name& name : names) {
    const auto at = found.find(name.id);
    if (at == found.end()) {
      NotThere(name);
    } else {
      AddCandidate({.said = {place, options_.now}, .element = *at->second, .name = name});
    }
  }
}

void Lesson::TakeBranches(const Ec2Place& place, const Ids& trunks, Ec2Places::Answer answer) {
  if (!answer) {
    for (const std::string& id : trunks) {
      candidates_.at(id).failure = LessonFailure{
          answer.error(),
          ReasonOf(answer.error(), kItsBranches, Ec2Action::kDescribeNetworkInterfaces)};
    }
    return;
  }
  std::vector<std::string> branches;
  for (Ec2Element& element : *answer) {
    const std::string& id = branches.emplace_back(element.id);
    if (candidates_.contains(id)) continue;
    AddCandidate({.said = {place, options_.now}, .element = std::move(element)});
  }
  // Which of them hang on which trunk plays no part: all are needed.
  for (const std::string& id : trunks) candidates_.at(id).branches = branches;
}

const LessonFailure* Lesson::FailureOf(const Candidate& candidate) const {
  if (candidate.failure) return &*candidate.failure;
  for (const std::string& group : candidate.element.related) {
    const LessonFailure* failure = rules_.FailureOf(group);
    if (failure != nullptr && !known_.groups.contains(group)) return failure;
  }
  for (const std::string& branch : candidate.branches) {
    if (const LessonFailure* failure = FailureOf(candidates_.at(branch))) return failure;
  }
  return nullptr;
}

void Lesson::Settle() {
  for (auto& [id, candidate] : candidates_) {
    const LessonFailure* failure = FailureOf(candidate);
    // What is an own one already stays as it was where its new groups are not known.
    if (failure == nullptr || !known_.IsOwn(id)) {
      KeepInterface(candidate.said, candidate.element, failure == nullptr);
    }
    if (!candidate.name) continue;
    if (failure == nullptr) {
      Found(*candidate.name);
    } else {
      Failed(*candidate.name, *failure);
    }
  }
  for (const Lacking::Name& group : groups_) {
    if (const LessonFailure* failure = rules_.FailureOf(group.id)) Failed(group, *failure);
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

void Lesson::Found(const Lacking::Name& name) {
  outcomes_.push_back({.name = name, .found = true, .fault = {}, .reason = {}});
}

void Lesson::NotThere(const Lacking::Name& name) {
  outcomes_.push_back({.name = name, .found = false, .fault = {}, .reason = {}});
}

void Lesson::Failed(const Lacking::Name& name, const LessonFailure& failure) {
  outcomes_.push_back(
      {.name = name, .found = false, .fault = failure.fault, .reason = failure.reason});
}

void Lesson::Failed(const Names& names, const AwsFault& fault, std::string_view what,
                    Ec2Action action) {
  for (const Lacking::Name& name : names) Failed(name, {fault, ReasonOf(fault, what, action)});
}

}  // namespace sgflow
