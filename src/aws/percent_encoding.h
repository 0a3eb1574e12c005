// Text within a URL or a form.
#pragma once

#include <string>
#include <string_view>

namespace sgflow {

// All but letters, digits and -._~ as %XX, which is what SigV4 signs; `kept` too, as / in a path.
std::string PercentEncode(std::string_view text, std::string_view kept = {});

// As forms are encoded: a + is a blank. What is no %XX stays as it is.
std::string FormDecode(std::string_view text);

}  // namespace sgflow
