// The keys of Firehose's dynamic partitioning: what the flow-log records of a Firehose record have
// in common, as part of a path in S3.
// docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "flowlog/flow_record.h"

namespace sgflow {

// A Firehose record is delivered as a whole and so has one value of each key: the one that all of
// its flow-log records have. Where they differ it is `mixed`, so that none is filed under another's
// value; where it is missing, or could not be part of a path, `unknown`. Never empty: Firehose
// would put the record under its error prefix.
class PartitionKeys {
 public:
  static constexpr std::string_view kMixed = "mixed";
  static constexpr std::string_view kUnknown = "unknown";

  // Names of keys, set apart by commas: account_id, region, vpc_id, day (2026-01-31) and hour (23).
  // Day and hour are those of `end`, in UTC. Errors, kUsage and without a place: no such key, or
  // one given twice.
  [[nodiscard]] static Result<PartitionKeys> Parse(std::string_view names);

  bool empty() const { return keys_.empty(); }

  // A Firehose record begins.
  void Clear();
  // One of its flow-log records.
  void Add(const FlowRecord& record);
  // `"partitionKeys":{...}`: the member of the answer's metadata. Nothing where there are no keys.
  void AppendMember(std::string& to) const;

 private:
  enum class Source : std::uint8_t { kAccountId, kRegion, kVpcId, kDay, kHour };
  struct Key {
    Source source;
    std::string value;  // empty: no record yet
  };

  static std::optional<Source> FindSource(std::string_view name);
  static std::string_view NameOf(Source source);
  static void Read(const FlowRecord& record, Source source, std::string& value);

  std::vector<Key> keys_;
  std::string value_;
};

}  // namespace sgflow
