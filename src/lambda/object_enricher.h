// One object after the other to its output, with sgflow batch's guarantees: what Lambda is told of
// twice is done once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/s3_url.h"
#include "batch/batch.h"
#include "batch/one_input.h"
#include "batch/storage.h"
#include "live/enriching.h"
#include "store/inventory_source.h"

namespace sgflow {

struct ObjectOutcome {
  enum class Result : std::uint8_t {
    kWritten,
    kFinished,  // before
    kPassed,    // it is no input: an output, a hidden name, a folder
    kFailed,    // and may be tried again
  };
  Result result = Result::kFailed;
  std::uint64_t records = 0;
  std::uint64_t rejected = 0;
  bool cut_off = false;  // what is written is what could be read before its data ends or is damaged
  EnrichCounters counters{};  // of what was written
  // Records that AWS could not be asked about. What is written is noted as incomplete, and
  // done again when it is told of again.
  RecordsByReason unlearned{};
  std::vector<Error> errors;  // the first ones
  std::vector<std::string> messages;
};

// For one thread.
class ObjectEnricher {
 public:
  // `output_url`: where `outputs` are. What is enriched is fixed by `options.format_options`.
  ObjectEnricher(std::unique_ptr<InputStore> inputs, std::unique_ptr<OutputStore> outputs,
                 const std::string& output_url, BatchOptions options,
                 std::function<std::unique_ptr<Enriching>()> make, WallClock clock);

  // The output's key is the object's, as sgflow batch s3://BUCKET has it. What is not read by
  // `until` has failed.
  ObjectOutcome Process(const S3Location& object,
                        std::optional<std::chrono::system_clock::time_point> until);

 private:
  bool IsInput(const S3Location& object) const;
  // kInput: the output there is another object's.
  Result<bool> IsFinished(const PlannedInput& planned);
  void StartAnew();

  std::unique_ptr<InputStore> inputs_;
  std::unique_ptr<OutputStore> outputs_;
  S3Location output_;
  BatchOptions options_;
  std::uint64_t fingerprint_;
  std::function<std::unique_ptr<Enriching>()> make_;
  std::optional<std::chrono::system_clock::time_point> until_;
  BatchState state_;
  std::unique_ptr<InputProcessor> processor_;
};

// In S3, by the environment's identity; with `client`'s connections.
std::unique_ptr<ObjectEnricher> MakeObjectEnricher(AwsClient& client, const std::string& output_url,
                                                   BatchOptions options,
                                                   std::function<std::unique_ptr<Enriching>()> make,
                                                   WallClock clock);

}  // namespace sgflow
