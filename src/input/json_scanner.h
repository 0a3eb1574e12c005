// Where a JSON value ends, told from its brackets and strings alone while its bytes arrive, so
// that a document of any size can be handed to a parser in pieces of a bearable one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

class JsonScanner {
 public:
  enum class State : unsigned char {
    kNeedsMore,
    kComplete,  // position() is one past the value's end
    kBroken,    // no JSON can go on like this; position() is where
  };

  // Begins before an object or array.
  JsonScanner() = default;
  // Begins inside an object, behind one of its members.
  static JsonScanner InsideObject();

  // `text` is all there is of the value so far, from its first byte on; only what is new since
  // the last call is looked at.
  State Scan(std::string_view text);

  std::size_t position() const { return position_; }

  // One past the "[" of the first array of objects that is a member of the outermost object;
  // none while there is none.
  std::optional<std::size_t> array_of_objects() const { return array_of_objects_; }

 private:
  bool Open(char bracket);
  bool Close(char bracket);

  static constexpr std::size_t kDeepest = 64;

  std::size_t position_ = 0;
  std::string open_;  // the brackets around position_, outermost first
  char last_ = '\0';  // the last byte outside strings that is no blank
  bool in_string_ = false;
  std::optional<std::size_t> array_of_objects_;
};

}  // namespace sgflow
