// The one record that is asked about: a line given as such, or one line of a file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "error/error.h"
#include "flowlog/flow_record.h"
#include "input/record_reader.h"

namespace sgflow {

// `wanted` tells the record that is asked about from those before it. A record lives during the
// call.
using OnExplainedRecord = std::function<void(const FlowRecord& record, bool wanted)>;

// Of `line`, which may hold whatever RecordReader reads. Error: kInput where that is not exactly
// one record.
[[nodiscard]] Result<void> ReadGivenRecord(const std::string& line, const ReadOptions& options,
                                           const OnExplainedRecord& on_record);

// Of the file's line `number` (from 1; in the text inside where the file is compressed), after all
// records before it. Nothing behind the line is read.
[[nodiscard]] Result<void> ReadRecordOfLine(const std::string& path, std::uint64_t number,
                                            const ReadOptions& options,
                                            const OnExplainedRecord& on_record);

}  // namespace sgflow
