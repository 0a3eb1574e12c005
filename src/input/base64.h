// Base64 by a library that is fast; RFC 4648's standard alphabet, padded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

// Replaces `into`. False, and `into` unspecified, where `text` is no base64.
[[nodiscard]] bool DecodeBase64(std::string_view text, std::string& into);

// Appends.
void AppendBase64(std::string_view bytes, std::string& to);

}  // namespace sgflow
