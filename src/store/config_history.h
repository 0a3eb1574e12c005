// AWS Config's items by resource and time: what there was at a moment.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "documents/config_item.h"

namespace sgflow {

// Holds of each resource what changed: about half a kilobyte for each change, whatever is read
// beside it. Items may come in any order, and several times.
class ConfigHistory {
 public:
  using Moment = std::chrono::sys_seconds;

  void Add(std::vector<ConfigItem> items);
  // Once all are added. Items that change nothing go.
  void Finish();

  // Whether anything is told without a time.
  bool HasTimeless() const;
  // When something changed, ascending, each once. Requires Finish, as what follows does.
  std::vector<Moment> Moments() const;

  // A document of all that was there at the moment; none given: of each resource the earliest, for
  // the time before all items.
  std::string DocumentAt(std::optional<Moment> moment) const;

 private:
  using Key = std::pair<ListedKind, std::string>;

  std::map<Key, std::vector<ConfigItem>> resources_;
};

}  // namespace sgflow
