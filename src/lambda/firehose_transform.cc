#include "lambda/firehose_transform.h"

#include <utility>

#include "enrich/self_check.h"
#include "input/base64.h"
#include "input/record_sink.h"

namespace sgflow {
namespace {

constexpr std::size_t kMostKept = std::size_t{4} << 20;
// How much output of one record waits to be packed.
constexpr std::size_t kMostUnpacked = std::size_t{1} << 20;

// Enriches what one Firehose record holds, and keeps the first thing wrong with it.
class EnrichingSink : public RecordSink {
 public:
  // `pack`: where long output goes; null where none is packed. `most_bytes` of it can be of use.
  // `chunk`: where to keep the records too; may be null.
  EnrichingSink(Enricher& enricher, OutputBuffer& output, GzipPack* pack, std::size_t most_bytes,
                PartitionKeys& keys, const TimeIsOver& time_is_over, RecordChunk* chunk)
      : enricher_(enricher),
        output_(output),
        pack_(pack),
        most_bytes_(most_bytes),
        keys_(keys),
        time_is_over_(time_is_over),
        chunk_(chunk) {}

  void OnRecord(const FlowRecord& record) override {
    // One bad line fails the whole record: the others' work would be thrown away.
    if (rejected_ || is_late_ || is_too_long_) return;
    enricher_.Enrich(record, output_);
    // A megabyte of gzip may hold millions of lines.
    if (pack_ != nullptr && output_.size() > kMostUnpacked) {
      pack_->StartPiece(output_.view());
      output_.Clear();
    }
    is_too_long_ = (pack_ != nullptr ? pack_->bytes_of_parts() : output_.size()) > most_bytes_;
    keys_.Add(record);
    if (chunk_ != nullptr && chunk_->bytes() > kMostKept) chunk_ = nullptr;
    if (chunk_ != nullptr) chunk_->Add(record);
    AskTime();
  }
  void OnRejected(const Error& error, std::string_view /*text*/) override {
    if (!rejected_) rejected_ = error;
  }
  // What is no record takes time too: a megabyte of gzip may hold a gigabyte of it.
  bool WantsMore() override {
    if (!is_late_) AskTime();
    return !rejected_ && !is_late_ && !is_too_long_;
  }

  std::optional<Error>& rejected() { return rejected_; }
  bool is_late() const { return is_late_; }
  bool is_too_long() const { return is_too_long_; }
  bool keeps() const { return chunk_ != nullptr; }

 private:
  static constexpr std::size_t kAskEvery = 256;

  void AskTime() {
    if (++asked_ % kAskEvery == 0) is_late_ = time_is_over_();
  }

  Enricher& enricher_;
  OutputBuffer& output_;
  GzipPack* pack_;
  std::size_t most_bytes_;
  PartitionKeys& keys_;
  const TimeIsOver& time_is_over_;
  RecordChunk* chunk_;
  std::size_t asked_ = 0;
  bool is_late_ = false;
  bool is_too_long_ = false;
  std::optional<Error> rejected_;
};

void CountDelivered(const EnrichCounters& enriched, FirehoseCounts& counts) {
  ++counts.ok;
  counts.flow_records += enriched.records;
  counts.unknown_interface += enriched.unknown_interface;
  for (const auto& [reason, number] : enriched.unlearned) counts.unlearned[reason] += number;
  for (std::size_t kind = 0; kind < kVerdictKindCount; ++kind) {
    counts.verdicts[kind] += enriched.verdicts[kind];
  }
}

}  // namespace

FirehoseTransform::FirehoseTransform(RecordReader& reader, FirehoseOptions options)
    : reader_(reader), options_(std::move(options)) {}

Result<FirehoseOutcome> FirehoseTransform::Transform(std::string_view event, Enricher& enricher,
                                                     const TimeIsOver& time_is_over) {
  const auto records = parser_.Parse(event);
  if (!records) return std::unexpected(records.error());
  records_ = *records;
  chunk_.Clear();
  kept_.assign(records_.size(), Kept{});
  if (enricher.surveys()) chunk_.Reserve(kMostKept);
  return TransformAgain(enricher, time_is_over);
}

Result<FirehoseOutcome> FirehoseTransform::TransformAgain(Enricher& enricher,
                                                          const TimeIsOver& time_is_over) {
  if (auto started = response_.Start(records_, options_.max_response_bytes); !started) {
    return std::unexpected(std::move(started).error());
  }
  pack_.Start();
  packed_into_.reset();

  enricher.StartStretch();
  const EnrichCounters at_start = enricher.counters();
  FirehoseOutcome outcome;
  FirehoseCounts& counts = outcome.counts;
  counts.records = records_.size();
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (time_is_over()) {
      AddLate(i, outcome);
      break;
    }
    const EnrichCounters before = enricher.counters();
    auto holds = EnrichRecord(i, enricher, time_is_over);
    if (!holds) {
      ++counts.failed;
      if (!outcome.first_failure) {
        outcome.first_failure = std::move(holds).error();
        outcome.first_failure->place.file = "records[" + std::to_string(i) + "]";
      }
    } else if (*holds == Content::kNothing) {
      ++counts.dropped;
      response_.Drop(i);
    } else if (*holds == Content::kUnfinished) {
      AddLate(i, outcome);
      // One that had all the time to itself needs more than there is.
      if (i == 0) outcome.to_reingest.erase(outcome.to_reingest.begin());
      break;
    } else if (*holds == Content::kTooLong) {
      ++counts.overflowed;
    } else if (Deliver(i)) {
      CountDelivered(enricher.counters().Since(before), counts);
    } else {
      ++counts.overflowed;
      // Whatever it came with the next time, it would be too long.
      const std::size_t bytes =
          options_.packing == Packing::kGzip ? pack_.bytes_alone() : output_.size();
      if (response_.FitsAlone(i, bytes, metadata_.size())) outcome.to_reingest.push_back(i);
    }
  }
  // The pack was kept within the room that there is.
  if (packed_into_) static_cast<void>(response_.Deliver(*packed_into_, pack_.Finish()));
  outcome.hint =
      HintOf(enricher.counters().Since(at_start), enricher.inventory(), enricher.notes_lacking());
  return outcome;
}

bool FirehoseTransform::DeliverLater(std::size_t record, Enricher& enricher,
                                     const TimeIsOver& time_is_over, FirehoseOutcome& outcome) {
  // What is packed is delivered, and there is one pack.
  if (packed_into_) return false;
  enricher.StartStretch();
  const EnrichCounters before = enricher.counters();
  const auto holds = EnrichRecord(record, enricher, time_is_over);
  if (!holds || *holds != Content::kRecords || !Deliver(record)) return false;
  if (packed_into_ && !response_.Deliver(record, pack_.Finish())) return false;
  --outcome.counts.overflowed;
  CountDelivered(enricher.counters().Since(before), outcome.counts);
  return true;
}

bool FirehoseTransform::Deliver(std::size_t record) {
  if (options_.packing == Packing::kNone) {
    metadata_.clear();
    options_.partition_keys.AppendMember(metadata_);
    return response_.Deliver(record, output_.view(), metadata_);
  }
  if (!pack_.Add(output_.view(), response_.RoomFor(record))) return false;
  // Those before it give up their room, so the last one has the most.
  response_.Drop(record);
  packed_into_ = record;
  return true;
}

std::optional<std::string> FirehoseTransform::Original(std::size_t record) const {
  std::string bytes;
  if (!DecodeBase64(records_[record].base64, bytes)) return std::nullopt;
  return bytes;
}

void FirehoseTransform::AddLate(std::size_t first, FirehoseOutcome& outcome) const {
  for (std::size_t i = first; i < records_.size(); ++i) outcome.to_reingest.push_back(i);
  outcome.counts.late = records_.size() - first;
  outcome.counts.overflowed += outcome.counts.late;
}

Result<FirehoseTransform::Content> FirehoseTransform::EnrichRecord(std::size_t record,
                                                                   Enricher& enricher,
                                                                   const TimeIsOver& time_is_over) {
  output_.Clear();
  options_.partition_keys.Clear();
  pack_.DropParts();
  enricher.StartPayload();
  Kept& kept = kept_[record];
  const bool keeps = !kept.whole && enricher.surveys() && chunk_.bytes() < kMostKept;
  EnrichingSink sink(enricher, output_, options_.packing == Packing::kGzip ? &pack_ : nullptr,
                     options_.max_response_bytes, options_.partition_keys, time_is_over,
                     keeps ? &chunk_ : nullptr);
  if (kept.whole) {
    for (std::size_t i = kept.begin; i < kept.end; ++i) sink.OnRecord(chunk_.At(i));
  } else {
    if (!DecodeBase64(records_[record].base64, payload_)) {
      return std::unexpected(Error{
          .kind = ErrorKind::kInput, .message = "data is no base64", .place = {}, .hint = {}});
    }
    const std::size_t size = payload_.size();
    payload_.append(RecordReader::kPadding, '\0');
    kept.begin = chunk_.size();
    const auto read = reader_.ReadBytes(std::string_view(payload_).substr(0, size), sink);
    if (sink.rejected()) return std::unexpected(std::move(*sink.rejected()));
    if (!read) return std::unexpected(read.error());
  }
  if (sink.is_late()) return Content::kUnfinished;
  if (sink.is_too_long()) return Content::kTooLong;
  if (sink.keeps()) {
    kept.end = chunk_.size();
    kept.whole = true;
  }
  // Parts of its output may be in the pack already.
  const bool is_empty = output_.size() == 0 && !pack_.has_parts();
  return is_empty ? Content::kNothing : Content::kRecords;
}

}  // namespace sgflow
