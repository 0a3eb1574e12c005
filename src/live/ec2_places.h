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
#include "live/ec2_elements.h"

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
  explicit Ec2Places(Ec2Factory make) : make_(std::move(make)) {}

  struct Question {
    Ec2Place place;
    Ec2Ask ask;
  };
  using Answer = AwsResult<std::vector<Ec2Element>>;

  // All at the same time. Answers stand in the order of the questions.
  [[nodiscard]] std::vector<Answer> Ask(std::span<const Question> questions);

 private:
  AwsResult<Ec2*> Of(const Ec2Place& place);

  Ec2Factory make_;
  std::map<Ec2Place, std::unique_ptr<Ec2>> known_;
};

}  // namespace sgflow
