// AWS Config's items by resource and time: what there was at a moment, where no capture tells it.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "documents/config_item.h"
#include "documents/document_moment.h"

namespace sgflow {

// Holds of each resource what changed: about half a kilobyte for each change, whatever is read
// beside it. Items may come in any order, and several times.
class ConfigHistory {
 public:
  using Moment = std::chrono::sys_seconds;

  void Add(std::vector<ConfigItem> items);
  // Once all are added. Items that change nothing go.
  void Finish();

  // From the moment on captures tell of the place: of what is there no item counts any more. What
  // is of no VPC ends only with all VPCs; what does not tell where it is, with any place. Whether
  // there is an item of before. Requires Finish, as what follows does.
  bool EndWhere(const CapturedPlace& place, Moment moment);

  // Whether anything is told without a time.
  bool HasTimeless() const;
  // When something changed, ascending, each once.
  std::vector<Moment> Moments() const;

  struct Document {
    std::string text;
    // Of each element of the text its item, by the element's path.
    std::vector<const ConfigItem*> items;
    std::map<std::string_view, std::size_t> first_of_list;

    // Null where the path is none of an element.
    const ConfigItem* ItemAt(std::string_view path) const;
  };
  // All that was there at the moment; none given: of each resource the earliest, for the time
  // before all items, unless it is of after its end. Without what `told` has the ids of. None where
  // there is nothing to tell of.
  std::optional<Document> DocumentAt(std::optional<Moment> moment,
                                     const std::unordered_set<std::string>& told) const;

 private:
  using Key = std::pair<ListedKind, std::string>;
  struct Resource {
    CapturedPlace place;  // of one VPC, or none
    std::vector<ConfigItem> items;
    Moment end = Moment::max();

    bool BeginsBefore(Moment moment) const {
      return !items.front().captured_at || *items.front().captured_at < moment;
    }
  };

  template <typename Find>
  std::optional<Document> DocumentOf(const std::unordered_set<std::string>& told,
                                     const Find& find) const;

  std::map<Key, Resource> resources_;
};

}  // namespace sgflow
