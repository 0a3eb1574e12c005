// Answers in XML: taken apart with distrust, and written as JSON by a table. Met by the files that
// read a service's answers; pugixml goes no further than these.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "aws/xml_shape.h"
#include "error/error.h"

namespace sgflow {

// Fills `document`, which is then whole, well-formed and UTF-8. An error's message goes on from
// "the answer": `is cut off after 12 bytes: "<a><b>..."`. Refused are document types and entities
// of their own (nothing is ever expanded), and what is nested deeper than any of AWS's answers.
[[nodiscard]] Result<void> ParseXml(std::string_view text, pugi::xml_document& document);

// The text inside; empty where the element is absent.
std::string TextOf(pugi::xml_node element);

// Appends the member's value, as [{"GroupId": ...}]. `element` may be absent where that is a list,
// which is then empty. An error's message goes on from "the answer", too.
[[nodiscard]] Result<void> AppendAsJson(pugi::xml_node element, const XmlMember& member,
                                        std::string& json);

// Appends `text`, which is UTF-8, in quotes.
void AppendJsonString(std::string_view text, std::string& json);

// The first 60 printable characters, in quotes, for a message.
std::string BeginningOf(std::string_view text);

}  // namespace sgflow
