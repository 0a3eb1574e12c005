#include "batch/checkpoint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "input/byte_source.h"
#include "store/output_file.h"

namespace sgflow {
namespace {

Error CheckpointError(const std::string& path, int code) {
  return {.kind = ErrorKind::kEnvironment,
          .message = std::string("cannot be written: ") + std::strerror(code),
          .place = {.file = path, .line = 0, .column = 0, .field = {}},
          .hint = {}};
}

// A key may hold whatever a file's name may.
std::string Escape(std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    if (c == '\n') {
      escaped += "%0A";
    } else if (c == '%') {
      escaped += "%25";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Unescape(std::string_view text) {
  std::string key;
  while (!text.empty()) {
    const bool escape = text.starts_with("%0A") || text.starts_with("%25");
    key += !escape ? text[0] : text[1] == '0' ? '\n' : '%';
    text.remove_prefix(escape ? 3 : 1);
  }
  return key;
}

std::string LineOf(std::string_view key, const Checkpoint::Entry& entry) {
  const std::string rest =
      fmt::format("{} {:016x} {} {:d} {} {} {} {}", entry.output_size, entry.note.fingerprint,
                  entry.note.faults, entry.note.incomplete, entry.note.input.size,
                  entry.note.input.version, entry.note.source, Escape(key));
  return fmt::format("{:016x} {}\n", HashOf(rest), rest);
}

std::string_view TakeWord(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

bool ToNumber(std::string_view word, std::uint64_t& number, int base = 10) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number, base);
  return error == std::errc() && end == word.data() + word.size();
}

bool ReadLine(std::string_view line, std::string& key, Checkpoint::Entry& entry) {
  std::uint64_t check = 0;
  std::uint64_t incomplete = 0;
  if (!ToNumber(TakeWord(line), check, 16) || check != HashOf(line)) return false;
  if (!ToNumber(TakeWord(line), entry.output_size) ||
      !ToNumber(TakeWord(line), entry.note.fingerprint, 16) ||
      !ToNumber(TakeWord(line), entry.note.faults) || !ToNumber(TakeWord(line), incomplete) ||
      !ToNumber(TakeWord(line), entry.note.input.size)) {
    return false;
  }
  entry.note.incomplete = incomplete != 0;
  entry.note.input.version = TakeWord(line);
  entry.note.source = TakeWord(line);
  key = Unescape(line);
  return !key.empty();
}

}  // namespace

std::uint64_t HashOf(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

Result<Checkpoint> Checkpoint::Open(std::string path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return std::unexpected(CheckpointError(path, errno));
  Checkpoint checkpoint(std::move(path), descriptor);
  auto file = FileSource::Open(checkpoint.path_);
  if (!file) return std::unexpected(std::move(file.error()));
  const auto text = ReadToEnd(*file);
  if (!text) return std::unexpected(text.error());
  checkpoint.Read(*text);
  return checkpoint;
}

Checkpoint::Checkpoint(Checkpoint&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      entries_(std::move(other.entries_)),
      compact_(other.compact_) {}

Checkpoint::~Checkpoint() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Checkpoint::Read(std::string_view text) {
  compact_ = true;
  std::string last;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string key;
    Entry entry;
    if (ReadLine(text.substr(0, end), key, entry)) {
      if (key <= last) compact_ = false;
      last = key;
      entries_.insert_or_assign(std::move(key), std::move(entry));
    } else {
      compact_ = false;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

const Checkpoint::Entry* Checkpoint::Find(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

Checkpoint::KeysBySource Checkpoint::BySource() const {
  KeysBySource keys;
  for (const auto& [key, entry] : entries_) keys.emplace(entry.note.source, key);
  return keys;
}

Result<void> Checkpoint::Add(const std::string& key, Entry entry) {
  // The line before may have been cut off.
  const std::string line = '\n' + LineOf(key, entry);
  const ssize_t count = write(descriptor_, line.data(), line.size());
  if (std::cmp_not_equal(count, line.size())) {
    return std::unexpected(CheckpointError(path_, count < 0 ? errno : ENOSPC));
  }
  compact_ = false;
  entries_.insert_or_assign(key, std::move(entry));
  return {};
}

Result<void> Checkpoint::Compact() {
  if (compact_) return {};
  std::vector<std::string_view> keys;
  keys.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) keys.push_back(key);
  std::ranges::sort(keys);
  auto file = OutputFile::Open(path_);
  if (!file) return std::unexpected(std::move(file.error()));
  constexpr std::size_t kWriteAt = std::size_t{64} * 1024;
  std::string lines;
  for (const std::string_view key : keys) {
    lines += LineOf(key, entries_.find(std::string(key))->second);
    if (lines.size() < kWriteAt && key != keys.back()) continue;
    if (auto written = file->Write(lines); !written) return written;
    lines.clear();
  }
  compact_ = true;
  return file->Commit(OutputFile::Durability::kLasting);
}

}  // namespace sgflow
