#include "verdict/rule_set.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace sgflow {

class RuleSet::Compiler {
 public:
  Compiler(const InventoryIndex& index, const GroupList& list, Direction direction, RuleSet& set)
      : index_(index), list_(list), direction_(direction), set_(set) {}

  void Run() {
    const Inventory& inventory = index_.inventory();
    for (const GroupIndex group : list_.groups) {
      const std::vector<RuleIndex>& rules = inventory.groups()[group].rules(direction_);
      RuleIndex first_of_permission = 0;
      const std::string* permission = nullptr;
      for (const RuleIndex rule : rules) {
        // D11: a permission's sources stand side by side and are one rule.
        if (permission == nullptr || inventory.rules()[rule].id != *permission) {
          permission = &inventory.rules()[rule].id;
          first_of_permission = rule;
        }
        Add(inventory.rules()[rule], first_of_permission);
      }
    }
    set_.prefixes_ = PrefixIndex(std::move(prefixes_));
    for (std::vector<Bucket>& buckets : set_.sources_) {
      for (Bucket& bucket : buckets) bucket.ports.Finish();
    }
    set_.port_classes_.Finish();
  }

 private:
  void Add(const Rule& rule, RuleIndex number) {
    if (NamesPort(rule) && HasPorts(*rule.protocol)) AddPortClass(rule);
    if (rule.source.peering == PeeringStatus::kDeleted &&
        rule.source.kind == RuleSource::Kind::kSecurityGroup) {
      return;
    }
    const SourceId source = SourceOf(rule);
    Bucket& bucket = BucketOf(source, rule.protocol ? int{*rule.protocol} : kAnyProtocol);
    if (!NamesPort(rule)) {
      bucket.all_ports.push_back(number);
    } else if (!HasPorts(*rule.protocol)) {
      bucket.icmp_types.push_back(number);
    } else {
      AddPorts(rule, number, bucket);
    }
  }

  struct Ports {
    std::uint16_t first = 1;
    std::uint16_t last = 0;  // below `first`: none is inside
  };

  static Ports PortsInside(const Rule& rule) {
    const auto [first, last] = PortsOf(rule);
    if (first > last || last < 0 || first > 0xFFFF) return {};
    return {static_cast<std::uint16_t>(std::max(first, 0)),
            static_cast<std::uint16_t>(std::min(last, 0xFFFF))};
  }

  void AddPortClass(const Rule& rule) {
    const auto [first, last] = PortsInside(rule);
    if (first <= last) set_.port_classes_.Add(first, last);
  }

  static void AddPorts(const Rule& rule, RuleIndex number, Bucket& bucket) {
    // Where no port is inside, a fragment's may be all the same.
    const auto [first, last] = PortsInside(rule);
    bucket.ports.Add({first, last, number});
  }

  Bucket& BucketOf(SourceId source, int protocol) {
    std::vector<Bucket>& buckets = set_.sources_[source];
    const auto found = std::ranges::find(buckets, protocol, &Bucket::protocol);
    if (found != buckets.end()) return *found;
    buckets.push_back({.protocol = protocol, .all_ports = {}, .icmp_types = {}, .ports = {}});
    return buckets.back();
  }

  SourceId SourceOf(const Rule& rule) {
    // What is asked of two references to a group differs with these.
    std::string key = rule.source.ToString();
    if (rule.source.kind == RuleSource::Kind::kSecurityGroup) {
      key += rule.source.peering == PeeringStatus::kActive ? " active " : " ";
      key += rule.source.vpc_id;
    }
    const auto [at, is_new] =
        known_.try_emplace(std::move(key), static_cast<SourceId>(set_.sources_.size()));
    if (is_new) {
      set_.sources_.emplace_back();
      AddSource(rule, at->second);
    }
    return at->second;
  }

  void AddSource(const Rule& rule, SourceId source) {
    switch (rule.source.kind) {
      case RuleSource::Kind::kPrefix:
        prefixes_.push_back({rule.source.prefix, source});
        return;
      case RuleSource::Kind::kPrefixList:
        AddPrefixList(rule, source);
        return;
      case RuleSource::Kind::kSecurityGroup:
        AddGroup(rule, source);
        return;
    }
  }

  void AddPrefixList(const Rule& rule, SourceId source) {
    const PrefixList* list = index_.inventory().FindPrefixList(rule.source.id);
    if (list == nullptr || !list->entries || !list->whole) set_.untold_.push_back(source);
    if (list == nullptr || !list->entries) return;
    for (const IpPrefix& prefix : *list->entries) prefixes_.push_back({prefix, source});
  }

  void AddGroup(const Rule& rule, SourceId source) {
    set_.asks_for_holder_ = true;
    const Inventory& inventory = index_.inventory();
    set_.by_any_group_.push_back(source);
    if (!IsCovered(index_, rule, list_.vpc)) set_.untold_far_.push_back(source);
    const SecurityGroup* group = inventory.FindGroup(rule.source.id);
    if (group == nullptr) return;
    const GroupIndex number = inventory.IndexOf(*group);
    set_.by_group_[number].push_back({source, rule.source.peering == PeeringStatus::kActive});
    if (direction_ == Direction::kIngress && index_.CarriedByNetworkLoadBalancer(number)) {
      set_.by_balancer_.push_back(source);
    }
  }

  const InventoryIndex& index_;
  const GroupList& list_;
  Direction direction_;
  RuleSet& set_;
  std::unordered_map<std::string, SourceId> known_;
  std::vector<PrefixIndex::Entry> prefixes_;
};

RuleSet::RuleSet(const InventoryIndex& index, const GroupList& list, Direction direction)
    : index_(index) {
  Compiler(index, list, direction, *this).Run();
}

RuleSet::Class RuleSet::ClassOf(const Question& question) const {
  Class of{.node = prefixes_.Find(question.peer)};
  if (asks_for_holder_ && question.entry != 0) {
    // A neighbour is its groups; of others the members of each group have to be asked.
    const auto near = index_.InterfaceIn(question.vpc, question.entry);
    of.holder = near ? (index_.facts(*near).list << 1 | 1) : question.entry << 1;
  }
  if (question.fragment) {
    of.port = 0xFFFFFFFF;
  } else if (HasPorts(question.protocol)) {
    of.port = port_classes_.Of(question.port);
  } else if (question.icmp) [[unlikely]] {
    // A code that is not told is one of its own.
    of.port =
        (question.icmp->type + 1U) << 16 | (question.icmp->code ? *question.icmp->code : 256U);
  }
  return of;
}

void RuleSet::Find(const Question& question, std::uint32_t node, std::vector<FoundRule>& to) const {
  prefixes_.ForEachValue(node,
                         [&](SourceId source) { FindOf(source, Answer::kYes, question, to); });
  for (const SourceId source : untold_) FindOf(source, Answer::kUntold, question, to);
  if (asks_for_holder_) FindByGroup(question, to);
}

// The order of D17's questions plays no part here: the best answer for a rule counts, and
// CheckGroup's later questions never give a better one.
void RuleSet::FindByGroup(const Question& question, std::vector<FoundRule>& to) const {
  const auto near = index_.InterfaceIn(question.vpc, question.entry);
  const std::span<const NetworkInterface> interfaces = index_.inventory().interfaces();
  if (MayCarryAnyGroup(index_, question, near)) {
    for (const SourceId source : by_any_group_) FindOf(source, Answer::kUntold, question, to);
  }
  if (near) {
    for (const GroupIndex group : interfaces[*near].groups) {
      const auto found = by_group_.find(group);
      if (found == by_group_.end()) continue;
      for (const GroupSource& at : found->second) FindOf(at.source, Answer::kYes, question, to);
    }
  } else {
    for (const InventoryIndex::Holder& holder : index_.Holders(question.entry)) {
      if (holder.vpc == question.vpc) continue;
      for (const GroupIndex group : interfaces[holder.interface].groups) {
        const auto found = by_group_.find(group);
        if (found == by_group_.end()) continue;
        for (const GroupSource& at : found->second) {
          FindOf(at.source, at.active ? Answer::kYes : Answer::kUntold, question, to);
        }
      }
    }
    for (const SourceId source : untold_far_) FindOf(source, Answer::kUntold, question, to);
  }
  if (!HasPorts(question.protocol)) return;
  const Answer by_balancer =
      question.through_network_load_balancer ? Answer::kYes : Answer::kUntold;
  for (const SourceId source : by_balancer_) FindOf(source, by_balancer, question, to);
}

void RuleSet::FindOf(SourceId source, Answer answer, const Question& question,
                     std::vector<FoundRule>& to) const {
  for (const Bucket& bucket : sources_[source]) {
    if (bucket.protocol != kAnyProtocol && bucket.protocol != question.protocol) continue;
    for (const RuleIndex rule : bucket.all_ports) to.push_back({rule, answer, false});
    for (const RuleIndex rule : bucket.icmp_types) {
      const Rule& at = index_.inventory().rules()[rule];
      const Answer by_type = CheckIcmpMessage(at.from_port, at.to_port, question.icmp);
      if (by_type != Answer::kNo) to.push_back({rule, std::min(answer, by_type), true});
    }
    if (question.fragment) {
      for (const PortRange& range : bucket.ports.ranges()) {
        to.push_back({range.value, Answer::kUntold, true});
      }
    } else {
      bucket.ports.ForEachValue(question.port,
                                [&](RuleIndex rule) { to.push_back({rule, answer, true}); });
    }
  }
}

}  // namespace sgflow
