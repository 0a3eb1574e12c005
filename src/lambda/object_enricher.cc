#include "lambda/object_enricher.h"

#include <span>
#include <string_view>
#include <utility>

#include "batch/provenance.h"
#include "batch/s3_inputs.h"
#include "batch/s3_outputs.h"

namespace sgflow {
namespace {

constexpr std::size_t kMostErrors = 10;

}  // namespace

ObjectEnricher::ObjectEnricher(std::unique_ptr<InputStore> inputs,
                               std::unique_ptr<OutputStore> outputs, const std::string& output_url,
                               BatchOptions options,
                               std::function<std::unique_ptr<Enriching>()> make, WallClock clock)
    : inputs_(std::move(inputs)),
      outputs_(std::move(outputs)),
      output_(ParseS3Prefix(output_url).value_or(S3Location{})),
      options_(std::move(options)),
      fingerprint_(FingerprintOf(options_)),
      make_(std::move(make)) {
  options_.time_is_over = [this, clock] { return until_ && clock() >= *until_; };
  if (!output_.key.empty() && !output_.key.ends_with('/')) output_.key += '/';
  StartAnew();
}

void ObjectEnricher::StartAnew() {
  processor_ =
      std::make_unique<InputProcessor>(*inputs_, *outputs_, options_, fingerprint_, make_, state_);
}

// As sgflow batch passes them over. An output that were an input would be told of, and so on for
// ever.
bool ObjectEnricher::IsInput(const S3Location& object) const {
  const std::string& key = object.key;
  const bool is_output = object.bucket == output_.bucket && key.starts_with(output_.key);
  return !is_output && !key.ends_with('/') && !key.starts_with('.') &&
         key.find("/.") == std::string::npos;
}

Result<bool> ObjectEnricher::IsFinished(const PlannedInput& planned) {
  if (auto possible = outputs_->Check(planned.output_key); !possible) {
    return std::unexpected(std::move(possible.error()));
  }
  const auto notes = outputs_->Find(std::span(&planned.output_key, 1));
  if (!notes) return std::unexpected(notes.error());
  const auto& note = notes->front();
  if (!note) return false;
  if (note->source != SourceOf(inputs_->Identity(planned.input))) {
    return std::unexpected(OfAnotherInput(planned, note->source,
                                          "give each bucket a function of its own with another "
                                          "SGFLOW_OUTPUT, or remove that output"));
  }
  if (note->incomplete || note->fingerprint != fingerprint_) return false;
  const auto opened = inputs_->Open(planned.input);
  if (!opened) return std::unexpected(opened.error());
  return opened->state == note->input;
}

ObjectOutcome ObjectEnricher::Process(const S3Location& object,
                                      std::optional<std::chrono::system_clock::time_point> until) {
  ObjectOutcome outcome;
  until_ = until;
  if (!IsInput(object)) {
    outcome.result = ObjectOutcome::Result::kPassed;
    return outcome;
  }
  const PlannedInput planned{
      .input = {.name = S3UrlOf(object.bucket, object.key), .key = object.key, .state = {}},
      .output_key = OutputKey(object.key, OutputSuffix(options_.compress))};
  const auto finished = IsFinished(planned);
  if (!finished) {
    outcome.errors.push_back(finished.error());
    return outcome;
  }
  if (*finished) {
    outcome.result = ObjectOutcome::Result::kFinished;
    return outcome;
  }
  const std::uint64_t before = state_.records;
  const EnrichCounters counters = processor_->enriching().counters();
  const InputOutcome done = processor_->Process(planned, [&](const Error& error) {
    // What made it fail comes last.
    if (outcome.errors.size() == kMostErrors) outcome.errors.pop_back();
    outcome.errors.push_back(error);
  });
  outcome.records = state_.records - before;
  outcome.rejected = done.rejected;
  outcome.cut_off = done.cut_off;
  outcome.unlearned = done.unlearned;
  outcome.messages = processor_->enriching().TakeMessages();
  if (done.written) {
    outcome.result = ObjectOutcome::Result::kWritten;
    outcome.counters = processor_->enriching().counters().Since(counters);
  } else {
    // Records of this one may be left there, and would come with the next one's.
    StartAnew();
  }
  return outcome;
}

std::unique_ptr<ObjectEnricher> MakeObjectEnricher(AwsClient& client, const std::string& output_url,
                                                   BatchOptions options,
                                                   std::function<std::unique_ptr<Enriching>()> make,
                                                   WallClock clock) {
  auto outputs = OpenS3Outputs(client, output_url);
  if (!outputs) return nullptr;
  return std::make_unique<ObjectEnricher>(MakeS3Inputs(client, {}, output_url, 1),
                                          std::move(*outputs), output_url, std::move(options),
                                          std::move(make), clock);
}

}  // namespace sgflow
