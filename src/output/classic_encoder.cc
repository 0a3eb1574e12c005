#include "output/classic_encoder.h"

#include <string>
#include <utility>

#include "output/group_texts.h"
#include "output/json_text.h"
#include "output/layout_text.h"

namespace sgflow {
namespace {

constexpr std::string_view kBeforeGroups = R"(", "security-groups": ")";
constexpr std::string_view kNoGroups = "||||no-security-groups";
constexpr std::string_view kEnd = "\"}\n";

std::string RenderPorts(const Rule& rule) {
  std::string ports = std::to_string(rule.from_port);
  if (rule.from_port != rule.to_port) ports += '-' + std::to_string(rule.to_port);
  return ports == "-1" ? "All ports" : ports;
}

std::string RenderRule(const Rule& rule, const SecurityGroup& group) {
  return rule.id + '|' + (rule.protocol ? ProtocolName(*rule.protocol) : "All protocols") + '|' +
         RenderPorts(rule) + '|' + rule.source.ToString() + '|' + group.id;
}

std::string RenderGroup(const Inventory& inventory, const SecurityGroup& group,
                        Direction direction) {
  std::string text;
  for (const RuleIndex rule : group.rules(direction)) {
    if (!text.empty()) text += ';';
    text += RenderRule(inventory.rules()[rule], group);
  }
  if (text.empty()) {
    text = direction == Direction::kIngress ? "no-inbound-rules||||" : "no-outbound-rules||||";
    text += group.id;
  }
  std::string escaped;
  AppendPythonJson(text, escaped);
  return escaped;
}

LayoutText MakeLayoutText(const RecordLayout& layout) {
  return LayoutText(layout.size(), [&](std::size_t column) {
    std::string text = column == 0 ? "{\"" : "\", \"";
    AppendPythonJson(layout.columns()[column].name, text);
    return text + "\": \"";
  });
}

class ClassicEncoder : public Encoder {
 public:
  explicit ClassicEncoder(std::shared_ptr<const Inventory> inventory)
      : group_texts_(std::move(inventory), RenderGroup), layout_texts_(MakeLayoutText) {}

  void Encode(const EnrichedRecord& enriched, OutputBuffer& to) override {
    const FlowRecord& record = enriched.record;
    const LayoutText& names = layout_texts_.Of(record.shared_layout());
    const auto values = record.values();
    std::size_t size = names.total_size() + kBeforeGroups.size() + LayoutText::kSlack;
    for (const std::string_view value : values) size += kMostJsonBytes * value.size();

    char* at = to.Reserve(size);
    if (record.plain()) [[likely]] {
      for (std::size_t i = 0; i < values.size(); ++i) {
        at = WriteShort(values[i], names.Write(i, at));
      }
    } else {
      for (std::size_t i = 0; i < values.size(); ++i) {
        at = WritePythonJson(values[i], names.Write(i, at));
      }
    }
    to.Commit(WriteShort(kBeforeGroups, at));
    AppendGroups(enriched, to);
    to.Append(kEnd);
  }

 private:
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
};

}  // namespace

std::unique_ptr<Encoder> MakeClassicEncoder(std::shared_ptr<const Inventory> inventory) {
  return std::make_unique<ClassicEncoder>(std::move(inventory));
}

}  // namespace sgflow
