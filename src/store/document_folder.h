// A place that many documents lie in: a folder with all below it, or a prefix in S3.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"

namespace sgflow {

class DocumentFolder {
 public:
  struct Entry {
    std::string name;     // from the folder on, with slashes
    std::string version;  // another one when it is written anew

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  DocumentFolder() = default;
  DocumentFolder(const DocumentFolder&) = delete;
  DocumentFolder& operator=(const DocumentFolder&) = delete;
  virtual ~DocumentFolder() = default;

  // Names that end in .json or .json.gz and have no part that begins with a dot, sorted. None where
  // there is no such folder.
  [[nodiscard]] virtual Result<std::vector<Entry>> List() = 0;
  // As it lies there, gzip or not.
  [[nodiscard]] virtual Result<std::string> Read(const std::string& name) = 0;
  // Writes all of it or nothing, where there is none of the name yet.
  [[nodiscard]] virtual Result<void> Write(const std::string& name, std::string bytes) = 0;

  // Of what is no document, its name beginning with a dot: none where there is no such thing.
  [[nodiscard]] virtual Result<std::optional<std::string>> ReadNote(const std::string& name) = 0;
  // In its place, whatever is there: all of it or nothing.
  [[nodiscard]] virtual Result<void> WriteNote(const std::string& name, std::string bytes) = 0;

  // How messages call one of its documents.
  virtual std::string Shown(const std::string& name) const = 0;
};

// Some of a folder's documents, as somebody named them.
struct NamedDocuments {
  std::shared_ptr<DocumentFolder> folder;
  std::vector<DocumentFolder::Entry> entries;
  // What the folder holds; false: single files, which may be such that can be read only once.
  bool is_folder = false;
};

// An s3:// URL with a slash at its end, or a folder that is there.
bool IsDocumentFolder(const std::string& name);

// Of such a name, or none: of single files by their paths. A local one need not be there yet to
// be written to. `role_arn`: by whom S3 is asked; empty: the environment's identity.
[[nodiscard]] Result<std::shared_ptr<DocumentFolder>> OpenDocumentFolder(
    const std::string& name, const std::string& role_arn);

}  // namespace sgflow
