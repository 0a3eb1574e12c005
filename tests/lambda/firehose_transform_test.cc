#include "lambda/firehose_transform.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "documents/documents.h"
#include "input/base64.h"
#include "lambda/firehose_event.h"
#include "store/snapshot_file.h"

namespace sgflow {
namespace {

constexpr std::string_view kInventory = R"({
  "NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-0a000000000000001", "PrivateIpAddress": "192.0.2.5",
     "VpcId": "vpc-0a000000000000001", "Groups": [{"GroupId": "sg-0a000000000000001"}]}],
  "SecurityGroups": [{"GroupId": "sg-0a000000000000001"}],
  "SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-0a000000000000001", "GroupId": "sg-0a000000000000001",
     "IsEgress": false, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
     "CidrIpv4": "203.0.113.0/24"}]})";

const TimeIsOver kForever = [] { return false; };

std::shared_ptr<const Inventory> TestInventory() {
  const Document document{.name = "inventory.json", .text = kInventory};
  auto loaded = LoadInventory(std::span(&document, 1));
  EXPECT_TRUE(loaded);
  return loaded->inventory;
}

std::string Line(unsigned number, bool known = true) {
  return std::string("2 111122223333 ") +
         (known ? "eni-0a000000000000001" : "eni-0a000000000000099") + " 203.0.113.9 192.0.2.5 " +
         std::to_string(number % 65536) + " 443 6 10 840 1620000000 1620000060 ACCEPT OK";
}

std::string Base64(std::string_view bytes) {
  std::string text;
  AppendBase64(bytes, text);
  return text;
}

std::string Event(const std::vector<std::string>& data) {
  std::string event = R"({"invocationId":"i","records":[)";
  for (std::size_t i = 0; i < data.size(); ++i) {
    event += (i == 0 ? "" : ",") + std::string(R"({"recordId":"id-)") + std::to_string(i) +
             R"(","data":")" + data[i] + R"("})";
  }
  return event + "]}";
}

std::string Enriched(Enricher& enricher, const std::vector<std::string>& lines) {
  OutputBuffer output;
  for (const std::string& line : lines) {
    FlowRecord record;
    EXPECT_TRUE(record.Split(RecordLayout::Default(), line, ' '));
    enricher.Enrich(record, output);
  }
  return std::string(output.view());
}

std::string Entry(std::size_t number, std::string_view result, std::string_view data) {
  return R"({"recordId":"id-)" + std::to_string(number) + R"(","result":")" + std::string(result) +
         R"(","data":")" + std::string(data) + R"("})";
}

std::string Joined(const std::vector<std::string>& entries) {
  std::string body = R"({"records":[)";
  for (const std::string& entry : entries) body += (&entry == entries.data() ? "" : ",") + entry;
  return body + "]}";
}

class FirehoseTransformTest : public ::testing::Test {
 protected:
  explicit FirehoseTransformTest(FirehoseOptions options = {})
      : transform_(reader_, std::move(options)) {}

  Result<FirehoseOutcome> Transform(const std::vector<std::string>& data) {
    event_ = Event(data);
    const std::size_t size = event_.size();
    event_.append(kEventPadding, '\0');
    return transform_.Transform(std::string_view(event_).substr(0, size), enricher_, kForever);
  }

  std::shared_ptr<const Inventory> inventory_ = TestInventory();
  RecordReader reader_{ReadOptions{}};
  Enricher enricher_{inventory_, {.format = OutputFormat::kClassic}};
  FirehoseTransform transform_;
  std::string event_;
};

TEST_F(FirehoseTransformTest, AnswersEachRecordByWhatItHolds) {
  const std::string control = R"({"messageType":"CONTROL_MESSAGE","owner":"x","logGroup":"",)"
                              R"("logStream":"","subscriptionFilters":[],"logEvents":[)"
                              R"({"id":"","timestamp":1,"message":"checking"}]})";
  const auto answer = Transform({Base64(Line(1) + "\n" + Line(2)), "%%%", Base64(control), "",
                                 Base64(Line(3) + "\nnonsense"), Base64(Line(4, false))});
  ASSERT_TRUE(answer);
  Enricher plain(inventory_, {.format = OutputFormat::kClassic});
  EXPECT_EQ(
      transform_.Finish(),
      Joined({Entry(0, "Ok", Base64(Enriched(plain, {Line(1), Line(2)}))),
              Entry(1, "ProcessingFailed", "%%%"), Entry(2, "Dropped", ""), Entry(3, "Dropped", ""),
              Entry(4, "ProcessingFailed", Base64(Line(3) + "\nnonsense")),
              Entry(5, "Ok", Base64(Enriched(plain, {Line(4, false)})))}));

  const FirehoseCounts& counts = answer->counts;
  EXPECT_EQ(counts.records, 6U);
  EXPECT_EQ(counts.ok, 2U);
  EXPECT_EQ(counts.dropped, 2U);
  EXPECT_EQ(counts.failed, 2U);
  EXPECT_EQ(counts.overflowed, 0U);
  EXPECT_EQ(counts.flow_records, 3U);
  EXPECT_EQ(counts.unknown_interface, 1U);
  ASSERT_TRUE(answer->first_failure);
  EXPECT_EQ(Describe(*answer->first_failure), "records[1]: data is no base64");
}

class PartitionedTransformTest : public FirehoseTransformTest {
 protected:
  PartitionedTransformTest()
      : FirehoseTransformTest({.partition_keys = *PartitionKeys::Parse("account_id,day")}) {}
};

TEST_F(PartitionedTransformTest, GivesEachRecordTheKeysOfItsLines) {
  std::string other = Line(2);
  other.replace(other.find("111122223333"), 12, "444455556666");
  const std::vector<std::string> data = {Base64(Line(1)), Base64(Line(1) + "\n" + other),
                                         Base64("nonsense"), "", Base64(other)};
  ASSERT_TRUE(Transform(data));
  Enricher plain(inventory_, {.format = OutputFormat::kClassic});
  const auto entry = [&](std::size_t number, const std::vector<std::string>& lines,
                         const std::string& account) {
    std::string text = Entry(number, "Ok", Base64(Enriched(plain, lines)));
    text.insert(text.size() - 1, R"(,"metadata":{"partitionKeys":{"account_id":")" + account +
                                     R"(","day":"2021-05-03"}})");
    return text;
  };
  EXPECT_EQ(transform_.Finish(),
            Joined({entry(0, {Line(1)}, "111122223333"), entry(1, {Line(1), other}, "mixed"),
                    Entry(2, "ProcessingFailed", Base64("nonsense")), Entry(3, "Dropped", ""),
                    entry(4, {other}, "444455556666")}));
}

TEST_F(FirehoseTransformTest, AfterASurveyTheAnswerIsAsWithoutOne) {
  const std::vector<std::string> data{Base64(Line(1) + "\n" + Line(2)), "%%%", "",
                                      Base64(Line(3) + "\nnonsense"), Base64(Line(4, false))};
  ASSERT_TRUE(Transform(data));
  const std::string expected(transform_.Finish());

  const Document document{.name = "empty.json", .text = R"({"NetworkInterfaces": []})"};
  const auto nothing = LoadInventory(std::span(&document, 1));
  Enricher survey(nothing->inventory, {.format = OutputFormat::kClassic, .note_lacking = true});
  survey.StartBatch(/*may_survey=*/true);
  ASSERT_TRUE(transform_.Transform(
      std::string_view(event_).substr(0, event_.size() - kEventPadding), survey, kForever));
  ASSERT_TRUE(survey.surveys());
  EXPECT_EQ(survey.TakeLacking().interfaces.size(), 2U);
  EXPECT_EQ(survey.counters().records, 0U);

  const auto again = transform_.TransformAgain(enricher_, kForever);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->counts.flow_records, 3U);
  EXPECT_EQ(again->counts.failed, 2U);
  EXPECT_EQ(transform_.Finish(), expected);
}

class NarrowTransformTest : public FirehoseTransformTest {
 protected:
  NarrowTransformTest() : FirehoseTransformTest({.max_response_bytes = 20'000}) {}
};

TEST_F(NarrowTransformTest, StopsWhereNoAnswerCouldBringARecordsOutput) {
  std::string lines;
  for (unsigned i = 0; i < 10'000; ++i) lines += Line(1) + "\n";
  const auto outcome = Transform({Base64(GzipOf(lines)), Base64(Line(2))});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->counts.overflowed, 1U);
  EXPECT_EQ(outcome->counts.ok, 1U);
  // It would be too long the next time too.
  EXPECT_TRUE(outcome->to_reingest.empty());
  EXPECT_LT(enricher_.counters().records, 200U);
}

TEST_F(FirehoseTransformTest, PassesErrorsOfTheEventOn) {
  const std::string event = std::string("{}") + std::string(kEventPadding, '\0');
  const auto answer =
      transform_.Transform(std::string_view(event).substr(0, 2), enricher_, kForever);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "the event has no records");
}

// What a Firehose record can hold, and what must come of it where there is room.
struct Payload {
  std::string data;
  std::vector<std::string> lines;  // none: nothing, or broken
  bool broken = false;
};

Payload MakePayload(unsigned kind, unsigned number) {
  switch (kind) {
    case 0:
      return {.data = "", .lines = {}};
    case 1:
      return {.data = "no base64, " + std::to_string(number), .lines = {}, .broken = true};
    case 2:
      return {.data = Base64("words " + std::to_string(number)), .lines = {}, .broken = true};
    case 3:
      return {.data = Base64(Line(number) + "\n" + Line(number, false)),
              .lines = {Line(number), Line(number, false)}};
    default:
      return {.data = Base64(R"({"message":")" + Line(number) + R"("})"), .lines = {Line(number)}};
  }
}

// The plain way: all as they came, and then one after the other replaced by its output wherever
// the whole answer keeps within the limit.
RC_GTEST_PROP(FirehoseTransformProperty, AnswersWithinAnyLimit, ()) {
  const auto numbers = *rc::gen::container<std::vector<unsigned>>(rc::gen::arbitrary<unsigned>());
  std::vector<Payload> payloads;
  std::vector<std::string> data;
  std::vector<std::string> entries;
  for (const unsigned number : numbers) {
    payloads.push_back(MakePayload(number % 8, number));
    data.push_back(payloads.back().data);
    entries.push_back(Entry(entries.size(), "ProcessingFailed", data.back()));
  }
  const std::size_t limit = Joined(entries).size() + *rc::gen::inRange<std::size_t>(0, 3000);

  const auto inventory = TestInventory();
  Enricher plain(inventory, {.format = OutputFormat::kClassic});
  FirehoseCounts expected;
  expected.records = payloads.size();
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const auto& [original, lines, broken] = payloads[i];
    if (broken) {
      ++expected.failed;
    } else if (lines.empty()) {
      ++expected.dropped;
      entries[i] = Entry(i, "Dropped", "");
    } else {
      const std::string as_it_came =
          std::exchange(entries[i], Entry(i, "Ok", Base64(Enriched(plain, lines))));
      if (Joined(entries).size() <= limit) {
        ++expected.ok;
        expected.flow_records += lines.size();
        expected.unknown_interface += lines.size() - 1;  // the second line of two
      } else {
        ++expected.overflowed;
        entries[i] = as_it_came;
      }
    }
  }

  RecordReader reader{ReadOptions{}};
  Enricher enricher(inventory, {.format = OutputFormat::kClassic});
  FirehoseTransform transform(reader, {.max_response_bytes = limit});
  std::string event = Event(data);
  const std::size_t size = event.size();
  event.append(kEventPadding, '\0');
  const auto answer =
      transform.Transform(std::string_view(event).substr(0, size), enricher, kForever);
  RC_ASSERT(answer.has_value());
  const std::string_view body = transform.Finish();
  RC_ASSERT(body == Joined(entries));
  RC_ASSERT(body.size() <= limit);
  RC_ASSERT(answer->counts == expected);
}

TEST_F(FirehoseTransformTest, TellsWhenTheInventoryDoesNotExplainTheTraffic) {
  Enricher judging(inventory_, {.format = OutputFormat::kClassic, .count_verdicts = true});
  std::string unexplained = Line(2);
  unexplained.replace(unexplained.find(" 443 "), 5, " 444 ");
  for (const bool fits : {true, false, true}) {
    event_ = Event({Base64(Line(1)), Base64(fits ? Line(2) : unexplained)});
    const std::size_t size = event_.size();
    event_.append(kEventPadding, '\0');
    const auto answer =
        transform_.Transform(std::string_view(event_).substr(0, size), judging, kForever);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->hint.has_value(), !fits) << "of this event alone";
  }
}

class OutOfTimeTest : public FirehoseTransformTest {
 protected:
  // Time is over when it is asked for so often.
  Result<FirehoseOutcome> TransformUntil(int asked, const std::vector<std::string>& data) {
    event_ = Event(data);
    const std::size_t size = event_.size();
    event_.append(kEventPadding, '\0');
    return transform_.Transform(std::string_view(event_).substr(0, size), enricher_,
                                [asked]() mutable { return --asked <= 0; });
  }

  std::string Many(unsigned count) {
    std::string lines;
    for (unsigned i = 0; i < count; ++i) lines += Line(i) + "\n";
    return Base64(lines);
  }
};

TEST_F(OutOfTimeTest, AnswersWhatIsDoneAndGivesBackTheRest) {
  const auto outcome = TransformUntil(3, {Base64(Line(1)), "", "%%%", Base64(Line(2))});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->counts.ok, 1U);
  EXPECT_EQ(outcome->counts.dropped, 1U);
  EXPECT_EQ(outcome->counts.failed, 0U);
  EXPECT_EQ(outcome->counts.overflowed, 2U);
  EXPECT_EQ(outcome->counts.late, 2U);
  EXPECT_EQ(outcome->to_reingest, (std::vector<std::size_t>{2, 3}));
  Enricher plain(inventory_, {.format = OutputFormat::kClassic});
  EXPECT_EQ(
      transform_.Finish(),
      Joined({Entry(0, "Ok", Base64(Enriched(plain, {Line(1)}))), Entry(1, "Dropped", ""),
              Entry(2, "ProcessingFailed", "%%%"), Entry(3, "ProcessingFailed", Base64(Line(2)))}));
}

TEST_F(OutOfTimeTest, StopsWithinALongRecordToo) {
  const auto outcome = TransformUntil(4, {Base64(Line(1)), Many(5000), Base64(Line(2))});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->counts.ok, 1U);
  EXPECT_EQ(outcome->counts.flow_records, 1U) << "none of the half-done record";
  EXPECT_EQ(outcome->to_reingest, (std::vector<std::size_t>{1, 2}));
  EXPECT_LT(enricher_.counters().records, 1000U);
}

// Another event would have no more time for it.
TEST_F(OutOfTimeTest, DoesNotSendARecordRoundThatTookAllTheTime) {
  const auto outcome = TransformUntil(3, {Many(5000), Base64(Line(2))});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->counts.late, 2U);
  EXPECT_EQ(outcome->to_reingest, std::vector<std::size_t>{1});
}

// One byte less than the data as they came: no answer, and never one over the limit.
TEST_F(FirehoseTransformTest, SaysWhenTheDataAloneAreTooLong) {
  FirehoseTransform narrow(reader_, {.max_response_bytes = 100});
  event_ = Event({Base64(Line(1))});
  const std::size_t size = event_.size();
  event_.append(kEventPadding, '\0');
  const auto answer =
      narrow.Transform(std::string_view(event_).substr(0, size), enricher_, kForever);
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().message.starts_with("the event's own data would make an answer of"));
}

}  // namespace
}  // namespace sgflow
