// What went wrong, as a value: the core returns it, the edges print it.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace sgflow {

enum class ErrorKind : std::uint8_t {
  kUsage,        // the person asked for something that cannot be: exit code 2
  kInput,        // a record or file could not be read: exit code 1, the rest goes on
  kInventory,    // the inventory is unusable: exit code 2
  kEnvironment,  // disk, network or credentials failed: exit code 3
};

// Where it went wrong. Empty and 0 mean "not known". Lines and columns count from 1; in a
// compressed file they are those of the text inside.
struct Place {
  std::string file;
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  std::string field;  // a flow-log field, or a path such as SecurityGroupRules[0].FromPort

  friend bool operator==(const Place&, const Place&) = default;
};

struct Error {
  ErrorKind kind = ErrorKind::kInput;
  std::string message;  // what was wrong, lower case, no full stop
  Place place;
  std::string hint;  // what to do about it, or empty

  friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = std::expected<T, Error>;

// "FILE:LINE:COLUMN: FIELD: MESSAGE; HINT", leaving out what is not known.
std::string Describe(const Error& error);

}  // namespace sgflow
