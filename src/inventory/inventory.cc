#include "inventory/inventory.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace sgflow {
namespace {

template <typename T>
const T* Found(const IdIndex& index, const std::vector<T>& values, std::string_view id) {
  const auto found = index.Find(id);
  return found ? &values[*found] : nullptr;
}

void InsertLength(std::vector<int>& lengths, int length) {
  const auto at = std::ranges::lower_bound(lengths, length, std::greater{});
  if (at == lengths.end() || *at != length) lengths.insert(at, length);
}

}  // namespace

std::string RuleSource::ToString() const { return kind == Kind::kPrefix ? prefix.ToString() : id; }

bool NetworkInterface::Owns(const IpAddress& address) const {
  return std::ranges::find(addresses, address) != addresses.end() ||
         std::ranges::any_of(prefixes,
                             [&](const IpPrefix& prefix) { return prefix.Contains(address); });
}

std::size_t Inventory::VpcPrefixHash::operator()(const VpcPrefix& key) const noexcept {
  const std::size_t prefix =
      std::hash<IpAddress>{}(key.prefix.address()) + static_cast<std::size_t>(key.prefix.length());
  return std::hash<std::string_view>{}(key.vpc_id) ^ (prefix * 0x9E3779B97F4A7C15U);
}

const NetworkInterface* Inventory::FindInterface(std::string_view interface_id) const {
  return Found(interface_index_, interfaces_, interface_id);
}

const NetworkInterface* Inventory::FindLocal(std::string_view interface_id) const {
  const NetworkInterface* found = FindInterface(interface_id);
  return found == nullptr || found->peer_only ? nullptr : found;
}

const Unlearned* Inventory::FindUnlearned(Learnable what, std::string_view id) const {
  const auto key = [](const Unlearned& one) {
    return std::pair(one.what, std::string_view(one.id));
  };
  const auto found = std::ranges::lower_bound(unlearned_, std::pair(what, id), {}, key);
  return found != unlearned_.end() && key(*found) == std::pair(what, id) ? &*found : nullptr;
}

const NetworkInterface* Inventory::FindInterface(std::string_view vpc_id,
                                                 const IpAddress& address) const {
  for (const int length : address.is_ipv4() ? ipv4_lengths_ : ipv6_lengths_) {
    const auto found = address_index_.find({vpc_id, IpPrefix(address, length)});
    if (found == address_index_.end()) continue;
    return found->second ? &interfaces_[*found->second] : nullptr;
  }
  return nullptr;
}

const SecurityGroup* Inventory::FindGroup(std::string_view group_id) const {
  return Found(group_index_, groups_, group_id);
}

const PrefixList* Inventory::FindPrefixList(std::string_view prefix_list_id) const {
  return Found(prefix_list_index_, prefix_lists_, prefix_list_id);
}

const Subnet* Inventory::FindSubnet(std::string_view subnet_id) const {
  return Found(subnet_index_, subnets_, subnet_id);
}

bool Inventory::InterfacesKnown(std::string_view vpc_id) const {
  return std::ranges::binary_search(known_vpcs_, vpc_id);
}

void Inventory::BuildIndices() {
  const auto index = [](const auto& values, IdIndex& to) {
    to.Reserve(values.size());
    for (std::uint32_t i = 0; i < values.size(); ++i) to.FindOrAdd(values[i].id, i);
  };
  index(interfaces_, interface_index_);
  index(prefix_lists_, prefix_list_index_);
  index(subnets_, subnet_index_);

  std::size_t addresses = 0;
  for (const NetworkInterface& interface : interfaces_) {
    addresses += interface.addresses.size() + interface.prefixes.size();
  }
  address_index_.reserve(addresses);
  for (InterfaceIndex i = 0; i < interfaces_.size(); ++i) {
    const NetworkInterface& interface = interfaces_[i];
    // An address means nothing without the VPC that it is in.
    if (interface.vpc_id.empty()) continue;
    for (const IpAddress& address : interface.addresses) {
      IndexAddress(interface.vpc_id, IpPrefix(address, address.bits()), i);
    }
    for (const IpPrefix& prefix : interface.prefixes) IndexAddress(interface.vpc_id, prefix, i);
  }
}

void Inventory::IndexAddress(std::string_view vpc_id, const IpPrefix& prefix,
                             InterfaceIndex interface) {
  const auto [at, is_new] = address_index_.try_emplace({vpc_id, prefix}, interface);
  if (!is_new && at->second != interface) at->second = std::nullopt;
  InsertLength(prefix.is_ipv4() ? ipv4_lengths_ : ipv6_lengths_, prefix.length());
}

}  // namespace sgflow
