// A Firehose data transformation: the event's bytes in, the answer's bytes out. Reads no clock and
// no environment, and logs nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/enricher.h"
#include "error/error.h"
#include "input/record_reader.h"
#include "lambda/firehose_event.h"
#include "lambda/firehose_response.h"
#include "lambda/gzip_pack.h"
#include "lambda/partition_keys.h"
#include "live/record_chunk.h"
#include "output/output_buffer.h"
#include "verdict/verdict.h"

namespace sgflow {

// Every record of the event is exactly one of ok, dropped, failed and overflowed.
struct FirehoseCounts {
  std::uint64_t records = 0;
  std::uint64_t ok = 0;
  std::uint64_t dropped = 0;     // held no flow-log record: control message, header alone, empty
  std::uint64_t failed = 0;      // not base64, not readable, or with a line that is malformed
  std::uint64_t overflowed = 0;  // its output did not fit into the answer, or time was over
  std::uint64_t late = 0;        // of those: time was over

  std::uint64_t flow_records = 0;       // in the records that are ok
  std::uint64_t unknown_interface = 0;  // of those
  RecordsByReason unlearned{};          // of flow_records: EnrichCounters::unlearned
  std::array<std::uint64_t, kVerdictKindCount> verdicts{};  // of those, by VerdictKind

  friend bool operator==(const FirehoseCounts&, const FirehoseCounts&) = default;
};

struct FirehoseOutcome {
  FirehoseCounts counts;
  // Those that overflowed and may do better in another event, by their place in this one.
  std::vector<std::size_t> to_reingest;
  // What was wrong with the first record that failed, which place.file names. It may quote from
  // the record.
  std::optional<Error> first_failure;
  // The self-check's plain sentence, where more than one judged record in a hundred is unexplained.
  std::optional<std::string> hint;
};

enum class Packing : std::uint8_t { kNone, kGzip };

struct FirehoseOptions {
  // kGzip: one record brings the output of all, as gzip, and the others that are ok are `Dropped`.
  Packing packing = Packing::kNone;
  // Given with each record that is `Ok`. Not together with kGzip: a pack holds records of all keys.
  PartitionKeys partition_keys{};
  std::size_t max_response_bytes = kMaxResponseBytes;
};

using TimeIsOver = std::function<bool()>;

// For one event after the other; keeps its memory. Not for several threads at once.
class FirehoseTransform {
 public:
  // `reader` must outlive it.
  FirehoseTransform(RecordReader& reader, FirehoseOptions options);

  // Decides on every record of the event: `Ok` with all of its enriched lines, `Dropped`, or
  // `ProcessingFailed` with its original data. The event must live until Finish, and the
  // kEventPadding bytes behind it must be readable. Errors, all kInput: no Firehose event, or one
  // whose original data alone are too long for an answer. Once `time_is_over`, which is asked now
  // and then, the records that are left overflow.
  [[nodiscard]] Result<FirehoseOutcome> Transform(std::string_view event, Enricher& enricher,
                                                  const TimeIsOver& time_is_over);
  // The same for the last event, with another Enricher. What a survey has read is not read again.
  [[nodiscard]] Result<FirehoseOutcome> TransformAgain(Enricher& enricher,
                                                       const TimeIsOver& time_is_over);

  // Delivers one that overflowed after all, judged by itself, as in an event of its own: others may
  // have been dropped since. False where it still does not fit, or time is over; the outcome of the
  // event is as it was then.
  [[nodiscard]] bool DeliverLater(std::size_t record, Enricher& enricher,
                                  const TimeIsOver& time_is_over, FirehoseOutcome& outcome);

  // The bytes of a record; none where its data are no base64.
  std::optional<std::string> Original(std::size_t record) const;
  // It was: the answer is `Dropped` then.
  void Drop(std::size_t record) { response_.Drop(record); }

  // The answer to the last event that was transformed, valid until the next one; in its order.
  [[nodiscard]] std::string_view Finish() { return response_.Finish(); }

 private:
  enum class Content : std::uint8_t { kNothing, kRecords, kUnfinished, kTooLong };

  // The flow-log records of a Firehose record, in chunk_.
  struct Kept {
    bool whole = false;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  // What a record holds, with the output in output_, or its end there and what comes before it in
  // pack_ as parts; kUnfinished where time was over before its
  // end, kTooLong where no answer could bring its output.
  [[nodiscard]] Result<Content> EnrichRecord(std::size_t record, Enricher& enricher,
                                             const TimeIsOver& time_is_over);

  // That record and all behind it.
  void AddLate(std::size_t first, FirehoseOutcome& outcome) const;
  // False where what is in output_ does not fit into the answer.
  bool Deliver(std::size_t record);

  RecordReader& reader_;
  FirehoseOptions options_;
  FirehoseEventParser parser_;
  std::span<const FirehoseRecord> records_;
  FirehoseResponse response_;
  RecordChunk chunk_;  // what a survey read, up to some MB
  std::vector<Kept> kept_;
  std::string payload_;
  OutputBuffer output_;
  std::string metadata_;  // of the record that was delivered last
  GzipPack pack_;
  std::optional<std::size_t> packed_into_;  // the record that brings it
};

}  // namespace sgflow
