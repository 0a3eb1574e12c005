// Text of logs and inventories, made fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace sgflow {

// As it is where that is printable UTF-8; other bytes as \xnn, so that no terminal obeys them: C0,
// DEL, C1, what turns the writing direction round, and what is no UTF-8.
std::string PrintableText(std::string_view text);

}  // namespace sgflow
