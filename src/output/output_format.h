// The output formats and their names.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace sgflow {

enum class OutputFormat { kClassic, kJson };

// As options take them.
struct OutputFormatName {
  OutputFormat format;
  std::string_view name;
};
std::span<const OutputFormatName> OutputFormats();
[[nodiscard]] std::optional<OutputFormat> FindOutputFormat(std::string_view name);
std::string_view NameOf(OutputFormat format);

// Whether a record of a trunk interface is told as that of the branch that has its address.
constexpr bool TellsBranches(OutputFormat format) { return format != OutputFormat::kClassic; }

}  // namespace sgflow
