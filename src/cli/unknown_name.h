// Slips in commands and options, with what may have been meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace sgflow {

// What to tell where the arguments (without the program's name) name a command or a long option
// that there is none of, or give an option nothing, as `--to=`, for which CLI11 would take the next
// argument; none where they do not.
std::optional<std::string> FindUnknownName(CLI::App& program,
                                           std::span<const std::string_view> arguments);

}  // namespace sgflow
