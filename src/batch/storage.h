// Where a batch's inputs lie and its outputs go: local folders and S3. What a place must be able to
// do is list, open for reading and write whole.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "input/byte_source.h"

namespace sgflow {

// What tells one state of an input from another.
struct InputState {
  std::uint64_t size = 0;
  std::string version;  // a file's time of change; an ETag

  friend bool operator==(const InputState&, const InputState&) = default;
};

struct BatchInput {
  std::string name;  // for people, and to open it by
  std::string key;   // below its SOURCE; parts set apart by '/'
  InputState state;
};

struct InputListing {
  std::vector<BatchInput> inputs;
  std::vector<Error> errors;  // kUsage: nothing is to be processed
};

class InputStore {
 public:
  InputStore() = default;
  InputStore(const InputStore&) = delete;
  InputStore& operator=(const InputStore&) = delete;
  virtual ~InputStore() = default;

  // In the order of the sources. Where several names of one input are listed, the first is to be
  // taken: it is the same each time.
  [[nodiscard]] virtual InputListing List() = 0;

  struct Opened {
    std::unique_ptr<ByteSource> bytes;
    InputState state;  // of what is read, which may have changed since it was listed
  };
  // By several threads at a time.
  [[nodiscard]] virtual Result<Opened> Open(const BatchInput& input) = 0;
  // The same for two names of one thing, and from one run to the next: an absolute path, an URL.
  virtual std::string Identity(const BatchInput& input) const = 0;
};

// What is known of a finished output.
struct OutputNote {
  InputState input;
  std::string source;             // which input it is of: SourceOf
  std::uint64_t fingerprint = 0;  // of what else it hangs on
  std::uint64_t faults = 0;       // what could not be read
  // AWS could not be asked for all that records needed: it is to be done again.
  bool incomplete = false;

  friend bool operator==(const OutputNote&, const OutputNote&) = default;
};

// An output on its way; what is not committed goes.
class OutputWriter {
 public:
  OutputWriter() = default;
  OutputWriter(const OutputWriter&) = delete;
  OutputWriter& operator=(const OutputWriter&) = delete;
  virtual ~OutputWriter() = default;

  [[nodiscard]] virtual Result<void> Write(std::string_view bytes) = 0;
  // It appears whole, and with it or then the note of it. False: nothing appears, for it was too
  // late for another note than was expected; it is to be created anew with this one.
  [[nodiscard]] virtual Result<bool> Commit(const OutputNote& note) = 0;
};

class OutputStore {
 public:
  OutputStore() = default;
  OutputStore(const OutputStore&) = delete;
  OutputStore& operator=(const OutputStore&) = delete;
  virtual ~OutputStore() = default;

  // Why there can be no output of this key here; kInput.
  [[nodiscard]] virtual Result<void> Check(const std::string& key) const = 0;
  // False: where there is an output of a key, there can be none of that key, a slash and more.
  virtual bool keys_may_nest() const { return true; }

  using Notes = std::vector<std::optional<OutputNote>>;
  // Of outputs that are there, in the order of the keys; none where one was not finished or is not
  // as it was written. To be asked for all keys that are created before it is asked again.
  [[nodiscard]] virtual Result<Notes> Find(std::span<const std::string> keys) = 0;
  struct Double {
    std::string key;
    std::string other_key;
  };
  // Those of the keys whose input (`sources`, in their order: OutputNote::source) has a finished
  // output of another key as well. Before anything is created. None where that would take a look at
  // all that is there.
  virtual std::vector<Double> FindDoubles(std::span<const std::string> /*keys*/,
                                          std::span<const std::string> /*sources*/) const {
    return {};
  }
  // `expected`: the note as far as it can be told yet. By several threads at a time, each for
  // another key. kInput: there can be no such output, but others.
  [[nodiscard]] virtual Result<std::unique_ptr<OutputWriter>> Create(
      const std::string& key, const OutputNote& expected) = 0;
  // Of those that were committed: where the same was there already, by another batch.
  virtual std::uint64_t made_by_others() const { return 0; }
  // As InputStore's, to see that none replaces an input.
  virtual std::string Identity(const std::string& key) const = 0;
  // The batch is over: what is left of earlier ones goes.
  [[nodiscard]] virtual Result<void> Close() = 0;
};

}  // namespace sgflow
