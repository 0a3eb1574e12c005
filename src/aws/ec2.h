// EC2's describe calls, asked in bulk and read to the end, their answers as the JSON that AWS's CLI
// prints: one reader (documents) then serves files, snapshots and live answers alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"

namespace sgflow {

// Indexes AwsActions, whose table (action_table.inc) says why each is called.
enum class Ec2Action : std::uint8_t {
#define SGFLOW_EC2_ACTION(name, largest_page, why) k##name,
#include "aws/action_table.inc"
};

// What EC2 takes in a filter.
inline constexpr std::size_t kMostFilterValues = 200;

struct Ec2Ask {
  Ec2Action action = Ec2Action::kDescribeNetworkInterfaces;
  std::string filter{};               // as network-interface-id; empty: all there are
  std::vector<std::string> values{};  // any number: EC2 takes 200 in a call, so they are split
  std::string prefix_list_id{};       // of kGetManagedPrefixListEntries alone
  AwsDeadline deadline = AwsDeadline::max();
};

// Each page is a JSON object with the CLI's one key, as {"NetworkInterfaces": [...]}, and no
// NextToken. The entries of a prefix list come as {"PrefixListId": ..., "Entries": [...]}.
using Ec2Pages = std::vector<std::string>;

class Ec2 {
 public:
  Ec2() = default;
  Ec2(const Ec2&) = delete;
  Ec2& operator=(const Ec2&) = delete;
  virtual ~Ec2() = default;

  // Follows every page to the end, asks in parallel. A fault where any page is missing: what was
  // only partly learned is never taken for whole. Answers stand in the order of the asks, pages in
  // the order of the values and of EC2. A filter without values finds nothing and costs no call.
  [[nodiscard]] virtual std::vector<AwsResult<Ec2Pages>> Ask(std::span<const Ec2Ask> asks) = 0;
};

// Of the client's identity, in one Region. `client` must outlive it.
[[nodiscard]] std::unique_ptr<Ec2> MakeEc2(AwsClient& client, std::string region);

}  // namespace sgflow
