// What is to be learned at one time, asked of AWS in as few rounds and calls as can be.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/client.h"
#include "inventory/lacking.h"
#include "live/ec2_places.h"
#include "live/group_rules.h"
#include "live/live_knowledge.h"
#include "live/misses.h"
#include "live/question_queue.h"

namespace sgflow {

struct LessonOptions {
  LiveKnowledge::Time now;
  // What is not answered by then has failed.
  AwsDeadline until = AwsDeadline::max();
  // Trunks are learned with their branches.
  bool with_branches = true;
  // Groups whose rules are not asked for, though an interface carries them.
  std::function<bool(const Ec2Place&, const std::string& group_id)> leaves_alone =
      [](const Ec2Place&, const std::string&) { return false; };
};

// Add what is wanted, Run once, see what became of it. Nothing that failed changes what is known.
class Lesson {
 public:
  // Both must outlive it.
  Lesson(Ec2Places& places, LiveKnowledge& known, const LessonOptions& options)
      : known_(known),
        options_(options),
        queue_(places, options.until),
        rules_(queue_, known, options.now) {}
  Lesson(const Lesson&) = delete;
  Lesson& operator=(const Lesson&) = delete;

  // To stand as one whose records can be judged, with those rules of its groups that can be had.
  // Where it is known as a peer already only these are asked for, unless `anew`.
  void AddInterface(const Ec2Place& place, const Lacking::Name& name, bool anew = false);
  // Of a trunk that is known, where it may have others by now.
  void AddBranches(const Ec2Place& place, const Lacking::Name& trunk);
  // Its rules: an interface brings along those of its groups that are not known.
  void AddGroup(const Ec2Place& place, const std::string& id);
  void AddMembers(const Ec2Place& place, const Lacking::Name& group);
  void AddPrefixList(const Ec2Place& place, const Lacking::Name& name);
  // With its network ACL: one without the other is of no use.
  void AddSubnet(const Ec2Place& place, const Lacking::Name& name);

  void Run();

  struct Outcome {
    Sought sought;
    std::string account_id;  // whose records made it needed; empty: nobody knows
    bool found = false;
    // Neither: AWS answered, and there is none.
    std::optional<AwsFault> fault;
    std::string reason;  // of the fault, for sg_reason
  };
  const std::vector<Outcome>& outcomes() const { return outcomes_; }
  // Whether what is known is another than before, more than its time.
  bool changed() const { return changed_ || rules_.changed(); }

 private:
  using Ids = QuestionQueue::Ids;
  using Names = std::vector<Lacking::Name>;
  using NamesByPlace = std::map<Ec2Place, Names>;
  using TakeNamed = void (Lesson::*)(const Ec2Place&, const Names&, Ec2Places::Answer);

  // An interface on its way to be an own one.
  struct Candidate {
    LiveKnowledge::Said said;
    Ec2Element element;
    std::optional<Lacking::Name> name{};     // none: a trunk's branch
    std::optional<LessonFailure> failure{};  // of its branches
  };

  // `take` is given those names that a question is of.
  void QueueNamed(const Ec2Place& place, const Names& names, Ec2Action action,
                  std::string_view filter, TakeNamed take);

  // Interfaces, their groups and branches.
  void AddCandidate(Candidate candidate);
  void QueueBranches();
  void TakeInterfaces(const Ec2Place& place, const Names& names, Ec2Places::Answer answer);
  void TakeBranches(const Ec2Place& place, const Ids& trunks, Ec2Places::Answer answer);
  void Settle();
  void KeepInterface(const LiveKnowledge::Said& said, Ec2Element element, bool own);

  // What rules refer to, and what refused records hang on: in lesson_references.cc.
  void QueueReferences();
  void QueueSubnets();
  void TakeMembers(const Ec2Place& place, const Names& names, Ec2Places::Answer answer);
  void ForgetFormerMembers(const Ec2Place& place, const Ids& groups,
                           const std::vector<Ec2Element>& members);
  // One without members is there all the same, if AWS describes it.
  void TakeUnseen(const Ec2Place& place, const Names& names, Ec2Places::Answer groups);
  void KeepMembers(const Ec2Place& place, const Lacking::Name& name);
  void TakePrefixList(const Ec2Place& place, const Lacking::Name& name, Ec2Places::Answer answer);
  void TakeSubnets(const Ec2Place& place, const Names& names, Ec2Places::Answer subnets,
                   Ec2Places::Answer acls);

  // What became of it.
  void Found(Learnable what, const Ec2Place& place, const Lacking::Name& name);
  void NotThere(Learnable what, const Ec2Place& place, const Lacking::Name& name);
  void Failed(Learnable what, const Ec2Place& place, const Lacking::Name& name,
              const LessonFailure& failure);
  void Failed(Learnable what, const Ec2Place& place, const Names& names, const AwsFault& fault,
              Ec2Action action);
  Learnable WhatOf(const Ec2Place& place, const std::string& interface_id) const;
  template <typename T>
  void Keep(LiveKnowledge::ById<T>& known, const std::string& id, T said, bool same) {
    known.insert_or_assign(id, std::move(said));
    changed_ = changed_ || !same;
  }

  LiveKnowledge& known_;
  LessonOptions options_;
  QuestionQueue queue_;
  GroupRules rules_;
  NamesByPlace interfaces_;
  NamesByPlace members_;
  NamesByPlace subnets_;
  std::vector<std::pair<Ec2Place, Lacking::Name>> prefix_lists_;
  std::map<Ec2Place, Ids> trunks_;        // whose branches are still to be asked for
  std::map<Ec2Place, Ids> known_trunks_;  // of `interfaces_`, asked for their branches alone
  std::map<std::string, Candidate, std::less<>> candidates_;
  std::vector<Outcome> outcomes_;
  bool changed_ = false;
};

}  // namespace sgflow
