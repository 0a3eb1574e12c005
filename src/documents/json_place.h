// Finds in a document's text what a path names, so that messages can give a line.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace sgflow {

// The offset of the value that `path` names, as SecurityGroupRules[0].FromPort; of a key given
// twice the last. None where the path does not lead on (a key that holds '.' or '[' among them).
// `json` must be valid. O(length up to there), so for messages only.
std::optional<std::size_t> FindInJson(std::string_view json, std::string_view path);

}  // namespace sgflow
