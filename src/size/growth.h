// How much larger records become in one output format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "enrich/enricher.h"
#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "lambda/partition_keys.h"
#include "output/output_buffer.h"

namespace sgflow {

// A flow-log record as VPC flow logs put it into Firehose: {"message":"..."}
std::string MessageOf(std::string_view line);

// For one thread. A record's growth is the length of its output by that of its message.
class Growth {
 public:
  struct Record {
    std::shared_ptr<const RecordLayout> layout;
    std::string line;
    std::string interface_id;
    double growth = 0;
    double load = 0;  // bytes of an answer to Firehose, roughly, for each byte of the message
  };
  static constexpr std::size_t kMostKept = 512;

  // `keys`: those that come with each record of an answer.
  Growth(std::shared_ptr<const Inventory> inventory, const EnricherOptions& options,
         PartitionKeys keys = {})
      : enricher_(std::move(inventory), options), keys_(std::move(keys)) {}

  // Another file begins.
  void StartStretch() { enricher_.StartStretch(); }
  // The record's load: see Record.
  double Add(const FlowRecord& record);

  std::uint64_t records() const { return records_; }
  // All output by all messages. This and those below require a record.
  double mean() const { return static_cast<double>(output_bytes_) / message_bytes_; }
  // What that part of the records does not exceed, to a hundredth.
  double Percentile(double part) const;
  double worst() const { return worst_; }
  const std::string& worst_interface() const { return worst_interface_; }
  // Of each interface those that weigh most in an answer, one for each action; the heaviest first.
  std::vector<Record> Heaviest() const;

 private:
  void Keep(std::string_view action, Record record);

  Enricher enricher_;
  PartitionKeys keys_;
  OutputBuffer output_;
  std::string line_;
  std::string metadata_;
  std::uint64_t records_ = 0;
  std::uint64_t output_bytes_ = 0;
  double message_bytes_ = 0;
  std::map<std::uint32_t, std::uint64_t> hundredths_;  // of growth, and how many records had it
  double worst_ = 0;
  std::string worst_interface_;
  std::unordered_map<std::string, Record> heaviest_;  // by interface and action
};

}  // namespace sgflow
