#include "store/inventory_files.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "input/byte_source.h"
#include "input/gzip_source.h"

namespace sgflow {
namespace {

Result<std::string> ReadToEnd(ByteSource& source) {
  constexpr std::size_t kBlock = std::size_t{256} * 1024;
  std::string bytes;
  while (true) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kBlock);
    const auto count = source.Read(std::span(bytes).subspan(before));
    if (!count) return std::unexpected(count.error());
    bytes.resize(before + *count);
    if (*count == 0) return bytes;
  }
}

Result<std::string> ReadFile(const std::string& path) {
  auto file = FileSource::Open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  auto bytes = ReadToEnd(*file);
  if (!bytes || !bytes->starts_with(kGzipMagic)) return bytes;
  MemorySource compressed(*bytes);
  GzipSource inflated(compressed);
  return ReadToEnd(inflated);
}

}  // namespace

std::expected<LoadedInventory, std::vector<Error>> LoadInventoryFiles(
    std::span<const std::string> paths) {
  std::vector<Error> errors;
  std::vector<std::string> texts;
  for (const std::string& path : paths) {
    auto bytes = ReadFile(path);
    if (bytes) {
      texts.push_back(std::move(*bytes));
      continue;
    }
    Error& error = bytes.error();
    if (error.kind == ErrorKind::kInput) error.kind = ErrorKind::kInventory;
    error.place.file = path;
    errors.push_back(std::move(error));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::vector<Document> documents;
  documents.reserve(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) documents.push_back({paths[i], texts[i]});
  return LoadInventory(documents);
}

}  // namespace sgflow
