// Where a command's output goes: standard output, or a file that appears whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

namespace sgflow {

class OutputFile {
 public:
  // "-" is standard output. Else a temporary file beside `path`, which Commit gives its name.
  [[nodiscard]] static Result<OutputFile> Open(const std::string& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  // What was not committed goes.
  ~OutputFile();

  [[nodiscard]] Result<void> Write(std::string_view bytes);
  // All of it is there, under its name.
  [[nodiscard]] Result<void> Commit();

  // Whoever read standard output has gone (`sgflow ... | head`): the rest is not wanted, which is
  // no error. Write then does nothing.
  bool reader_gone() const { return reader_gone_; }

 private:
  OutputFile(int descriptor, std::string path, std::string temporary)
      : descriptor_(descriptor), path_(std::move(path)), temporary_(std::move(temporary)) {}

  Error ErrorOf(int code) const;

  int descriptor_;
  std::string path_;
  std::string temporary_;  // empty for standard output
  bool reader_gone_ = false;
};

}  // namespace sgflow
