// sgflow batch: files that wait, each to an output of its own.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace sgflow {

// Adds the command to the program's; `run` is called with what is to be done once the arguments
// are understood.
void AddBatchCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run);

}  // namespace sgflow
