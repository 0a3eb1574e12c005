#include "store/config_history.h"

#include <algorithm>
#include <charconv>
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

bool MayBeOf(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() || one == other;
}

bool Covers(const CapturedPlace& captured, const CapturedPlace& place) {
  if (!MayBeOf(captured.account_id, place.account_id)) return false;
  if (!MayBeOf(captured.region, place.region)) return false;
  if (captured.vpc_ids.empty()) return true;
  return !place.vpc_ids.empty() &&
         std::ranges::find(captured.vpc_ids, place.vpc_ids.front()) != captured.vpc_ids.end();
}

}  // namespace

void ConfigHistory::Add(std::vector<ConfigItem> items) {
  for (ConfigItem& item : items) {
    Resource& resource = resources_[{item.kind, std::exchange(item.resource_id, {})}];
    // One of what is deleted tells no VPC.
    const auto take = [](std::string& kept, std::string text) {
      if (kept.empty()) kept = std::move(text);
    };
    take(resource.place.account_id, std::exchange(item.account_id, {}));
    take(resource.place.region, std::exchange(item.region, {}));
    std::string vpc_id = std::exchange(item.vpc_id, {});
    if (!vpc_id.empty()) resource.place.vpc_ids = {std::move(vpc_id)};
    resource.items.push_back(std::move(item));
  }
}

void ConfigHistory::Finish() {
  for (auto& [key, resource] : resources_) {
    std::ranges::sort(resource.items, {}, OrderOf);
    std::vector<ConfigItem> kept;
    for (ConfigItem& item : resource.items) {
      // Of one second the last one counts.
      if (!kept.empty() && IsSameMoment(kept.back(), item)) kept.pop_back();
      if (kept.empty() || kept.back().json != item.json) kept.push_back(std::move(item));
    }
    kept.shrink_to_fit();
    resource.items = std::move(kept);
  }
}

bool ConfigHistory::EndWhere(const CapturedPlace& place, Moment moment) {
  bool has_earlier = false;
  for (auto& [key, resource] : resources_) {
    if (!Covers(place, resource.place)) continue;
    resource.end = std::min(resource.end, moment);
    has_earlier = has_earlier || resource.BeginsBefore(moment);
  }
  return has_earlier;
}

bool ConfigHistory::HasTimeless() const {
  return std::ranges::any_of(
      resources_, [](const auto& resource) { return !resource.second.items.front().captured_at; });
}

std::vector<ConfigHistory::Moment> ConfigHistory::Moments() const {
  std::vector<Moment> moments;
  for (const auto& [key, resource] : resources_) {
    for (const ConfigItem& item : resource.items) {
      if (item.captured_at && *item.captured_at < resource.end) {
        moments.push_back(*item.captured_at);
      }
    }
  }
  std::ranges::sort(moments);
  const auto repeated = std::ranges::unique(moments);
  moments.erase(repeated.begin(), repeated.end());
  return moments;
}

template <typename Find>
std::optional<ConfigHistory::Document> ConfigHistory::DocumentOf(
    const std::unordered_set<std::string>& told, const Find& find) const {
  Document document;
  std::vector<std::pair<ListedKind, std::vector<std::string_view>>> lists;
  bool tells = false;
  for (const auto& [key, resource] : resources_) {
    if (lists.empty() || lists.back().first != key.first) {
      lists.push_back({key.first, {}});
      document.first_of_list[ConfigListKey(key.first)] = document.items.size();
    }
    const ConfigItem* found = find(resource);
    tells = tells || found != nullptr;
    if (found == nullptr || found->json.empty() || told.contains(key.second)) continue;
    lists.back().second.push_back(found->json);
    document.items.push_back(found);
  }
  if (!tells) return std::nullopt;
  document.text = CliDocument(lists);
  return document;
}

std::optional<ConfigHistory::Document> ConfigHistory::DocumentAt(
    std::optional<Moment> moment, const std::unordered_set<std::string>& told) const {
  return DocumentOf(told, [&](const Resource& resource) -> const ConfigItem* {
    if (!moment) return resource.BeginsBefore(resource.end) ? &resource.items.front() : nullptr;
    if (*moment >= resource.end) return nullptr;
    const auto is_later = [&](const ConfigItem& item) {
      return item.captured_at && *item.captured_at > *moment;
    };
    const auto later = std::ranges::find_if(resource.items, is_later);
    return later == resource.items.begin() ? nullptr : &*(later - 1);
  });
}

const ConfigItem* ConfigHistory::Document::ItemAt(std::string_view path) const {
  const std::size_t open = path.find('[');
  const auto first = first_of_list.find(path.substr(0, open));
  if (open == std::string_view::npos || first == first_of_list.end()) return nullptr;
  std::size_t index = 0;
  const auto [rest, error] =
      std::from_chars(path.data() + open + 1, path.data() + path.size(), index);
  index += first->second;
  return error == std::errc() && index < items.size() ? items[index] : nullptr;
}

}  // namespace sgflow
