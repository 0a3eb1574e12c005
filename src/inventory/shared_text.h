// Texts that many rules have in common, or none at all.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sgflow {

// An immutable text of which copies share one, from any thread. Takes a pointer, and nothing more
// where it is empty: an inventory has hundreds of thousands. At most 4 GB.
class SharedText {
 public:
  SharedText() = default;
  explicit SharedText(std::string_view text);
  SharedText(const SharedText& other) noexcept : text_(other.text_) {
    if (text_ != nullptr) text_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  SharedText(SharedText&& other) noexcept : text_(std::exchange(other.text_, nullptr)) {}
  SharedText& operator=(SharedText other) noexcept {
    std::swap(text_, other.text_);
    return *this;
  }
  SharedText& operator=(std::string_view text) { return *this = SharedText(text); }
  ~SharedText() {
    if (text_ != nullptr && text_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) Free();
  }

  bool empty() const { return text_ == nullptr; }
  std::string_view view() const {
    return text_ == nullptr ? std::string_view() : std::string_view(chars(), text_->size);
  }
  // It stands where a text does.
  operator std::string_view() const { return view(); }          // NOLINT(*-explicit-*)
  operator std::string() const { return std::string(view()); }  // NOLINT(*-explicit-*)

  friend bool operator==(const SharedText& a, const SharedText& b) {
    return a.text_ == b.text_ || a.view() == b.view();
  }
  friend bool operator==(const SharedText& a, std::string_view b) { return a.view() == b; }
  friend std::string operator+(std::string a, const SharedText& b) { return a += b.view(); }

 private:
  // The characters stand behind it.
  struct Text {
    std::atomic<std::uint32_t> owners = 1;
    std::uint32_t size = 0;
  };

  const char* chars() const { return reinterpret_cast<const char*>(text_ + 1); }
  void Free();

  Text* text_ = nullptr;
};

static_assert(sizeof(SharedText) == sizeof(void*));

// Finds texts again that came not long ago: rules that have one in common mostly stand together,
// and a table of all would take more than it saves.
class RecentTexts {
 public:
  // The one that came before, where it is the same and still remembered.
  void Share(SharedText& text) {
    if (text.empty()) return;
    SharedText& recent = texts_[std::hash<std::string_view>{}(text) % texts_.size()];
    if (recent == text) {
      text = recent;
    } else {
      recent = text;
    }
  }

 private:
  static constexpr std::size_t kTexts = 4096;
  std::vector<SharedText> texts_ = std::vector<SharedText>(kTexts);
};

}  // namespace sgflow
