#include "lambda/object_enricher.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "documents/documents.h"

namespace sgflow {
namespace {

using Result = ObjectOutcome::Result;

constexpr const char* kLine =
    "2 111122223333 eni-1 203.0.113.9 192.0.2.5 50000 443 6 10 840 1620000000 1620000060 ACCEPT "
    "OK\n";

// Objects by URL, in memory.
using Objects = std::map<std::string, std::string>;

class MemoryInputs : public InputStore {
 public:
  explicit MemoryInputs(Objects& objects) : objects_(objects) {}
  InputListing List() override { return {}; }
  sgflow::Result<Opened> Open(const BatchInput& input) override {
    const auto found = objects_.find(input.name);
    if (found == objects_.end())
      return std::unexpected(Error{ErrorKind::kInput, "is not there", {}, {}});
    return Opened{.bytes = std::make_unique<MemorySource>(found->second),
                  .state = {.size = found->second.size(), .version = found->second}};
  }
  std::string Identity(const BatchInput& input) const override { return input.name; }

 private:
  Objects& objects_;
};

class MemoryOutputs : public OutputStore {
 public:
  struct Output {
    std::string bytes;
    OutputNote note;
  };
  explicit MemoryOutputs(std::map<std::string, Output>& outputs) : outputs_(outputs) {}

  sgflow::Result<void> Check(const std::string&) const override { return {}; }
  sgflow::Result<Notes> Find(std::span<const std::string> keys) override {
    Notes notes;
    for (const std::string& key : keys) {
      const auto found = outputs_.find(key);
      notes.push_back(found == outputs_.end() ? std::nullopt : std::optional(found->second.note));
    }
    return notes;
  }
  sgflow::Result<std::unique_ptr<OutputWriter>> Create(const std::string& key,
                                                       const OutputNote&) override {
    class Writer : public OutputWriter {
     public:
      Writer(std::map<std::string, Output>& outputs, std::string key)
          : outputs_(outputs), key_(std::move(key)) {}
      sgflow::Result<void> Write(std::string_view bytes) override {
        bytes_ += bytes;
        return {};
      }
      sgflow::Result<bool> Commit(const OutputNote& note) override {
        outputs_[key_] = {bytes_, note};
        return true;
      }

     private:
      std::map<std::string, Output>& outputs_;
      std::string key_;
      std::string bytes_;
    };
    return std::make_unique<Writer>(outputs_, key);
  }
  std::string Identity(const std::string& key) const override { return key; }
  sgflow::Result<void> Close() override { return {}; }

 private:
  std::map<std::string, Output>& outputs_;
};

// Keeps records until it can learn what they need, which may fail for good.
class LearningEnriching : public Enriching {
 public:
  LearningEnriching(bool& fails, const std::string& unlearned)
      : fails_(fails), unlearned_(unlearned) {}
  void StartStretch() override {}
  void StartPayload() override {}
  void EndPayload() override {}
  sgflow::Result<void> Add(const FlowRecord&, OutputBuffer&) override {
    ++kept_;
    return {};
  }
  sgflow::Result<void> Finish(OutputBuffer& to) override {
    if (fails_) return std::unexpected(Error{ErrorKind::kEnvironment, "AWS is down", {}, {}});
    for (; kept_ > 0; --kept_) to.Append("line\n");
    if (!unlearned_.empty()) ++counters_.unlearned[unlearned_];
    return {};
  }
  EnrichCounters counters() const override { return counters_; }
  const Inventory& inventory() const override { return *inventory_; }

 private:
  bool& fails_;
  const std::string& unlearned_;
  int kept_ = 0;
  EnrichCounters counters_;
  std::shared_ptr<const Inventory> inventory_;
};

class ObjectEnricherTest : public ::testing::Test {
 protected:
  Result Process(const std::string& key) {
    outcome_ = enricher_.Process({"logs", key}, std::nullopt);
    return outcome_.result;
  }

  bool fails_ = false;
  std::string unlearned_;  // why AWS cannot be asked for a record of each object
  Objects objects_{{"s3://logs/a.log", kLine}, {"s3://logs/b.log", kLine}};
  std::map<std::string, MemoryOutputs::Output> outputs_;
  ObjectOutcome outcome_;
  ObjectEnricher enricher_{
      std::make_unique<MemoryInputs>(objects_),
      std::make_unique<MemoryOutputs>(outputs_),
      "s3://enriched/flow",
      {.compress = false, .format_options = {}},
      [this] { return std::make_unique<LearningEnriching>(fails_, unlearned_); },
      &std::chrono::system_clock::now};
};

TEST_F(ObjectEnricherTest, WhatCameTwiceIsDoneOnce) {
  EXPECT_EQ(Process("a.log"), Result::kWritten);
  EXPECT_EQ(outcome_.records, 1U);
  EXPECT_EQ(outputs_.at("a.jsonl").bytes, "line\n");
  EXPECT_EQ(Process("a.log"), Result::kFinished);
  objects_["s3://logs/a.log"] += kLine;
  EXPECT_EQ(Process("a.log"), Result::kWritten) << "it was replaced";
  EXPECT_EQ(outputs_.at("a.jsonl").bytes, "line\nline\n");
}

TEST_F(ObjectEnricherTest, NoneIsWrittenOverAnotherBucketsOfTheSameKey) {
  objects_["s3://others/a.log"] = std::string(kLine) + kLine;
  EXPECT_EQ(Process("a.log"), Result::kWritten);
  outcome_ = enricher_.Process({"others", "a.log"}, std::nullopt);
  EXPECT_EQ(outcome_.result, Result::kFailed);
  EXPECT_EQ(Describe(outcome_.errors.back()),
            "s3://others/a.log: its output a.jsonl is there already, and of another input: "
            "s3://logs/a.log; give each bucket a function of its own with another SGFLOW_OUTPUT, "
            "or remove that output");
  EXPECT_EQ(outputs_.at("a.jsonl").bytes, "line\n");
}

TEST_F(ObjectEnricherTest, WhatAwsCouldNotBeAskedForIsDoneAgain) {
  unlearned_ = "it throttles";
  EXPECT_EQ(Process("a.log"), Result::kWritten);
  EXPECT_EQ(outcome_.unlearned, (RecordsByReason{{"it throttles", 1}}));
  unlearned_ = "";
  EXPECT_EQ(Process("a.log"), Result::kWritten);
  EXPECT_EQ(outcome_.unlearned, RecordsByReason{});
  EXPECT_EQ(Process("a.log"), Result::kFinished);
}

TEST_F(ObjectEnricherTest, NothingOfAFailedOneComesWithTheNext) {
  fails_ = true;
  EXPECT_EQ(Process("a.log"), Result::kFailed);
  EXPECT_EQ(outcome_.errors.back().message, "AWS is down");
  EXPECT_TRUE(outputs_.empty());
  fails_ = false;
  EXPECT_EQ(Process("b.log"), Result::kWritten);
  EXPECT_EQ(outputs_.at("b.jsonl").bytes, "line\n");
  EXPECT_EQ(Process("a.log"), Result::kWritten);
  EXPECT_EQ(outputs_.at("a.jsonl").bytes, "line\n");
}

TEST_F(ObjectEnricherTest, NoOutputIsAnInput) {
  EXPECT_EQ(enricher_.Process({"enriched", "flow/a.log"}, std::nullopt).result, Result::kPassed);
  EXPECT_EQ(enricher_.Process({"enriched", "flows/a.log"}, std::nullopt).result, Result::kFailed);
  for (const char* key : {"folder/", ".a.log", "a/.b/c.log"}) {
    EXPECT_EQ(Process(key), Result::kPassed) << key;
  }
}

TEST_F(ObjectEnricherTest, OnlyTheFirstAndTheLastErrorsAreKept) {
  std::string bad;
  for (int i = 0; i < 1000; ++i) bad += "bad " + std::to_string(i) + "\n";
  objects_["s3://logs/a.log"] = kLine + bad;
  EXPECT_EQ(Process("a.log"), Result::kWritten);
  EXPECT_EQ(outcome_.rejected, 1000U);
  EXPECT_EQ(outcome_.errors.size(), 10U);
}

}  // namespace
}  // namespace sgflow
