#include "lambda/metrics.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "output/json_text.h"
#include "verdict/verdict.h"

namespace sgflow {
namespace {

class MetricLine {
 public:
  void Count(std::string_view name, std::uint64_t value) {
    Add(name, "Count", std::to_string(value));
  }
  void Add(std::string_view name, std::string_view unit, std::string_view value) {
    fmt::format_to(std::back_inserter(metrics_), R"({}{{"Name":"{}","Unit":"{}"}})",
                   metrics_.empty() ? "" : ",", name, unit);
    fmt::format_to(std::back_inserter(values_), R"(,"{}":{})", name, value);
  }

  const std::string& metrics() const { return metrics_; }
  const std::string& values() const { return values_; }

 private:
  std::string metrics_;
  std::string values_;
};

using Verdicts = std::array<std::uint64_t, kVerdictKindCount>;

// A metric that is never written costs nothing.
void AddVerdicts(const Verdicts& verdicts, MetricLine& line) {
  for (std::size_t i = 0; i < kVerdictKindCount; ++i) {
    const auto kind = static_cast<VerdictKind>(i);
    if (verdicts[i] == 0 || kind == VerdictKind::kUnknownInterface) continue;
    line.Count(NameOf(kind), verdicts[i]);
  }
}

void AddCounts(const InvocationReport& report, MetricLine& line) {
  const FirehoseCounts& counts = report.counts;
  line.Count("RecordsIn", counts.records);
  line.Count("RecordsOk", counts.ok);
  line.Count("RecordsDropped", counts.dropped);
  line.Count("RecordsFailed", counts.failed);
  line.Count("OverflowReingested", report.reingested);
  line.Count("OverflowFailed", counts.overflowed - report.reingested);
  line.Count("OverflowLate", counts.late);
  line.Count("FlowRecords", counts.flow_records);
  line.Count("UnknownInterface", counts.unknown_interface);
  AddVerdicts(counts.verdicts, line);
}

void AddCounts(const ObjectCounts& counts, MetricLine& line) {
  line.Count("ObjectsIn", counts.objects);
  line.Count("ObjectsWritten", counts.written);
  line.Count("ObjectsIncomplete", counts.incomplete);
  line.Count("ObjectsCutOff", counts.cut_off);
  line.Count("ObjectsFinished", counts.finished);
  line.Count("ObjectsPassed", counts.passed);
  line.Count("ObjectsFailed", counts.failed);
  line.Count("FlowRecords", counts.flow_records);
  line.Count("FlowRecordsFailed", counts.rejected);
  line.Count("UnknownInterface", counts.unknown_interface);
  AddVerdicts(counts.verdicts, line);
}

// Of this program alone: what getrusage tells is also of the one that it was started from. None
// where there is no /proc.
std::optional<std::uint64_t> PeakMemoryBytes() {
  constexpr std::string_view kName = "VmHWM:";
  constexpr std::uint64_t kUnit = 1024;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(kName)) continue;
    const std::size_t digits = line.find_first_not_of(" \t", kName.size());
    if (digits == std::string::npos) break;
    std::uint64_t kilobytes = 0;
    const auto [end, fault] =
        std::from_chars(line.data() + digits, line.data() + line.size(), kilobytes);
    if (fault != std::errc()) break;
    return kilobytes * kUnit;
  }
  return std::nullopt;
}

}  // namespace

void Metrics::Write(const InvocationReport& report, std::chrono::system_clock::time_point now) {
  MetricLine line;
  line.Count("InvocationsFailed", report.failed ? 1 : 0);
  if (report.objects) {
    AddCounts(*report.objects, line);
  } else if (!report.failed) {
    AddCounts(report, line);
  }
  line.Count("ApiCalls", report.inventory.api_calls + report.stream.requests + report.s3.requests);
  line.Count("Throttles",
             report.inventory.throttles + report.stream.throttles + report.s3.throttles);
  line.Count("CacheHits", report.inventory.cache_hits);
  line.Count("NotLearned", report.inventory.failures);
  if (report.inventory_age) {
    line.Add("InventoryAge", "Seconds", std::to_string(report.inventory_age->count()));
  }
  if (const auto peak = PeakMemoryBytes()) {
    line.Add("PeakMemory", "Bytes", std::to_string(*peak));
  }
  line.Add(
      "Duration", "Milliseconds",
      fmt::format("{:.3f}", std::chrono::duration<double, std::milli>(report.duration).count()));

  std::string dimension;
  std::string value;
  if (!function_name_.empty()) {
    dimension = R"("FunctionName")";
    value = R"(,"FunctionName":")";
    AppendJson(function_name_, value);
    value += '"';
  }
  const auto milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
  sink_(fmt::format(R"({{"_aws":{{"Timestamp":{},"CloudWatchMetrics":[{{"Namespace":"{}",)"
                    R"("Dimensions":[[{}]],"Metrics":[{}]}}]}}{}{}}})"
                    "\n",
                    milliseconds, namespace_, dimension, line.metrics(), value, line.values()));
}

}  // namespace sgflow
