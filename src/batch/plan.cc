#include "batch/plan.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

namespace sgflow {
namespace {

Error Conflict(const std::string& name, std::string message, std::string hint) {
  return {.kind = ErrorKind::kInput,
          .message = std::move(message),
          .place = {.file = name, .line = 0, .column = 0, .field = {}},
          .hint = std::move(hint)};
}

void TakeOutShared(BatchPlan& plan) {
  auto& inputs = plan.inputs;
  std::vector<PlannedInput> kept;
  kept.reserve(inputs.size());
  for (auto begin = inputs.begin(); begin != inputs.end();) {
    const auto end = std::find_if(begin, inputs.end(), [begin](const PlannedInput& planned) {
      return planned.output_key != begin->output_key;
    });
    if (end - begin == 1) {
      kept.push_back(std::move(*begin));
    } else {
      for (auto one = begin; one != end; ++one) {
        const auto& other = one == begin ? *(begin + 1) : *begin;
        plan.errors.push_back(Conflict(
            one->input.name,
            "would be written to the same file as " + other.input.name + ": " + one->output_key,
            "name the folder above them, or a quoted glob, or give each an --output of its own"));
      }
    }
    begin = end;
  }
  inputs = std::move(kept);
}

// The folder in the key that another one's output is; empty: there is none. Inputs are in order.
std::string_view OutputAround(std::string_view key, const std::vector<PlannedInput>& inputs) {
  for (std::size_t slash = key.find('/'); slash != key.npos; slash = key.find('/', slash + 1)) {
    const std::string_view folder = key.substr(0, slash);
    if (std::ranges::binary_search(inputs, folder, {}, &PlannedInput::output_key)) return folder;
  }
  return {};
}

void TakeOutNested(BatchPlan& plan) {
  std::unordered_set<std::string> nested;
  for (const PlannedInput& planned : plan.inputs) {
    const std::string_view around = OutputAround(planned.output_key, plan.inputs);
    if (around.empty()) continue;
    nested.insert(planned.output_key);
    plan.errors.push_back(
        Conflict(planned.input.name,
                 "would be written into a folder that is another's output: " + std::string(around),
                 "give each an --output of its own"));
  }
  std::erase_if(plan.inputs,
                [&](const PlannedInput& planned) { return nested.contains(planned.output_key); });
}

}  // namespace

std::string OutputKey(std::string_view input_key, std::string_view suffix) {
  const std::size_t name = input_key.rfind('/') + 1;  // 0 where there is none
  for (const std::string_view ending : {".gz", ".log"}) {
    if (input_key.ends_with(ending) && input_key.size() - name > ending.size()) {
      input_key.remove_suffix(ending.size());
    }
  }
  return std::string(input_key) + std::string(suffix);
}

BatchPlan MakePlan(std::vector<BatchInput> inputs, const KeySelection& selection,
                   std::string_view suffix, const InputStore& in, const OutputStore& out) {
  BatchPlan plan;
  std::unordered_set<std::string> identities;
  for (BatchInput& input : inputs) {
    switch (selection.Includes(input.name)) {
      case KeySelection::Answer::kExcluded:
        ++plan.excluded;
        continue;
      case KeySelection::Answer::kUnknown:
        ++plan.unknown;
        continue;
      case KeySelection::Answer::kIncluded:
        break;
    }
    // Its records would be in the destination twice.
    if (!identities.insert(in.Identity(input)).second) {
      ++plan.other_names;
      continue;
    }
    std::string key = OutputKey(input.key, suffix);
    plan.inputs.push_back({.input = std::move(input), .output_key = std::move(key)});
  }
  std::ranges::sort(plan.inputs, [](const PlannedInput& left, const PlannedInput& right) {
    return std::tie(left.output_key, left.input.name) <
           std::tie(right.output_key, right.input.name);
  });
  TakeOutShared(plan);
  if (!out.keys_may_nest()) TakeOutNested(plan);
  std::erase_if(plan.inputs, [&](const PlannedInput& planned) {
    auto possible = out.Check(planned.output_key);
    if (possible) return false;
    possible.error().place.file = planned.input.name;
    plan.errors.push_back(std::move(possible.error()));
    return true;
  });
  std::erase_if(plan.inputs, [&](const PlannedInput& planned) {
    if (!identities.contains(out.Identity(planned.output_key))) return false;
    plan.errors.push_back(Conflict(planned.input.name,
                                   "its output would replace an input: " + planned.output_key,
                                   "name another --output"));
    return true;
  });
  return plan;
}

}  // namespace sgflow
