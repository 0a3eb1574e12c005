#include "inventory/shared_text.h"

#include <cstring>
#include <new>

namespace sgflow {

SharedText::SharedText(std::string_view text) {
  if (text.empty()) return;
  text_ = new (::operator new(sizeof(Text) + text.size())) Text;
  text_->size = static_cast<std::uint32_t>(text.size());
  std::memcpy(reinterpret_cast<char*>(text_ + 1), text.data(), text.size());
}

void SharedText::Free() {
  text_->~Text();
  ::operator delete(text_);
}

}  // namespace sgflow
