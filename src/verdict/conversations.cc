#include "verdict/conversations.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace sgflow {
namespace {

constexpr std::size_t kFirstSlots = 256;

}  // namespace

Conversations::Conversations(std::size_t capacity) : capacity_(capacity) {}

Conversations::Hash Conversations::HashOf(const Key& key) {
  const std::hash<IpAddress> of_address;
  std::uint64_t hash = of_address(key.low.address) * 0x9E3779B97F4A7C15U;
  hash = (hash ^ (hash >> 31)) + of_address(key.high.address);
  hash = hash * 0x9E3779B97F4A7C15U +
         (std::uint64_t{key.low.port} << 48 | std::uint64_t{key.high.port} << 32 | key.interface);
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93U;
  return {.at = hash, .tag = static_cast<std::uint32_t>(hash >> 32) | 1U};
}

std::size_t Conversations::Probe(const Generation& generation, const Key& key, Hash hash) {
  const std::size_t mask = generation.tags.size() - 1;
  std::size_t at = hash.at & mask;
  while (generation.tags[at] != 0 &&
         !(generation.tags[at] == hash.tag && generation.slots[at].key == key)) {
    at = (at + 1) & mask;
  }
  return at;
}

void Conversations::Generation::Clear() {
  if (size != 0) std::ranges::fill(tags, 0U);
  size = 0;
}

void Conversations::Generation::Prefetch(Hash hash) const {
  if (size != 0) __builtin_prefetch(&tags[hash.at & (tags.size() - 1)]);
}

void Conversations::Grow(Generation& generation) {
  Generation grown;
  const std::size_t size = std::max(kFirstSlots, 2 * generation.tags.size());
  grown.tags.resize(size);
  grown.slots.resize(size);
  grown.size = generation.size;
  for (std::size_t i = 0; i < generation.tags.size(); ++i) {
    if (generation.tags[i] == 0) continue;
    const std::size_t at = Probe(grown, generation.slots[i].key, HashOf(generation.slots[i].key));
    grown.tags[at] = generation.tags[i];
    grown.slots[at] = generation.slots[i];
  }
  generation = std::move(grown);
}

Conversations::Place Conversations::PlaceOf(InterfaceIndex interface, const Endpoint& one,
                                            const Endpoint& other) const {
  Place place;
  place.one_is_low_ = !(other < one);
  place.key_.low = place.one_is_low_ ? one : other;
  place.key_.high = place.one_is_low_ ? other : one;
  place.key_.interface = interface;
  place.hash_ = HashOf(place.key_);
  young_.Prefetch(place.hash_);
  old_.Prefetch(place.hash_);
  return place;
}

void Conversations::Remember(const Place& place, bool one_opened) {
  if (2 * (young_.size + 1) > young_.tags.size()) Grow(young_);
  std::size_t at = Probe(young_, place.key_, place.hash_);
  if (young_.tags[at] == 0) {
    if (young_.size == capacity_) {
      std::swap(young_, old_);
      young_.Clear();
      if (young_.tags.empty()) Grow(young_);
      at = Probe(young_, place.key_, place.hash_);
    }
    ++young_.size;
  }
  young_.tags[at] = place.hash_.tag;
  young_.slots[at] = {.key = place.key_, .low_opened = place.one_is_low_ == one_opened};
}

std::optional<bool> Conversations::OneOpened(const Place& place) const {
  for (const Generation* generation : {&young_, &old_}) {
    if (generation->size == 0) continue;
    const std::size_t at = Probe(*generation, place.key_, place.hash_);
    if (generation->tags[at] != 0) return place.one_is_low_ == generation->slots[at].low_opened;
  }
  return std::nullopt;
}

void Conversations::Renumber(
    const std::function<std::optional<InterfaceIndex>(InterfaceIndex)>& of) {
  for (Generation* generation : {&young_, &old_}) {
    Generation renumbered;
    renumbered.tags.resize(generation->tags.size());
    renumbered.slots.resize(generation->slots.size());
    for (std::size_t i = 0; i < generation->tags.size(); ++i) {
      if (generation->tags[i] == 0) continue;
      Slot slot = generation->slots[i];
      const auto interface = of(slot.key.interface);
      if (!interface) continue;
      slot.key.interface = *interface;
      const Hash hash = HashOf(slot.key);
      const std::size_t at = Probe(renumbered, slot.key, hash);
      renumbered.tags[at] = hash.tag;
      renumbered.slots[at] = slot;
      ++renumbered.size;
    }
    *generation = std::move(renumbered);
  }
}

void Conversations::Clear() {
  young_.Clear();
  old_.Clear();
}

}  // namespace sgflow
