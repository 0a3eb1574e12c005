#include "batch/plan.h"

#include <gtest/gtest.h>

#include <map>

namespace sgflow {
namespace {

TEST(OutputKey, EndsInWhatTheOutputIs) {
  EXPECT_EQ(OutputKey("a/b.log.gz", ".jsonl.gz"), "a/b.jsonl.gz");
  EXPECT_EQ(OutputKey("a/b.log", ".jsonl"), "a/b.jsonl");
  EXPECT_EQ(OutputKey("b.gz", ".jsonl"), "b.jsonl");
  EXPECT_EQ(OutputKey("b", ".jsonl"), "b.jsonl");
  EXPECT_EQ(OutputKey("a.log/b.json.gz", ".jsonl"), "a.log/b.json.jsonl");
  // A name is never empty, and never one that begins with a dot where the input's did not.
  EXPECT_EQ(OutputKey("a/.gz", ".jsonl"), "a/.gz.jsonl");
  EXPECT_EQ(OutputKey(".log.gz", ".jsonl"), ".log.jsonl");
}

// Inputs and outputs that are names alone; an output `x` is the input `x`.
class NamedInputs : public InputStore {
 public:
  InputListing List() override { return {}; }
  Result<Opened> Open(const BatchInput&) override { return Opened{}; }
  std::string Identity(const BatchInput& input) const override {
    const auto leads_to = links.find(input.name);
    return leads_to == links.end() ? input.name : leads_to->second;
  }

  std::map<std::string, std::string> links;
};

class NamedOutputs : public OutputStore {
 public:
  Result<void> Check(const std::string& key) const override {
    if (key != "refused.jsonl") return {};
    return std::unexpected(Error{ErrorKind::kInput, "cannot be", {}, {}});
  }
  bool keys_may_nest() const override { return may_nest; }
  Result<Notes> Find(std::span<const std::string> keys) override { return Notes(keys.size()); }
  Result<std::unique_ptr<OutputWriter>> Create(const std::string&, const OutputNote&) override {
    return nullptr;
  }
  std::string Identity(const std::string& key) const override { return key; }
  Result<void> Close() override { return {}; }

  bool may_nest = true;
};

BatchPlan PlanOf(const std::vector<std::string>& keys, bool may_nest = true) {
  std::vector<BatchInput> inputs;
  for (const std::string& key : keys) inputs.push_back({.name = key, .key = key, .state = {}});
  NamedOutputs outputs;
  outputs.may_nest = may_nest;
  return MakePlan(std::move(inputs), {}, ".jsonl", NamedInputs(), outputs);
}

TEST(BatchPlan, IsInTheOrderOfOutputs) {
  const BatchPlan plan = PlanOf({"b.log", "a/z.log", "a.log.gz"});
  ASSERT_EQ(plan.inputs.size(), 3U);
  EXPECT_EQ(plan.inputs[0].output_key, "a.jsonl");
  EXPECT_EQ(plan.inputs[1].output_key, "a/z.jsonl");
  EXPECT_EQ(plan.inputs[2].output_key, "b.jsonl");
}

TEST(BatchPlan, WhereAFileIsNoFolderNoneIsWrittenIntoAnothersOutput) {
  const std::vector<std::string> keys{"a.log", "a.jsonl-b/c.log", "a.jsonl/b/c.log", "d.jsonl/e"};
  EXPECT_EQ(PlanOf(keys).inputs.size(), 4U);
  const BatchPlan plan = PlanOf(keys, /*may_nest=*/false);
  ASSERT_EQ(plan.inputs.size(), 3U);
  for (const PlannedInput& planned : plan.inputs) EXPECT_NE(planned.input.name, keys[2]);
  ASSERT_EQ(plan.errors.size(), 1U);
  EXPECT_EQ(Describe(plan.errors[0]),
            "a.jsonl/b/c.log: would be written into a folder that is another's output: a.jsonl; "
            "give each an --output of its own");
}

TEST(BatchPlan, AnInputIsDoneOnceByTheFirstOfItsNamesThatIsSelected) {
  constexpr const char* kReal =
      "111122223333_vpcflowlogs_eu-west-1_fl-0a_20260102T0305Z_0a1b2c3d.log.gz";
  const std::vector<BatchInput> inputs{{.name = "link", .key = "z.log", .state = {}},
                                       {.name = kReal, .key = "b.log", .state = {}},
                                       {.name = "other", .key = "a.log", .state = {}}};
  NamedInputs in;
  in.links = {{"link", kReal}, {"other", kReal}};
  const BatchPlan all = MakePlan(inputs, {}, ".jsonl", in, NamedOutputs());
  ASSERT_EQ(all.inputs.size(), 1U);
  EXPECT_EQ(all.inputs[0].output_key, "z.jsonl");
  EXPECT_EQ(all.other_names, 2U);

  const BatchPlan plan =
      MakePlan(inputs, {.accounts = {"111122223333"}}, ".jsonl", in, NamedOutputs());
  ASSERT_EQ(plan.inputs.size(), 1U);
  EXPECT_EQ(plan.inputs[0].output_key, "b.jsonl");
  EXPECT_EQ(plan.unknown, 2U);
  EXPECT_EQ(plan.other_names, 0U);
}

TEST(BatchPlan, NoneOfThoseThatShareAnOutputIsDone) {
  const BatchPlan plan = PlanOf({"a", "a.log", "b.log", "a.log.gz"});
  ASSERT_EQ(plan.inputs.size(), 1U);
  EXPECT_EQ(plan.inputs[0].input.name, "b.log");
  ASSERT_EQ(plan.errors.size(), 3U);
  EXPECT_EQ(Describe(plan.errors[0]),
            "a: would be written to the same file as a.log: a.jsonl; name the folder above them, "
            "or a quoted glob, or give each an --output of its own");
}

TEST(BatchPlan, InputWhoseOutputCannotBeIsNotDone) {
  const BatchPlan plan = PlanOf({"a.log", "refused.log"});
  ASSERT_EQ(plan.inputs.size(), 1U);
  EXPECT_EQ(plan.inputs[0].input.name, "a.log");
  ASSERT_EQ(plan.errors.size(), 1U);
  EXPECT_EQ(Describe(plan.errors[0]), "refused.log: cannot be");
}

TEST(BatchPlan, InputWhoseOutputIsAnInputIsNotDone) {
  const BatchPlan plan = PlanOf({"a.log", "a.jsonl"});
  ASSERT_EQ(plan.inputs.size(), 1U);
  EXPECT_EQ(plan.inputs[0].output_key, "a.jsonl.jsonl");
  ASSERT_EQ(plan.errors.size(), 1U);
  EXPECT_EQ(Describe(plan.errors[0]),
            "a.log: its output would replace an input: a.jsonl; name another --output");
}

}  // namespace
}  // namespace sgflow
