#include "output/encoder.h"

#include <array>
#include <utility>

#include "output/classic_encoder.h"
#include "output/json_encoder.h"

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

std::unique_ptr<Encoder> MakeEncoder(OutputFormat format,
                                     std::shared_ptr<const Inventory> inventory,
                                     const FieldSelection& selection) {
  switch (format) {
    case OutputFormat::kClassic:
      return MakeClassicEncoder(std::move(inventory), selection);
    case OutputFormat::kJson:
      return MakeJsonEncoder(std::move(inventory), selection);
  }
  std::unreachable();
}

}  // namespace sgflow
