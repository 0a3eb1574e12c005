#include "lambda/object_event.h"

#include <gtest/gtest.h>

#include <string>

#include "lambda/firehose_event.h"

namespace sgflow {
namespace {

std::optional<ObjectEvent> Parse(std::string event) {
  const std::size_t size = event.size();
  event.append(kEventPadding, '\0');
  return ParseObjectEvent(std::string_view(event).substr(0, size));
}

std::string Notification(const std::string& key, const std::string& name = "ObjectCreated:Put") {
  return R"({"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1","eventName":")" +
         name +
         R"(","s3":{"s3SchemaVersion":"1.0","bucket":{"name":"logs","arn":"arn:aws:s3:::logs"},)" +
         R"("object":{"key":")" + key + R"(","size":12,"eTag":"0a","sequencer":"1"}}})";
}

std::string Records(const std::string& records) { return R"({"Records":[)" + records + "]}"; }

constexpr const char* kTest =
    R"({"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-01-02T03:04:05.000Z",)"
    R"("Bucket":"logs","RequestId":"a","HostId":"b"})";

std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// What SNS puts around a message, for SQS.
std::string Published(const std::string& message) {
  return R"({"Type":"Notification","MessageId":"1","TopicArn":"arn:aws:sns:eu-west-1:1:logs",)"
         R"("Subject":"Amazon S3 Notification","Message":")" +
         Escaped(message) + R"(","Timestamp":"2026-01-02T03:04:05.000Z","SignatureVersion":"1"})";
}

std::string Queued(const std::string& id, const std::string& body) {
  return R"({"messageId":")" + id + R"(","receiptHandle":"h","body":")" + Escaped(body) +
         R"(","attributes":{},"eventSource":"aws:sqs","awsRegion":"eu-west-1"})";
}

TEST(ObjectEventTest, S3sKeysAreEncodedAsForms) {
  const auto event = Parse(Records(Notification("a+b%2Bc/%C3%BC%3D1.log.gz") + "," +
                                   Notification("d.log", "ObjectRemoved:Delete")));
  ASSERT_TRUE(event);
  EXPECT_FALSE(event->is_of_queue);
  ASSERT_EQ(event->messages.size(), 1U);
  const ObjectMessage& message = event->messages.front();
  ASSERT_EQ(message.objects.size(), 1U);
  EXPECT_EQ(message.objects.front().bucket, "logs");
  EXPECT_EQ(message.objects.front().key, "a b+c/\xC3\xBC=1.log.gz");
  EXPECT_EQ(message.others, 1U);
  EXPECT_FALSE(message.error);
}

TEST(ObjectEventTest, EventBridgesAreAsTheyAre) {
  const auto event = Parse(
      R"({"version":"0","id":"1","detail-type":"Object Created","source":"aws.s3",)"
      R"("detail":{"version":"0","bucket":{"name":"logs"},"object":{"key":"a+b%2Bc.log","size":1}}})");
  ASSERT_TRUE(event);
  ASSERT_EQ(event->messages.size(), 1U);
  ASSERT_EQ(event->messages.front().objects.size(), 1U);
  EXPECT_EQ(event->messages.front().objects.front().key, "a+b%2Bc.log");
  const auto other = Parse(
      R"({"detail-type":"Object Deleted","source":"aws.s3","detail":{"bucket":{"name":"logs"}}})");
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->messages.front().objects.empty());
  EXPECT_EQ(other->messages.front().others, 1U);
}

TEST(ObjectEventTest, SnsCarriesThemInAString) {
  const auto direct = Parse(
      Records(R"({"EventSource":"aws:sns","EventVersion":"1.0","EventSubscriptionArn":"a","Sns":)" +
              Published(Records(Notification("a.log"))) + "}"));
  ASSERT_TRUE(direct);
  EXPECT_FALSE(direct->is_of_queue);
  ASSERT_EQ(direct->messages.size(), 1U);
  ASSERT_EQ(direct->messages.front().objects.size(), 1U);
  EXPECT_EQ(direct->messages.front().objects.front().key, "a.log");

  const auto queued =
      Parse(Records(Queued("1", Published(Records(Notification("a+b.log")))) + "," +
                    Queued("2", Published(kTest)) + "," + Queued("3", Published("no JSON")) + "," +
                    Queued("4", R"({"Type":"SubscriptionConfirmation"})")));
  ASSERT_TRUE(queued);
  EXPECT_TRUE(queued->is_of_queue);
  ASSERT_EQ(queued->messages.size(), 4U);
  ASSERT_EQ(queued->messages[0].objects.size(), 1U);
  EXPECT_EQ(queued->messages[0].objects.front().key, "a b.log");
  EXPECT_EQ(queued->messages[1].others, 1U);
  EXPECT_FALSE(queued->messages[1].error);
  EXPECT_EQ(Describe(queued->messages[2].error.value()),
            "the message is no JSON; sgflow answers events that tell of objects created in S3");
  EXPECT_EQ(Describe(queued->messages[3].error.value()),
            "the event is none of S3's; sgflow answers events that tell of objects created in S3");
}

TEST(ObjectEventTest, MessagesOfAQueueAreApart) {
  const auto event =
      Parse(Records(Queued("1", Records(Notification("a.log"))) + "," + Queued("2", kTest) + "," +
                    Queued("3", "no JSON") + "," + Queued("4", R"({"some":"thing"})")));
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->is_of_queue);
  ASSERT_EQ(event->messages.size(), 4U);
  EXPECT_EQ(event->messages[0].id, "1");
  EXPECT_EQ(event->messages[0].objects.size(), 1U);
  EXPECT_EQ(event->messages[1].others, 1U);
  EXPECT_FALSE(event->messages[1].error);
  EXPECT_EQ(event->messages[2].error->message, "the message is no JSON");
  EXPECT_EQ(event->messages[3].error->message, "the event is none of S3's");
}

TEST(ObjectEventTest, ATestIsAnsweredAndDoesNothing) {
  const auto event = Parse(kTest);
  ASSERT_TRUE(event);
  EXPECT_FALSE(event->messages.front().error);
  EXPECT_TRUE(event->messages.front().objects.empty());
}

TEST(ObjectEventTest, AnotherEventIsNone) {
  for (const char* event : {R"({"invocationId":"i","records":[{"recordId":"1","data":"Records"}]})",
                            R"({"records":[]})", "{}", "[]", "no JSON", ""}) {
    EXPECT_FALSE(Parse(event)) << event;
  }
}

TEST(ObjectEventTest, WhatIsNotUnderstoodIsAnError) {
  for (const std::string& event :
       {Records(R"({"eventSource":"aws:sns"})"), Records(Notification("")),
        std::string(R"({"Records":12})"),
        Records(R"({"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":)"
                R"({"name":"../x?y"},"object":{"key":"a"}}})")}) {
    const auto parsed = Parse(event);
    ASSERT_TRUE(parsed) << event;
    ASSERT_FALSE(parsed->messages.empty()) << event;
    EXPECT_TRUE(parsed->messages.front().error) << event;
    EXPECT_TRUE(parsed->messages.front().objects.empty()) << event;
  }
}

}  // namespace
}  // namespace sgflow
