// gzip of a text, made with the library that the product inflates with.
#pragma once

#include <isa-l/igzip_lib.h>

#include <string>
#include <string_view>

namespace sgflow {

inline std::string Gzip(std::string_view text) {
  std::string compressed(text.size() + 1024, '\0');
  isal_zstream stream;
  isal_deflate_stateless_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  std::string copy(text);
  stream.next_in = reinterpret_cast<std::uint8_t*>(copy.data());
  stream.avail_in = static_cast<std::uint32_t>(copy.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(compressed.data());
  stream.avail_out = static_cast<std::uint32_t>(compressed.size());
  isal_deflate_stateless(&stream);
  compressed.resize(compressed.size() - stream.avail_out);
  return compressed;
}

}  // namespace sgflow
