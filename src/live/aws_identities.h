// Whom AWS is asked by: the environment's identity, or roles in accounts.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "aws/client.h"
#include "live/ec2_places.h"
#include "live/live_source.h"

namespace sgflow {

// Any number of threads may use it.
class AwsIdentities {
 public:
  // `role_arn` may have {account-id} in it, and may be empty.
  explicit AwsIdentities(std::string role_arn) : role_arn_(std::move(role_arn)) {}

  bool by_account() const { return role_arn_.find(kAccountId) != std::string::npos; }

  // Valid as long as this. Costs nothing until it is used.
  AwsClient& Of(const std::string& account_id);

  CallCounts counts() const;

 private:
  static constexpr std::string_view kAccountId = "{account-id}";

  std::string RoleIn(const std::string& account_id) const;

  std::string role_arn_;
  mutable std::mutex lock_;
  std::map<std::string, std::unique_ptr<AwsClient>> clients_;  // by role
};

// Keeps the identities. The default Region where a place has none.
Ec2Factory MakeEc2Factory(std::shared_ptr<AwsIdentities> identities);

}  // namespace sgflow
