#include "batch/s3_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/percent_encoding.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;

// Lists the keys that it has, as S3 does, and counts those that it gave. By any number of threads.
class Listing : public AwsClient {
 public:
  using AwsClient::Send;

  std::vector<std::string> keys;
  std::size_t told = 0;
  std::size_t requests = 0;
  std::string fails;               // the prefix that is denied
  std::string meets;               // prefixes with this in them wait
  std::size_t meeting = 0;         // until so many are under way
  std::size_t most_under_way = 0;  // of all

  std::vector<AwsResult<AwsAnswer>> Send(std::span<const AwsCall> calls) override {
    std::vector<AwsResult<AwsAnswer>> answers;
    for (const AwsCall& call : calls) answers.emplace_back(List(call));
    return answers;
  }

 private:
  static std::string Parameter(const std::string& query, const std::string& name) {
    const std::size_t at = query.find(name + '=');
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 1;
    return FormDecode(query.substr(begin, query.find('&', begin) - begin));
  }

  AwsResult<AwsAnswer> List(const AwsCall& call) {
    const std::string prefix = Parameter(call.path, "prefix");
    std::unique_lock lock(mutex_);
    ++requests;
    most_under_way = std::max(most_under_way, ++under_way_);
    if (!meets.empty() && prefix.find(meets) != std::string::npos) {
      ++met_;
      changed_.notify_all();
      // Who asks for one after the other waits in vain.
      changed_.wait_for(lock, 20s, [&] { return met_ >= meeting; });
    }
    --under_way_;
    if (!fails.empty() && prefix == fails) {
      return std::unexpected(AwsFault{
          .kind = AwsFault::Kind::kAccessDenied,
          .code = {},
          .error = {
              .kind = ErrorKind::kEnvironment, .message = "is denied", .place = {}, .hint = {}}});
    }
    return Answer(call, prefix);
  }

  AwsAnswer Answer(const AwsCall& call, const std::string& prefix) {
    const std::string delimiter = Parameter(call.path, "delimiter");
    std::string contents;
    std::set<std::string> folders;
    for (const std::string& key : keys) {
      if (!key.starts_with(prefix)) continue;
      const std::size_t slash = delimiter.empty() ? key.npos : key.find('/', prefix.size());
      if (slash != key.npos) {
        folders.insert(key.substr(0, slash + 1));
        continue;
      }
      ++told;
      contents += "<Contents><Key>" + key + "</Key><Size>1</Size><ETag>e</ETag></Contents>";
    }
    for (const std::string& folder : folders) {
      contents += "<CommonPrefixes><Prefix>" + folder + "</Prefix></CommonPrefixes>";
    }
    return {.status = 200,
            .headers = {},
            .body = "<ListBucketResult>" + contents + "</ListBucketResult>"};
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t under_way_ = 0;
  std::size_t met_ = 0;
};

std::string KeyOf(const std::string& account, const std::string& region, const std::string& date) {
  return "AWSLogs/" + account + "/vpcflowlogs/" + region + '/' + date + "/a.log.gz";
}

class S3InputsTest : public ::testing::Test {
 protected:
  InputListing ListAll(const std::string& source, const KeySelection& selection) {
    const std::vector<std::string> sources{"s3://logs/" + source};
    return MakeS3Inputs(client_, sources, "out", 1, selection)->List();
  }

  // What is given of `source`, without s3://logs/.
  std::vector<std::string> List(const std::string& source, const KeySelection& selection) {
    const InputListing listing = ListAll(source, selection);
    for (const Error& error : listing.errors) ADD_FAILURE() << Describe(error);
    std::vector<std::string> names;
    for (const BatchInput& input : listing.inputs) names.push_back(input.name.substr(10));
    return names;
  }

  Listing client_;
};

TEST_F(S3InputsTest, FoldersOfOtherDaysAndAccountsAreNotListed) {
  for (const char* account : {"111122223333", "444455556666"}) {
    for (const char* region : {"eu-west-1", "us-east-1"}) {
      for (const char* date : {"2025/12/31", "2026/01/01", "2026/01/02", "2026/01/02/07",
                               "2026/01/03", "2026/01/04", "2026/02/02", "2027/01/02"}) {
        client_.keys.push_back(KeyOf(account, region, date));
      }
    }
  }
  const KeySelection selection{.from = std::chrono::sys_days(2026y / 1 / 2),
                               .to = std::chrono::sys_days(2026y / 1 / 3),
                               .accounts = {"111122223333"},
                               .regions = {"eu-west-1"}};
  std::vector<std::string> expected;
  for (const char* date : {"2026/01/01", "2026/01/02", "2026/01/02/07", "2026/01/03"}) {
    expected.push_back(KeyOf("111122223333", "eu-west-1", date));
  }
  std::ranges::sort(expected);
  EXPECT_EQ(List("AWSLogs/", selection), expected);
  EXPECT_EQ(client_.told, expected.size());
}

TEST_F(S3InputsTest, WhatLiesBesideAndInOtherFoldersIsListed) {
  client_.keys = {"AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/a.log",
                  "AWSLogs/111122223333/vpcflowlogs/eu-west-1/elsewhere/01/b.log",
                  "AWSLogs/111122223333/elsewhere/2020/01/02/c.log", "AWSLogs/d.log",
                  "AWSLogs/elsewhere/e.log"};
  const KeySelection selection{.from = std::chrono::sys_days(2026y / 1 / 2)};
  std::vector<std::string> all = client_.keys;
  std::ranges::sort(all);
  EXPECT_EQ(List("AWSLogs/", selection), all);
}

TEST_F(S3InputsTest, OtherPrefixesAreListedAtOnce) {
  for (int day = 10; day < 30; ++day) {
    client_.keys.push_back("logs/2026/01/" + std::to_string(day) + "/a.log");
  }
  const KeySelection selection{.from = std::chrono::sys_days(2026y / 1 / 28)};
  EXPECT_EQ(List("logs/", selection).size(), 20U);
  EXPECT_EQ(client_.requests, 1U);
}

TEST_F(S3InputsTest, APrefixOfWhichNothingIsWantedIsThereAllTheSame) {
  client_.keys = {KeyOf("111122223333", "eu-west-1", "2025/01/02")};
  EXPECT_TRUE(List("AWSLogs/", {.from = std::chrono::sys_days(2026y / 1 / 2)}).empty());
}

TEST_F(S3InputsTest, SixteenFoldersAreListedAtOnceAndNoMore) {
  std::vector<std::string> expected;
  for (int account = 0; account < 40; ++account) {
    const std::string id = std::to_string(111122223300 + account);
    client_.keys.push_back(KeyOf(id, "eu-west-1", "2025/01/02"));
    client_.keys.push_back(KeyOf(id, "eu-west-1", "2026/01/02"));
    expected.push_back(client_.keys.back());
  }
  client_.meets = "/eu-west-1/2026/01/02/";
  client_.meeting = 16;
  EXPECT_EQ(List("AWSLogs/", {.from = std::chrono::sys_days(2026y / 1 / 2),
                              .to = std::chrono::sys_days(2026y / 1 / 3)}),
            expected)
      << "in the order of their keys";
  EXPECT_EQ(client_.most_under_way, 16U);
  // Of each account two folders; of its Region, and of the year, the month and the day.
  EXPECT_EQ(client_.requests, 1U + 40 * (2 + 4));
}

TEST_F(S3InputsTest, AFolderThatCannotBeListedIsTold) {
  for (const char* account : {"111122223333", "444455556666"}) {
    client_.keys.push_back(KeyOf(account, "eu-west-1", "2026/01/02"));
  }
  client_.fails = "AWSLogs/444455556666/vpcflowlogs/";
  const InputListing listing = ListAll("AWSLogs/", {.from = std::chrono::sys_days(2026y / 1 / 2)});
  ASSERT_EQ(listing.errors.size(), 1U);
  EXPECT_EQ(Describe(listing.errors[0]), "s3://logs/AWSLogs/444455556666/vpcflowlogs/: is denied");
  EXPECT_TRUE(listing.inputs.empty()) << "what is not known whole is not begun with";
}

}  // namespace
}  // namespace sgflow
