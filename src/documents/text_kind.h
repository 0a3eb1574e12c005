// Names what people give in place of JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

struct OtherKind {
  std::string message;  // what the text is
  std::string hint;     // how to come to JSON
};

// For a text that is no JSON: an empty file, UTF-16, gzip, Parquet, YAML, XML, the AWS CLI's text
// or table output, its error messages, what a pager shows, or binary data. None: nothing that has a
// name.
std::optional<OtherKind> NameOtherKind(std::string_view text);

}  // namespace sgflow
