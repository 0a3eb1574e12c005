// What a snapshot tells sgflow, to be compared with another one's: not its text, in which an order,
// a count of free addresses or a status changes without anything that an answer could hang on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sgflow {

class SnapshotContent {
 public:
  // All that an inventory of it has, but for when it was. None where no inventory can be made of
  // it. O(n log n); holds about as much as the text.
  [[nodiscard]] static std::optional<SnapshotContent> Read(std::string_view json);

  // Whether this one, the later one, says nothing that the earlier one does not. That AWS did not
  // tell now what a prefix list holds is not another content of the list.
  bool AddsNothingTo(const SnapshotContent& earlier) const;

 private:
  std::vector<std::string> lines_;  // one for each thing, sorted
  // Of prefix lists, by id; those that are known.
  std::map<std::string, std::string, std::less<>> entries_;
};

}  // namespace sgflow
