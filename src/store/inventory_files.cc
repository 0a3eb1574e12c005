#include "store/inventory_files.h"

#include <string_view>
#include <utility>

#include "input/byte_source.h"
#include "input/gzip_source.h"

namespace sgflow {
namespace {

// What is not gzip stays as it is.
Result<std::string> Inflated(std::string bytes) {
  if (!bytes.starts_with(kGzipMagic)) return bytes;
  MemorySource compressed(bytes);
  GzipSource inflated(compressed);
  return ReadToEnd(inflated);
}

Result<std::string> ReadFile(const std::string& path) {
  auto file = FileSource::Open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  auto bytes = ReadToEnd(*file, file->size());
  return bytes ? Inflated(std::move(*bytes)) : bytes;
}

// Of hundreds of megabytes no copy is made.
Document AsDocument(const std::string& name, std::string& text) {
  text.reserve(text.size() + kDocumentPadding);
  return {.name = name, .text = text, .is_padded = true};
}

Error InDocument(Error error, const std::string& name) {
  if (error.kind == ErrorKind::kInput) error.kind = ErrorKind::kInventory;
  error.place.file = name;
  return error;
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
    errors.push_back(InDocument(std::move(bytes.error()), path));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::vector<Document> documents;
  documents.reserve(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    documents.push_back(AsDocument(paths[i], texts[i]));
  }
  return LoadInventory(documents);
}

Result<std::string> InflatedDocument(const std::string& name, std::string bytes) {
  auto text = Inflated(std::move(bytes));
  if (!text) return std::unexpected(InDocument(std::move(text.error()), name));
  return text;
}

std::expected<LoadedInventory, std::vector<Error>> LoadInventoryBytes(const std::string& name,
                                                                      std::string bytes) {
  auto text = InflatedDocument(name, std::move(bytes));
  if (!text) return std::unexpected(std::vector{std::move(text.error())});
  const Document document = AsDocument(name, *text);
  return LoadInventory(std::span(&document, 1));
}

}  // namespace sgflow
