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

// The largest at which nothing overflows where all of an event is such records; none where even the
// smallest does. It is found out by having the function's own transformation answer such events.
// Requires at least one record. `function`: what the function is set up to do with its output.
std::optional<int> LargestBuffer(const std::shared_ptr<const Inventory>& inventory,
                                 const EnricherOptions& options, const FirehoseOptions& function,
                                 std::span<const Growth::Record> records);

}  // namespace sgflow
