#include "input/base64.h"

#include <libbase64.h>

#include <cstddef>

namespace sgflow {

bool DecodeBase64(std::string_view text, std::string& into) {
  into.resize(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  if (base64_decode(text.data(), text.size(), into.data(), &size, 0) != 1) return false;
  into.resize(size);
  return true;
}

char* WriteBase64(std::string_view bytes, char* to) {
  std::size_t size = 0;
  base64_encode(bytes.data(), bytes.size(), to, &size, 0);
  return to + size;
}

void AppendBase64(std::string_view bytes, std::string& to) {
  const std::size_t before = to.size();
  to.resize(before + Base64Size(bytes.size()));
  WriteBase64(bytes, to.data() + before);
}

}  // namespace sgflow
