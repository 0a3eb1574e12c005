// A snapshot: what EC2 said, of one moment, of several accounts and Regions, as one document that
// --inventory reads.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "aws/ec2.h"
#include "error/error.h"
#include "snapshot/snapshot_part.h"

namespace sgflow {

struct SnapshotPlace {
  Ec2* ec2 = nullptr;
  std::string account_id;
  std::string region;
};

struct SnapshotOptions {
  std::chrono::sys_seconds captured_at;
  std::vector<std::string> vpc_ids;  // empty: all
  AwsDeadline until = AwsDeadline::max();
};

struct CapturedSnapshot {
  std::string json;
  std::vector<std::string> warnings;      // what AWS refused to tell, and the document has not
  std::vector<std::string> missing_vpcs;  // of those that were asked for: nowhere
  std::array<std::size_t, kSnapshotKinds.size()> counts{};  // of elements, by kind
};

// Asks several places at the same time. Nothing where one of them fails: then the error of each
// that does, with its name. Places that have none of the VPCs do not stand in the document. `done`
// counts the places, for who waits.
[[nodiscard]] std::expected<CapturedSnapshot, std::vector<Error>> CaptureSnapshot(
    std::span<const SnapshotPlace> places, const SnapshotOptions& options,
    std::atomic<std::size_t>& done);

// The document: the same for the same parts, in whatever order they come. What several parts have,
// as the interfaces of a shared VPC, stands in one of them: its owner's if there is one.
[[nodiscard]] CapturedSnapshot WriteSnapshotDocument(std::vector<SnapshotPart> parts,
                                                     std::chrono::sys_seconds captured_at);

}  // namespace sgflow
