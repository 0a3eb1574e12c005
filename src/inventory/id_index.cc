#include "inventory/id_index.h"

#include <bit>
#include <cstring>
#include <utility>

namespace sgflow {

void IdIndex::Reserve(std::size_t count) {
  const std::size_t slots = std::bit_ceil(2 * count);
  if (slots > slots_.size()) Rehash(slots);
}

std::optional<std::uint32_t> IdIndex::Find(std::string_view id) const {
  if (id.size() > kMostInSlot) {
    const auto found = longer_.find(std::string(id));
    if (found == longer_.end()) return std::nullopt;
    return found->second;
  }
  if (slots_.empty()) return std::nullopt;
  const Key key = KeyOf(id);
  const Slot& slot = slots_[SlotOf(key)];
  if (slot.key != key) return std::nullopt;
  return slot.position;
}

std::uint32_t IdIndex::FindOrAdd(std::string_view id, std::uint32_t position) {
  if (id.size() > kMostInSlot) return longer_.try_emplace(std::string(id), position).first->second;
  Reserve(count_ + 1);
  const Key key = KeyOf(id);
  Slot& slot = slots_[SlotOf(key)];
  if (slot.key == key) return slot.position;
  slot = {.key = key, .position = position};
  ++count_;
  return position;
}

// By words: what memcpy would have put together in other pieces could not be read as words at once.
IdIndex::Key IdIndex::KeyOf(std::string_view id) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  Key key;
  key.size = static_cast<std::uint32_t>(id.size());
  if (id.size() < kWord) {
    std::memcpy(key.words.data(), id.data(), id.size());
    return key;
  }
  std::size_t at = 0;
  for (; at + kWord <= id.size(); at += kWord) {
    std::memcpy(&key.words[at / kWord], id.data() + at, kWord);
  }
  if (const std::size_t rest = id.size() - at; rest != 0) {
    std::uint64_t last = 0;
    std::memcpy(&last, id.data() + id.size() - kWord, kWord);
    key.words[at / kWord] = last >> (8 * (kWord - rest));
  }
  return key;
}

std::size_t IdIndex::HashOf(const Key& key) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  std::uint64_t hash = key.size;
  for (const std::uint64_t word : key.words) hash = std::rotl((hash ^ word) * kOdd, 32);
  return hash * kOdd >> 32;
}

std::size_t IdIndex::SlotOf(const Key& key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = HashOf(key) & mask;
  while (slots_[at].key.size != kFree && slots_[at].key != key) at = (at + 1) & mask;
  return at;
}

void IdIndex::Rehash(std::size_t slots) {
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(slots));
  for (const Slot& slot : before) {
    if (slot.key.size != kFree) slots_[SlotOf(slot.key)] = slot;
  }
}

}  // namespace sgflow
