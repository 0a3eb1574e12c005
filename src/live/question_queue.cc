#include "live/question_queue.h"

#include <cstddef>

namespace sgflow {

void QuestionQueue::Add(const Ec2Place& place, Ec2Ask ask,
                        std::function<void(Ec2Places::Answer)> take) {
  ask.deadline = until_;
  questions_.push_back({.place = place, .ask = std::move(ask)});
  takers_.push_back(std::move(take));
}

void QuestionQueue::AddFiltered(const Ec2Place& place, Ec2Action action, std::string_view filter,
                                const Ids& ids,
                                const std::function<void(const Ids&, Ec2Places::Answer)>& take) {
  auto next = ids.begin();
  while (next != ids.end()) {
    Ids piece;
    while (next != ids.end() && piece.size() < kMostFilterValues) piece.insert(*next++);
    Ec2Ask ask{.action = action,
               .filter = std::string(filter),
               .values = std::vector<std::string>(piece.begin(), piece.end())};
    Add(place, std::move(ask), [take, piece = std::move(piece)](Ec2Places::Answer answer) {
      take(piece, std::move(answer));
    });
  }
}

bool QuestionQueue::AskRound() {
  if (questions_.empty()) return false;
  const auto takers = std::exchange(takers_, {});
  auto answers = places_.Ask(std::exchange(questions_, {}));
  for (std::size_t i = 0; i < takers.size(); ++i) takers[i](std::move(answers[i]));
  return true;
}

}  // namespace sgflow
