// The inventory as AWS tells it, learned as records need it: in bulk, kept for a while, bounded.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "live/ec2_places.h"
#include "live/lesson.h"
#include "live/live_knowledge.h"
#include "live/misses.h"
#include "store/inventory_source.h"

namespace sgflow {

struct CallCounts {
  std::uint64_t calls = 0;
  std::uint64_t throttles = 0;
};

struct LiveSourceOptions {
  // What is older is renewed between batches; after kLongestLife times as long it is not used.
  std::chrono::seconds time_to_live{300};
  // Of records that do not name theirs.
  std::string region{};
  // Each account by an identity of its own; else one identity for all.
  bool by_account = false;
  // Learn gives the error where AWS could not be asked for interfaces or their rules, and asks
  // again each time.
  bool fail_on_error = false;
  // Trunks stand only with their branches: whoever tells by address whose records they are needs
  // them.
  bool with_branches = true;
  // Interfaces, groups, prefix lists and so on that are kept.
  std::size_t most_entries = 16384;
  WallClock clock = &std::chrono::system_clock::now;
  // What was sent so far, by all that the factory made.
  std::function<CallCounts()> counts = [] { return CallCounts{}; };
};

// Any number of threads may use it; those who lack the same at the same time share the answer.
//
// An interface stands in the inventory with its groups, and with those of their rules that could be
// had: of the other groups it is told that their rules are not known, and why. A trunk stands there
// only with its branches. One that AWS does not have any more stays until it is too old: its last
// records come late. Where an answer was waited for in vain, the next batches do not wait
// (Silence), but where the source is set up to fail.
class LiveSource : public InventorySource {
 public:
  LiveSource(Ec2Factory ec2, LiveSourceOptions options);

  std::shared_ptr<const Inventory> Current() override;
  bool CanLearn() const override { return true; }
  [[nodiscard]] Result<bool> Learn(const Lacking& lacking, Deadline until) override;
  [[nodiscard]] std::vector<std::string> Refresh() override;
  void NoteUse(const Inventory& of, const std::vector<bool>& interfaces) override;
  SourceCounters counters() const override;

 private:
  using Time = LiveKnowledge::Time;

  // What of a batch's needs is to be asked for, and what is known of the rest.
  struct Sorted {
    bool any_known = false;  // by the answer to somebody else
    bool any_to_ask = false;
  };

  Ec2Place PlaceOf(const Lacking::Name& name) const;
  bool IsVisible(const Lacking::Name& group) const;
  // It was asked for in vain, and a batch can do without it for now.
  bool LeavesAlone(const Sought& sought, Time now) const;
  Sorted AddTo(Lesson& lesson, const Lacking& lacking, Time now);
  // True where the inventory has to be built anew. `error`: the first one.
  // `now`: when it failed, so that nobody asks again at once where that took long.
  bool Remember(const Lesson& lesson, Time now, std::optional<Error>& error);
  // False where something could not be renewed.
  bool Renew(const Lesson& lesson);
  void Tell(const Error& error);
  void ForgetOld(Time now);
  // False where some of it could not be read, and was forgotten.
  bool Publish(bool anew);
  LessonOptions LessonUntil(Deadline until, Time now) const;
  void RememberUnreadable(const Lesson& lesson, Time now);

  LiveSourceOptions options_;

  // Held while AWS is asked.
  std::mutex learning_;
  Ec2Places places_;
  LiveKnowledge known_;
  Misses misses_;
  std::set<std::string, std::less<>> own_accounts_;  // whose interfaces were found
  std::vector<std::string> messages_;
  Time next_refresh_{};

  // Held for a moment.
  mutable std::mutex published_;
  std::shared_ptr<const Inventory> current_;
  std::optional<Time> oldest_;
  SourceCounters counters_;
};

}  // namespace sgflow
