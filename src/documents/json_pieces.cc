#include "documents/json_pieces.h"

#include <algorithm>
#include <utility>

#include "documents/json_marks.h"

namespace sgflow {
namespace {

class Cutter {
 public:
  Cutter(std::string_view text, std::span<const std::string_view> keys)
      : text_(text), keys_(keys) {}

  bool Run() {
    at_ = SkipJsonSpace(text_, 0);
    if (!Take('{')) return false;
    for (std::size_t member = 0;; ++member) {
      if (Here() != '"') return false;
      const std::size_t begin = at_ + 1;
      at_ = EndOfJsonString(text_, at_);
      const std::string_view key = text_.substr(begin, at_ - begin - 1);
      at_ = SkipJsonSpace(text_, at_);
      if (!Take(':')) return false;
      const bool is_list = Here() == '[' && std::ranges::find(keys_, key) != keys_.end();
      if (!(is_list ? TakeList(member) : SkipValue())) return false;
      if (Here() == '}') break;
      if (!Take(',')) return false;
    }
    cut_.rest += text_.substr(copied_);
    return true;
  }

  CutObject& cut() { return cut_; }

 private:
  char Here() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool Take(char expected) {
    if (Here() != expected) return false;
    at_ = SkipJsonSpace(text_, at_ + 1);
    return true;
  }

  // Up to the comma or bracket behind it.
  bool SkipValue() {
    std::size_t depth = 0;
    for (at_ = NextJsonMark(text_, at_); at_ < text_.size(); at_ = NextJsonMark(text_, at_)) {
      switch (text_[at_]) {
        case '"':
          at_ = EndOfJsonString(text_, at_);
          continue;
        case '{':
        case '[':
          ++depth;
          break;
        case ',':
          if (depth == 0) return true;
          break;
        default:
          if (depth == 0) return true;
          --depth;
      }
      ++at_;
    }
    return false;
  }

  bool TakeList(std::size_t member) {
    const std::size_t open = at_;
    LargeList list{.member = member, .count = 0, .pieces = {}};
    std::size_t piece = open + 1;  // where it begins
    do {
      const std::size_t element = ++at_;
      if (!SkipValue()) return false;
      ++list.count;
      const bool is_large = at_ - element >= kJsonPiece;
      if (is_large && piece != element) {
        list.pieces.push_back({.text = text_.substr(piece, element - 1 - piece)});
        piece = element;
      }
      if (is_large || at_ - piece >= kJsonPiece || Here() != ',') {
        list.pieces.push_back({.text = text_.substr(piece, at_ - piece), .is_element = is_large});
        piece = at_ + 1;
      }
    } while (Here() == ',');
    if (at_ - open >= kJsonPiece) {
      // Nothing between two commas: as a list of its own it would be an empty one.
      if (std::ranges::any_of(list.pieces, IsBlank)) return false;
      cut_.rest += text_.substr(copied_, open + 1 - copied_);
      copied_ = at_;
      cut_.lists.push_back(std::move(list));
    }
    at_ = SkipJsonSpace(text_, at_ + 1);
    return true;
  }

  static bool IsBlank(const LargeList::Piece& piece) {
    return SkipJsonSpace(piece.text, 0) == piece.text.size();
  }

  std::string_view text_;
  std::span<const std::string_view> keys_;
  std::size_t at_ = 0;
  std::size_t copied_ = 0;  // into `rest`, or left out of it
  CutObject cut_;
};

}  // namespace

std::optional<CutObject> CutLargeLists(std::string_view object,
                                       std::span<const std::string_view> keys) {
  if (object.size() < kJsonPiece) return std::nullopt;
  Cutter cutter(object, keys);
  if (!cutter.Run() || cutter.cut().lists.empty()) return std::nullopt;
  return std::move(cutter.cut());
}

}  // namespace sgflow
