// Base64 by a library that is fast; RFC 4648's standard alphabet, padded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sgflow {

// Replaces `into`. False, and `into` unspecified, where `text` is no base64.
[[nodiscard]] bool DecodeBase64(std::string_view text, std::string& into);

constexpr std::size_t Base64Size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

// Writes Base64Size(bytes.size()) chars and gives where they end.
char* WriteBase64(std::string_view bytes, char* to);

// Appends.
void AppendBase64(std::string_view bytes, std::string& to);

}  // namespace sgflow
