// EC2's calls: what is sent, how pages are followed, and that a part is never taken for the whole.
#include "aws/ec2.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sgflow {
namespace {

using Parameters = std::map<std::string, std::string>;

Parameters Parse(std::string_view body) {
  Parameters parameters;
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(body.size(), pair.size() + 1));
    parameters[std::string(pair.substr(0, pair.find('=')))] = pair.substr(pair.find('=') + 1);
  }
  return parameters;
}

std::string Valued(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

AwsFault FaultOf(AwsFault::Kind kind, std::string code) {
  return {.kind = kind, .code = std::move(code), .error = {}};
}

AwsAnswer Subnets(std::string_view id, std::string_view token = {}) {
  std::string body = "<DescribeSubnetsResponse><subnetSet>";
  if (!id.empty()) body += "<item><subnetId>" + std::string(id) + "</subnetId></item>";
  body += "</subnetSet>";
  if (!token.empty()) body += "<nextToken>" + std::string(token) + "</nextToken>";
  return {.status = 200, .headers = {}, .body = body + "</DescribeSubnetsResponse>"};
}

std::string Page(std::string_view id) {
  return id.empty() ? R"({"Subnets":[]})"
                    : R"({"Subnets":[{"SubnetId":")" + std::string(id) + R"("}]})";
}

// Answers each call by a function, and keeps what was asked.
class FakeClient : public AwsClient {
 public:
  using Reply = std::function<AwsResult<AwsAnswer>(const Parameters&)>;

  explicit FakeClient(Reply reply) : reply_(std::move(reply)) {}

  using AwsClient::Send;
  [[nodiscard]] std::vector<AwsResult<AwsAnswer>> Send(std::span<const AwsCall> calls) override {
    std::vector<AwsResult<AwsAnswer>> answers;
    most_at_once = std::max(most_at_once, calls.size());
    for (const AwsCall& call : calls) {
      sent.push_back(call);
      answers.push_back(reply_(Parse(call.body)));
    }
    return answers;
  }

  std::vector<AwsCall> sent;
  std::size_t most_at_once = 0;

 private:
  Reply reply_;
};

AwsResult<Ec2Pages> AskOne(FakeClient& client, const Ec2Ask& ask) {
  return MakeEc2(client, "eu-west-1")->Ask(std::span(&ask, 1)).front();
}

constexpr Ec2Action kSubnets = Ec2Action::kDescribeSubnets;

TEST(Ec2, SendsEc2sQueryProtocol) {
  FakeClient client([](const Parameters&) { return Subnets(""); });
  (void)AskOne(client,
               {.action = kSubnets, .filter = "vpc-id", .values = {"vpc-1", "a b*&\xC3\xA9"}});

  ASSERT_EQ(client.sent.size(), 1U);
  const AwsCall& call = client.sent[0];
  EXPECT_EQ(call.service, "ec2");
  EXPECT_EQ(call.region, "eu-west-1");
  EXPECT_EQ(call.iam_action, "ec2:DescribeSubnets");
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.path, "/");
  EXPECT_EQ(call.headers.at(0).second, "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(call.body,
            "Action=DescribeSubnets&Version=2016-11-15&MaxResults=1000&Filter.1.Name=vpc-id"
            "&Filter.1.Value.1=vpc-1&Filter.1.Value.2=a%20b%2A%26%C3%A9");
}

TEST(Ec2, AsksForManagedInterfacesAndForAListsEntries) {
  FakeClient client([](const Parameters& parameters) {
    const std::string name = Valued(parameters, "Action") + "Response";
    return AwsAnswer{.status = 200, .headers = {}, .body = "<" + name + "></" + name + ">"};
  });
  const std::vector<Ec2Ask> asks{
      {.action = Ec2Action::kDescribeNetworkInterfaces},
      {.action = Ec2Action::kGetManagedPrefixListEntries, .prefix_list_id = "pl-1"}};
  const auto answers = MakeEc2(client, "eu-west-1")->Ask(asks);

  EXPECT_EQ(client.sent.at(0).body,
            "Action=DescribeNetworkInterfaces&Version=2016-11-15&MaxResults=1000"
            "&IncludeManagedResources=true");
  EXPECT_EQ(client.sent.at(1).body,
            "Action=GetManagedPrefixListEntries&Version=2016-11-15&MaxResults=100"
            "&PrefixListId=pl-1");
  EXPECT_EQ(answers.at(1), Ec2Pages{R"({"PrefixListId":"pl-1","Entries":[]})"});
}

TEST(Ec2, FollowsPagesToTheEndEmptyOnesToo) {
  FakeClient client([](const Parameters& parameters) {
    const std::string token = Valued(parameters, "NextToken");
    if (token.empty()) return Subnets("subnet-1", "two+");
    if (token == "two%2B") return Subnets("", "three");
    return Subnets("subnet-3");
  });
  EXPECT_EQ(AskOne(client, {.action = kSubnets}),
            (Ec2Pages{Page("subnet-1"), Page(""), Page("subnet-3")}));
}

TEST(Ec2, SplitsAtTwoHundredValuesAndKeepsTheirOrder) {
  std::vector<std::string> values;
  for (int i = 0; i < 401; ++i) values.push_back("subnet-" + std::to_string(i));
  FakeClient client([](const Parameters& parameters) {
    EXPECT_FALSE(parameters.contains("Filter.1.Value.201"));
    return Subnets(Valued(parameters, "Filter.1.Value.1"));
  });
  EXPECT_EQ(AskOne(client, {.action = kSubnets, .filter = "subnet-id", .values = values}),
            (Ec2Pages{Page("subnet-0"), Page("subnet-200"), Page("subnet-400")}));
  EXPECT_EQ(client.most_at_once, 3U);
}

TEST(Ec2, AFilterWithoutValuesCostsNoCall) {
  FakeClient client([](const Parameters&) { return Subnets("subnet-1"); });
  EXPECT_EQ(AskOne(client, {.action = kSubnets, .filter = "subnet-id"}), Ec2Pages());
  EXPECT_TRUE(client.sent.empty());
}

TEST(Ec2, AFaultOnAnyPageIsTheAsksWholeAnswer) {
  int calls = 0;
  FakeClient client([&](const Parameters&) -> AwsResult<AwsAnswer> {
    if (++calls == 3)
      return std::unexpected(FaultOf(AwsFault::Kind::kThrottled, "RequestLimitExceeded"));
    return Subnets("subnet-1", "page" + std::to_string(calls));
  });
  const auto answer = AskOne(client, {.action = kSubnets});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, AwsFault::Kind::kThrottled);
  EXPECT_EQ(calls, 3) << "nothing is asked for behind a page that is missing";
}

TEST(Ec2, AFaultOfOneAskLeavesTheOthersWhole) {
  FakeClient client([&](const Parameters& parameters) -> AwsResult<AwsAnswer> {
    const std::string value = Valued(parameters, "Filter.1.Value.1");
    if (value == "b")
      return std::unexpected(FaultOf(AwsFault::Kind::kAccessDenied, "UnauthorizedOperation"));
    return Subnets(value, Valued(parameters, "NextToken").empty() ? "more" : "");
  });
  std::vector<Ec2Ask> asks;
  for (const char* value : {"a", "b", "c"}) {
    asks.push_back({.action = kSubnets, .filter = "subnet-id", .values = {value}});
  }
  const auto answers = MakeEc2(client, "eu-west-1")->Ask(asks);

  EXPECT_EQ(answers.at(0), (Ec2Pages{Page("a"), Page("a")}));
  EXPECT_FALSE(answers.at(1));
  EXPECT_EQ(answers.at(2), (Ec2Pages{Page("c"), Page("c")}));
}

TEST(Ec2, StartsAnewOnceWhereATokenHasExpired) {
  int expired = 0;
  FakeClient client([&](const Parameters& parameters) -> AwsResult<AwsAnswer> {
    const std::string token = Valued(parameters, "NextToken");
    if (token.empty()) return Subnets("subnet-" + std::to_string(expired), "next");
    if (expired++ == 0)
      return std::unexpected(FaultOf(AwsFault::Kind::kRefused, "InvalidNextToken"));
    return Subnets("subnet-9");
  });
  EXPECT_EQ(AskOne(client, {.action = kSubnets}), (Ec2Pages{Page("subnet-1"), Page("subnet-9")}));
}

TEST(Ec2, ATokenThatExpiresAgainIsAFault) {
  FakeClient client([](const Parameters& parameters) -> AwsResult<AwsAnswer> {
    if (Valued(parameters, "NextToken").empty()) return Subnets("subnet-1", "next");
    return std::unexpected(FaultOf(AwsFault::Kind::kRefused, "InvalidPaginationToken"));
  });
  const auto answer = AskOne(client, {.action = kSubnets});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "InvalidPaginationToken");
  EXPECT_EQ(client.sent.size(), 4U);
}

TEST(Ec2, ExpiredCredentialsAreNoExpiredPage) {
  FakeClient client([](const Parameters& parameters) -> AwsResult<AwsAnswer> {
    if (Valued(parameters, "NextToken").empty()) return Subnets("subnet-1", "next");
    return std::unexpected(FaultOf(AwsFault::Kind::kCredentials, "ExpiredToken"));
  });
  EXPECT_FALSE(AskOne(client, {.action = kSubnets}));
  EXPECT_EQ(client.sent.size(), 2U);
}

TEST(Ec2, APageThatPointsToItselfEnds) {
  FakeClient client([](const Parameters&) { return Subnets("subnet-1", "same"); });
  const auto answer = AskOne(client, {.action = kSubnets});

  ASSERT_FALSE(answer);
  EXPECT_EQ(Describe(answer.error().error),
            "ec2:DescribeSubnets in eu-west-1: the answer does not end after 2 pages");
}

TEST(Ec2, HasABoundedNumberOfCallsUnderWay) {
  FakeClient client(
      [](const Parameters& parameters) { return Subnets(Valued(parameters, "Filter.1.Value.1")); });
  std::vector<Ec2Ask> asks;
  std::vector<AwsResult<Ec2Pages>> expected;
  for (int i = 0; i < 100; ++i) {
    const std::string id = "subnet-" + std::to_string(i);
    asks.push_back({.action = kSubnets, .filter = "subnet-id", .values = {id}});
    expected.emplace_back(Ec2Pages{Page(id)});
  }
  const auto answers = MakeEc2(client, "eu-west-1")->Ask(asks);

  EXPECT_TRUE(std::ranges::equal(
      answers, expected, {}, [](const auto& answer) { return *answer; },
      [](const auto& answer) { return *answer; }));
  EXPECT_EQ(client.most_at_once, 16U);
}

}  // namespace
}  // namespace sgflow
