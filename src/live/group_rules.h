// The rules of security groups, learned in bulk.
#pragma once

#include <map>
#include <string>

#include "aws/client.h"
#include "live/live_knowledge.h"
#include "live/question_queue.h"

namespace sgflow {

// Why something could not be learned.
struct LessonFailure {
  AwsFault fault;
  std::string reason;  // for sg_reason
};

// A group that has a rule is told by it; only those that have none are asked for themselves, so
// that one which AWS does not show is not taken for one without rules.
class GroupRules {
 public:
  // Both must outlive it.
  GroupRules(QuestionQueue& queue, LiveKnowledge& known, LiveKnowledge::Time now)
      : queue_(queue), known_(known), now_(now) {}

  // Asked for once, known or not.
  void Want(const Ec2Place& place, const std::string& group_id);
  // To be asked in the next round. That may be before or after the rules of others are known.
  void Queue();

  // All that were asked for, by id, and whom.
  const std::map<std::string, Ec2Place>& asked() const { return asked_; }
  // Null where they are learned. Valid as long as this.
  const LessonFailure* FailureOf(const std::string& group_id) const;
  // Whether a group's rules are others than those that were known.
  bool changed() const { return changed_; }

 private:
  using Ids = QuestionQueue::Ids;

  void TakeRules(const Ec2Place& place, const Ids& ids, Ec2Places::Answer rules);
  void TakeGroups(const Ec2Place& place, const Ids& ids, Ec2Places::Answer groups);
  void Keep(const Ec2Place& place, const std::string& id, std::string rules);
  void Fail(const Ids& ids, const AwsFault& fault, Ec2Action action);

  QuestionQueue& queue_;
  LiveKnowledge& known_;
  LiveKnowledge::Time now_;
  std::map<Ec2Place, Ids> wanted_;
  std::map<std::string, Ec2Place> asked_;
  std::map<std::string, LessonFailure, std::less<>> failures_;
  bool changed_ = false;
};

}  // namespace sgflow
