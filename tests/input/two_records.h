// Two records of the default format, and what they come in.
#pragma once

#include <string>
#include <string_view>

#include "input/base64.h"

namespace sgflow {

inline const std::string kFirst =
    "2 111122223333 eni-0a 198.51.100.7 10.0.1.5 51034 443 6 12 3048 1700000000 1700000060 ACCEPT "
    "OK";
inline const std::string kSecond =
    "2 111122223333 eni-0a - - - - - - - 1700000060 1700000120 - NODATA";
inline const std::string kHeader =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status";
inline const std::string kLines = kFirst + "\n" + kSecond + "\n";

inline std::string Base64(std::string_view bytes) {
  std::string text;
  AppendBase64(bytes, text);
  return text;
}

inline std::string Message(const std::string& line) { return "{\"message\":\"" + line + "\"}"; }

}  // namespace sgflow
