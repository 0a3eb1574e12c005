#include "output/classic_encoder.h"

#include <string>
#include <utility>

#include "output/group_texts.h"
#include "output/json_text.h"
#include "output/layout_text.h"

namespace sgflow {
namespace {

constexpr std::string_view kBetween = "\", ";
constexpr std::string_view kBeforeGroups = R"(", "security-groups": ")";
constexpr std::string_view kBeforeRecordId = R"(", "sgflow_record_id": ")";
constexpr std::string_view kNoGroups = "||||no-security-groups";
constexpr std::string_view kEnd = "\"}\n";

std::string RenderPorts(const Rule& rule) {
  std::string ports = std::to_string(rule.from_port);
  if (rule.from_port != rule.to_port) ports += '-' + std::to_string(rule.to_port);
  return ports == "-1" ? "All ports" : ports;
}

std::string RenderProtocol(const Rule& rule) {
  if (!rule.protocol) return "All protocols";
  return rule.spelling ? rule.spelling->protocol : ProtocolName(*rule.protocol);
}

std::string RenderRule(const Rule& rule, const SecurityGroup& group) {
  return rule.id + '|' + RenderProtocol(rule) + '|' + RenderPorts(rule) + '|' +
         (rule.spelling ? rule.spelling->source : rule.source.ToString()) + '|' + group.id;
}

std::string RenderGroup(const Inventory& inventory, const SecurityGroup& group,
                        Direction direction) {
  std::string text;
  for (const RuleIndex rule : group.rules(direction)) {
    if (!text.empty()) text += ';';
    text += RenderRule(inventory.rules()[rule], group);
  }
  if (text.empty()) {
    const bool inbound = direction == Direction::kIngress;
    // That there are none is said only where somebody has looked.
    text = !group.rules_listed ? "||||"
           : inbound           ? "no-inbound-rules||||"
                               : "no-outbound-rules||||";
    text += group.id;
  }
  std::string escaped;
  AppendPythonJson(text, escaped);
  return escaped;
}

LayoutText MakeLayoutText(const RecordLayout& layout, const FieldSelection& selection) {
  auto columns = SelectedColumns(layout, selection);
  return LayoutText(columns, [&](std::size_t position) {
    std::string text = position == 0 ? "\"" : "\", \"";
    AppendPythonJson(layout.columns()[columns[position]].name, text);
    return text + "\": \"";
  });
}

class ClassicEncoder : public Encoder {
 public:
  ClassicEncoder(std::shared_ptr<const Inventory> inventory, const FieldSelection& selection)
      : group_texts_(std::move(inventory), RenderGroup),
        layout_texts_(
            [selection](const RecordLayout& layout) { return MakeLayoutText(layout, selection); }),
        writes_groups_(selection.includes_security_groups()) {}

  void Encode(const EnrichedRecord& enriched, OutputBuffer& to) override {
    const LayoutText& names = layout_texts_.Of(enriched.record.shared_layout());
    to.Append('{');
    AppendFields(enriched.record, names, to);
    bool any_before = !names.columns().empty();
    const auto start = [&](std::string_view name) {
      to.Append(std::exchange(any_before, true) ? name : name.substr(kBetween.size()));
    };
    if (writes_groups_) {
      start(kBeforeGroups);
      AppendGroups(enriched, to);
    }
    if (!enriched.record_id.empty()) {
      start(kBeforeRecordId);
      to.Append(enriched.record_id);
    }
    to.Append(any_before ? kEnd : kEnd.substr(1));
  }

 private:
  // Up to the last value, whose closing quote is still to come.
  static void AppendFields(const FlowRecord& record, const LayoutText& names, OutputBuffer& to) {
    const auto values = record.values();
    const auto columns = names.columns();
    std::size_t size = names.total_size() + LayoutText::kSlack;
    for (const std::size_t column : columns) size += kMostJsonBytes * values[column].size();

    char* at = to.Reserve(size);
    if (record.plain()) [[likely]] {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        at = WriteWithin(values[columns[i]], record.line(), names.Write(i, at));
      }
    } else {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        at = WritePythonJson(values[columns[i]], names.Write(i, at));
      }
    }
    to.Commit(at);
  }

  void AppendGroups(const EnrichedRecord& enriched, OutputBuffer& to) {
    if (enriched.interface == nullptr || enriched.interface->groups.empty() ||
        !enriched.direction) {
      to.Append(kNoGroups);
      return;
    }
    bool first = true;
    for (const GroupIndex group : enriched.interface->groups) {
      if (!std::exchange(first, false)) to.Append(';');
      to.Append(group_texts_.Of(group, *enriched.direction));
    }
  }

  GroupTexts group_texts_;
  LayoutTexts layout_texts_;
  bool writes_groups_;
};

}  // namespace

std::unique_ptr<Encoder> MakeClassicEncoder(std::shared_ptr<const Inventory> inventory,
                                            const FieldSelection& selection) {
  return std::make_unique<ClassicEncoder>(std::move(inventory), selection);
}

}  // namespace sgflow
