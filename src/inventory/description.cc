#include "inventory/description.h"

namespace sgflow {

std::string Origin::Path() const {
  std::string path(list);
  if (element != kNoElement) {
    path += '[';
    path += std::to_string(element);
    path += ']';
  }
  return path;
}

}  // namespace sgflow
