#include "input/json_mending.h"

#include <algorithm>
#include <cstddef>

namespace sgflow {
namespace {

constexpr std::string_view kNumberParts = "+-.0123456789eE";

// One past the closing quote of the string that begins at `at`.
std::size_t EndOfString(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

}  // namespace

std::string MendJson(std::string_view json) {
  constexpr std::string_view kNaN = "NaN";
  constexpr std::size_t kMostDigits = 18;  // as many fit whatever they are
  std::string mended;
  mended.reserve(json.size() + 16);
  std::size_t at = 0;
  while (at < json.size()) {
    const std::size_t begin = at;
    if (json[at] == '"') {
      at = EndOfString(json, at);
      mended += json.substr(begin, at - begin);
    } else if (json.substr(at).starts_with(kNaN)) {
      at += kNaN.size();
      mended += "null";
    } else if (json[at] == '-' || (json[at] >= '0' && json[at] <= '9')) {
      at = std::min(json.find_first_not_of(kNumberParts, at), json.size());
      const std::string_view number = json.substr(begin, at - begin);
      const std::string_view quote = number.size() > kMostDigits ? "\"" : "";
      mended.append(quote).append(number).append(quote);
    } else {
      mended += json[at++];
    }
  }
  return mended;
}

}  // namespace sgflow
