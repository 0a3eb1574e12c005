#include "cli/standard_output.h"

#include <cerrno>
#include <cstdio>

#include "cli/enriching_options.h"
#include "cli/exit_code.h"

namespace sgflow {

int Print(std::string_view text) {
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  // A pager may be left early.
  if (written || errno == EPIPE) return kSuccess;
  return Fail({.kind = ErrorKind::kEnvironment,
               .message = "standard output could not be written",
               .place = {},
               .hint = {}});
}

}  // namespace sgflow
