// What is told to the person at the terminal: once, and not a thousand times.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <utility>

#include "error/error.h"

namespace sgflow {

class Diagnostics {
 public:
  // Messages go to `to`, which must outlive this.
  explicit Diagnostics(std::FILE* to) : to_(to) {}

  // "FILE:LINE: what". From the sixth of a kind in a file on they are only counted, and of a kind
  // that many files have from the fiftieth on; the kind is the message without its numbers and
  // quoted texts.
  void Report(const Error& error);

  // "FILE: N more like this: what" for the kinds that were cut, and how many there are in further
  // files; then they start anew.
  void Flush();
  // The same for one file alone.
  void Flush(const std::string& file);

 private:
  struct Seen {
    std::uint64_t shown = 0;
    std::uint64_t cut = 0;
    std::string first_message;
  };

  // In all files together.
  struct Kind {
    std::uint64_t shown = 0;
    std::uint64_t cut = 0;  // of files of which none was shown
    std::uint64_t cut_files = 0;
    std::string last_file;      // of these
    std::string first_message;  // likewise
  };

  void TellCut(const std::string& file, const Seen& seen);

  std::FILE* to_;
  std::map<std::pair<std::string, std::string>, Seen> seen_;  // by file and kind
  std::map<std::string, Kind> kinds_;
};

}  // namespace sgflow
