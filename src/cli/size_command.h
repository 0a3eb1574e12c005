// sgflow size: how much larger records become, and how much Firehose may gather for one invocation.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace sgflow {

// As AddEnrichCommand.
void AddSizeCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run);

}  // namespace sgflow
