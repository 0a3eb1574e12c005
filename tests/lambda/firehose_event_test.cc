#include "lambda/firehose_event.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sgflow {
namespace {

struct Seen {
  std::string record_id, data, base64;
  friend bool operator==(const Seen&, const Seen&) = default;
};

class FirehoseEventTest : public ::testing::Test {
 protected:
  Result<std::vector<Seen>> Parse(std::string_view event) {
    const std::string padded = std::string(event) + std::string(kEventPadding, '"');
    const auto records = parser_.Parse(std::string_view(padded).substr(0, event.size()));
    if (!records) return std::unexpected(records.error());
    std::vector<Seen> seen;
    for (const FirehoseRecord& record : *records) {
      seen.push_back(
          {std::string(record.record_id), std::string(record.data), std::string(record.base64)});
    }
    return seen;
  }

  std::string Refusal(std::string_view event) {
    const auto records = Parse(event);
    if (records) return "taken";
    EXPECT_EQ(records.error().kind, ErrorKind::kInput);
    const Place& place = records.error().place;
    return (place.field.empty() ? "" : place.field + ": ") + records.error().message;
  }

  FirehoseEventParser parser_;
};

using Records = std::vector<Seen>;

TEST_F(FirehoseEventTest, ReadsWhatFirehoseSends) {
  EXPECT_EQ(Parse(R"({"invocationId":"i","deliveryStreamArn":"arn:aws:firehose:x","region":"r",
      "records":[
        {"recordId":"49546986683135544286507457936321625675700192471156785154",
         "approximateArrivalTimestamp":1495072949453,"data":"SGVsbG8="},
        {"data":"","kinesisRecordMetadata":{"sequenceNumber":"data","records":[{}]},
         "recordId":"2"}]})"),
            (Records{{"\"49546986683135544286507457936321625675700192471156785154\"",
                      "\"SGVsbG8=\"", "SGVsbG8="},
                     {"\"2\"", "\"\"", ""}}));
}

TEST_F(FirehoseEventTest, GivesEscapedTextAsItCameAndAsItIsMeant) {
  EXPECT_EQ(Parse(R"({"records":[{"recordId" : "a\u0041\"" , "data" : "Y\/8=" }]})"),
            (Records{{R"("a\u0041\"")", R"("Y\/8=")", "Y/8="}}));
}

TEST_F(FirehoseEventTest, AnEventWithoutRecordsHasNone) {
  EXPECT_EQ(Parse(R"({"records":[]})"), Records{});
}

TEST_F(FirehoseEventTest, ForgetsTheEventBefore) {
  EXPECT_EQ(Parse(R"({"records":[{"recordId":"1","data":"YQ=="}]})")->size(), 1U);
  EXPECT_EQ(Parse(R"({"records":[{"recordId":"2","data":"YQ=="}]})"),
            (Records{{"\"2\"", "\"YQ==\"", "YQ=="}}));
}

TEST_F(FirehoseEventTest, RefusesWhatIsNoJson) {
  for (const std::string_view event :
       {"", " ", "nonsense", "\"text", "{", R"({"records":[)", R"({"records":[{"recordId":"1")",
        R"({"records":[{"recordId":"1","data":"YQ=="}])",
        R"({"records":[{"recordId":"1","data":"YQ=="} {"recordId":"2","data":"YQ=="}]})",
        R"({"records":[]}})", R"({"records":[]} {})",
        R"({"records":[{"recordId":"1","data":"\q"}]})",
        "{\"records\":[{\"recordId\":\"1\",\"data\":\"\n\"}]}",
        "{\"records\":[{\"recordId\":\"1\",\"data\":\"\xff\"}]}"}) {
    EXPECT_TRUE(Refusal(event).starts_with("the event is no ")) << event << '\n' << Refusal(event);
  }
}

TEST_F(FirehoseEventTest, SaysWhatIsMissing) {
  EXPECT_EQ(Refusal("[]"), "the event is no JSON object");
  EXPECT_EQ(Refusal("{}"), "the event has no records");
  EXPECT_EQ(Refusal(R"({"detail":{"records":[]}})"), "the event has no records");
  EXPECT_EQ(Refusal(R"({"records":{}})"), "records: no array");
  EXPECT_EQ(Refusal(R"({"records":null})"), "records: no array");
  EXPECT_EQ(Refusal(R"({"records":[],"records":[]})"), "records: given twice");
  EXPECT_EQ(Refusal(R"({"records":["1"]})"), "records[0]: no object");
  EXPECT_EQ(Refusal(R"({"records":[{"data":"YQ=="}]})"), "records[0].recordId: missing");
  EXPECT_EQ(Refusal(R"({"records":[{"recordId":"1","data":""},{"recordId":"2"}]})"),
            "records[1].data: missing");
  EXPECT_EQ(Refusal(R"({"records":[{"recordId":1,"data":""}]})"), "records[0].recordId: no string");
  EXPECT_EQ(Refusal(R"({"records":[{"recordId":"1","data":null}]})"), "records[0].data: no string");
  EXPECT_EQ(Refusal(R"({"records":[{"recordId":"1","data":"","data":""}]})"),
            "records[0].data: given twice");
}

}  // namespace
}  // namespace sgflow
