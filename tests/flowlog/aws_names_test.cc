#include "flowlog/aws_names.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow {
namespace {

TEST(AwsNames, Accounts) {
  EXPECT_TRUE(IsAccountId("111122223333"));
  for (const char* text : {"", "-", "12", "11112222333x", "111122223333,444455556666", "unknown"}) {
    EXPECT_FALSE(IsAccountId(text)) << text;
  }
}

TEST(AwsNames, Regions) {
  for (const char* text : {"eu-west-1", "us-gov-west-1", "ap-southeast-7", "eusc-de-east-1"}) {
    EXPECT_TRUE(IsRegion(text)) << text;
  }
  for (const char* text : {"", "-", "-1", "EU-WEST-1", "eu-west", "eu-west-", "eu-west-1a",
                           "eu-west-1,us-east-1", "eu.west-1", "evil.example/-1"}) {
    EXPECT_FALSE(IsRegion(text)) << text;
  }
  EXPECT_TRUE(IsRegion(std::string(30, 'a') + "-1"));
  EXPECT_FALSE(IsRegion(std::string(31, 'a') + "-1"));
}

TEST(AwsNames, IdsOfWhatEc2Has) {
  for (const char* text : {"eni-0a000000000000001", "sg-12345678", "subnet-0a", "pl-63a5400a"}) {
    EXPECT_TRUE(IsAwsId(text)) << text;
  }
  for (const char* text : {"", "-", "eni-", "eni-*", "eni-0A", "i-0a", "sg-0a,sg-0b", "sg-0a?"}) {
    EXPECT_FALSE(IsAwsId(text)) << text;
  }
}

}  // namespace
}  // namespace sgflow
