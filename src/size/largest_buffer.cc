#include "size/largest_buffer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <random>
#include <ranges>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "input/base64.h"
#include "input/record_reader.h"

namespace sgflow {
namespace {

constexpr std::size_t kTenth = (1 << 20) / 10;
// A request may be as long as an answer.
constexpr std::size_t kMaxRequestBytes = kMaxResponseBytes;
constexpr std::string_view kEnd = "]}";
constexpr std::uint64_t kArrival = 1767225700000;

// Digits nobody could guess, as many as there were; the same each time.
void Scramble(std::string& digits, std::size_t first, std::minstd_rand& random) {
  for (std::size_t i = first; i < digits.size(); ++i) {
    const bool leads = i == 0 && digits.size() > 1;
    const auto digit = static_cast<char>(leads ? 1 + random() % 9 : random() % 10);
    if (digits[i] >= '0' && digits[i] <= '9') digits[i] = static_cast<char>('0' + digit);
  }
}

// A heavy record, and which of its ports can be another without its becoming lighter: the opener's.
struct Heavy {
  Growth::Record record;
  std::optional<Field> opener;
};

// The record with other counters and times, as long as it was and as little alike as records are.
std::string Varied(const Heavy& heavy, std::minstd_rand& random) {
  // What the seconds of a batch have in common: it is of some minutes.
  constexpr std::size_t kOfBatch = 7;
  std::string line;
  std::size_t column = 0;
  for (const auto word : std::views::split(heavy.record.line, ' ')) {
    std::string value(word.begin(), word.end());
    const auto stands_here = [&](Field field) {
      return heavy.record.layout->IndexOf(field) == column;
    };
    if (stands_here(Field::kPackets) || stands_here(Field::kBytes)) Scramble(value, 0, random);
    // Behind its first two digits a port stays one, but for the last ones.
    const bool is_large_port = value.size() > 3 && !value.starts_with("65");
    if (heavy.opener && stands_here(*heavy.opener) && is_large_port) Scramble(value, 2, random);
    if (stands_here(Field::kStart) || stands_here(Field::kEnd)) Scramble(value, kOfBatch, random);
    if (column++ != 0) line += ' ';
    line += value;
  }
  return line;
}

// What an encoder makes of a line.
class OutputSize {
 public:
  explicit OutputSize(Enricher& enricher) : enricher_(enricher) {}

  // 0 where the line is none of the layout's.
  std::size_t Of(const std::shared_ptr<const RecordLayout>& layout, std::string_view line) {
    output_.Clear();
    if (record_.Split(layout, line, ' ')) enricher_.Enrich(record_, output_);
    return output_.size();
  }

 private:
  Enricher& enricher_;
  FlowRecord record_;
  OutputBuffer output_;
};

Heavy HeavyOf(const Growth::Record& record, OutputSize& output) {
  Heavy heavy{.record = record, .opener = {}};
  const std::size_t wanted = output.Of(record.layout, record.line);
  for (const Field port : {Field::kSrcport, Field::kDstport}) {
    heavy.opener = port;
    std::minstd_rand random;
    if (output.Of(record.layout, Varied(heavy, random)) >= wanted) return heavy;
  }
  heavy.opener.reset();
  return heavy;
}

// Records of one interface, the heaviest first.
using OfInterface = std::vector<Heavy>;

// Steps that lead to each of so many places once, and never soon to one near by: interfaces that
// are alike in weight often have groups in common.
std::size_t StepOf(std::size_t places) {
  constexpr double kGoldenSection = 0.618;
  auto step = std::max<std::size_t>(
      1, static_cast<std::size_t>(kGoldenSection * static_cast<double>(places)));
  while (std::gcd(step, places) != 1) ++step;
  return step;
}

// Records of each interface in turn, until they are as many bytes as Firehose gathers, or just
// more; fewer where they are so short that what stands around them would make more than Lambda
// takes.
std::string EventOf(std::span<const OfInterface> interfaces, std::size_t bytes, bool packs) {
  std::minstd_rand random;
  const std::size_t step = StepOf(interfaces.size());
  std::string event = R"({"invocationId":"","records":[)";
  std::size_t size = 0;
  for (std::size_t i = 0; size < bytes; ++i) {
    const OfInterface& records = interfaces[i * step % interfaces.size()];
    const Heavy& heavy = records[random() % records.size()];
    const std::string message = MessageOf(packs ? Varied(heavy, random) : heavy.record.line);
    size += message.size();
    std::string record =
        fmt::format(R"({}{{"recordId":"{:062}","approximateArrivalTimestamp":{},"data":")",
                    i == 0 ? "" : ",", i, kArrival);
    AppendBase64(message, record);
    record += "\"}";
    if (event.size() + record.size() + kEnd.size() > kMaxRequestBytes) break;
    event += record;
  }
  return event.append(kEnd);
}

// The heaviest interface first. Without packing one record's output is as long among any others:
// the heaviest one is all there is to try, as it is.
std::vector<OfInterface> ByInterface(std::span<const Growth::Record> records, bool packs,
                                     Enricher& enricher) {
  OutputSize output(enricher);
  std::vector<OfInterface> interfaces;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const Growth::Record& record : records) {
    if (record.layout != records.front().layout) continue;
    const auto [place, is_new] = places.try_emplace(record.interface_id, interfaces.size());
    if (is_new) interfaces.emplace_back();
    interfaces[place->second].push_back(HeavyOf(record, output));
    if (!packs) break;
  }
  return interfaces;
}

// How many interfaces are tried in turn: see the header. Twice the window, for an interface may
// come with its shorter records, and what gzip has hashed of the window is not all.
std::vector<std::size_t> MixesOf(std::span<const OfInterface> interfaces) {
  constexpr double kEnough = 2 * (32 << 10);
  std::size_t most = 0;
  for (double output = 0; most < interfaces.size() && output <= kEnough; ++most) {
    const Growth::Record& lightest = interfaces[most].back().record;
    output += lightest.growth * static_cast<double>(MessageOf(lightest.line).size());
  }
  std::vector<std::size_t> mixes;
  for (std::size_t mix = 1; mix < most; ++mix) {
    // One more would be a much lighter one.
    constexpr double kNearly = 0.95;
    const bool is_edge =
        interfaces[mix].front().record.load < kNearly * interfaces[mix - 1].front().record.load;
    if (std::has_single_bit(mix) || is_edge) mixes.push_back(mix);
  }
  mixes.push_back(most);
  if (most < interfaces.size()) mixes.push_back(interfaces.size());
  return mixes;
}

}  // namespace

std::optional<int> LargestBuffer(const std::shared_ptr<const Inventory>& inventory,
                                 const EnricherOptions& options, const FirehoseOptions& function,
                                 std::span<const Growth::Record> records) {
  const bool packs = function.packing == Packing::kGzip;
  RecordReader reader({.layout = records.front().layout});
  FirehoseTransform transform(reader, function);
  Enricher enricher(inventory, options);
  const std::vector<OfInterface> interfaces = ByInterface(records, packs, enricher);
  // That a connection's opener is known from an earlier record's flags takes more words than
  // anything that a record says by itself.
  const bool remembers = records.front().layout->IndexOf(Field::kTcpFlags).has_value();
  const auto fits = [&](std::size_t mix, int tenths) {
    const std::size_t gathered = static_cast<std::size_t>(tenths) * kTenth;
    const std::size_t more = packs ? gathered / 9 : remembers ? gathered / 50 : 0;
    std::string event = EventOf(std::span(interfaces).first(mix), gathered + more, packs);
    const std::size_t size = event.size();
    event.append(kEventPadding, '\0');
    const auto outcome = transform.Transform(std::string_view(event).substr(0, size), enricher,
                                             [] { return false; });
    return outcome && outcome->counts.ok == outcome->counts.records;
  };
  int fitting = kLargestBuffer;
  for (const std::size_t mix : MixesOf(interfaces)) {
    if (fitting < kSmallestBuffer) break;
    if (fits(mix, fitting)) continue;
    int overflowing = fitting;
    fitting = kSmallestBuffer - 1;
    while (overflowing - fitting > 1) {
      const int middle = (fitting + overflowing) / 2;
      (fits(mix, middle) ? fitting : overflowing) = middle;
    }
  }
  return fitting < kSmallestBuffer ? std::nullopt : std::optional(fitting);
}

}  // namespace sgflow
