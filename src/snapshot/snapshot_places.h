// Who is asked where for a snapshot: each account in each Region.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/ec2.h"
#include "error/error.h"
#include "snapshot/snapshot.h"

namespace sgflow {

// Whether they are roles, each of another account. The error, kUsage, is without a place.
[[nodiscard]] Result<void> CheckRoles(std::span<const std::string> role_arns);

class SnapshotPlaces {
 public:
  // An account for each role, or else the caller's, which takes a call; `regions` empty: the
  // default one. Requires roles that CheckRoles takes.
  [[nodiscard]] static AwsResult<SnapshotPlaces> Open(std::span<const std::string> role_arns,
                                                      std::vector<std::string> regions);

  // Valid as long as this is.
  std::span<const SnapshotPlace> places() const { return places_; }
  // Of all clients. Any thread may ask.
  AwsCounters counters() const;

 private:
  struct Identity {
    std::unique_ptr<AwsClient> client;
    std::string account_id;
  };

  static AwsResult<std::vector<Identity>> FindIdentities(std::span<const std::string> role_arns,
                                                         const std::string& region);

  std::vector<Identity> identities_;
  std::vector<std::unique_ptr<Ec2>> connections_;
  std::vector<SnapshotPlace> places_;
};

}  // namespace sgflow
