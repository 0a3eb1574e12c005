#include "store/config_history.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "documents/config_document.h"

namespace sgflow {
namespace {

// An item without a time comes first: it is true until one with a time says otherwise.
auto OrderOf(const ConfigItem& item) {
  constexpr auto kAlways = ConfigHistory::Moment::min();
  return std::tuple(item.captured_at.value_or(kAlways), item.state_id, std::string_view(item.json));
}

bool IsSameMoment(const ConfigItem& one, const ConfigItem& other) {
  return one.captured_at == other.captured_at;
}

}  // namespace

void ConfigHistory::Add(std::vector<ConfigItem> items) {
  for (ConfigItem& item : items) {
    Key key{item.kind, std::exchange(item.resource_id, {})};
    resources_[std::move(key)].push_back(std::move(item));
  }
}

void ConfigHistory::Finish() {
  for (auto& [key, items] : resources_) {
    std::ranges::sort(items, {}, OrderOf);
    std::vector<ConfigItem> kept;
    for (ConfigItem& item : items) {
      // Of one second the last one counts.
      if (!kept.empty() && IsSameMoment(kept.back(), item)) kept.pop_back();
      if (kept.empty() || kept.back().json != item.json) kept.push_back(std::move(item));
    }
    kept.shrink_to_fit();
    items = std::move(kept);
  }
}

bool ConfigHistory::HasTimeless() const {
  return std::ranges::any_of(
      resources_, [](const auto& resource) { return !resource.second.front().captured_at; });
}

std::vector<ConfigHistory::Moment> ConfigHistory::Moments() const {
  std::vector<Moment> moments;
  for (const auto& [key, items] : resources_) {
    for (const ConfigItem& item : items) {
      if (item.captured_at) moments.push_back(*item.captured_at);
    }
  }
  std::ranges::sort(moments);
  const auto repeated = std::ranges::unique(moments);
  moments.erase(repeated.begin(), repeated.end());
  return moments;
}

std::string ConfigHistory::DocumentAt(std::optional<Moment> moment) const {
  std::vector<std::pair<ListedKind, std::vector<std::string_view>>> lists;
  for (const auto& [key, items] : resources_) {
    if (lists.empty() || lists.back().first != key.first) lists.push_back({key.first, {}});
    const ConfigItem* found = &items.front();
    if (moment) {
      const auto is_later = [&](const ConfigItem& item) {
        return item.captured_at && *item.captured_at > *moment;
      };
      const auto later = std::ranges::find_if(items, is_later);
      if (later == items.begin()) continue;
      found = &*(later - 1);
    }
    if (!found->json.empty()) lists.back().second.push_back(found->json);
  }
  return CliDocument(lists);
}

}  // namespace sgflow
