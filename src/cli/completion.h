// What a shell needs to complete sgflow's commands and options.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/command_table.h"

namespace sgflow {

// bash, zsh, fish.
std::span<const std::string_view> CompletedShells();

// The script for one of them.
std::string CompletionScript(const ProgramText& program, std::string_view shell);

}  // namespace sgflow
