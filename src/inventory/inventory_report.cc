#include "inventory/inventory_report.h"

#include <algorithm>
#include <utility>

namespace sgflow {

std::string Describe(const InventoryWarning& warning) {
  std::string message = warning.message;
  if (warning.count > 1) {
    message += " (" + std::to_string(warning.count) + " in all)";
  }
  return Describe(Error{.kind = ErrorKind::kInventory,
                        .message = std::move(message),
                        .place = warning.place,
                        .hint = warning.hint});
}

Place InFile(std::string_view file, std::string path) {
  Place place;
  place.file = file;
  place.field = std::move(path);
  return place;
}

void InventoryReport::AddError(Error error) {
  if (errors_.size() == kMostErrors) {
    ++further_errors_;
  } else {
    errors_.push_back(std::move(error));
  }
}

void InventoryReport::AddError(Place place, std::string message, std::string hint) {
  AddError({.kind = ErrorKind::kInventory,
            .message = std::move(message),
            .place = std::move(place),
            .hint = std::move(hint)});
}

void InventoryReport::AddWarning(InventoryWarningKind kind, Place place, std::string message,
                                 std::string hint) {
  const auto same = std::ranges::find(warnings_, kind, &InventoryWarning::kind);
  if (same != warnings_.end()) {
    ++same->count;
    return;
  }
  warnings_.push_back({.kind = kind,
                       .message = std::move(message),
                       .place = std::move(place),
                       .hint = std::move(hint)});
}

std::vector<Error> InventoryReport::TakeErrors() {
  if (further_errors_ != 0) {
    Error rest;
    rest.kind = ErrorKind::kInventory;
    rest.message = "and " + std::to_string(further_errors_) +
                   (further_errors_ == 1 ? " more error" : " more errors");
    errors_.push_back(std::move(rest));
    further_errors_ = 0;
  }
  return std::exchange(errors_, {});
}

std::vector<InventoryWarning> InventoryReport::TakeWarnings() {
  std::ranges::sort(warnings_, {}, &InventoryWarning::kind);
  return std::exchange(warnings_, {});
}

}  // namespace sgflow
