#include "verdict/rule_set.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>

namespace sgflow {
namespace {

// The values under a key of a sorted list of pairs.
template <typename Function>
void ForEachOf(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs, std::uint32_t key,
               const Function& function) {
  auto at = std::ranges::lower_bound(pairs, key, {}, [](const auto& pair) { return pair.first; });
  for (; at != pairs.end() && at->first == key; ++at) function(at->second);
}

}  // namespace

class RuleSet::Compiler {
 public:
  Compiler(const InventoryIndex& index, GroupIndex group, VpcIndex vpc, Direction direction,
           RuleSet& set)
      : index_(index),
        inventory_(index.inventory()),
        rules_(inventory_.groups()[group].rules(direction)),
        vpc_(vpc),
        direction_(direction),
        set_(set) {}

  void Run() {
    Collect();
    std::vector<PrefixIndex::Entry> prefixes;
    const Entry* before = nullptr;
    set_.rules_.reserve(entries_.size());
    for (const Entry& entry : entries_) {
      const bool new_source = before == nullptr || KeyOf(*before) != KeyOf(entry);
      if (new_source) {
        set_.buckets_of_.push_back(static_cast<std::uint32_t>(set_.buckets_.size()));
        AddSource(entry.of->source, prefixes);
      }
      if (new_source || before->bucket.protocol != entry.bucket.protocol ||
          before->bucket.service != entry.bucket.service) {
        set_.buckets_.push_back(entry.bucket);
        set_.buckets_.back().begin = static_cast<std::uint32_t>(set_.rules_.size());
      }
      set_.rules_.push_back(entry.rule);
      before = &entry;
    }
    set_.buckets_of_.push_back(static_cast<std::uint32_t>(set_.buckets_.size()));
    set_.buckets_.push_back({.begin = static_cast<std::uint32_t>(set_.rules_.size())});
    set_.prefixes_ = PrefixIndex(std::move(prefixes));
    IndexManyPorts();
    std::ranges::sort(set_.by_list_);
    std::ranges::sort(set_.by_group_);
    set_.buckets_of_.shrink_to_fit();
    set_.buckets_.shrink_to_fit();
  }

 private:
  struct Entry {
    const Rule* of = nullptr;
    Bucket bucket;
    PortRange rule;
  };

  // What is asked of two references to a group differs with their peering.
  using Key = std::tuple<RuleSource::Kind, IpPrefix, std::string_view, bool, std::string_view>;
  static Key KeyOf(const Entry& entry) {
    const RuleSource& source = entry.of->source;
    const bool is_group = source.kind == RuleSource::Kind::kSecurityGroup;
    return {source.kind, source.prefix, source.id.view(),
            is_group && source.peering == PeeringStatus::kActive,
            is_group ? source.vpc_id.view() : std::string_view()};
  }

  void Collect() {
    entries_.reserve(rules_.size());
    RuleIndex first_of_permission = 0;
    const std::string* permission = nullptr;
    for (const RuleIndex number : rules_) {
      const Rule& rule = inventory_.rules()[number];
      // D11: a permission's sources stand side by side and are one rule.
      if (permission == nullptr || rule.id != *permission) {
        permission = &rule.id;
        first_of_permission = number;
      }
      if (rule.source.peering == PeeringStatus::kDeleted &&
          rule.source.kind == RuleSource::Kind::kSecurityGroup) {
        continue;
      }
      entries_.push_back(EntryOf(rule, first_of_permission));
    }
    std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
      const auto a_key = KeyOf(a);
      const auto b_key = KeyOf(b);
      if (a_key != b_key) return a_key < b_key;
      return std::tuple(a.bucket.protocol, a.bucket.service) <
             std::tuple(b.bucket.protocol, b.bucket.service);
    });
  }

  static Entry EntryOf(const Rule& rule, RuleIndex number) {
    Entry entry{.of = &rule, .bucket = {}, .rule = {.value = number}};
    if (rule.protocol) entry.bucket.protocol = *rule.protocol;
    if (!NamesPort(rule)) return entry;
    if (!HasPorts(*rule.protocol)) {
      entry.bucket.service = Service::kIcmpTypes;
      return entry;
    }
    entry.bucket.service = Service::kPorts;
    // Where no port is inside, a fragment's may be all the same.
    const PortSpan ports = PortsInside(rule);
    entry.rule.first = ports.first;
    entry.rule.last = ports.last;
    return entry;
  }

  void AddSource(const RuleSource& of, std::vector<PrefixIndex::Entry>& prefixes) {
    const auto source = static_cast<SourceId>(set_.buckets_of_.size() - 1);
    switch (of.kind) {
      case RuleSource::Kind::kPrefix:
        prefixes.push_back({of.prefix, source});
        return;
      case RuleSource::Kind::kPrefixList:
        AddPrefixList(of, source);
        return;
      case RuleSource::Kind::kSecurityGroup:
        AddGroup(of, source);
        return;
    }
  }

  void AddPrefixList(const RuleSource& of, SourceId source) {
    const PrefixList* list = inventory_.FindPrefixList(of.id);
    if (list == nullptr || !list->entries || !list->whole) set_.untold_.push_back(source);
    if (list != nullptr && list->entries) {
      set_.by_list_.emplace_back(index_.IndexOf(*list), source);
    }
  }

  void AddGroup(const RuleSource& of, SourceId source) {
    set_.by_any_group_.push_back(source);
    if (!IsCovered(index_, of, vpc_)) set_.untold_far_.push_back(source);
    const SecurityGroup* group = inventory_.FindGroup(of.id);
    if (group == nullptr) return;
    const GroupIndex number = inventory_.IndexOf(*group);
    set_.by_group_.emplace_back(number, source);
    if (of.peering == PeeringStatus::kActive) set_.active_.push_back(source);
    if (direction_ == Direction::kIngress && index_.CarriedByNetworkLoadBalancer(number)) {
      set_.by_balancer_.push_back(source);
    }
  }

  void IndexManyPorts() {
    for (std::size_t i = 0; i + 1 < set_.buckets_.size(); ++i) {
      Bucket& bucket = set_.buckets_[i];
      if (bucket.service != Service::kPorts) continue;
      std::vector<PortRange> ranges;
      std::copy_if(set_.rules_.begin() + bucket.begin,
                   set_.rules_.begin() + set_.buckets_[i + 1].begin, std::back_inserter(ranges),
                   [](const PortRange& range) { return range.first <= range.last; });
      auto made = PortIndex::Make(ranges);
      if (!made) continue;
      bucket.service = Service::kManyPorts;
      set_.many_ports_.emplace_back(i, std::move(*made));
    }
  }

  const InventoryIndex& index_;
  const Inventory& inventory_;
  const std::vector<RuleIndex>& rules_;
  VpcIndex vpc_;
  Direction direction_;
  RuleSet& set_;
  std::vector<Entry> entries_;
};

RuleSet::RuleSet(const InventoryIndex& index, GroupIndex group, VpcIndex vpc, Direction direction)
    : index_(index) {
  Compiler(index, group, vpc, direction, *this).Run();
}

void RuleSet::Find(const Question& question, std::vector<FoundRule>& to) const {
  const auto find = [&](Answer answer) {
    return [&, answer](SourceId source) { FindOf(source, answer, question, to); };
  };
  prefixes_.ForEachValue(prefixes_.Find(question.peer), find(Answer::kYes));
  if (!by_list_.empty()) {
    index_.ForEachListAround(question.listed, [&](std::uint32_t list) {
      ForEachOf(by_list_, list, find(Answer::kYes));
    });
  }
  std::ranges::for_each(untold_, find(Answer::kUntold));
  if (!by_any_group_.empty()) FindByGroup(question, to);
}

// The order of D17's questions plays no part here: the best answer for a rule counts, and
// CheckGroup's later questions never give a better one.
void RuleSet::FindByGroup(const Question& question, std::vector<FoundRule>& to) const {
  const auto near = index_.InterfaceIn(question.vpc, question.entry);
  const std::span<const NetworkInterface> interfaces = index_.inventory().interfaces();
  const auto untold = [&](SourceId source) { FindOf(source, Answer::kUntold, question, to); };
  if (MayCarryAnyGroup(index_, question, near)) std::ranges::for_each(by_any_group_, untold);
  if (near) {
    for (const GroupIndex group : interfaces[*near].groups) {
      ForEachOf(by_group_, group,
                [&](SourceId source) { FindOf(source, Answer::kYes, question, to); });
    }
  } else {
    for (const InventoryIndex::Holder& holder : index_.Holders(question.entry)) {
      if (holder.vpc == question.vpc) continue;
      for (const GroupIndex group : interfaces[holder.interface].groups) {
        ForEachOf(by_group_, group, [&](SourceId source) {
          const bool active = std::ranges::binary_search(active_, source);
          FindOf(source, active ? Answer::kYes : Answer::kUntold, question, to);
        });
      }
    }
    std::ranges::for_each(untold_far_, untold);
  }
  if (!HasPorts(question.protocol)) return;
  const Answer by_balancer =
      question.through_network_load_balancer ? Answer::kYes : Answer::kUntold;
  for (const SourceId source : by_balancer_) FindOf(source, by_balancer, question, to);
}

void RuleSet::FindOf(SourceId source, Answer answer, const Question& question,
                     std::vector<FoundRule>& to) const {
  for (std::size_t i = buckets_of_[source]; i != buckets_of_[source + 1]; ++i) {
    const std::int16_t protocol = buckets_[i].protocol;
    if (protocol == kAnyProtocol || protocol == question.protocol) FindIn(i, answer, question, to);
  }
}

void RuleSet::FindIn(std::size_t bucket, Answer answer, const Question& question,
                     std::vector<FoundRule>& to) const {
  const Service service = buckets_[bucket].service;
  const std::uint32_t begin = buckets_[bucket].begin;
  const auto rules = std::span(rules_).subspan(begin, buckets_[bucket + 1].begin - begin);
  if (service == Service::kAllPorts) {
    for (const PortRange& rule : rules) to.push_back({rule.value, answer, false});
  } else if (service == Service::kIcmpTypes) {
    for (const PortRange& rule : rules) {
      const Rule& at = index_.inventory().rules()[rule.value];
      const Answer by_type = CheckIcmpMessage(at.from_port, at.to_port, question.icmp);
      if (by_type != Answer::kNo) to.push_back({rule.value, std::min(answer, by_type), true});
    }
  } else if (question.fragment) {
    for (const PortRange& rule : rules) to.push_back({rule.value, Answer::kUntold, true});
  } else if (service == Service::kPorts) {
    for (const PortRange& rule : rules) {
      if (rule.Holds(question.port)) to.push_back({rule.value, answer, true});
    }
  } else {
    const auto at = std::ranges::lower_bound(many_ports_, bucket, {},
                                             [](const auto& pair) { return pair.first; });
    for (const RuleIndex rule : at->second.Around(question.port)) {
      to.push_back({rule, answer, true});
    }
  }
}

}  // namespace sgflow
