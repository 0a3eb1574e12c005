#include "cli/named_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <span>
#include <utility>

#include "cli/exit_code.h"
#include "input/byte_source.h"

namespace sgflow {
namespace {

// 0 where it is not known.
std::uint64_t TotalSize(const std::vector<std::string>& files) {
  std::uint64_t total = 0;
  for (const std::string& file : files) {
    struct stat status{};
    if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    total += static_cast<std::uint64_t>(status.st_size);
  }
  return total;
}

// Ends the input early once nobody takes the output.
class StoppingSource : public ByteSource {
 public:
  StoppingSource(ByteSource& source, const NamedFiles::Sink& sink) : source_(source), sink_(sink) {}

  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override {
    if (sink_.done()) return 0;
    return source_.Read(into);
  }

 private:
  ByteSource& source_;
  const NamedFiles::Sink& sink_;
};

}  // namespace

class NamedFiles::Reading : public RecordSink {
 public:
  Reading(NamedFiles& files, Sink& sink) : files_(files), sink_(sink) {}

  void StartFile(std::string name, bool interactive) {
    name_ = std::move(name);
    sink_.StartFile(interactive);
  }
  void OnRecord(const FlowRecord& record) override { sink_.OnRecord(record); }
  void OnRejected(const Error& error, std::string_view /*text*/) override {
    if (sink_.done()) return;  // reading was stopped in the middle of a line
    ++files_.rejected_;
    Error placed = error;
    placed.place.file = name_;
    files_.Tell(placed);
  }
  void OnPayloadStart() override { sink_.OnPayloadStart(); }
  void OnPayloadEnd() override { sink_.OnPayloadEnd(); }
  void OnPause() override { sink_.OnPause(); }

 private:
  NamedFiles& files_;
  Sink& sink_;
  std::string name_;
};

NamedFiles::NamedFiles(std::vector<std::string> names)
    : names_(std::move(names)), diagnostics_(stderr), progress_(TotalSize(names_)) {}

int NamedFiles::Read(const ReadOptions& options, Sink& sink) {
  Reading reading(*this, sink);
  RecordReader reader(options);
  int code = kSuccess;
  for (const std::string& file : names_) {
    if (sink.done()) break;
    const std::string name = file == "-" ? "standard input" : file;
    auto source = FileSource::Open(file);
    Result<void> result;
    if (source) {
      reading.StartFile(name, /*interactive=*/source->size() == 0);
      StoppingSource stopping(*source, sink);
      ProgressSource counted(stopping, progress_);
      result = reader.Read(counted, reading);
    } else {
      result = std::unexpected(std::move(source.error()));
    }
    if (!result) {
      result.error().place.file = name;
      Tell(result.error());
      code = std::max<int>(code, ExitCodeOf(result.error().kind));
    }
  }
  return rejected_ == 0 ? code : std::max<int>(code, kSomeInputBad);
}

void NamedFiles::Tell(std::string_view message) {
  progress_.Clear();
  fmt::print(stderr, "sgflow: {}\n", message);
}

void NamedFiles::Tell(const Error& error) {
  progress_.Clear();
  diagnostics_.Report(error);
}

void NamedFiles::EndTelling() {
  progress_.Clear();
  diagnostics_.Flush();
}

}  // namespace sgflow
