#include "live/ec2_places.h"

#include <cstddef>
#include <thread>
#include <utility>

namespace sgflow {
namespace {

// The questions to one place.
struct Share {
  Ec2* ec2 = nullptr;
  std::vector<std::size_t> numbers;
  std::vector<Ec2Ask> asks;
  std::vector<AwsResult<Ec2Pages>> answers;

  void Ask() { answers = ec2->Ask(asks); }
};

}  // namespace

std::string Ec2Place::ToString() const {
  return account_id.empty() ? region : region + " of " + account_id;
}

AwsResult<Ec2*> Ec2Places::Of(const Ec2Place& place) {
  if (const auto found = known_.find(place); found != known_.end()) return found->second.get();
  auto made = make_(place);
  if (!made) return std::unexpected(std::move(made.error()));
  return known_.emplace(place, std::move(*made)).first->second.get();
}

std::vector<Ec2Places::Answer> Ec2Places::Ask(std::span<const Question> questions) {
  std::vector<Answer> answers(questions.size());
  std::map<Ec2Place, Share> shares;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    auto ec2 = Of(questions[i].place);
    if (!ec2) {
      answers[i] = std::unexpected(std::move(ec2.error()));
      continue;
    }
    Share& share = shares[questions[i].place];
    share.ec2 = *ec2;
    share.numbers.push_back(i);
    share.asks.push_back(questions[i].ask);
  }
  {
    std::vector<std::jthread> threads;
    Share* first = nullptr;
    for (auto& [place, share] : shares) {
      if (first == nullptr) {
        first = &share;
      } else {
        threads.emplace_back([&one = share] { one.Ask(); });
      }
    }
    if (first != nullptr) first->Ask();
  }
  for (auto& [place, share] : shares) {
    for (std::size_t i = 0; i < share.numbers.size(); ++i) {
      auto& pages = share.answers[i];
      answers[share.numbers[i]] = pages ? ReadElements(share.asks[i], *pages)
                                        : Answer(std::unexpected(std::move(pages.error())));
    }
  }
  return answers;
}

}  // namespace sgflow
