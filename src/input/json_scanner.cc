#include "input/json_scanner.h"

namespace sgflow {

JsonScanner JsonScanner::InsideObject() {
  JsonScanner scanner;
  scanner.open_ = "{";
  scanner.last_ = ']';
  return scanner;
}

// A value can only stand at the start or behind one of these. That a record cut short is followed
// by the next one is noticed here.
bool JsonScanner::Open(char bracket) {
  const bool expected = last_ == ':' || last_ == ',' || last_ == '[' || last_ == '\0';
  if (!expected || open_.size() == kDeepest) return false;
  if (bracket == '{' && open_ == "{[" && last_ == '[' && !array_of_objects_) {
    array_of_objects_ = position_;
  }
  open_ += bracket;
  return true;
}

bool JsonScanner::Close(char bracket) {
  if (open_.empty() || open_.back() != bracket) return false;
  open_.pop_back();
  return true;
}

JsonScanner::State JsonScanner::Scan(std::string_view text) {
  while (position_ < text.size()) {
    const char c = text[position_];
    if (in_string_) {
      if (c == '"') {
        in_string_ = false;
        last_ = '"';
      } else if (c == '\\') {
        if (position_ + 1 == text.size()) return State::kNeedsMore;
        ++position_;
      } else if (c == '\n') {
        return State::kBroken;
      }
      ++position_;
      continue;
    }
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        ++position_;
        continue;
      case '"':
        in_string_ = true;
        ++position_;
        continue;
      case '{':
      case '[':
        if (!Open(c)) return State::kBroken;
        break;
      case '}':
      case ']':
        if (!Close(c == '}' ? '{' : '[')) return State::kBroken;
        break;
      default:
        break;
    }
    last_ = c;
    ++position_;
    if (open_.empty()) return State::kComplete;
  }
  return State::kNeedsMore;
}

}  // namespace sgflow
