// `sgflow lambda`: the function that enriches what Firehose hands it.
#pragma once

#include "lambda/configuration.h"

namespace sgflow {

// Runs until Lambda ends the process, and returns only when it cannot go on: 2 where the
// configuration or the inventory is unusable (Lambda is told by the route for failed starts), 3
// where the Runtime API is. Logs to standard output. Ignores SIGPIPE from there on.
[[nodiscard]] int RunLambda(const Environment& environment);
// With the process's own environment.
[[nodiscard]] int RunLambda();

}  // namespace sgflow
