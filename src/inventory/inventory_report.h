// What is wrong with an inventory's documents: errors, which make it unusable, and warnings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"

namespace sgflow {

enum class InventoryWarningKind : std::uint8_t {
  kNothingKnown,              // a file holds nothing that sgflow knows
  kWrongCaseKey,              // a key differs from a known one in case, '-' or '_' only
  kNextToken,                 // a list goes on beyond the document
  kHostBits,                  // a CIDR has bits behind its length; they were masked away
  kInstanceAddress,           // an instance's interface has an address that is none; left out
  kEntriesWithoutList,        // `Entries` without the `PrefixListId` they belong to; left out
  kPrefixListWithoutEntries,  // a prefix list is named, its entries are not given
  kAclNumberTwice,            // two entries of an ACL share a number
  kSubnetUnderTwoAcls,        // its ACL is taken as unknown
  kAclNotTold,                // without Entries or Associations: what hangs on them is unknown
  kTwoDefaultAcls,            // of one VPC; the ACL of its other subnets is taken as unknown
  kUndescribedGroup,          // an interface carries a group that no document describes
  kNoInterfaces,              // no document describes an interface
};

// The first of its kind stands for all.
struct InventoryWarning {
  InventoryWarningKind kind = InventoryWarningKind::kNothingKnown;
  std::string message;
  Place place;
  std::string hint;
  std::uint64_t count = 1;

  friend bool operator==(const InventoryWarning&, const InventoryWarning&) = default;
};

// As Describe(Error), with how many of the kind there are.
std::string Describe(const InventoryWarning& warning);

// Somewhere in a document.
Place InFile(std::string_view file, std::string path = {});

// Collects both. Errors beyond the first kMostErrors are counted only.
class InventoryReport {
 public:
  static constexpr std::size_t kMostErrors = 20;

  void AddError(Error error);
  void AddError(Place place, std::string message, std::string hint = {});
  void AddWarning(InventoryWarningKind kind, Place place, std::string message,
                  std::string hint = {});

  bool has_errors() const { return !errors_.empty(); }

  // What has been reported so far.
  struct Mark {
    std::size_t errors = 0;
    std::uint64_t further_errors = 0;
  };
  Mark mark() const { return {errors_.size(), further_errors_}; }
  // For what turns out to be of no meaning.
  void DropErrorsSince(const Mark& mark) {
    errors_.resize(mark.errors);
    further_errors_ = mark.further_errors;
  }

  // In the order of their coming; where there were too many, the last one says how many more.
  std::vector<Error> TakeErrors();
  // In the order of their kind.
  std::vector<InventoryWarning> TakeWarnings();

 private:
  std::vector<Error> errors_;
  std::uint64_t further_errors_ = 0;
  std::vector<InventoryWarning> warnings_;
};

}  // namespace sgflow
