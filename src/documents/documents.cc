#include "documents/documents.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "documents/cli_document.h"
#include "documents/json_fault.h"
#include "documents/json_place.h"
#include "documents/json_reader.h"
#include "documents/text_kind.h"
#include "documents/text_position.h"
#include "inventory/inventory_builder.h"

namespace sgflow {
namespace {

static_assert(simdjson::SIMDJSON_PADDING <= kDocumentPadding);

using DocumentsInOrder = std::vector<const Document*>;

DocumentsInOrder InOrder(std::span<const Document> documents) {
  DocumentsInOrder in_order;
  for (const Document& document : documents) in_order.push_back(&document);
  std::ranges::stable_sort(in_order, {}, [](const Document* document) {
    return std::tie(document->name, document->text);
  });
  return in_order;
}

// Why the parser refused a text.
Error ExplainRefusal(const Document& document, std::string_view text, const char* reason) {
  Error error;
  error.kind = ErrorKind::kInventory;
  error.place.file = document.name;
  if (auto other = NameOtherKind(text)) {
    error.message = std::move(other->message);
    error.hint = std::move(other->hint);
  } else if (auto fault = FindJsonFault(text)) {
    const TextPosition position = PositionOf(text, fault->offset);
    error.place.line = position.line;
    error.place.column = position.column;
    error.message = std::move(fault->message);
    error.hint = std::move(fault->hint);
  } else {
    error.message = std::string("is no JSON: ") + reason;
  }
  return error;
}

class Loader {
 public:
  Loader(DocumentsInOrder documents, std::vector<Unlearned> unlearned)
      : documents_(std::move(documents)) {
    for (Unlearned& one : unlearned) builder_.Add(std::move(one));
  }

  std::expected<LoadedInventory, std::vector<Error>> Load() {
    for (const Document* document : documents_) Read(*document);
    if (unknown_.size() == documents_.size()) ReportNothingKnown();
    auto inventory = std::move(builder_).Build();
    if (report_.has_errors()) {
      auto errors = report_.TakeErrors();
      for (Error& error : errors) AddLine(error.place);
      return std::unexpected(std::move(errors));
    }
    if (inventory->interfaces().empty()) WarnOfNoInterfaces();
    LoadedInventory loaded{std::move(inventory), report_.TakeWarnings()};
    for (InventoryWarning& warning : loaded.warnings) AddLine(warning.place);
    return loaded;
  }

 private:
  void Read(const Document& document) {
    const std::string_view text = WithoutByteOrderMark(document.text);
    const ParsedJson parsed(text, document.is_padded, KnownKeys());
    if (parsed.error() != simdjson::SUCCESS) return Refuse(document, text, parsed.error());
    simdjson::dom::object object;
    if (parsed.value().get(object) != simdjson::SUCCESS) {
      report_.AddError(InFile(document.name), "an object is expected, as the AWS CLI prints it",
                       "write it anew, without --query");
      return;
    }
    const InventoryReport::Mark before = report_.mark();
    const JsonPath path;
    JsonReading reading(report_, document.name, KnownKeys());
    JsonObject reader(reading, path, object, parsed.large_lists());
    const bool is_known = ReadDocument(reader, document.name, builder_);
    reader.Finish();
    if (reading.refusal() != simdjson::SUCCESS) {
      report_.DropErrorsSince(before);
      return Refuse(document, text, reading.refusal());
    }
    if (is_known) return;
    unknown_.push_back({.document = document.name, .hint = KnownKeysHint(reader)});
    report_.AddWarning(InventoryWarningKind::kNothingKnown, InFile(document.name), kNothingKnown,
                       unknown_.back().hint);
  }

  void Refuse(const Document& document, std::string_view text, simdjson::error_code reason) {
    report_.AddError(ExplainRefusal(document, text, simdjson::error_message(reason)));
  }

  void ReportNothingKnown() {
    if (documents_.empty()) {
      report_.AddError({}, "no inventory document is given");
      return;
    }
    for (const Unknown& unknown : unknown_) {
      report_.AddError(InFile(unknown.document), kNothingKnown, unknown.hint);
    }
  }

  void WarnOfNoInterfaces() {
    const std::string subject = documents_.size() == 1 ? "it describes no network interface"
                                                       : "no file describes a network interface";
    report_.AddWarning(InventoryWarningKind::kNoInterfaces, InFile(documents_.front()->name),
                       subject + ", so no record can be enriched",
                       "add what this writes: aws ec2 describe-network-interfaces");
  }

  // Paths say little to somebody in an editor.
  void AddLine(Place& place) const {
    if (place.line != 0 || place.field.empty()) return;
    const auto document = std::ranges::find(documents_, place.file, &Document::name);
    if (document == documents_.end()) return;
    const std::string_view text = WithoutByteOrderMark((*document)->text);
    const auto offset = FindInJson(text, place.field);
    if (!offset) return;
    const TextPosition position = PositionOf(text, *offset);
    place.line = position.line;
    place.column = position.column;
  }

  static constexpr const char* kNothingKnown = "nothing in it is known to sgflow";
  struct Unknown {
    std::string document;
    std::string hint;
  };

  DocumentsInOrder documents_;
  InventoryReport report_;
  InventoryBuilder builder_{report_};
  std::vector<Unknown> unknown_;
};

}  // namespace

std::expected<LoadedInventory, std::vector<Error>> LoadInventory(
    std::span<const Document> documents) {
  return LoadInventory(documents, {});
}

std::expected<LoadedInventory, std::vector<Error>> LoadInventory(
    std::span<const Document> documents, std::vector<Unlearned> unlearned) {
  return Loader(InOrder(documents), std::move(unlearned)).Load();
}

}  // namespace sgflow
