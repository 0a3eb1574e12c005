// What is to be done: which inputs, and where each one's output goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "batch/flow_log_key.h"
#include "batch/storage.h"

namespace sgflow {

// The input's key without .gz and .log at its end, and with `suffix`.
std::string OutputKey(std::string_view input_key, std::string_view suffix);

struct PlannedInput {
  BatchInput input;
  std::string output_key;
};

struct BatchPlan {
  std::vector<PlannedInput> inputs;  // in the order of their outputs' keys
  std::uint64_t excluded = 0;        // by the selection
  std::uint64_t unknown = 0;         // whose name does not say what the selection asks for
  std::uint64_t other_names = 0;     // of inputs that are done by one listed before
  // Of inputs that are left out: those that would share an output, and those whose output is an
  // input, since one of them would be lost; those whose output cannot have its name.
  std::vector<Error> errors;
};

BatchPlan MakePlan(std::vector<BatchInput> inputs, const KeySelection& selection,
                   std::string_view suffix, const InputStore& in, const OutputStore& out);

}  // namespace sgflow
