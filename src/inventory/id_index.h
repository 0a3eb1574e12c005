// Positions by AWS's ids.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sgflow {

// A hash table that has the ids in its slots: a look-up meets one line of the cache, where a node
// and the text that it points to are several. A snapshot's rules name their groups hundreds of
// thousands of times, in no order.
class IdIndex {
 public:
  void Reserve(std::size_t count);

  std::optional<std::uint32_t> Find(std::string_view id) const;

  // The position that the id has already, else `position`, which it has from now on.
  std::uint32_t FindOrAdd(std::string_view id, std::uint32_t position);

 private:
  // AWS's are shorter (subnet-0123456789abcdef0).
  static constexpr std::size_t kMostInSlot = 24;

  struct Key {
    std::array<std::uint64_t, kMostInSlot / 8> words{};
    std::uint32_t size = kFree;

    // The default one calls memcmp.
    friend bool operator==(const Key& a, const Key& b) {
      std::uint64_t difference = a.size ^ b.size;
      for (std::size_t i = 0; i < a.words.size(); ++i) difference |= a.words[i] ^ b.words[i];
      return difference == 0;
    }
  };
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;
  struct alignas(32) Slot {
    Key key;
    std::uint32_t position = 0;
  };

  static Key KeyOf(std::string_view id);
  static std::size_t HashOf(const Key& key);
  // Where it stands, or the free one where it would.
  std::size_t SlotOf(const Key& key) const;
  void Rehash(std::size_t slots);

  std::vector<Slot> slots_;  // none or a power of two, half of them free
  std::size_t count_ = 0;    // in slots_
  std::unordered_map<std::string, std::uint32_t> longer_;
};

}  // namespace sgflow
