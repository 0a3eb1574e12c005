// The manual page, in the language of man(7).
#pragma once

#include <span>
#include <string>

#include "cli/command_table.h"
#include "lambda/configuration.h"

namespace sgflow {

std::string ManualPage(const ProgramText& program,
                       std::span<const ConfigurationVariable> variables);

}  // namespace sgflow
