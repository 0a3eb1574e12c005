#include "lambda/unlearned_text.h"

namespace sgflow {

std::string TextOf(const RecordsByReason& records) {
  std::string text;
  for (const auto& [reason, count] : records) {
    if (!text.empty()) text += "; ";
    text += std::to_string(count) + (count == 1 ? " record: " : " records: ") + reason;
  }
  return text;
}

}  // namespace sgflow
