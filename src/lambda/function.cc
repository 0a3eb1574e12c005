#include "lambda/function.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "aws/client.h"
#include "aws/large_blocks.h"
#include "enrich/enricher.h"
#include "input/record_reader.h"
#include "lambda/firehose_handler.h"
#include "lambda/firehose_transform.h"
#include "lambda/http_runtime_api.h"
#include "lambda/invocation_loop.h"
#include "lambda/json_log.h"
#include "lambda/metrics.h"
#include "lambda/object_enricher.h"
#include "lambda/object_handler.h"
#include "lambda/reingestion.h"
#include "lambda/snapshot_handler.h"
#include "live/batch_enricher.h"
#include "live/enriching.h"
#include "live/open_inventory.h"

namespace sgflow {
namespace {

constexpr int kUnusable = 2;

// One call a line, so that lines stay whole whatever else writes there.
void WriteToStandardOutput(std::string_view line) {
  while (!line.empty()) {
    const ssize_t count = write(STDOUT_FILENO, line.data(), line.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;  // nobody is left to be told
    line.remove_prefix(static_cast<std::size_t>(count));
  }
}

int FailToStart(RuntimeApi& api, JsonLog& log, std::string type, std::span<const Error> errors) {
  std::string message;
  for (const Error& error : errors) {
    message += (message.empty() ? "" : "\n") + Describe(error);
    log.Write(LogLine(LogLevel::kFatal).Add("message", Describe(error)));
  }
  const auto sent = api.SendInitError({.type = std::move(type), .message = std::move(message)});
  if (!sent) log.Write(LogLine(LogLevel::kError).Add("message", sent.error().message));
  return kUnusable;
}

// Null, and all are told why, where it cannot be used.
std::unique_ptr<InventorySource> OpenConfiguredInventory(const Configuration& configuration,
                                                         RuntimeApi& api, JsonLog& log) {
  const auto start = std::chrono::steady_clock::now();
  auto source = OpenInventory(configuration.inventory);
  if (!source) {
    FailToStart(api, log, "Runtime.InvalidInventory", source.error());
    return nullptr;
  }
  if (configuration.inventory.is_live()) return std::move(*source);
  for (const std::string& message : (*source)->Refresh()) {
    log.Write(LogLine(LogLevel::kWarn).Add("message", message));
  }
  const auto inventory = (*source)->Current();
  log.Write(LogLine(LogLevel::kInfo)
                .Add("message", "inventory loaded")
                .Add("interfaces", inventory->interfaces().size())
                .Add("groups", inventory->groups().size())
                .Add("rules", inventory->rules().size())
                .Add("milliseconds", std::chrono::steady_clock::now() - start));
  return std::move(*source);
}

std::unique_ptr<ObjectEnricher> MakeObjects(const Configuration& configuration,
                                            const std::shared_ptr<InventorySource>& source,
                                            AwsClient& client, WallClock clock) {
  const EnricherOptions enricher{
      .format = configuration.format, .fields = configuration.fields, .count_verdicts = true};
  return MakeObjectEnricher(
      client, configuration.output,
      {.read = {.layout = configuration.record_format},
       .format_options = configuration.format_options},
      [source, enricher] { return MakeEnriching(source, enricher); }, clock);
}

}  // namespace

int RunLambda(const Environment& environment) {
  // What AWS answers, and documents, take megabytes for moments.
  ReturnLargeBlocks();
  JsonLog log(ReadLogLevel(environment), WriteToStandardOutput);
  const auto address = GetVariable(environment, "AWS_LAMBDA_RUNTIME_API");
  if (!address) {
    log.Write(LogLine(LogLevel::kFatal)
                  .Add("message",
                       "AWS_LAMBDA_RUNTIME_API is not set: this runs as an AWS Lambda function; at "
                       "the command line use sgflow enrich"));
    return kUnusable;
  }
  const auto api = MakeHttpRuntimeApi(*address);
  if (!api) {
    log.Write(LogLine(LogLevel::kFatal).Add("message", Describe(api.error())));
    return kUnusable;
  }

  for (const std::string& message : UnknownNames(environment)) {
    log.Write(LogLine(LogLevel::kWarn).Add("message", message));
  }
  const auto configuration = ReadConfiguration(environment);
  if (!configuration) {
    return FailToStart(**api, log, "Runtime.ConfigInvalid", std::span(&configuration.error(), 1));
  }
  constexpr WallClock kClock = &std::chrono::system_clock::now;
  const Wait wait = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); };
  auto snapshots = ReadSnapshotSetup(environment);
  if (!snapshots) {
    return FailToStart(**api, log, "Runtime.ConfigInvalid", std::span(&snapshots.error(), 1));
  }
  if (*snapshots) {
    SnapshotHandler handler(std::move(**snapshots), log, kClock);
    return RunInvocationLoop(**api, handler, log, wait);
  }
  const std::shared_ptr<InventorySource> source =
      OpenConfiguredInventory(*configuration, **api, log);
  if (source == nullptr) return kUnusable;

  RecordReader reader({.layout = configuration->record_format});
  BatchEnricher batches(
      *source,
      {.format = configuration->format, .fields = configuration->fields, .count_verdicts = true});
  FirehoseTransform transform(
      reader, {.packing = configuration->packing, .partition_keys = configuration->partition_keys});
  std::optional<Reingestion> reingestion;
  if (!configuration->reingest_stream.empty()) {
    reingestion.emplace(MakeReingestionClient(), configuration->reingest_stream, kClock, wait);
  }
  std::optional<Metrics> metrics;
  if (!configuration->metrics_namespace.empty()) {
    const auto name = GetVariable(environment, "AWS_LAMBDA_FUNCTION_NAME").value_or("");
    metrics.emplace(configuration->metrics_namespace, std::string(name), WriteToStandardOutput);
  }
  FirehoseHandler handler(transform, batches, *source, reingestion ? &*reingestion : nullptr,
                          metrics ? &*metrics : nullptr, log, kClock);
  const auto client = MakeAwsClient({});
  ObjectHandler objects([&] { return MakeObjects(*configuration, source, *client, kClock); },
                        *client, handler, metrics ? &*metrics : nullptr, log, kClock);
  const bool takes_objects = !configuration->output.empty();
  return RunInvocationLoop(
      **api, takes_objects ? static_cast<InvocationHandler&>(objects) : handler, log, wait);
}

int RunLambda() { return RunLambda(ReadEnvironment(environ)); }

}  // namespace sgflow
