#include "batch/s3_outputs.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "../aws/scripted_client.h"
#include "aws/s3_upload.h"

namespace sgflow {
namespace {

const OutputNote kNote{.input = {.size = 12, .version = "0a"},
                       .source = "s3://logs/a.log",
                       .fingerprint = 0xb,
                       .faults = 0};

AwsAnswer Head(const std::string& fingerprint = "000000000000000b") {
  return Answer("", {{"etag", "\"1\""},
                     {"x-amz-meta-sgflow-input", "12 0a"},
                     {"x-amz-meta-sgflow-fingerprint", fingerprint},
                     {"x-amz-meta-sgflow-faults", "0"},
                     {"x-amz-meta-sgflow-source", "s3://logs/a.log"}});
}

const AwsResult<AwsAnswer> kNone = std::unexpected(Fault(AwsFault::Kind::kNotFound));
const AwsResult<AwsAnswer> kNotMet =
    std::unexpected(Fault(AwsFault::Kind::kPrecondition, "PreconditionFailed"));

class S3OutputsTest : public ::testing::Test {
 protected:
  std::unique_ptr<OutputWriter> Create(const std::string& key) {
    return std::move(*outputs_->Create(key, kNote));
  }

  ScriptedClient client_;
  std::unique_ptr<OutputStore> outputs_ = std::move(*OpenS3Outputs(client_, "s3://bucket/out"));
};

TEST_F(S3OutputsTest, ANoteIsTheObjectsMetadata) {
  client_.answers = {Head(), kNone, Answer("", {{"etag", "\"1\""}})};
  const auto notes = outputs_->Find(std::vector<std::string>{"a", "b", "c"});
  ASSERT_TRUE(notes);
  EXPECT_EQ((*notes)[0], kNote);
  EXPECT_FALSE((*notes)[1]);
  EXPECT_FALSE((*notes)[2]) << "an object that is none of sgflow's";
  EXPECT_EQ(client_.asked[0].path, "/bucket/out/a");
}

TEST_F(S3OutputsTest, TheNoteSaysThatAnOutputIsToBeDoneAgain) {
  OutputNote incomplete = kNote;
  incomplete.incomplete = true;
  client_.answers = {Answer("")};
  EXPECT_TRUE(Create("a")->Commit(incomplete).value());
  AwsAnswer head = Head();
  for (const auto& [name, value] : client_.asked[0].headers) {
    if (name == "x-amz-meta-sgflow-incomplete") head.headers.emplace_back(name, value);
  }
  client_.answers = {head};
  EXPECT_EQ(outputs_->Find(std::vector<std::string>{"a"}).value()[0], incomplete);
}

TEST_F(S3OutputsTest, WhatIsThereIsReplacedOnlyAsItWasFound) {
  client_.answers = {Head(), kNone, Answer(""), Answer("")};
  ASSERT_TRUE(outputs_->Find(std::vector<std::string>{"a", "b"}));
  for (const char* key : {"a", "b"}) {
    const auto writer = Create(key);
    ASSERT_TRUE(writer->Write("x"));
    EXPECT_TRUE(writer->Commit(kNote).value());
  }
  using Header = std::pair<std::string, std::string>;
  EXPECT_EQ(client_.asked[2].headers.back(), Header("if-match", "\"1\""));
  EXPECT_EQ(client_.asked[3].headers.back(), Header("if-none-match", "*"));
}

TEST_F(S3OutputsTest, WhereAnotherWasQuickerWithTheSameItStands) {
  client_.answers = {Answer(""), kNotMet, Head()};
  EXPECT_TRUE(Create("a")->Commit(kNote).value());
  EXPECT_EQ(outputs_->made_by_others(), 0U);
  EXPECT_TRUE(Create("b")->Commit(kNote).value());
  EXPECT_EQ(outputs_->made_by_others(), 1U);
}

TEST_F(S3OutputsTest, WhereItsOwnAnswerWasLostItIsNotAnothers) {
  AwsFault met_itself = Fault(AwsFault::Kind::kPrecondition, "PreconditionFailed");
  met_itself.perhaps_done = true;
  client_.answers = {std::unexpected(met_itself), Head()};
  EXPECT_TRUE(Create("a")->Commit(kNote).value());
  EXPECT_EQ(outputs_->made_by_others(), 0U);
}

TEST_F(S3OutputsTest, WhereAnotherWasQuickerWithSomethingElseItIsAnError) {
  for (const AwsResult<AwsAnswer>& there :
       {AwsResult<AwsAnswer>(Head("000000000000000c")), kNone}) {
    client_.answers = {kNotMet, there};
    const auto committed = Create("a")->Commit(kNote);
    ASSERT_FALSE(committed);
    EXPECT_EQ(Describe(committed.error()),
              "s3://bucket/out/a: was written by somebody else meanwhile; the same command again "
              "looks at it anew");
  }
}

TEST_F(S3OutputsTest, ItIsTooLateForAnotherNoteWhenPartsAreOnTheirWay) {
  OutputNote with_faults = kNote;
  with_faults.faults = 1;
  client_.answers = {Answer("")};
  EXPECT_TRUE(Create("small")->Commit(with_faults).value());
  EXPECT_EQ(client_.asked[0].headers[3].second, "1");

  client_.answers = {
      Answer(
          "<InitiateMultipartUploadResult><UploadId>i</UploadId></InitiateMultipartUploadResult>"),
      Answer("", {{"etag", "\"p\""}}), Answer("")};
  {
    const auto writer = Create("large");
    ASSERT_TRUE(writer->Write(std::string(S3Upload::PartBytes(1) + 1, 'x')));
    EXPECT_FALSE(writer->Commit(with_faults).value());
  }
  EXPECT_EQ(client_.asked.back().method, "DELETE") << "nothing of it is left";
}

TEST_F(S3OutputsTest, AbortsItsOutputsUploadsThatNobodyCanBeAtWorkOn) {
  const auto upload = [](const std::string& key, const std::string& begun) {
    return "<Upload><Key>out/" + key + "</Key><UploadId>" + key + "</UploadId><Initiated>" + begun +
           "</Initiated></Upload>";
  };
  client_.answers = {
      kNone, kNone,
      Answer("<ListMultipartUploadsResult>" + upload("a", "2000-01-02T03:04:05.000Z") +
             upload("b", "2999-01-02T03:04:05.000Z") +
             upload("somebody's", "2000-01-02T03:04:05.000Z") + "</ListMultipartUploadsResult>"),
      Answer("")};
  ASSERT_TRUE(outputs_->Find(std::vector<std::string>{"a", "b"}));
  ASSERT_TRUE(outputs_->Close());
  ASSERT_EQ(client_.asked.size(), 4U);
  EXPECT_EQ(client_.asked[3].path, "/bucket/out/a?uploadId=a");
}

TEST_F(S3OutputsTest, AKeyIsText) {
  EXPECT_TRUE(outputs_->Check("a//../\x01 \xC3\xBC"));
  EXPECT_FALSE(outputs_->Check("\xFF"));
  EXPECT_FALSE(outputs_->Check(std::string(1021, 'x')));
}

}  // namespace
}  // namespace sgflow
