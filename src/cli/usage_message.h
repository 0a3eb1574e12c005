// What was wrong with the arguments, in the words of the other messages.
#pragma once

#include <string>

namespace CLI {
class ParseError;
}

namespace sgflow {

std::string UsageMessage(const CLI::ParseError& error);

}  // namespace sgflow
