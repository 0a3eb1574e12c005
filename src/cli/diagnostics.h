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

  // "FILE:LINE: what". From the sixth of a kind in a file on they are only counted; the kind is
  // the message without its numbers and quoted texts.
  void Report(const Error& error);

  // "FILE: N more like this: what" for the kinds that were cut; then they start anew.
  void Flush();
  // The same for one file.
  void Flush(const std::string& file);

 private:
  struct Seen {
    std::uint64_t count = 0;
    std::string first_message;
  };

  void TellCut(const std::string& file, const Seen& seen);

  std::FILE* to_;
  std::map<std::pair<std::string, std::string>, Seen> seen_;  // by file and kind
};

}  // namespace sgflow
