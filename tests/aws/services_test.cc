// What the small services ask and how they take the answers, without a network.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "aws/firehose.h"
#include "aws/secrets_manager.h"
#include "aws/sts.h"
#include "scripted_client.h"

namespace sgflow {
namespace {

TEST(SecretsManagerTest, AsksInTheRegionOfTheArn) {
  ScriptedClient client;
  client.answers = {Answer(R"({"Name":"n","SecretString":"pass\"word"})"),
                    Answer(R"({"SecretString":"x"})")};
  const std::string arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:redis-AbCdEf";
  EXPECT_EQ(GetSecretValue(client, arn, "eu-west-1").value(), "pass\"word");
  EXPECT_EQ(client.asked[0].region, "eu-central-1");
  EXPECT_EQ(client.asked[0].iam_action, "secretsmanager:GetSecretValue");
  EXPECT_EQ(client.asked[0].body, "{\"SecretId\":\"" + arn + "\"}");
  EXPECT_EQ(GetSecretValue(client, "re\"dis", "eu-west-1").value(), "x");
  EXPECT_EQ(client.asked[1].region, "eu-west-1");
  EXPECT_EQ(client.asked[1].body, R"({"SecretId":"re\"dis"})");
}

TEST(SecretsManagerTest, ASecretThatIsNoTextIsNotShown) {
  ScriptedClient client;
  client.answers = {Answer(R"({"SecretBinary":"c2VjcmV0"})")};
  const auto none = GetSecretValue(client, "redis");
  ASSERT_FALSE(none);
  EXPECT_EQ(Describe(none.error().error),
            "redis: the secret holds no text; store it as text, not as binary");
}

TEST(StsTest, TellsWhoIsCalling) {
  ScriptedClient client;
  client.answers = {Answer("<GetCallerIdentityResponse><GetCallerIdentityResult>"
                           "<Arn>arn:aws:iam::111122223333:user/a</Arn><UserId>U</UserId>"
                           "<Account>111122223333</Account></GetCallerIdentityResult>"
                           "</GetCallerIdentityResponse>"),
                    Answer("<html/>")};
  const auto identity = GetCallerIdentity(client, "eu-west-1");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->account_id, "111122223333");
  EXPECT_EQ(identity->arn, "arn:aws:iam::111122223333:user/a");
  EXPECT_EQ(GetCallerIdentity(client, "eu-west-1").error().kind, AwsFault::Kind::kBadAnswer);
}

TEST(FirehoseTest, TellsWhichRecordsWereNotTaken) {
  ScriptedClient client;
  client.answers = {Answer(R"({"FailedPutCount":1,"RequestResponses":[{"RecordId":"a"},
      {"ErrorCode":"ServiceUnavailableException","ErrorMessage":"Slow down."},{"RecordId":"c"}]})")};
  const std::vector<std::string_view> records{"one", "two", "a"};
  const auto failures = PutRecordBatch(client, "stream", records);
  ASSERT_TRUE(failures);
  ASSERT_EQ(failures->size(), 1U);
  EXPECT_EQ(failures->front().record, 1U);
  EXPECT_EQ(failures->front().message,
            "firehose:PutRecordBatch: ServiceUnavailableException: Slow down.");
  EXPECT_EQ(
      client.asked[0].body,
      R"({"DeliveryStreamName":"stream","Records":[{"Data":"b25l"},{"Data":"dHdv"},{"Data":"YQ=="}]})");
}

TEST(FirehoseTest, ALargeBatchGoesInSeveralCalls) {
  ScriptedClient client;
  std::string taken = R"({"RequestResponses":[{"RecordId":"a"})";
  for (int i = 1; i < 500; ++i) taken += R"(,{"RecordId":"a"})";
  client.answers = {Answer(taken + "]}"),
                    std::unexpected(Fault(AwsFault::Kind::kThrottled, "LimitExceededException"))};
  const auto failures = PutRecordBatch(client, "stream", std::vector<std::string_view>(501, "x"));
  ASSERT_TRUE(failures);
  ASSERT_EQ(failures->size(), 1U);
  EXPECT_EQ(failures->front().record, 500U);
  EXPECT_NE(failures->front().message.find("LimitExceededException"), std::string::npos);
}

TEST(FirehoseTest, NoCallHoldsMoreThanFourMebibytes) {
  ScriptedClient client;
  const std::string large(kFirehoseMaxRecordBytes, 'x');
  for (const int records : {4, 1}) {
    std::string taken = R"({"RequestResponses":[{"RecordId":"a"})";
    for (int i = 1; i < records; ++i) taken += R"(,{"RecordId":"a"})";
    client.answers.push_back(Answer(taken + "]}"));
  }
  const auto failures = PutRecordBatch(client, "stream", std::vector<std::string_view>(5, large));
  ASSERT_TRUE(failures);
  EXPECT_TRUE(failures->empty());
}

TEST(FirehoseTest, ARecordIsTakenWhereItHasAnId) {
  ScriptedClient client;
  client.answers = {Answer(R"({"FailedPutCount":0,"RequestResponses":[{"RecordId":"a"},{}]})")};
  const auto failures = PutRecordBatch(client, "stream", std::vector<std::string_view>(2, "x"));
  ASSERT_TRUE(failures);
  ASSERT_EQ(failures->size(), 1U);
  EXPECT_EQ(failures->front().record, 1U);
  EXPECT_EQ(failures->front().message,
            "firehose:PutRecordBatch: neither an id nor an error for a record");
}

TEST(FirehoseTest, AnAnswerThatDoesNotTellOfEachRecordIsNone) {
  ScriptedClient client;
  client.answers = {Answer(R"({"RequestResponses":[]})")};
  const auto failures = PutRecordBatch(client, "stream", std::vector<std::string_view>{"x"});
  ASSERT_FALSE(failures);
  EXPECT_EQ(failures.error().kind, AwsFault::Kind::kBadAnswer);
}

}  // namespace
}  // namespace sgflow
