#include "aws/action.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "aws/ec2.h"

namespace sgflow {
namespace {

TEST(AwsActions, AreIndexedByEc2Action) {
  const auto index = static_cast<std::size_t>(Ec2Action::kDescribeSubnets);
  EXPECT_EQ(AwsActions()[index].name, "DescribeSubnets");
  EXPECT_EQ(AwsActions()[index].iam_action, "ec2:DescribeSubnets");
}

TEST(AwsActions, OnlyReadConfiguration) {
  for (const AwsAction& action : AwsActions()) {
    EXPECT_FALSE(action.why.empty()) << action.name;
    if (action.service != "ec2") continue;
    EXPECT_TRUE(action.name.starts_with("Describe") || action.name.starts_with("Get"))
        << action.name;
    EXPECT_GT(action.largest_page, 0) << action.name;
  }
}

std::string Table() {
  std::ostringstream table;
  table << "| permission | on | for |\n|---|---|---|\n";
  for (const AwsAction& action : AwsActions()) {
    table << "| ";
    if (action.iam_action.empty()) {
      table << "none: `" << action.service << ':' << action.name << "` | ";
    } else {
      table << '`' << action.iam_action << "` | `" << action.resource << '`';
    }
    table << " | " << action.why << " |\n";
  }
  return table.str();
}

// EC2's calls: what a snapshot and the live inventory take.
std::string Policy() {
  std::string policy =
      "```json\n{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n"
      "      \"Sid\": \"SgflowReadsSecurityGroups\",\n      \"Effect\": \"Allow\",\n"
      "      \"Action\": [";
  const char* separator = "\n";
  for (const AwsAction& action : AwsActions()) {
    if (action.service != "ec2") continue;
    policy += separator + ("        \"" + std::string(action.iam_action) + '"');
    separator = ",\n";
  }
  return policy + "\n      ],\n      \"Resource\": \"*\"\n    }\n  ]\n}\n```\n";
}

// docs/permissions.md ends with the table; SGFLOW_UPDATE_DOCS=1 writes it anew.
TEST(AwsActions, AreWhatTheDocsSay) {
  constexpr const char* kPage = "docs/permissions.md";
  std::ifstream file(kPage);
  std::string page((std::istreambuf_iterator<char>(file)), {});
  const std::size_t at = page.find("| permission |");
  ASSERT_NE(at, std::string::npos) << kPage;
  const std::string made = Table() + "\n## A policy for the calls to EC2\n\n" + Policy();
  if (std::getenv("SGFLOW_UPDATE_DOCS") != nullptr) {
    page = page.substr(0, at) + made;
    std::ofstream(kPage) << page;
  }
  EXPECT_EQ(page.substr(at), made);
}

}  // namespace
}  // namespace sgflow
