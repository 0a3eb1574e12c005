#include "lambda/firehose_response.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace sgflow {
namespace {

constexpr std::size_t kEnough = 10'000;

TEST(FirehoseResponseTest, AnswersInFirehosesForm) {
  const std::array<FirehoseRecord, 3> records = {
      {{R"("1")", R"("YQ==")", "YQ=="}, {R"("2")", R"("")", ""}, {R"("3")", R"("Y\/8=")", "Y/8="}}};
  FirehoseResponse response;
  ASSERT_TRUE(response.Start(records, kEnough));
  response.Drop(1);
  EXPECT_TRUE(response.Deliver(0, "out\n"));
  EXPECT_EQ(response.Finish(), R"({"records":[{"recordId":"1","result":"Ok","data":"b3V0Cg=="},)"
                               R"({"recordId":"2","result":"Dropped","data":""},)"
                               R"({"recordId":"3","result":"ProcessingFailed","data":"Y\/8="}]})");
}

TEST(FirehoseResponseTest, AnswersInTheEventsOrderWhateverIsDeliveredFirst) {
  const std::array<FirehoseRecord, 4> records = {{{R"("1")", R"("YQ==")", "YQ=="},
                                                  {R"("2")", R"("YQ==")", "YQ=="},
                                                  {R"("3")", R"("YQ==")", "YQ=="},
                                                  {R"("4")", R"("YQ==")", "YQ=="}}};
  FirehoseResponse response;
  ASSERT_TRUE(response.Start(records, kEnough));
  ASSERT_TRUE(response.Deliver(3, "ddd"));
  ASSERT_TRUE(response.Deliver(0, "aaa"));
  ASSERT_TRUE(response.Deliver(2, "cccccc"));
  EXPECT_EQ(response.Finish(), R"({"records":[{"recordId":"1","result":"Ok","data":"YWFh"},)"
                               R"({"recordId":"2","result":"ProcessingFailed","data":"YQ=="},)"
                               R"({"recordId":"3","result":"Ok","data":"Y2NjY2Nj"},)"
                               R"({"recordId":"4","result":"Ok","data":"ZGRk"}]})");
}

TEST(FirehoseResponseTest, GivesMetadataWithWhatIsOkAndCountsThem) {
  constexpr std::string_view kMetadata = R"("partitionKeys":{"day":"2026-01-31"})";
  const std::array<FirehoseRecord, 2> records = {
      {{R"("1")", R"("YQ==")", "YQ=="}, {R"("2")", R"("YQ==")", "YQ=="}}};
  FirehoseResponse response;
  ASSERT_TRUE(response.Start(records, kEnough));
  ASSERT_TRUE(response.Deliver(0, "out\n", kMetadata));
  const std::string expected = R"({"records":[{"recordId":"1","result":"Ok","data":"b3V0Cg==",)"
                               R"("metadata":{"partitionKeys":{"day":"2026-01-31"}}},)"
                               R"({"recordId":"2","result":"ProcessingFailed","data":"YQ=="}]})";
  EXPECT_EQ(response.Finish(), expected);

  ASSERT_TRUE(response.Start(records, expected.size()));
  EXPECT_TRUE(response.Deliver(0, "out\n", kMetadata));
  ASSERT_TRUE(response.Start(records, expected.size() - 1));
  EXPECT_FALSE(response.Deliver(0, "out\n", kMetadata));
  EXPECT_TRUE(response.Deliver(0, "out\n"));

  ASSERT_TRUE(response.Start(std::span(records).first(1), kEnough));
  ASSERT_TRUE(response.Deliver(0, "out\n", kMetadata));
  const std::size_t alone = response.Finish().size();
  ASSERT_TRUE(response.Start(std::span(records).first(1), alone));
  EXPECT_TRUE(response.FitsAlone(0, 4, kMetadata.size()));
  EXPECT_FALSE(response.FitsAlone(0, 4, kMetadata.size() + 1));
}

// The answer is put together where the outputs stand already.
TEST(FirehoseResponseTest, KeepsOutputsOfAllLengthsApart) {
  constexpr std::string_view kMetadata = R"("partitionKeys":{"day":"2026-01-31"})";
  const std::vector<FirehoseRecord> records(
      60, {.record_id = R"("1")", .data = R"("YQ==")", .base64 = "YQ=="});
  FirehoseResponse response;
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(response.Start(records, kEnough * 100));
    std::string expected;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::string output(3 * (i * 37 % 60), 'M');  // base64: TU1N
      if (i % 3 == 0) {
        response.Drop(i);
        expected += R"({"recordId":"1","result":"Dropped","data":""},)";
      } else if (i % 7 == 0) {
        expected += R"({"recordId":"1","result":"ProcessingFailed","data":"YQ=="},)";
      } else {
        ASSERT_TRUE(response.Deliver(i, output, i % 2 == 0 ? kMetadata : ""));
        expected += R"({"recordId":"1","result":"Ok","data":")";
        for (std::size_t j = 0; j < output.size(); j += 3) expected += "TU1N";
        expected += '"';
        if (i % 2 == 0) expected += R"(,"metadata":{)" + std::string(kMetadata) + "}";
        expected += "},";
      }
    }
    expected.pop_back();
    EXPECT_EQ(response.Finish(), R"({"records":[)" + expected + "]}");
  }
}

TEST(FirehoseResponseTest, AnswersAnEventWithoutRecords) {
  FirehoseResponse response;
  ASSERT_TRUE(response.Start({}, kEnough));
  EXPECT_EQ(response.Finish(), R"({"records":[]})");
}

// The limit to the byte: at `needed` the output fits, one below it does not.
TEST(FirehoseResponseTest, TakesOutputOnlyWhileTheOthersKeepTheirRoom) {
  const std::array<FirehoseRecord, 2> records = {
      {{R"("1")", R"("YQ==")", "YQ=="}, {R"("2")", R"("bG9uZ2VyIGRhdGE=")", ""}}};
  const std::string output(30, 'x');

  FirehoseResponse response;
  ASSERT_TRUE(response.Start(records, kEnough));
  ASSERT_TRUE(response.Deliver(0, output));
  const std::size_t needed = response.Finish().size();

  ASSERT_TRUE(response.Start(records, needed));
  EXPECT_TRUE(response.Deliver(0, output));
  EXPECT_EQ(response.Finish().size(), needed);

  ASSERT_TRUE(response.Start(records, needed - 1));
  EXPECT_FALSE(response.Deliver(0, output));
  // A smaller one still fits.
  EXPECT_TRUE(response.Deliver(1, "x"));
  EXPECT_LE(response.Finish().size(), needed - 1);
  // And once the first is elsewhere, there is room for more.
  ASSERT_TRUE(response.Start(records, needed - 1));
  response.Drop(1);
  EXPECT_TRUE(response.Deliver(0, output));
}

TEST(FirehoseResponseTest, KnowsWhatWouldFitWithoutTheOthers) {
  const std::array<FirehoseRecord, 2> records = {
      {{R"("1")", R"("YQ==")", "YQ=="}, {R"("2")", R"("bG9uZ2VyIGRhdGE=")", ""}}};
  const std::string output(60, 'x');
  FirehoseResponse response;
  ASSERT_TRUE(response.Start(std::span(records).first(1), kEnough));
  ASSERT_TRUE(response.Deliver(0, output));
  const std::size_t alone = response.Finish().size();

  ASSERT_TRUE(response.Start(records, alone + 50));
  EXPECT_FALSE(response.Deliver(0, output));
  EXPECT_TRUE(response.FitsAlone(0, output.size() + 30));
  ASSERT_TRUE(response.Start(std::span(records).first(1), alone));
  EXPECT_TRUE(response.FitsAlone(0, output.size()));
  EXPECT_FALSE(response.FitsAlone(0, output.size() + 1));
}

TEST(FirehoseResponseTest, SaysWhenTheOriginalDataAloneAreTooLong) {
  const std::array<FirehoseRecord, 1> records = {{{R"("1")", R"("YQ==")", "YQ=="}}};
  FirehoseResponse response;
  const auto started = response.Start(records, 50);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message,
            "the event's own data would make an answer of 72 bytes, and Lambda takes 50");
  EXPECT_EQ(started.error().hint, "lower the buffer size of the stream's data transformation");
}

}  // namespace
}  // namespace sgflow
