#include "documents/json_place.h"

#include <charconv>
#include <system_error>

#include "documents/json_marks.h"

namespace sgflow {
namespace {

// A step of a path: a key, or an index where the key is empty.
struct Step {
  std::string_view key;
  std::size_t index = 0;
};

std::optional<Step> TakeStep(std::string_view& path) {
  if (path.starts_with('[')) {
    const std::size_t close = path.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    Step step;
    const char* const end = path.data() + close;
    const auto parsed = std::from_chars(path.data() + 1, end, step.index);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    path.remove_prefix(close + 1);
    return step;
  }
  if (path.starts_with('.')) path.remove_prefix(1);
  const Step step{.key = path.substr(0, path.find_first_of(".["))};
  if (step.key.empty()) return std::nullopt;
  path.remove_prefix(step.key.size());
  return step;
}

// A position in JSON that is known to be valid.
class Cursor {
 public:
  explicit Cursor(std::string_view json) : json_(json) { SkipSpace(); }

  std::size_t offset() const { return at_; }

  bool Enter(const Step& step) {
    return step.key.empty() ? EnterElement(step.index) : EnterMember(step.key);
  }

 private:
  char Here() const { return at_ < json_.size() ? json_[at_] : '\0'; }

  void SkipSpace() { at_ = SkipJsonSpace(json_, at_); }

  void Advance() {
    ++at_;
    SkipSpace();
  }

  bool EnterElement(std::size_t index) {
    if (Here() != '[') return false;
    Advance();
    for (; index > 0; --index) {
      if (Here() == ']') return false;
      SkipValue();
      if (Here() == ',') Advance();
    }
    return Here() != ']' && Here() != '\0';
  }

  bool EnterMember(std::string_view key) {
    if (Here() != '{') return false;
    Advance();
    std::optional<std::size_t> found;
    while (Here() == '"') {
      const std::size_t begin = at_ + 1;
      SkipString();
      const bool is_it = json_.substr(begin, at_ - begin - 1) == key;
      SkipSpace();
      if (Here() == ':') Advance();
      if (is_it) found = at_;
      SkipValue();
      if (Here() == ',') Advance();
    }
    if (found) at_ = *found;
    return found.has_value();
  }

  void SkipString() { at_ = EndOfJsonString(json_, at_); }

  void SkipValue() {
    std::size_t depth = 0;
    do {
      at_ = NextJsonMark(json_, at_);
      const char c = Here();
      const bool closes = c == '}' || c == ']';
      if (c == '\0' || (depth == 0 && (closes || c == ','))) return;
      if (c == '"') {
        SkipString();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (closes) --depth;
      ++at_;
    } while (depth > 0);
    SkipSpace();
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::size_t> FindInJson(std::string_view json, std::string_view path) {
  Cursor cursor(json);
  while (!path.empty()) {
    const auto step = TakeStep(path);
    if (!step || !cursor.Enter(*step)) return std::nullopt;
  }
  return cursor.offset();
}

}  // namespace sgflow
