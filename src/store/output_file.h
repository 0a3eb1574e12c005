// Where a command's output goes: standard output, or a file that appears whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

namespace sgflow {

class OutputFile {
 public:
  // "-" is standard output. Else a file without a name in the folder of `path` (with a temporary
  // one, `.NAME.sgflow-...`, where the file system has no such files), which Commit gives its name;
  // any name that the file system takes will do.
  // A link stays a link: what it leads to is replaced. One that may not be written to is not; the
  // new one has the old one's permissions.
  [[nodiscard]] static Result<OutputFile> Open(const std::string& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  // What was not committed goes.
  ~OutputFile();

  [[nodiscard]] Result<void> Write(std::string_view bytes);
  // All of it is there, under its name. What is kLasting outlives a power cut: then the name never
  // stands for a part of it.
  enum class Durability { kOrdinary, kLasting };
  [[nodiscard]] Result<void> Commit(Durability durability = Durability::kOrdinary);

  // Whoever read standard output has gone (`sgflow ... | head`): the rest is not wanted, which is
  // no error. Write then does nothing.
  bool reader_gone() const { return reader_gone_; }

 private:
  OutputFile(int descriptor, std::string path, bool replaces)
      : descriptor_(descriptor), path_(std::move(path)), replaces_(replaces) {}

  Error ErrorOf(int code) const;
  Error FolderErrorOf(int code) const;
  Result<void> NameTemporary();

  int descriptor_;
  std::string path_;
  bool replaces_;          // false for standard output and devices, which are written to directly
  std::string temporary_;  // empty as long as the file has no name
  bool reader_gone_ = false;
};

}  // namespace sgflow
