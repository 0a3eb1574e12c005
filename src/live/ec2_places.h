// EC2 of every account and Region that records come from.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/ec2.h"
#include "aws/ec2_elements.h"
#include "live/silence.h"
#include "store/inventory_source.h"

namespace sgflow {

// An identity and a Region to ask.
struct Ec2Place {
  std::string account_id;  // empty: the environment's own identity, whatever the account
  std::string region;

  // As "eu-west-1 of 111122223333".
  std::string ToString() const;

  friend auto operator<=>(const Ec2Place&, const Ec2Place&) = default;
};

// Costs nothing until it is asked something; a fault where there cannot be one.
using Ec2Factory = std::function<AwsResult<std::unique_ptr<Ec2>>(const Ec2Place&)>;

// For one thread.
class Ec2Places {
 public:
  // `leaves_alone`: a place that did not answer is not asked for a while; what is asked of it has
  // failed then.
  Ec2Places(Ec2Factory make, WallClock clock, bool leaves_alone)
      : make_(std::move(make)), clock_(clock), leaves_alone_(leaves_alone) {}

  struct Question {
    Ec2Place place;
    Ec2Ask ask;
  };
  using Answer = AwsResult<std::vector<Ec2Element>>;

  // All at the same time. Answers stand in the order of the questions.
  [[nodiscard]] std::vector<Answer> Ask(std::span<const Question> questions);

  // Those that did not answer when they were asked last, for people: as "eu-west-1: no answer for
  // 10 s, left alone until 12:00:10Z".
  std::vector<std::string> Silent() const;

 private:
  struct Known {
    std::unique_ptr<Ec2> ec2;
    Silence silence;
  };

  AwsResult<Known*> Of(const Ec2Place& place);

  Ec2Factory make_;
  WallClock clock_;
  bool leaves_alone_;
  std::map<Ec2Place, Known> known_;
};

}  // namespace sgflow
