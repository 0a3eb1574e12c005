// Ownership of the AWS Common Runtime's objects, and its way to say std::string_view. Files crt_*
// are the only ones that know the runtime; the other rooms include none of their headers.
#pragma once

#include <aws/common/byte_buf.h>
#include <aws/common/string.h>

#include <memory>
#include <string>
#include <string_view>

namespace sgflow {

template <auto kRelease>
struct CrtRelease {
  void operator()(auto* object) const { kRelease(object); }
};

template <typename T, auto kRelease>
using CrtPointer = std::unique_ptr<T, CrtRelease<kRelease>>;

using CrtString = CrtPointer<aws_string, aws_string_destroy>;

inline aws_byte_cursor Cursor(std::string_view text) {
  return aws_byte_cursor_from_array(text.data(), text.size());
}

inline std::string_view View(const aws_byte_cursor& cursor) {
  return {reinterpret_cast<const char*>(cursor.ptr), cursor.len};
}

inline std::string Text(const aws_string* string) {
  return string == nullptr ? std::string() : std::string(View(aws_byte_cursor_from_string(string)));
}

}  // namespace sgflow
