// Tables of which XML elements become which JSON members, as AWS's query services and its CLI have
// them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sgflow {

struct XmlMember {
  enum class Kind : std::uint8_t {
    kText,
    kNumber,   // a whole one
    kFlag,     // true or false
    kObject,   // of the `inner` members
    kTexts,    // a list: <item>text</item>...
    kObjects,  // a list: <item>`inner` members</item>...
  };

  std::string_view element;
  Kind kind = Kind::kText;
  std::string_view key;  // empty: the element's name with a capital
  std::span<const XmlMember> inner;
};

using XmlShape = std::span<const XmlMember>;

constexpr XmlMember Text(std::string_view element, std::string_view key = {}) {
  return {element, XmlMember::Kind::kText, key, {}};
}
constexpr XmlMember Number(std::string_view element, std::string_view key = {}) {
  return {element, XmlMember::Kind::kNumber, key, {}};
}
constexpr XmlMember Flag(std::string_view element, std::string_view key = {}) {
  return {element, XmlMember::Kind::kFlag, key, {}};
}
constexpr XmlMember Object(std::string_view element, XmlShape inner, std::string_view key = {}) {
  return {element, XmlMember::Kind::kObject, key, inner};
}
constexpr XmlMember Texts(std::string_view element, std::string_view key = {}) {
  return {element, XmlMember::Kind::kTexts, key, {}};
}
constexpr XmlMember Objects(std::string_view element, XmlShape inner, std::string_view key = {}) {
  return {element, XmlMember::Kind::kObjects, key, inner};
}

}  // namespace sgflow
