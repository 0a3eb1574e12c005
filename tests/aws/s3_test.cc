// What S3 is asked and how its answers are taken, without a network.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "aws/percent_encoding.h"
#include "aws/s3_download.h"
#include "aws/s3_object.h"
#include "aws/s3_unfinished.h"
#include "aws/s3_upload.h"
#include "scripted_client.h"

namespace sgflow {
namespace {

using Header = std::pair<std::string, std::string>;

std::string HeaderOf(const AwsCall& call, const std::string& name) {
  for (const auto& [key, value] : call.headers) {
    if (key == name) return value;
  }
  return {};
}

// A part of an object of `size` bytes.
AwsAnswer RangeAnswer(std::size_t begin, std::size_t end, std::size_t size, char fill = 'x') {
  AwsAnswer answer =
      Answer(std::string(end - begin, fill),
             {{"etag", "\"1\""},
              {"content-range", "bytes " + std::to_string(begin) + "-" + std::to_string(end - 1) +
                                    "/" + std::to_string(size)}});
  answer.status = 206;
  return answer;
}

AwsResult<std::string> ReadAll(S3Download& download) {
  std::string all;
  std::string some(100'000, '\0');
  while (true) {
    const auto count = download.Read(some);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) return all;
    all.append(some, 0, *count);
  }
}

TEST(S3UrlTest, NamesABucketAndAKey) {
  const auto location = ParseS3Url("s3://bucket/a//b c+%.json");
  ASSERT_TRUE(location);
  EXPECT_EQ(location->bucket, "bucket");
  EXPECT_EQ(location->key, "a//b c+%.json");
  for (const char* url : {"s3://bucket", "s3://bucket/", "s3:///key", "bucket/key", ""}) {
    const auto none = ParseS3Url(url);
    ASSERT_FALSE(none) << url;
    EXPECT_EQ(Describe(none.error()),
              "'" + std::string(url) + "' names no object in S3; write it as s3://BUCKET/KEY");
  }
}

TEST(S3UrlTest, APrefixMayBeEmptyAndABucketMayNotBeAnything) {
  EXPECT_EQ(ParseS3Prefix("s3://bucket")->key, "");
  EXPECT_EQ(ParseS3Prefix("s3://bucket/")->key, "");
  EXPECT_EQ(ParseS3Prefix("s3://bucket/a/")->key, "a/");
  for (const char* url : {"s3://", "s3:///a", "s3://b/a", "s3://a?b/c", "s3://a b/c", "/a"}) {
    EXPECT_FALSE(ParseS3Prefix(url)) << url;
  }
}

TEST(FormDecodeTest, TakesBlanksAndBytes) {
  EXPECT_EQ(FormDecode("a+b%2Bc%C3%BC.txt"), "a b+c\xC3\xBC.txt");
  EXPECT_EQ(FormDecode("100%+%2%zz%"), "100% %2%zz%");
}

TEST(S3ObjectTest, AsksOnlyForWhatHasChanged) {
  ScriptedClient client;
  client.answers = {Answer("{}", {{"etag", "\"1\""}}),
                    std::unexpected(Fault(AwsFault::Kind::kPrecondition))};
  S3Object object(client, {"bucket", "a/b c+ü.json"}, "eu-west-1");

  const auto first = object.Get();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ((*first)->bytes, "{}");
  EXPECT_EQ((*first)->etag, "\"1\"");
  EXPECT_EQ(client.asked[0].path, "/bucket/a/b%20c%2B%C3%BC.json");
  EXPECT_EQ(client.asked[0].region, "eu-west-1");
  EXPECT_EQ(HeaderOf(client.asked[0], "if-none-match"), "");

  const auto second = object.Get((*first)->etag);
  ASSERT_TRUE(second);
  EXPECT_FALSE(*second);
  EXPECT_EQ(HeaderOf(client.asked[1], "if-none-match"), "\"1\"");
}

TEST(S3ObjectTest, AFaultNamesTheObject) {
  ScriptedClient client;
  client.answers = {std::unexpected(Fault(AwsFault::Kind::kNotFound, "NoSuchKey"))};
  const auto none = S3Object(client, {"bucket", "key"}).Get();
  ASSERT_FALSE(none);
  EXPECT_EQ(Describe(none.error().error), "s3://bucket/key: it is NoSuchKey");
}

TEST(S3ObjectTest, PutsUnderACondition) {
  ScriptedClient client;
  for (int i = 0; i < 3; ++i) client.answers.push_back(Answer("", {{"etag", "\"2\""}}));
  S3Object object(client, {"bucket", "key"});
  EXPECT_EQ(object.Put("x").value(), "\"2\"");
  EXPECT_EQ(object.Put("x", {.absent = true}).value(), "\"2\"");
  EXPECT_EQ(object.Put("x", {.etag = "\"1\""}).value(), "\"2\"");
  EXPECT_EQ(client.asked[0].headers.size(), 1U);
  EXPECT_EQ(client.asked[1].headers.back(), Header("if-none-match", "*"));
  EXPECT_EQ(client.asked[2].headers.back(), Header("if-match", "\"1\""));
}

TEST(S3ObjectTest, HeadTellsMetadataAndWhatIsNotThere) {
  ScriptedClient client;
  client.answers = {
      Answer("", {{"etag", "\"1\""}, {"content-length", "12"}, {"x-amz-meta-a", "b"}}),
      std::unexpected(Fault(AwsFault::Kind::kNotFound)),
      std::unexpected(Fault(AwsFault::Kind::kAccessDenied, "no"))};
  S3Bucket bucket(client, "bucket");
  const auto states = HeadObjects(bucket, std::vector<std::string>{"a", "b", "c"});
  ASSERT_TRUE(states[0] && *states[0]);
  EXPECT_EQ((*states[0])->size, 12U);
  EXPECT_EQ((*states[0])->Metadata("a"), "b");
  EXPECT_TRUE(states[1] && !*states[1]);
  ASSERT_FALSE(states[2]);
  EXPECT_EQ(states[2].error().error.place.file, "s3://bucket/c");
}

TEST(S3BucketTest, WhatIsDeniedMayNotBeThere) {
  AwsFault denied = Fault(AwsFault::Kind::kAccessDenied, "AccessDenied");
  denied.iam_action = "s3:GetObject";
  denied.error.hint = "allow s3:GetObject to the role or user in use";
  ScriptedClient client;
  client.answers = {std::unexpected(denied), std::unexpected(denied)};
  S3Bucket bucket(client, "bucket");
  const auto download = S3Download::Open(bucket, "key");
  const auto state = HeadObject(bucket, "key");
  ASSERT_FALSE(download);
  ASSERT_FALSE(state);
  for (const AwsFault& fault : {download.error(), state.error()}) {
    EXPECT_EQ(fault.error.hint,
              "allow s3:GetObject to the role or user in use, and s3:ListBucket on the bucket: "
              "without it S3 denies what is not there (yet), too");
  }
}

TEST(S3BucketTest, IsAskedWhereItIs) {
  ScriptedClient client;
  AwsFault moved = Fault(AwsFault::Kind::kRefused, "PermanentRedirect");
  moved.bucket_region = "ap-south-1";
  client.answers = {std::unexpected(moved), Answer("1", {{"etag", "\"1\""}}),
                    Answer("2", {{"etag", "\"1\""}})};
  S3Bucket bucket(client, "bucket");
  EXPECT_EQ(bucket.Send(bucket.Call("GET", "s3:GetObject", "a"))->body, "1");
  EXPECT_EQ(bucket.Send(bucket.Call("GET", "s3:GetObject", "b"))->body, "2");
  ASSERT_EQ(client.asked.size(), 3U);
  EXPECT_EQ(client.asked[0].region, "");
  EXPECT_EQ(client.asked[1].region, "ap-south-1");
  EXPECT_EQ(client.asked[1].path, "/bucket/a");
  EXPECT_EQ(client.asked[2].region, "ap-south-1");
}

TEST(S3BucketTest, IsNotSoughtForEver) {
  ScriptedClient client;
  AwsFault moved = Fault(AwsFault::Kind::kRefused, "PermanentRedirect");
  moved.bucket_region = "ap-south-1";
  client.answers = {std::unexpected(moved), std::unexpected(moved)};
  S3Bucket bucket(client, "bucket");
  EXPECT_FALSE(bucket.Send(bucket.Call("GET", "s3:GetObject", "a")));
  EXPECT_EQ(client.asked.size(), 2U);
}

constexpr std::size_t kRange = S3Download::kRangeBytes;

TEST(S3DownloadTest, AsksForRangesOfOneState) {
  ScriptedClient client;
  const std::size_t size = 3 * kRange + 5;
  client.answers = {RangeAnswer(0, kRange, size, 'a'), RangeAnswer(kRange, 2 * kRange, size, 'b'),
                    RangeAnswer(2 * kRange, 3 * kRange, size, 'c'),
                    RangeAnswer(3 * kRange, size, size, 'd')};
  S3Bucket bucket(client, "bucket");
  const auto download = S3Download::Open(bucket, "key");
  ASSERT_TRUE(download);
  EXPECT_EQ((*download)->size(), size);
  EXPECT_TRUE((*download)->is_long());
  const auto all = ReadAll(**download);
  ASSERT_TRUE(all);
  EXPECT_EQ(*all, std::string(kRange, 'a') + std::string(kRange, 'b') + std::string(kRange, 'c') +
                      "ddddd");
  ASSERT_EQ(client.asked.size(), 4U);
  EXPECT_EQ(HeaderOf(client.asked[0], "if-match"), "");
  EXPECT_EQ(HeaderOf(client.asked[3], "if-match"), "\"1\"");
  EXPECT_EQ(HeaderOf(client.asked[3], "range"),
            "bytes=" + std::to_string(3 * kRange) + "-" + std::to_string(size - 1));
}

TEST(S3DownloadTest, WhatIsReplacedMeanwhileIsNotPutTogether) {
  ScriptedClient client;
  client.answers = {RangeAnswer(0, kRange, kRange + 1),
                    std::unexpected(Fault(AwsFault::Kind::kPrecondition, "PreconditionFailed"))};
  S3Bucket bucket(client, "bucket");
  const auto all = ReadAll(**S3Download::Open(bucket, "key"));
  ASSERT_FALSE(all);
  EXPECT_EQ(Describe(all.error().error),
            "s3://bucket/key: was replaced while it was read; run it again");
}

TEST(S3DownloadTest, AnEmptyObjectHasNoRange) {
  ScriptedClient client;
  client.answers = {std::unexpected(Fault(AwsFault::Kind::kRefused, "InvalidRange")),
                    Answer("", {{"etag", "\"1\""}})};
  S3Bucket bucket(client, "bucket");
  EXPECT_EQ(ReadAll(**S3Download::Open(bucket, "key")).value(), "");
  EXPECT_EQ(HeaderOf(client.asked[1], "range"), "");
}

TEST(S3DownloadTest, AnotherRangeThanWasAskedForIsRefused) {
  for (const AwsAnswer& wrong :
       {RangeAnswer(kRange + 1, 2 * kRange + 1, 2 * kRange), RangeAnswer(kRange, kRange + 5, 99),
        Answer("whole", {{"etag", "\"1\""}})}) {
    ScriptedClient client;
    client.answers = {RangeAnswer(0, kRange, 2 * kRange), wrong};
    S3Bucket bucket(client, "bucket");
    const auto all = ReadAll(**S3Download::Open(bucket, "key"));
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().kind, AwsFault::Kind::kBadAnswer);
  }
}

const AwsAnswer kBegun = Answer(
    "<InitiateMultipartUploadResult><UploadId>an id</UploadId></InitiateMultipartUploadResult>");
const AwsAnswer kCompleted =
    Answer("<CompleteMultipartUploadResult><ETag>\"3\"</ETag></CompleteMultipartUploadResult>");

TEST(S3UploadTest, WhatFitsIntoAPartIsOneRequest) {
  ScriptedClient client;
  client.answers = {Answer("", {{"etag", "\"2\""}})};
  S3Bucket bucket(client, "bucket");
  S3Upload upload(bucket, "key", {{"note", "1"}});
  ASSERT_TRUE(upload.Write(std::string(S3Upload::PartBytes(1), 'x')));
  EXPECT_FALSE(upload.has_begun());
  upload.set_metadata({{"note", "2"}});
  EXPECT_EQ(upload.Complete({.absent = true}).value(), "\"2\"");
  ASSERT_EQ(client.asked.size(), 1U);
  EXPECT_EQ(HeaderOf(client.asked[0], "x-amz-meta-note"), "2");
  EXPECT_EQ(HeaderOf(client.asked[0], "if-none-match"), "*");
}

TEST(S3UploadTest, MoreGoesInPartsAndIsThereWithTheLastRequest) {
  ScriptedClient client;
  client.answers = {kBegun, Answer("", {{"etag", "\"a\""}}), Answer("", {{"etag", "\"<b\""}}),
                    kCompleted};
  {
    S3Bucket bucket(client, "bucket");
    S3Upload upload(bucket, "key", {{"note", "1"}});
    ASSERT_TRUE(upload.Write(std::string(S3Upload::PartBytes(1) + 1, 'x')));
    EXPECT_TRUE(upload.has_begun());
    EXPECT_EQ(upload.Complete({.etag = "\"0\""}).value(), "\"3\"");
  }
  ASSERT_EQ(client.asked.size(), 4U) << "and nothing is aborted";
  EXPECT_EQ(client.asked[0].path, "/bucket/key?uploads");
  EXPECT_EQ(HeaderOf(client.asked[0], "x-amz-meta-note"), "1");
  EXPECT_EQ(HeaderOf(client.asked[0], "if-match"), "");
  EXPECT_EQ(client.asked[1].path, "/bucket/key?partNumber=1&uploadId=an%20id");
  EXPECT_EQ(client.asked[1].body.size(), S3Upload::PartBytes(1));
  EXPECT_EQ(client.asked[2].body, "x");
  EXPECT_EQ(client.asked[3].path, "/bucket/key?uploadId=an%20id");
  EXPECT_EQ(HeaderOf(client.asked[3], "if-match"), "\"0\"");
  EXPECT_NE(client.asked[3].body.find("<PartNumber>2</PartNumber><ETag>\"&lt;b\"</ETag>"),
            std::string::npos);
}

TEST(S3UploadTest, WhatIsNotCompletedIsAborted) {
  ScriptedClient client;
  client.answers = {kBegun, Answer("", {{"etag", "\"a\""}}), Answer("", {{"etag", "\"b\""}}),
                    std::unexpected(Fault(AwsFault::Kind::kPrecondition, "PreconditionFailed")),
                    Answer("")};
  {
    S3Bucket bucket(client, "bucket");
    S3Upload upload(bucket, "key");
    ASSERT_TRUE(upload.Write(std::string(S3Upload::PartBytes(1) + 1, 'x')));
    EXPECT_EQ(upload.Complete({.absent = true}).error().kind, AwsFault::Kind::kPrecondition);
  }
  ASSERT_EQ(client.asked.size(), 5U);
  EXPECT_EQ(client.asked[4].method, "DELETE");
  EXPECT_EQ(client.asked[4].path, "/bucket/key?uploadId=an%20id");
}

TEST(S3UploadTest, PartsGrowSoThatTenThousandAreTerabytes) {
  EXPECT_EQ(S3Upload::PartBytes(1), std::size_t{5} << 20);
  EXPECT_EQ(S3Upload::PartBytes(1000), std::size_t{5} << 20);
  EXPECT_EQ(S3Upload::PartBytes(1001), std::size_t{10} << 20);
  std::size_t all = 0;
  for (std::size_t number = 1; number <= 10'000; ++number) all += S3Upload::PartBytes(number);
  EXPECT_GE(all, std::size_t{5'000'000'000'000});
  EXPECT_LE(S3Upload::PartBytes(10'000), std::size_t{5} << 30) << "the largest part";
}

TEST(ListObjectsTest, GoesThroughAllPages) {
  ScriptedClient client;
  client.answers = {
      Answer("<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
             "<NextContinuationToken>a+/=</NextContinuationToken><Contents><Key>a+b%2B%26</Key>"
             "<Size>12</Size><ETag>&quot;1&quot;</ETag></Contents></ListBucketResult>"),
      Answer("<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>c+d</Key>"
             "<Size>0</Size></Contents></ListBucketResult>")};
  S3Bucket bucket(client, "bucket");
  std::vector<S3Listed> listed;
  ASSERT_TRUE(
      ListObjects(bucket, "a b/", [&](const S3Listed& object) { listed.push_back(object); }));
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].key, "a b+&");
  EXPECT_EQ(listed[0].size, 12U);
  EXPECT_EQ(listed[0].etag, "\"1\"");
  EXPECT_EQ(listed[1].key, "c+d") << "not each server encodes";
  EXPECT_EQ(client.asked[0].path, "/bucket?list-type=2&encoding-type=url&prefix=a%20b%2F");
  EXPECT_TRUE(client.asked[1].path.ends_with("&continuation-token=a%2B%2F%3D"));
}

TEST(ListObjectsTest, RefusesWhatIsNoList) {
  for (const char* body :
       {"<html/>", "", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"}) {
    ScriptedClient client;
    client.answers = {Answer(body)};
    S3Bucket bucket(client, "bucket");
    const auto listed = ListObjects(bucket, "", [](const S3Listed&) {});
    ASSERT_FALSE(listed) << body;
    EXPECT_EQ(listed.error().kind, AwsFault::Kind::kBadAnswer);
  }
}

TEST(ListObjectsTest, APageThatLeadsToItselfEnds) {
  const AwsAnswer page = Answer(
      "<ListBucketResult><IsTruncated>true</IsTruncated>"
      "<NextContinuationToken>a</NextContinuationToken></ListBucketResult>");
  ScriptedClient client;
  client.answers = {page, page};
  S3Bucket bucket(client, "bucket");
  EXPECT_FALSE(ListObjects(bucket, "", [](const S3Listed&) {}));
}

TEST(UnfinishedUploadsTest, AreListedWithWhenTheyWereBegun) {
  ScriptedClient client;
  client.answers = {
      Answer("<ListMultipartUploadsResult><IsTruncated>true</IsTruncated>"
             "<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>i</NextUploadIdMarker>"
             "<Upload><Key>k</Key><UploadId>i</UploadId>"
             "<Initiated>2026-01-02T03:04:05.000Z</Initiated></Upload>"
             "</ListMultipartUploadsResult>"),
      Answer("<ListMultipartUploadsResult/>"),
      std::unexpected(Fault(AwsFault::Kind::kNotFound, "NoSuchUpload"))};
  S3Bucket bucket(client, "bucket");
  const auto uploads = ListUnfinishedUploads(bucket, "p/");
  ASSERT_TRUE(uploads);
  ASSERT_EQ(uploads->size(), 1U);
  EXPECT_EQ(uploads->front().key, "k");
  EXPECT_EQ(uploads->front().upload_id, "i");
  EXPECT_EQ(uploads->front().begun.time_since_epoch(), std::chrono::seconds(1767323045));
  EXPECT_TRUE(client.asked[1].path.ends_with("&key-marker=k&upload-id-marker=i"));
  EXPECT_TRUE(AbortUpload(bucket, uploads->front())) << "one that is gone already";
}

}  // namespace
}  // namespace sgflow
