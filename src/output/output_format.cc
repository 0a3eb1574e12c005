#include "output/output_format.h"

#include <algorithm>
#include <array>

namespace sgflow {
namespace {

constexpr std::array kFormats{
    OutputFormatName{OutputFormat::kClassic, "classic"},
    OutputFormatName{OutputFormat::kJson, "json"},
};

}  // namespace

std::span<const OutputFormatName> OutputFormats() { return kFormats; }

std::optional<OutputFormat> FindOutputFormat(std::string_view name) {
  for (const OutputFormatName& known : kFormats) {
    if (known.name == name) return known.format;
  }
  return std::nullopt;
}

std::string_view NameOf(OutputFormat format) {
  return std::ranges::find(kFormats, format, &OutputFormatName::format)->name;
}

}  // namespace sgflow
