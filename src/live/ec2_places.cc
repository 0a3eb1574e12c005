#include "live/ec2_places.h"

#include <algorithm>
#include <cstddef>
#include <thread>
#include <utility>

namespace sgflow {
namespace {

// Nothing came, or nothing in time.
bool IsSilence(const AwsFault& fault) {
  const bool of_credentials = fault.kind == AwsFault::Kind::kCredentials && fault.code.empty();
  return fault.kind == AwsFault::Kind::kUnreachable || of_credentials;
}

AwsFault LeftAlone(const Ec2Place& place, const std::string& why) {
  return {.kind = AwsFault::Kind::kUnreachable,
          .code = {},
          .error = {.kind = ErrorKind::kEnvironment,
                    .message = "EC2 in " + place.ToString() + ": " + why,
                    .place = {},
                    .hint = {}}};
}

// The questions to one place.
struct Share {
  Ec2* ec2 = nullptr;
  Silence* silence = nullptr;  // null: none is noted
  std::vector<std::size_t> numbers;
  std::vector<Ec2Ask> asks;
  std::vector<AwsResult<Ec2Pages>> answers;

  void Ask(WallClock clock) {
    if (silence == nullptr) {
      answers = ec2->Ask(asks);
      return;
    }
    if (silence->is_broken()) {
      const auto trial = std::chrono::steady_clock::now() + Silence::kLongestTrial;
      for (Ec2Ask& ask : asks) ask.deadline = std::min(ask.deadline, trial);
    }
    const auto begin = clock();
    answers = ec2->Ask(asks);
    const bool answered = std::ranges::none_of(
        answers, [](const auto& answer) { return !answer && IsSilence(answer.error()); });
    silence->Note(answered, begin, clock());
  }
};

}  // namespace

std::string Ec2Place::ToString() const {
  const std::string where = region.empty() ? "the default Region" : region;
  return account_id.empty() ? where : where + " of " + account_id;
}

AwsResult<Ec2Places::Known*> Ec2Places::Of(const Ec2Place& place) {
  if (const auto found = known_.find(place); found != known_.end()) return &found->second;
  auto made = make_(place);
  if (!made) return std::unexpected(std::move(made.error()));
  return &known_.emplace(place, Known{.ec2 = std::move(*made), .silence = {}}).first->second;
}

std::vector<Ec2Places::Answer> Ec2Places::Ask(std::span<const Question> questions) {
  std::vector<Answer> answers(questions.size());
  std::map<Ec2Place, Share> shares;
  const auto now = clock_();
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const Ec2Place& place = questions[i].place;
    auto known = Of(place);
    if (!known) {
      answers[i] = std::unexpected(std::move(known.error()));
      continue;
    }
    Silence& silence = (*known)->silence;
    if (silence.Lasts(now)) {
      answers[i] = std::unexpected(LeftAlone(place, silence.ToString()));
      continue;
    }
    Share& share = shares[place];
    share.ec2 = (*known)->ec2.get();
    share.silence = leaves_alone_ ? &silence : nullptr;
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
        threads.emplace_back([&one = share, this] { one.Ask(clock_); });
      }
    }
    if (first != nullptr) first->Ask(clock_);
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

std::vector<std::string> Ec2Places::Silent() const {
  std::vector<std::string> silent;
  for (const auto& [place, known] : known_) {
    if (!known.silence.is_broken()) continue;
    silent.push_back(place.ToString() + ": " + known.silence.ToString());
  }
  return silent;
}

}  // namespace sgflow
