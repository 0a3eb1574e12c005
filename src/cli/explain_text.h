// An explanation for a terminal, and for scripts.
#pragma once

#include <string>
#include <string_view>

#include "cli/explain_answer.h"

namespace sgflow {

struct ExplainTextOptions {
  bool colour = false;
  bool all_rules = false;  // else a long list is cut
};

// Lines of at most 100 columns where their words allow. Nothing in it drives a terminal save the
// colours.
std::string ExplanationText(const Explanation& explanation, const ExplainTextOptions& options);

// One line with one JSON object (docs/explain.md) and a newline. All rules are in it.
std::string ExplanationJson(const Explanation& explanation);

}  // namespace sgflow
