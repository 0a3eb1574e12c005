#include "aws/settings.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sgflow {
namespace {

using Values = std::map<std::string, std::string>;

// Properties of a service stand there as SERVICE.NAME.
AwsSettings Settings(Values variables, Values properties = {}) {
  const auto find = [](const Values& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? "" : found->second;
  };
  return {.variable = [=](const std::string& name) { return find(variables, name); },
          .property =
              [=](const std::string& name, const std::string& service) {
                return find(properties, service.empty() ? name : service + "." + name);
              }};
}

std::string Url(const AwsSettings& settings, std::string_view service, std::string_view region) {
  const auto endpoint = FindEndpoint(settings, service, region);
  if (!endpoint) return Describe(endpoint.error().error);
  return (endpoint->tls ? "https://" : "http://") + endpoint->Authority() + endpoint->path;
}

TEST(EndpointTest, IsTheServicesOwnInItsRegion) {
  const AwsSettings plain = Settings({});
  EXPECT_EQ(Url(plain, "ec2", "eu-west-1"), "https://ec2.eu-west-1.amazonaws.com");
  EXPECT_EQ(Url(plain, "s3", "us-east-1"), "https://s3.us-east-1.amazonaws.com");
  EXPECT_EQ(Url(plain, "sts", "cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(Url(plain, "ec2", "us-gov-west-1"), "https://ec2.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(Url(plain, "ec2", "us-iso-east-1"), "https://ec2.us-iso-east-1.c2s.ic.gov");
}

TEST(EndpointTest, OfFipsAndDualStackWhereTheyAreAskedFor) {
  const AwsSettings fips = Settings({{"AWS_USE_FIPS_ENDPOINT", "true"}});
  EXPECT_EQ(Url(fips, "ec2", "us-east-1"), "https://ec2-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(Url(fips, "sts", "us-gov-west-1"), "https://sts.us-gov-west-1.amazonaws.com");
  const AwsSettings dual = Settings({{"AWS_USE_DUALSTACK_ENDPOINT", "true"}});
  EXPECT_EQ(Url(dual, "ec2", "us-east-1"), "https://ec2.us-east-1.api.aws");
  EXPECT_EQ(Url(dual, "s3", "us-east-1"), "https://s3.dualstack.us-east-1.amazonaws.com");
  const AwsSettings profile = Settings({}, {{"use_fips_endpoint", "true"}});
  EXPECT_EQ(Url(profile, "s3", "us-east-1"), "https://s3-fips.us-east-1.amazonaws.com");
  const AwsSettings against =
      Settings({{"AWS_USE_FIPS_ENDPOINT", "false"}}, {{"use_fips_endpoint", "true"}});
  EXPECT_EQ(Url(against, "s3", "us-east-1"), "https://s3.us-east-1.amazonaws.com");
}

TEST(EndpointTest, OneOfOnesOwnGoesFromTheServicesVariableToTheProfile) {
  Values variables{{"AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:5000"},
                   {"AWS_ENDPOINT_URL", "https://gateway.example/aws/"}};
  const Values properties{{"s3.endpoint_url", "http://s3.example"},
                          {"endpoint_url", "http://all.example:81"}};
  EXPECT_EQ(Url(Settings(variables, properties), "secretsmanager", "eu-west-1"),
            "http://127.0.0.1:5000");
  EXPECT_EQ(Url(Settings(variables, properties), "s3", "eu-west-1"), "https://gateway.example/aws");
  variables.clear();
  EXPECT_EQ(Url(Settings(variables, properties), "s3", "eu-west-1"), "http://s3.example");
  EXPECT_EQ(Url(Settings(variables, properties), "ec2", "eu-west-1"), "http://all.example:81");
  variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(Url(Settings(variables, properties), "ec2", "eu-west-1"),
            "https://ec2.eu-west-1.amazonaws.com");
}

TEST(EndpointTest, AnIpv6AddressStandsInBrackets) {
  const auto endpoint =
      FindEndpoint(Settings({{"AWS_ENDPOINT_URL", "http://[::1]:5000"}}), "ec2", "");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->host, "::1");
  EXPECT_EQ(endpoint->port, 5000);
  EXPECT_EQ(endpoint->Authority(), "[::1]:5000");
}

TEST(EndpointTest, WhatIsNoUrlIsNamedByItsVariableAndNotShown) {
  for (const char* url : {"localhost:5000", "http://", "http://host:port",
                          "https://user:secret@host", "ftp://host", "http://host:99999"}) {
    EXPECT_EQ(
        Url(Settings({{"AWS_ENDPOINT_URL_EC2", url}}), "ec2", "eu-west-1"),
        "AWS_ENDPOINT_URL_EC2 is no endpoint's URL; write it as https://HOST or http://HOST:PORT")
        << url;
  }
}

TEST(EndpointTest, ARegionThatIsNoneDoesNotBecomePartOfAHost) {
  EXPECT_EQ(Url(Settings({}), "ec2", "evil.example/"),
            "'evil.example/' is no AWS region; regions are written as eu-west-1");
  EXPECT_EQ(Url(Settings({}), "ec2", ""), "'' is no AWS region; regions are written as eu-west-1");
}

TEST(RegionTest, ComesFromTheEnvironmentThenTheProfile) {
  Values variables{{"AWS_REGION", "eu-west-1"}, {"AWS_DEFAULT_REGION", "eu-west-2"}};
  const Values properties{{"region", "eu-west-3"}};
  EXPECT_EQ(FindRegion(Settings(variables, properties)).value(), "eu-west-1");
  variables.erase("AWS_REGION");
  EXPECT_EQ(FindRegion(Settings(variables, properties)).value(), "eu-west-2");
  variables.clear();
  EXPECT_EQ(FindRegion(Settings(variables, properties)).value(), "eu-west-3");
  const auto none = FindRegion(Settings({}));
  ASSERT_FALSE(none);
  EXPECT_EQ(Describe(none.error().error),
            "no AWS region is known; set AWS_REGION, or region in the AWS profile");
}

}  // namespace
}  // namespace sgflow
