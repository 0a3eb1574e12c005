#include "cli/size_report.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "output/json_text.h"
#include "output/printable_text.h"

namespace sgflow {
namespace {

constexpr double kNearlyAll = 0.99;

std::string InMegabytes(int tenths) { return fmt::format("{}.{}", tenths / 10, tenths % 10); }

std::string BufferText(std::optional<int> tenths) {
  return tenths ? InMegabytes(*tenths) + " MB" : "none";
}

std::string Json(std::string_view text) {
  std::string quoted = "\"";
  AppendJson(text, quoted);
  return quoted + '"';
}

// Of a sample what it has, else of what may come.
const Growth& WorstOf(const SizePrediction& prediction, bool sampled) {
  const bool may_come_worse = prediction.made_up->worst() > prediction.growth->worst();
  return *(sampled || !may_come_worse ? prediction.growth : prediction.made_up);
}

}  // namespace

std::string SizeText(std::span<const SizePrediction> predictions, bool sampled) {
  std::string text = fmt::format(
      "{} {}; times the size of a record as VPC flow logs put it into Firehose\n\n"
      "{:<9} {:>7} {:>7} {:>7}  {:<22} {:>8} {:>10}\n",
      predictions.front().growth->records(),
      sampled ? "records of the sample" : "records made up from the inventory alone", "format",
      "mean", "p99", "worst", "worst interface", "buffer", "with gzip");
  for (const SizePrediction& prediction : predictions) {
    const Growth& growth = *prediction.growth;
    const Growth& worst = WorstOf(prediction, sampled);
    fmt::format_to(
        std::back_inserter(text), "{:<9} {:>7.1f} {:>7.1f} {:>7.1f}  {:<22} {:>8} {:>10}\n",
        NameOf(prediction.format), growth.mean(), growth.Percentile(kNearlyAll), worst.worst(),
        PrintableText(worst.worst_interface()), BufferText(prediction.buffer),
        prediction.can_pack ? BufferText(prediction.packed_buffer) : "-");
  }
  return text +
         "\nbuffer: the most that Firehose may gather for an invocation so that nothing "
         "overflows,\n"
         "even where all of it is like the heaviest record that the inventory can make.\n"
         "With gzip: the same with SGFLOW_PACKING=gzip. None: even 0.2 MB can overflow; set\n"
         "SGFLOW_REINGEST or SGFLOW_PACKING, or write fewer fields (docs/size.md).\n";
}

std::string SizeJson(std::span<const SizePrediction> predictions, bool sampled) {
  std::string text = fmt::format(R"({{"records":{},"sampled":{},"formats":[)",
                                 predictions.front().growth->records(), sampled);
  const auto buffer = [](std::optional<int> tenths) {
    return tenths ? InMegabytes(*tenths) : "null";
  };
  for (const SizePrediction& prediction : predictions) {
    const Growth& growth = *prediction.growth;
    const Growth& worst = WorstOf(prediction, sampled);
    if (text.back() != '[') text += ',';
    fmt::format_to(
        std::back_inserter(text),
        R"({{"format":"{}","mean":{:.2f},"p99":{:.2f},"worst":{:.2f},"worst_interface":{},)"
        R"("heaviest_record":{},"buffer_mb":{})",
        NameOf(prediction.format), growth.mean(), growth.Percentile(kNearlyAll), worst.worst(),
        Json(worst.worst_interface()), Json(prediction.heaviest.line), buffer(prediction.buffer));
    if (prediction.can_pack) {
      fmt::format_to(std::back_inserter(text), R"(,"buffer_mb_with_gzip":{})",
                     buffer(prediction.packed_buffer));
    }
    text += '}';
  }
  return text + "]}\n";
}

}  // namespace sgflow
