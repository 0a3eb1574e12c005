#include "error/error.h"

namespace sgflow {

std::string Describe(const Error& error) {
  std::string text = error.place.file;
  if (error.place.line != 0) {
    text += (text.empty() ? "line " : ":") + std::to_string(error.place.line);
    if (error.place.column != 0) text += ':' + std::to_string(error.place.column);
  }
  if (!text.empty()) text += ": ";
  if (!error.place.field.empty()) text += error.place.field + ": ";
  text += error.message;
  if (!error.hint.empty()) text += "; " + error.hint;
  return text;
}

}  // namespace sgflow
