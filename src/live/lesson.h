// What is to be learned at one time, asked of AWS in as few rounds and calls as can be.
#pragma once

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
#include "live/live_knowledge.h"

namespace sgflow {

// Add what is wanted, Run once, see what became of it; what is not answered by `until` has failed.
// Nothing that failed changes what is known.
class Lesson {
 public:
  // Both must outlive it.
  Lesson(Ec2Places& places, LiveKnowledge& known, LiveKnowledge::Time now, AwsDeadline until)
      : places_(places), known_(known), now_(now), until_(until) {}

  // To stand as one whose records can be judged. Where it is known as a peer already only the rules
  // of its groups are asked for, unless `anew`.
  void AddInterface(const Ec2Place& place, const Lacking::Name& name, bool anew = false);
  // Its rules, where they are to be renewed: an interface brings along those of its groups that
  // are not known.
  void AddGroup(const Ec2Place& place, const std::string& id) { groups_[place].insert(id); }
  void AddMembers(const Ec2Place& place, const Lacking::Name& group);
  void AddPrefixList(const Ec2Place& place, const Lacking::Name& name);
  // With its network ACL: one without the other is of no use.
  void AddSubnet(const Ec2Place& place, const Lacking::Name& name);

  void Run();

  struct Outcome {
    Lacking::Name name;
    bool found = false;
    // Neither: AWS answered, and there is none.
    std::optional<AwsFault> fault;
    std::string reason;  // of the fault, for sg_reason
  };
  const std::vector<Outcome>& outcomes() const { return outcomes_; }
  // Whether what is known is another than before, more than its time.
  bool changed() const { return changed_; }

 private:
  using Elements = std::vector<Ec2Element>;
  using Names = std::vector<Lacking::Name>;
  using NamesByPlace = std::map<Ec2Place, Names>;
  using IdsByPlace = std::map<Ec2Place, std::set<std::string>>;

  struct Failure {
    AwsFault fault;
    std::string reason;
  };
  // An interface on its way to be an own one.
  struct Candidate {
    LiveKnowledge::Said said;
    Ec2Element element;
    std::optional<Lacking::Name> name;  // none: a trunk's branch
    std::vector<std::string> branches;
    std::optional<Failure> failure;
  };

  std::vector<Ec2Places::Answer> Ask(std::vector<Ec2Places::Question> questions);
  void AskForWanted();
  void AskForParts();

  void TakeInterfaces(const Ec2Place& place, const Names& names, Ec2Places::Answer answer);
  void TakeMembers(const Ec2Place& place, const Names& names, Ec2Places::Answer answer);
  // One without members is there all the same, if AWS describes it.
  void TakeUnseen(const Ec2Place& place, const Names& names, Ec2Places::Answer groups);
  void KeepMembers(const Ec2Place& place, const Lacking::Name& name);
  void TakePrefixList(const Ec2Place& place, const Lacking::Name& name, Ec2Places::Answer answer);
  void TakeSubnets(const Ec2Place& place, const Names& names, Ec2Places::Answer subnets,
                   Ec2Places::Answer acls);
  void TakeGroups(const Ec2Place& place, const std::set<std::string>& ids, Ec2Places::Answer groups,
                  Ec2Places::Answer rules);
  void TakeBranches(const Ec2Place& place, const std::vector<std::string>& trunks,
                    Ec2Places::Answer answer);
  void Settle();
  const Failure* FailureOf(const Candidate& candidate) const;

  void Found(const Lacking::Name& name);
  void Failed(const Names& names, const AwsFault& fault, std::string_view what, Ec2Action action);
  template <typename T>
  void Keep(LiveKnowledge::ById<T>& known, const std::string& id, T said, bool same);
  void KeepInterface(const LiveKnowledge::Said& said, Ec2Element element, bool own);

  Ec2Places& places_;
  LiveKnowledge& known_;
  LiveKnowledge::Time now_;
  AwsDeadline until_;
  NamesByPlace interfaces_;
  NamesByPlace members_;
  NamesByPlace subnets_;
  NamesByPlace unseen_;  // of those groups that no interface carries
  std::vector<std::pair<Ec2Place, Lacking::Name>> prefix_lists_;
  IdsByPlace groups_;
  std::map<std::string, Candidate, std::less<>> candidates_;
  std::map<std::string, Failure, std::less<>> failed_groups_;
  std::vector<Outcome> outcomes_;
  bool changed_ = false;
};

}  // namespace sgflow
