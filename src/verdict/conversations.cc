#include "verdict/conversations.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace sgflow {
namespace {

constexpr std::size_t kFirstSlots = 256;

}  // namespace

Conversations::Conversations(std::size_t capacity) : capacity_(capacity) {}

Conversations::Key Conversations::KeyOf(InterfaceIndex interface, const Endpoint& one,
                                        const Endpoint& other) {
  if (other < one) return {.low = other, .high = one, .interface = interface};
  return {.low = one, .high = other, .interface = interface};
}

std::size_t Conversations::HashOf(const Key& key) {
  const std::hash<IpAddress> of_address;
  std::uint64_t hash = of_address(key.low.address) * 0x9E3779B97F4A7C15U;
  hash = (hash ^ (hash >> 31)) + of_address(key.high.address);
  hash = hash * 0x9E3779B97F4A7C15U +
         (std::uint64_t{key.low.port} << 48 | std::uint64_t{key.high.port} << 32 | key.interface);
  hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93U;
  return hash ^ (hash >> 32);
}

std::size_t Conversations::Probe(const std::vector<Slot>& slots, const Key& key, std::size_t hash) {
  const std::size_t mask = slots.size() - 1;
  std::size_t at = hash & mask;
  while (slots[at].used && !(slots[at].key == key)) at = (at + 1) & mask;
  return at;
}

void Conversations::Grow(Generation& generation) {
  std::vector<Slot> old(std::max(kFirstSlots, 2 * generation.slots.size()));
  old.swap(generation.slots);
  for (const Slot& slot : old) {
    if (slot.used) {
      generation.slots[Probe(generation.slots, slot.key, HashOf(slot.key))] = slot;
    }
  }
}

void Conversations::Remember(InterfaceIndex interface, const Endpoint& one, const Endpoint& other,
                             bool one_opened) {
  const Key key = KeyOf(interface, one, other);
  const std::size_t hash = HashOf(key);
  if (2 * (young_.size + 1) > young_.slots.size()) Grow(young_);
  std::size_t at = Probe(young_.slots, key, hash);
  if (!young_.slots[at].used) {
    if (young_.size == capacity_) {
      std::swap(young_, old_);
      std::ranges::fill(young_.slots, Slot{});
      young_.size = 0;
      if (young_.slots.empty()) Grow(young_);
      at = Probe(young_.slots, key, hash);
    }
    ++young_.size;
  }
  young_.slots[at] = {.key = key, .used = true, .low_opened = (key.low == one) == one_opened};
}

std::optional<bool> Conversations::OneOpened(InterfaceIndex interface, const Endpoint& one,
                                             const Endpoint& other) const {
  if (young_.size + old_.size == 0) return std::nullopt;
  const Key key = KeyOf(interface, one, other);
  const std::size_t hash = HashOf(key);
  for (const Generation* generation : {&young_, &old_}) {
    if (generation->size == 0) continue;
    const Slot& slot = generation->slots[Probe(generation->slots, key, hash)];
    if (slot.used) return (key.low == one) == slot.low_opened;
  }
  return std::nullopt;
}

void Conversations::Clear() {
  for (Generation* generation : {&young_, &old_}) {
    if (generation->size != 0) std::ranges::fill(generation->slots, Slot{});
    generation->size = 0;
  }
}

}  // namespace sgflow
