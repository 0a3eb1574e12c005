// How sgflow size tells what it has found.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "enrich/enricher.h"
#include "output/output_format.h"
#include "size/growth.h"

namespace sgflow {

// Of one output format.
struct SizePrediction {
  OutputFormat format;
  EnricherOptions enricher;
  std::unique_ptr<Growth> growth;
  std::unique_ptr<Growth> made_up;  // the heaviest that may come; beside a sample all made-up ones
  std::optional<int> buffer;        // in tenths of a MB
  bool can_pack = true;             // the function refuses to where there are partition keys
  std::optional<int> packed_buffer;
  Growth::Record heaviest;
};

// As a table for people, and as one object for scripts; docs/size.md. `sampled`: the records are
// those of a log, not made up. Requires a prediction, and a record in each.
std::string SizeText(std::span<const SizePrediction> predictions, bool sampled);
std::string SizeJson(std::span<const SizePrediction> predictions, bool sampled);

}  // namespace sgflow
