#include "cli/usage_message.h"

#include <CLI/CLI.hpp>
#include <string_view>

namespace sgflow {
namespace {

// What stands behind the first `mark` of the text.
std::string Behind(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return std::string(at == std::string_view::npos ? text : text.substr(at + mark.size()));
}

}  // namespace

std::string UsageMessage(const CLI::ParseError& error) {
  std::string text = error.what();
  switch (static_cast<CLI::ExitCodes>(error.get_exit_code())) {
    case CLI::ExitCodes::ArgumentMismatch: {
      const bool many = text.find("At Most") != std::string::npos;
      return text.substr(0, text.find(':')) +
             (many ? " is given more than once" : " lacks its value");
    }
    case CLI::ExitCodes::ConversionError:
      return Behind(text, "Could not convert: ") + ": that is no value of it";
    case CLI::ExitCodes::ExtrasError:
      return "'" + Behind(text, "not expected: ") + "' is not expected here";
    case CLI::ExitCodes::ValidationError: {
      // CLI::IsMember's own words.
      constexpr std::string_view kNotIn = " not in {";
      const std::size_t at = text.find(kNotIn);
      if (at == std::string::npos || !text.ends_with('}')) return text;
      text.pop_back();
      return text.replace(at, kNotIn.size(), " is none of ");
    }
    default:
      return text;
  }
}

}  // namespace sgflow
