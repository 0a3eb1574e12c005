#include "input/window.h"

#include <cstring>
#include <span>
#include <utility>

namespace sgflow {
namespace {

constexpr std::size_t kBlock = std::size_t{256} * 1024;

}  // namespace

Window::Window(ByteSource& source)
    : source_(&source),
      storage_(std::make_unique_for_overwrite<char[]>(2 * kBlock + kPadding)),
      capacity_(2 * kBlock),
      data_(storage_.get()) {}

Window::Window(std::string_view whole) : data_(whole.data()), end_(whole.size()), at_end_(true) {}

bool Window::Fill() {
  if (at_end_) return false;
  const std::size_t kept = end_ - begin_;
  if (capacity_ < kept + kBlock) {
    capacity_ *= 2;
    auto grown = std::make_unique_for_overwrite<char[]>(capacity_ + kPadding);
    std::memcpy(grown.get(), storage_.get() + begin_, kept);
    storage_ = std::move(grown);
    data_ = storage_.get();
  } else if (begin_ != 0) {
    std::memmove(storage_.get(), storage_.get() + begin_, kept);
  }
  begin_ = 0;
  end_ = kept;
  const auto count = source_->Read(std::span(storage_.get() + end_, kBlock));
  if (!count || *count == 0) {
    at_end_ = true;
    if (!count) error_ = count.error();
    return false;
  }
  end_ += *count;
  return true;
}

}  // namespace sgflow
