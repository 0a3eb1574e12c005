#include "lambda/firehose_handler.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "documents/documents.h"
#include "input/base64.h"
#include "lambda/firehose_event.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const Inventory> InventoryWith(const std::vector<std::string>& interfaces) {
  std::string json = R"({"SecurityGroups": [{"GroupId": "sg-1"}], "SecurityGroupRules": [],)"
                     R"("NetworkInterfaces": [)";
  for (const std::string& id : interfaces) {
    json += (json.back() == '[' ? "" : ",") + std::string(R"({"NetworkInterfaceId":")") + id +
            R"(", "Groups": [{"GroupId": "sg-1"}]})";
  }
  json += "]}";
  const Document document{.name = "test.json", .text = json};
  return LoadInventory(std::span(&document, 1))->inventory;
}

const auto kNow = std::chrono::system_clock::time_point(1'700'000'000s);

// Knows one more interface after each Learn.
class FakeSource : public InventorySource {
 public:
  std::shared_ptr<const Inventory> Current() override { return current; }
  bool CanLearn() const override { return true; }
  Result<bool> Learn(const Lacking& lacking, Deadline until) override {
    learns_until = until;
    asked.push_back(lacking.interfaces);
    if (error) return std::unexpected(*error);
    if (to_learn.empty()) return false;
    current = std::move(to_learn.front());
    to_learn.erase(to_learn.begin());
    said.api_calls += 3;
    return true;
  }
  std::vector<std::string> Refresh() override { return {"a message"}; }
  SourceCounters counters() const override { return said; }

  std::shared_ptr<const Inventory> current = InventoryWith({});
  std::vector<std::shared_ptr<const Inventory>> to_learn;
  std::vector<Lacking::Names> asked;
  std::optional<Error> error;
  Deadline learns_until{};
  SourceCounters said{.as_of = kNow - 90s};
};

class FirehoseHandlerTest : public ::testing::Test {
 protected:
  std::string Handle(const std::vector<std::string>& interfaces,
                     std::optional<std::chrono::milliseconds> time = std::nullopt) {
    std::string lines;
    for (const std::string& id : interfaces) {
      lines += "2 111122223333 " + id +
               " 203.0.113.9 192.0.2.5 50000 443 6 10 840 1620000000 1620000060 ACCEPT OK\n";
    }
    std::string event = R"({"invocationId":"i","records":[{"recordId":"1","data":")";
    AppendBase64(lines, event);
    event += R"("}]})";
    const std::size_t size = event.size();
    event.append(kEventPadding, '\0');
    Invocation invocation;
    invocation.request_id = "r";
    invocation.event = std::string_view(event).substr(0, size);
    if (time) invocation.deadline = std::chrono::floor<std::chrono::milliseconds>(kNow) + *time;
    const auto answer = handler_.Handle(invocation);
    body_ = answer.value_or("");
    return answer ? "answered" : answer.error().type + ": " + answer.error().message;
  }
  bool LastLineHas(std::string_view text) const {
    return log_lines_.back().find(text) != std::string::npos;
  }

  FakeSource source_;
  std::string body_;
  std::vector<std::string> log_lines_;
  JsonLog log_{LogLevel::kInfo, [this](std::string_view line) { log_lines_.emplace_back(line); }};
  std::string metric_line_;
  Metrics metrics_{"sgflow", "enrich",
                   [this](std::string_view line) { metric_line_ = std::string(line); }};
  RecordReader reader_{ReadOptions{}};
  BatchEnricher batches_{source_, {.format = OutputFormat::kClassic}};
  FirehoseTransform transform_{reader_, {}};
  FirehoseHandler handler_{
      transform_, batches_, source_, /*reingestion=*/nullptr, &metrics_, log_, [] { return kNow; }};
};

TEST_F(FirehoseHandlerTest, AnEventThatCannotBeReadFailsThoughNothingIsKnownYet) {
  const std::string event = "{}" + std::string(kEventPadding, '\0');
  Invocation invocation;
  invocation.event = std::string_view(event).substr(0, 2);
  const auto answer = handler_.Handle(invocation);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().type, "Function.InvalidEvent");
  EXPECT_TRUE(source_.asked.empty());
}

TEST_F(FirehoseHandlerTest, SaysWhyInterfacesAreUnknownAndWhoIsSilent) {
  const Document document{.name = "test.json", .text = R"({"NetworkInterfaces": []})"};
  source_.to_learn = {
      LoadInventory(std::span(&document, 1), {{.id = "eni-1", .reason = "it is denied"},
                                              {.id = "eni-2", .reason = "it is late"},
                                              {.id = "eni-3", .reason = "it is denied"}})
          ->inventory};
  source_.said.silent = {"eu-west-1: no answer", "us-east-1: no answer"};
  EXPECT_EQ(Handle({"eni-1", "eni-2", "eni-3", "eni-404"}), "answered");
  EXPECT_TRUE(LastLineHas(R"("unknownInterface":4,)"
                          R"("unlearned":"2 records: it is denied; 1 record: it is late",)"))
      << log_lines_.back();
  EXPECT_TRUE(LastLineHas(R"("silent":"eu-west-1: no answer; us-east-1: no answer",)"))
      << log_lines_.back();
}

TEST_F(FirehoseHandlerTest, LearnsWhatAnEventLacksAndCountsItsRecordsOnce) {
  source_.to_learn = {InventoryWith({"eni-1"}), InventoryWith({"eni-1", "eni-2"})};
  EXPECT_EQ(Handle({"eni-1", "eni-2", "eni-1"}), "answered");
  EXPECT_EQ(source_.asked.size(), 2U);
  EXPECT_TRUE(LastLineHas(R"("flowRecords":3,"unknownInterface":0,)")) << log_lines_.back();
  EXPECT_TRUE(LastLineHas(R"("apiCalls":6,"throttles":0,"cacheHits":0,"notLearned":0,)"
                          R"("inventoryAgeSeconds":90)"))
      << log_lines_.back();

  EXPECT_EQ(Handle({"eni-1", "eni-2"}), "answered");
  EXPECT_EQ(source_.asked.size(), 2U);
  EXPECT_TRUE(LastLineHas(R"("apiCalls":0,)")) << "since the line before";
}

TEST_F(FirehoseHandlerTest, AnswersWithWhatIsKnownWhereNothingCanBeLearned) {
  EXPECT_EQ(Handle({"eni-404"}), "answered");
  EXPECT_EQ(source_.asked.size(), 1U);
  EXPECT_TRUE(LastLineHas(R"("flowRecords":1,"unknownInterface":1,)"));
}

TEST_F(FirehoseHandlerTest, DoesNotGoOnForeverWhereSomethingIsLearnedEachTime) {
  for (int i = 0; i < 10; ++i) source_.to_learn.push_back(InventoryWith({}));
  EXPECT_EQ(Handle({"eni-404"}), "answered");
  EXPECT_EQ(source_.asked.size(), static_cast<std::size_t>(BatchEnricher::kMostRounds - 1));
}

TEST_F(FirehoseHandlerTest, FailsTheInvocationWhereTheSourceDoes) {
  source_.error =
      Error{.kind = ErrorKind::kEnvironment, .message = "EC2 throttles", .place = {}, .hint = {}};
  EXPECT_EQ(Handle({"eni-1"}), "Function.InventoryUnavailable: EC2 throttles");
  EXPECT_TRUE(LastLineHas(R"("message":"EC2 throttles")"));
}

TEST_F(FirehoseHandlerTest, LeavesMetrics) {
  source_.to_learn = {InventoryWith({"eni-1"})};
  const auto has = [this](std::string_view text) {
    return metric_line_.find(text) != std::string::npos;
  };
  EXPECT_EQ(Handle({"eni-1", "eni-2"}), "answered");
  EXPECT_TRUE(
      has(R"({"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"sgflow",)"
          R"("Dimensions":[["FunctionName"]],"Metrics":[{"Name":)"))
      << metric_line_;
  EXPECT_TRUE(has(R"("FunctionName":"enrich")"));
  EXPECT_TRUE(has(R"("RecordsIn":1,"RecordsOk":1,)") && has(R"("UnknownInterface":1,)"));
  EXPECT_TRUE(has(R"("ApiCalls":3,)") && has(R"("InventoryAge":90,)"));
  EXPECT_TRUE(has(R"("InvocationsFailed":0,)"));

  source_.error =
      Error{.kind = ErrorKind::kEnvironment, .message = "EC2 throttles", .place = {}, .hint = {}};
  EXPECT_NE(Handle({"eni-3"}), "answered");
  EXPECT_TRUE(has(R"("InvocationsFailed":1,"ApiCalls":0,)")) << metric_line_;
}

TEST_F(FirehoseHandlerTest, AsksForNothingOnceTimeIsOver) {
  EXPECT_EQ(Handle({"eni-404"}, 0ms), "answered");
  EXPECT_TRUE(source_.asked.empty());
  EXPECT_TRUE(LastLineHas(R"("overflowed":1,"late":1,)")) << log_lines_.back();
  EXPECT_TRUE(body_.find("ProcessingFailed") != std::string::npos) << body_;

  EXPECT_EQ(Handle({"eni-404"}, 1000ms), "answered");
  EXPECT_EQ(source_.asked.size(), 1U);
  EXPECT_TRUE(body_.find("\"Ok\"") != std::string::npos) << body_;
}

TEST_F(FirehoseHandlerTest, LearnsOnlyWhileThereIsTimeLeftToAnswer) {
  const auto learning_time = [&](std::chrono::milliseconds left) {
    const auto now = Deadline::clock::now();
    EXPECT_EQ(Handle({"eni-404"}, left), "answered");
    return std::chrono::floor<std::chrono::seconds>(source_.learns_until - now);
  };
  EXPECT_EQ(learning_time(60s), BatchEnricher::kLongestLearning);
  // Three quarters of what is left half a second before the end.
  EXPECT_EQ(learning_time(12s), 8s);
  EXPECT_EQ(learning_time(4s), 2s);
}

TEST_F(FirehoseHandlerTest, RenewsAfterTheAnswer) {
  EXPECT_EQ(Handle({}), "answered");
  const std::size_t before = log_lines_.size();
  handler_.AfterAnswer();
  ASSERT_EQ(log_lines_.size(), before + 1);
  EXPECT_TRUE(LastLineHas(R"("level":"WARN","message":"a message")"));
}

}  // namespace
}  // namespace sgflow
