// How much Firehose may gather for one invocation before an answer does not fit any more.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "enrich/enricher.h"
#include "inventory/inventory.h"
#include "lambda/firehose_transform.h"
#include "size/growth.h"

namespace sgflow {

// Firehose takes 0.2 to 3 MB (docs.aws.amazon.com/firehose/latest/dev/data-transformation.html);
// these are tenths, each of a tenth of 1,048,576 bytes.
inline constexpr int kSmallestBuffer = 2;
inline constexpr int kLargestBuffer = 30;

// The largest at which nothing overflows where all of an event is like the first of these records,
// the heaviest; none where even the smallest does. It is found out by having the function's own
// transformation answer such events. `function`: what the function is set up to do with its output.
//
// How well gzip packs hangs on what stands beside a record: it finds again what is not further back
// than its window. Events of the first interface alone, of the first two in turn, four and so on
// are tried, up to as many as have no two records of one of them within the window; the one that
// packs least decides, and a tenth of the answer is left free.
//
// Requires at least one record, the heaviest first.
std::optional<int> LargestBuffer(const std::shared_ptr<const Inventory>& inventory,
                                 const EnricherOptions& options, const FirehoseOptions& function,
                                 std::span<const Growth::Record> records);

}  // namespace sgflow
