// Questions to EC2 that lead to further ones, asked in rounds: all of a round at the same time.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/ec2.h"
#include "live/ec2_places.h"

namespace sgflow {

class QuestionQueue {
 public:
  using Ids = std::set<std::string>;

  // `places` must outlive it. What is not answered by `until` has failed.
  QuestionQueue(Ec2Places& places, AwsDeadline until) : places_(places), until_(until) {}

  void Add(const Ec2Place& place, Ec2Ask ask, std::function<void(Ec2Places::Answer)> take);

  // Of any number of ids, with so many in a question as EC2 takes: where one fails the others are
  // learned all the same. `take` is given a question's ids with its answer.
  void AddFiltered(const Ec2Place& place, Ec2Action action, std::string_view filter, const Ids& ids,
                   const std::function<void(const Ids&, Ec2Places::Answer)>& take);

  // Asks what is there and gives the answers to who takes them, who may add further questions.
  // False where there was nothing.
  bool AskRound();

 private:
  Ec2Places& places_;
  AwsDeadline until_;
  std::vector<Ec2Places::Question> questions_;
  std::vector<std::function<void(Ec2Places::Answer)>> takers_;
};

}  // namespace sgflow
