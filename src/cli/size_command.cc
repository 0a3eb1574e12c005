#include "cli/size_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/enriching_options.h"
#include "cli/exit_code.h"
#include "cli/named_files.h"
#include "cli/named_inventory.h"
#include "cli/size_report.h"
#include "cli/standard_output.h"
#include "input/record_reader.h"
#include "lambda/partition_keys.h"
#include "size/growth.h"
#include "size/heaviest_records.h"
#include "size/largest_buffer.h"
#include "size/made_up_records.h"

namespace sgflow {
namespace {

// `LogFormat` of the stack in deploy/, as it is unless told otherwise.
constexpr std::string_view kStackRecordFormat =
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "
    "${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status} ${vpc-id} "
    "${subnet-id} ${instance-id} ${tcp-flags} ${type} ${pkt-srcaddr} ${pkt-dstaddr} ${region} "
    "${az-id} ${sublocation-type} ${sublocation-id} ${pkt-src-aws-service} "
    "${pkt-dst-aws-service} ${flow-direction} ${traffic-path} ${reject-reason} ${resource-id}";

struct SizeOptions {
  std::vector<std::string> inventories;
  std::vector<std::string> samples;  // none: records are made up
  std::string format;                // empty: all
  std::optional<std::string> record_format;
  std::string fields;
  std::string drop;
  std::string partition_keys;
  bool stack = false;
  bool json = false;
};

// What the stack sets its function up to unless told otherwise.
void SetUpAsStack(SizeOptions& options) {
  if (options.format.empty()) options.format = "json";
  if (!options.record_format) options.record_format = kStackRecordFormat;
  // The function adds the column by itself where it sends records round.
  if (options.format != "classic") options.fields += ",+sgflow_record_id";
}

// Takes each record of a sample to all formats.
class GrowthSink : public NamedFiles::Sink {
 public:
  explicit GrowthSink(std::vector<SizePrediction>& predictions) : predictions_(predictions) {}

  void StartFile(bool /*interactive*/) override {
    for (SizePrediction& prediction : predictions_) prediction.growth->StartStretch();
  }
  void OnRecord(const FlowRecord& record) override {
    for (SizePrediction& prediction : predictions_) prediction.growth->Add(record);
    layout_ = record.shared_layout();
  }

  // The last record's; null where there was none.
  const std::shared_ptr<const RecordLayout>& layout() const { return layout_; }

 private:
  std::vector<SizePrediction>& predictions_;
  std::shared_ptr<const RecordLayout> layout_;
};

// The exit code. `layout` becomes that of the sample's last record.
int ReadSamples(const std::vector<std::string>& names, const ReadOptions& options,
                std::vector<SizePrediction>& predictions,
                std::shared_ptr<const RecordLayout>& layout) {
  NamedFiles files(names);
  GrowthSink sink(predictions);
  const int code = files.Read(options, sink);
  files.EndTelling();
  if (sink.layout()) layout = sink.layout();
  return code;
}

Result<std::vector<SizePrediction>> StartPredictions(
    const SizeOptions& options, const PartitionKeys& keys,
    const std::shared_ptr<const Inventory>& inventory) {
  std::vector<SizePrediction> predictions;
  for (const OutputFormatName& known : OutputFormats()) {
    if (!options.format.empty() && known.name != options.format) continue;
    auto fields =
        FieldSelection::Parse(known.format, {"--fields", options.fields}, {"--drop", options.drop});
    if (!fields) return std::unexpected(std::move(fields.error()));
    const EnricherOptions enricher{.format = known.format, .fields = *fields};
    predictions.push_back({.format = known.format,
                           .enricher = enricher,
                           .growth = std::make_unique<Growth>(inventory, enricher, keys),
                           .made_up = std::make_unique<Growth>(inventory, enricher, keys),
                           .buffer = {},
                           .can_pack = true,
                           .packed_buffer = {},
                           .heaviest = {}});
  }
  return predictions;
}

// By the heaviest records of the sample and of those that are made up.
void FindBuffers(const std::shared_ptr<const Inventory>& inventory, const PartitionKeys& keys,
                 SizePrediction& prediction) {
  std::vector<Growth::Record> heaviest = prediction.growth->Heaviest();
  std::ranges::move(prediction.made_up->Heaviest(), std::back_inserter(heaviest));
  std::ranges::stable_sort(heaviest, std::greater(), &Growth::Record::load);
  prediction.buffer =
      LargestBuffer(inventory, prediction.enricher, {.partition_keys = keys}, heaviest);
  prediction.can_pack = keys.empty();
  if (prediction.can_pack) {
    prediction.packed_buffer =
        LargestBuffer(inventory, prediction.enricher, {.packing = Packing::kGzip}, heaviest);
  }
  prediction.heaviest = std::move(heaviest.front());
}

int RunSize(SizeOptions options) {
  if (options.stack) SetUpAsStack(options);
  if (options.format.empty() && !(options.fields.empty() && options.drop.empty())) {
    return Fail({.kind = ErrorKind::kUsage,
                 .message = "--fields and --drop are for one format",
                 .place = {},
                 .hint = "name it with --format"});
  }
  ReadOptions read;
  if (options.record_format) {
    auto layout = RecordLayout::Parse(*options.record_format);
    if (!layout) {
      layout.error().place.field = "--record-format";
      return Fail(layout.error());
    }
    for (const std::string& message : UnknownColumns(**layout)) {
      fmt::print(stderr, "sgflow: --record-format: {}\n", message);
    }
    read.layout = std::move(*layout);
  }
  const auto keys = PartitionKeys::Parse(options.partition_keys);
  if (!keys) {
    Error error = keys.error();
    error.place.field = "--partition-keys";
    return Fail(error);
  }
  const auto history = LoadNamedInventory(options.inventories, "--inventory");
  if (!history) return history.error();
  const std::shared_ptr<const Inventory>& inventory = history->inventory;
  auto predictions = StartPredictions(options, *keys, inventory);
  if (!predictions) return Fail(predictions.error());

  const bool sampled = !options.samples.empty();
  auto layout = read.layout ? read.layout : RecordLayout::Default();
  const int code = sampled ? ReadSamples(options.samples, read, *predictions, layout) : kSuccess;
  MakeUpRecords(*inventory, layout, [&](const FlowRecord& record) {
    for (SizePrediction& prediction : *predictions) {
      (sampled ? prediction.made_up : prediction.growth)->Add(record);
    }
  });
  if (predictions->front().growth->records() == 0) {
    return Fail({.kind = sampled ? ErrorKind::kInput : ErrorKind::kInventory,
                 .message = sampled ? "the sample has no record"
                                    : "the inventory has no interface with a security group",
                 .place = {},
                 .hint = {}});
  }
  for (SizePrediction& prediction : *predictions) {
    SearchHeaviestRecords(*inventory, layout, [&](const FlowRecord& record) {
      prediction.made_up->StartStretch();  // each by itself, as the buffer's are
      return prediction.made_up->Add(record);
    });
    FindBuffers(inventory, *keys, prediction);
  }
  const int printed =
      Print(options.json ? SizeJson(*predictions, sampled) : SizeText(*predictions, sampled));
  return printed == kSuccess ? code : printed;
}

}  // namespace

void AddSizeCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run) {
  auto options = std::make_shared<SizeOptions>();
  CLI::App* command = program.add_subcommand(
      "size", "Predicts how much larger records become, and the buffer for Firehose");
  command->footer(
      "Examples:\n"
      "  sgflow size --inventory inventory.json\n"
      "  sgflow size --inventory inventory.json --stack\n"
      "  sgflow size -i inventory.json --sample flow.log.gz --format json --fields +sg_rules\n"
      "\n"
      "Run it before the Lambda function is deployed; docs/size.md tells how to read it.");
  command
      ->add_option("-i,--inventory", options->inventories,
                   "What AWS had configured, as the AWS CLI prints it;\n"
                   "may be given several times")
      ->required()
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      ->add_option("-s,--sample", options->samples,
                   "Flow logs of the account; without, records are made up.\n"
                   "May be given several times")
      ->type_name("FILE");
  command->add_option("-f,--format", options->format, "This output format alone")
      ->check(OutputFormatCheck());
  command
      ->add_option("-r,--record-format", options->record_format,
                   "Order of the fields where no header tells it, as for enrich")
      ->type_name("FORMAT");
  command->add_option("--fields", options->fields, "As for enrich, with --format")
      ->type_name("NAMES");
  command->add_option("--drop", options->drop, "As for enrich, with --format")->type_name("NAMES");
  command
      ->add_option("--partition-keys", options->partition_keys,
                   "As SGFLOW_PARTITION_KEYS: they are a part of the answer")
      ->type_name("KEYS:{account_id,region,vpc_id,day,hour},...");
  command->add_flag("--stack", options->stack,
                    "For the function of the stack in deploy/: json with\n"
                    "sgflow_record_id, of the records of its flow log; what\n"
                    "is set otherwise there is given besides");
  command->add_flag("--json", options->json, "Write JSON for scripts");
  command->callback([options, run] { run([options] { return RunSize(*options); }); });
}

}  // namespace sgflow
