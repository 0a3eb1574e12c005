// The notes of a destination's finished outputs, in one file of lines that is only appended to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "batch/storage.h"

namespace sgflow {

// A line is "CHECK SIZE FINGERPRINT FAULTS INCOMPLETE INPUT-SIZE INPUT-VERSION SOURCE KEY";
// INCOMPLETE is 0 or 1, CHECK a hash of the rest, so that a line of which only a part was written,
// or garbage after a power cut, counts as none. The last line of a key is the one that holds. What
// is lost costs work and nothing else: the output is made again.
class Checkpoint {
 public:
  struct Entry {
    OutputNote note;
    std::uint64_t output_size = 0;
  };

  // Reads what is there. kEnvironment where it cannot be read or written.
  [[nodiscard]] static Result<Checkpoint> Open(std::string path);

  Checkpoint(Checkpoint&& other) noexcept;
  Checkpoint& operator=(Checkpoint&&) = delete;
  ~Checkpoint();

  // Valid until the key is added again. Not while others add.
  const Entry* Find(const std::string& key) const;
  // The keys of each source that a note names. Valid until one is added.
  using KeysBySource = std::unordered_multimap<std::string_view, std::string_view>;
  KeysBySource BySource() const;
  // By one thread at a time.
  [[nodiscard]] Result<void> Add(const std::string& key, Entry entry);
  // Writes the file anew, one line a key and in their order; the same notes give the same bytes.
  [[nodiscard]] Result<void> Compact();

 private:
  Checkpoint(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  void Read(std::string_view text);

  std::string path_;
  int descriptor_;
  std::unordered_map<std::string, Entry> entries_;
  bool compact_ = false;  // the file already is
};

// FNV-1a: of options and lines, not of what an enemy writes.
std::uint64_t HashOf(std::string_view text);

}  // namespace sgflow
