// What the documents list whole, as they say themselves or as is taken of what the CLI prints.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/description.h"

namespace sgflow {

class Completeness {
 public:
  // `documents` must outlive this.
  explicit Completeness(std::span<const DocumentDescription> documents);

  // The document holds something of the VPC.
  void AddMention(std::uint32_t document, std::string_view vpc_id);
  // The document holds one of the VPC's interfaces, in a list that is of all kinds of them.
  void AddListedInterface(std::uint32_t document, std::string_view vpc_id);
  // `OwnerId` of a subnet. One who only shares a VPC cannot list what others have in it.
  void AddOwner(std::string_view vpc_id, std::string_view account_id);

  // Whether the documents have all of the kind that the VPC has. One of the CLI vouches for that
  // unless a `NextToken` cuts a list of the kind, and for interfaces only where it holds one of
  // the VPC's; one with a `Coverage` vouches for what that says.
  bool Lists(ListedKind kind, std::string_view vpc_id) const;

  // Whether a `NextToken` says that some document's list of the kind goes on elsewhere.
  bool Cuts(ListedKind kind) const { return cut_.Has(kind); }

  // The VPCs whose interfaces are all there, sorted.
  std::vector<std::string> WholeVpcs() const;

 private:
  using Names = std::set<std::string, std::less<>>;

  bool Vouches(std::uint32_t document, ListedKind kind, std::string_view vpc_id) const;
  bool Covers(const Coverage& coverage, std::uint32_t document, ListedKind kind,
              std::string_view vpc_id) const;

  std::span<const DocumentDescription> documents_;
  std::vector<Names> mentions_;  // by document
  std::vector<Names> listed_interfaces_;
  std::map<std::string, std::string, std::less<>> owners_;
  ListedKinds cut_;
};

}  // namespace sgflow
