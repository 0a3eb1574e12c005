// Documents given as text, and what comes of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "documents/documents.h"

namespace sgflow::testing {

using Texts = std::vector<std::string>;

// Every error and every warning, as a person sees it.
struct Messages {
  Texts errors;
  Texts warnings;
};

inline Messages MessagesOf(const std::vector<Document>& documents) {
  Messages messages;
  const auto loaded = LoadInventory(documents);
  if (!loaded) {
    for (const Error& error : loaded.error()) messages.errors.push_back(Describe(error));
    return messages;
  }
  for (const InventoryWarning& warning : loaded->warnings) {
    messages.warnings.push_back(Describe(warning));
  }
  return messages;
}

inline Texts ErrorsOf(const std::vector<Document>& documents) {
  return MessagesOf(documents).errors;
}

// Of one document, a.json.
inline Texts ErrorsOf(std::string_view text) { return ErrorsOf({{"a.json", text}}); }

// Without the one that there are no interfaces, which most tests here have no need of.
inline Texts WarningsOf(const std::vector<Document>& documents) {
  const Messages messages = MessagesOf(documents);
  EXPECT_EQ(messages.errors, Texts{});
  Texts warnings = messages.warnings;
  std::erase_if(warnings, [](const std::string& warning) {
    return warning.find("a network interface") != std::string::npos ||
           warning.find("no network interface") != std::string::npos;
  });
  return warnings;
}

inline Texts WarningsOf(std::string_view text) { return WarningsOf({{"a.json", text}}); }

inline std::shared_ptr<const Inventory> InventoryOf(const std::vector<Document>& documents) {
  auto loaded = LoadInventory(documents);
  if (loaded) return loaded->inventory;
  for (const Error& error : loaded.error()) ADD_FAILURE() << Describe(error);
  return LoadInventory(std::vector<Document>{{"empty.json", R"({"Subnets": []})"}})->inventory;
}

inline std::shared_ptr<const Inventory> InventoryOf(std::string_view text) {
  return InventoryOf({{"a.json", text}});
}

}  // namespace sgflow::testing
