#include "live/batch_enricher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "live/fake_ec2.h"
#include "live/live_source.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Denied;
using testing::FakeEc2World;
using testing::NoAnswer;
using testing::Sleep;
using testing::Throttled;

using Texts = std::vector<std::string>;

constexpr std::string_view kLayout =
    "account-id region interface-id srcaddr dstaddr srcport dstport protocol tcp-flags"
    " flow-direction action log-status";

std::string LineOf(std::string_view interface_id, std::string_view peer, int port, int flags,
                   std::string_view action) {
  return "111122223333 eu-west-1 " + std::string(interface_id) + " " + std::string(peer) +
         " 10.0.0.1 50000 " + std::to_string(port) + " 6 " + std::to_string(flags) + " ingress " +
         std::string(action) + " OK";
}

class BatchEnricherTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.AddInstances(100, 40);
    // 22 from members of sg-39, 5432 from pl-1.
    world_.rules["sg-0"].push_back(
        R"("IsEgress":false,"IpProtocol":"tcp","FromPort":22,"ToPort":22,)"
        R"("ReferencedGroupInfo":{"GroupId":"sg-39","UserId":"111122223333"})");
    world_.rules["sg-0"].push_back(
        R"("IsEgress":false,"IpProtocol":"tcp","FromPort":5432,"ToPort":5432,"PrefixListId":"pl-1")");
    world_.prefix_lists["pl-1"] = {"192.0.2.0/24"};
    world_.subnets["subnet-1"] = {"10.0.0.0/24", "acl-1"};
    world_.acls["acl-1"] =
        R"({"RuleNumber":100,"Egress":false,"Protocol":"-1","RuleAction":"deny",)"
        R"("CidrBlock":"198.51.100.0/24"},)"
        R"({"RuleNumber":200,"Egress":false,"Protocol":"-1","RuleAction":"allow",)"
        R"("CidrBlock":"0.0.0.0/0"})";
  }

  void Start(EnricherOptions options = {}) {
    options.count_verdicts = true;
    source_ = std::make_unique<LiveSource>(world_.Factory(),
                                           LiveSourceOptions{.clock = testing::FakeNow});
    batches_ = std::make_unique<BatchEnricher>(*source_, options);
  }

  std::string Enrich(const Texts& lines, bool new_stretch = true) {
    OutputBuffer output;
    const auto layout = *RecordLayout::Parse(kLayout);
    const auto ran = batches_->Run(new_stretch, [&](Enricher& enricher) {
      output.Clear();
      for (const std::string& line : lines) {
        FlowRecord record;
        EXPECT_TRUE(record.Split(layout, line, ' '));
        enricher.Enrich(record, output);
      }
    });
    EXPECT_TRUE(ran);
    return std::string(output.view());
  }

  FakeEc2World world_;
  std::unique_ptr<LiveSource> source_;
  std::unique_ptr<BatchEnricher> batches_;
};

// An event as the issue describes it: accepted records, groups of CIDR rules.
TEST_F(BatchEnricherTest, ThreeThousandRecordsOfAHundredInstancesTakeTwoCallsAndThenNone) {
  Texts lines;
  for (int i = 0; i < 3000; ++i) {
    // Half of the peers are instances too.
    const std::string peer = i % 2 == 0 ? "10.0.0." + std::to_string(i % 100 + 1) : "203.0.113.9";
    lines.push_back(LineOf("eni-" + std::to_string(i % 100), peer, 443, i % 3, "ACCEPT"));
  }
  for (const EnricherOptions& options :
       {EnricherOptions{.format = OutputFormat::kClassic},
        EnricherOptions{.format = OutputFormat::kJson},
        EnricherOptions{.fields = *FieldSelection::Parse(OutputFormat::kJson,
                                                         {"--fields", "+sg_rules"}, {})}}) {
    Start(options);
    const std::string cold = Enrich(lines);
    EXPECT_EQ(world_.TakeCalls().size(), 2U);
    EXPECT_EQ(Enrich(lines), cold);
    EXPECT_EQ(world_.TakeCalls().size(), 0U);
    EXPECT_EQ(batches_->counters().records, 6000U);
    EXPECT_EQ(batches_->counters().enriched, 6000U);
  }
}

TEST_F(BatchEnricherTest, EachFurtherKindTakesACall) {
  Start();
  const Texts lines{LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT"),
                    LineOf("eni-0", "192.0.2.7", 5432, 2, "ACCEPT")};
  EXPECT_NE(Enrich(lines).find(R"("sg_matched_rules":["sgr-0-3"])"), std::string::npos);
  EXPECT_EQ(world_.TakeCalls().size(), 3U) << "and the prefix list's entries";

  const std::string from_member =
      Enrich({LineOf("eni-0", "10.0.0.40", 22, 2, "ACCEPT")});  // eni-39's address
  EXPECT_NE(from_member.find(R"("sg_matched_rules":["sgr-0-2"])"), std::string::npos)
      << from_member;
  EXPECT_EQ(world_.TakeCalls(), Texts{"DescribeNetworkInterfaces group-id sg-39"});

  const std::string refused = Enrich({LineOf("eni-0", "198.51.100.9", 443, 2, "REJECT")});
  EXPECT_NE(refused.find(R"("nacl_id":"acl-1")"), std::string::npos) << refused;
  EXPECT_EQ(world_.TakeCalls().size(), 2U) << "the ACL, and which addresses are inside the subnet";
  EXPECT_EQ(batches_->counters().unknown_interface, 0U);
  EXPECT_EQ(batches_->counters().records, 4U);
}

TEST_F(BatchEnricherTest, TheClassicFormatNeedsNeitherMembersNorPrefixListsNorAcls) {
  Start({.format = OutputFormat::kClassic});
  Enrich({LineOf("eni-0", "192.0.2.7", 5432, 2, "ACCEPT"),
          LineOf("eni-0", "10.0.0.40", 22, 2, "ACCEPT"),
          LineOf("eni-0", "198.51.100.9", 443, 2, "REJECT")});
  EXPECT_EQ(world_.calls.size(), 2U);
}

TEST_F(BatchEnricherTest, AFailedBatchIsEnrichedWithWhatIsKnownAndSaysWhy) {
  Start();
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  const std::string text = Enrich({LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT")});
  EXPECT_NE(text.find(R"("sg_verdict":"unknown-interface","sg_reason":"AWS could not be asked for )"
                      R"(the interface: it throttles DescribeNetworkInterfaces )"
                      R"((RequestLimitExceeded).")"),
            std::string::npos)
      << text;
  EXPECT_EQ(batches_->counters().records, 1U);
  EXPECT_EQ(batches_->counters().unknown_interface, 1U);
}

// Two workers of one source: what the second would ask was asked in vain a moment ago.
TEST_F(BatchEnricherTest, WhatAnotherBatchLearnedInVainIsToldToo) {
  Start();
  const Texts refused = {LineOf("eni-0", "198.51.100.9", 443, 2, "REJECT")};
  BatchEnricher other(*source_, {});
  static_cast<void>(Enrich({LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT")}));
  const auto run = [&](BatchEnricher& batches, const std::function<void()>& first) {
    const auto ran = batches.Run(true, [&](Enricher& enricher) {
      first();
      OutputBuffer output;
      FlowRecord record;
      EXPECT_TRUE(record.Split(*RecordLayout::Parse(kLayout), refused.front(), ' '));
      enricher.Enrich(record, output);
    });
    EXPECT_TRUE(ran);
  };
  world_.faults[Ec2Action::kDescribeSubnets] = Throttled();
  bool is_first = true;
  run(*batches_, [&] {
    if (std::exchange(is_first, false)) run(other, [] {});
  });
  EXPECT_EQ(other.counters().unlearned.size(), 1U);
  EXPECT_EQ(batches_->counters().unlearned.size(), 1U);
}

// The SYN of an earlier batch tells who opened, though the inventory is another by then.
TEST_F(BatchEnricherTest, WhoOpenedIsRememberedFromBatchToBatchOfAStretch) {
  const std::string opening = LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT");
  const std::string later = LineOf("eni-0", "203.0.113.9", 443, 0, "ACCEPT");
  const std::string stranger = LineOf("eni-50", "203.0.113.9", 443, 2, "ACCEPT");
  constexpr std::string_view kRemembered = "By the flags of an earlier record the peer opened";

  Start();
  Enrich({opening});
  const std::string same_stretch = Enrich({stranger, later}, /*new_stretch=*/false);
  EXPECT_NE(same_stretch.find(kRemembered), std::string::npos) << same_stretch;
  const std::string next_stretch = Enrich({later});
  EXPECT_EQ(next_stretch.find(kRemembered), std::string::npos) << next_stretch;
}

// What a later record of the batch says must not be known to an earlier one when it is repeated.
TEST_F(BatchEnricherTest, ARepeatedBatchRemembersNothingOfItsFirstRun) {
  const std::string later = LineOf("eni-0", "203.0.113.9", 5432, 0, "ACCEPT");
  const std::string opening = LineOf("eni-0", "203.0.113.9", 5432, 2, "ACCEPT");
  for (const bool new_stretch : {true, false}) {
    Start();
    // The interface is known before, so that only the prefix list makes it run again.
    Enrich({LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT")});
    const std::string text = Enrich({later, opening}, new_stretch);
    EXPECT_EQ(text.find("earlier record"), std::string::npos) << text;
  }
}

TEST_F(BatchEnricherTest, TakesTheInventoryThatWasRenewedBetweenBatches) {
  Start();
  const std::string line = LineOf("eni-0", "203.0.113.9", 8443, 2, "ACCEPT");
  EXPECT_NE(Enrich({line}).find("allowed-unexplained"), std::string::npos);
  world_.rules["sg-0"].push_back(
      R"("IsEgress":false,"IpProtocol":"tcp","FromPort":8443,"ToPort":8443,"CidrIpv4":"0.0.0.0/0")");
  Sleep(301s);
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_NE(Enrich({line}).find("allowed-by-rule"), std::string::npos);
  EXPECT_EQ(batches_->counters().records, 2U);
}

// What is known of nothing is not worth a line.
TEST_F(BatchEnricherTest, AColdBatchIsSurveyedBeforeItIsEnriched) {
  Start();
  const auto layout = *RecordLayout::Parse(kLayout);
  const std::string line = LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT");
  std::vector<std::size_t> sizes;
  const auto run = [&] {
    EXPECT_TRUE(batches_->Run(/*new_stretch=*/true, [&](Enricher& enricher) {
      OutputBuffer output;
      FlowRecord record;
      EXPECT_TRUE(record.Split(layout, line, ' '));
      enricher.Enrich(record, output);
      sizes.push_back(output.size());
    }));
  };
  run();
  ASSERT_EQ(sizes.size(), 2U);
  EXPECT_EQ(sizes[0], 0U);
  EXPECT_GT(sizes[1], 0U);
  EXPECT_EQ(batches_->counters().records, 1U);
  run();
  EXPECT_EQ(sizes.size(), 3U) << "a warm one is not";
}

TEST_F(BatchEnricherTest, SoIsOneOfWhichAlmostNothingIsKnown) {
  Start({.format = OutputFormat::kClassic});
  const std::string known = LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT");
  Enrich({known});
  Texts lines{known};
  for (int i = 1; i < 100; ++i) {
    lines.push_back(LineOf("eni-" + std::to_string(i), "203.0.113.9", 443, 2, "ACCEPT"));
  }
  const std::string text = Enrich(lines);
  EXPECT_EQ(std::ranges::count(text, '\n'), 100);
  EXPECT_EQ(batches_->counters().records, 101U);
  EXPECT_EQ(batches_->counters().unknown_interface, 0U);
}

// Their lines are written once more than would be needed, but not time and again.
TEST_F(BatchEnricherTest, WhatAwsDoesNotKnowIsSurveyedInVainOnce) {
  Start({.format = OutputFormat::kClassic});
  Texts lines;
  for (int i = 0; i < 100; ++i) {
    lines.push_back(LineOf("eni-" + std::to_string(1000 + i), "203.0.113.9", 443, 2, "ACCEPT"));
  }
  const std::string first = Enrich(lines);
  EXPECT_EQ(std::ranges::count(first, '\n'), 100);
  EXPECT_EQ(Enrich(lines), first);
  EXPECT_EQ(batches_->counters().records, 200U);
  EXPECT_EQ(batches_->counters().unknown_interface, 200U);
  EXPECT_EQ(world_.calls.size(), 1U);
}

TEST_F(BatchEnricherTest, RecordsAreCountedByWhyTheirInterfaceIsNotKnown) {
  Start({.format = OutputFormat::kClassic});
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  const std::string line = LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT");
  Enrich({line, line});
  world_.faults.clear();
  Enrich({LineOf("eni-404", "203.0.113.9", 443, 2, "ACCEPT")});
  EXPECT_EQ(batches_->counters().unknown_interface, 3U);
  EXPECT_EQ(batches_->counters().unlearned,
            (RecordsByReason{{"AWS could not be asked for the interface: it throttles "
                              "DescribeNetworkInterfaces (RequestLimitExceeded)",
                              2}}));
}

class PartlyLearnedTest : public BatchEnricherTest {
 protected:
  void SetUp() override {
    BatchEnricherTest::SetUp();
    // The rules of sg-0 alone are not to be had; eni-0 carries sg-1 too.
    Learn("eni-1");
    world_.faults[Ec2Action::kDescribeSecurityGroupRules] = Throttled();
  }

  // Before the fault.
  void Learn(const std::string& interface) {
    Start();
    Enrich({LineOf(interface, "203.0.113.9", 443, 2, "ACCEPT")});
  }

  static constexpr const char* kReason =
      "AWS could not be asked for the rules of its security groups: it throttles "
      "DescribeSecurityGroupRules (RequestLimitExceeded)";
};

TEST_F(PartlyLearnedTest, ARuleOfAKnownGroupAllowsAllTheSame) {
  const std::string text = Enrich({LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT")});
  EXPECT_NE(text.find(R"("sg_verdict":"allowed-by-rule")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("sg_matched_rules":["sgr-1-0"])"), std::string::npos) << text;
  EXPECT_EQ(batches_->counters().unlearned, (RecordsByReason{{kReason, 1}}))
      << "there may be others";
}

TEST_F(PartlyLearnedTest, ADenialIsPossibleAtBestAndSaysWhy) {
  const std::string text = Enrich({LineOf("eni-0", "203.0.113.9", 8443, 2, "REJECT")});
  EXPECT_NE(text.find(R"("sg_verdict":"denied-by-security-group")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("sg_confidence":"possible")"), std::string::npos) << text;
  EXPECT_NE(text.find(std::string("the inventory does not have all rules of sg-0: ") + kReason),
            std::string::npos)
      << text;
}

TEST_F(PartlyLearnedTest, TheRulesAreAskedForAgainByThemselves) {
  const std::string line = LineOf("eni-0", "203.0.113.9", 8443, 2, "ACCEPT");
  Enrich({line});
  world_.TakeCalls();
  Enrich({line});
  EXPECT_EQ(world_.TakeCalls(), Texts{}) << "not at once";
  world_.faults.clear();
  Sleep(10s);
  Enrich({line});
  EXPECT_EQ(world_.TakeCalls(), Texts{"DescribeSecurityGroupRules group-id sg-0"});
  const auto before = batches_->counters().unlearned;
  Enrich({line});
  EXPECT_EQ(batches_->counters().unlearned, before);
}

TEST_F(PartlyLearnedTest, TheClassicOutputDoesNotSayThatThereAreNone) {
  Start({.format = OutputFormat::kClassic});
  const std::string text = Enrich({LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT")});
  EXPECT_NE(text.find(R"("security-groups": "||||sg-0;||||sg-1")"), std::string::npos) << text;
}

TEST_F(BatchEnricherTest, RecordsAreCountedByWhatElseTheirAnswersHangOn) {
  Start();
  const std::string by_list = LineOf("eni-0", "192.0.2.7", 5432, 2, "ACCEPT");
  const std::string by_member = LineOf("eni-0", "10.0.0.40", 22, 2, "ACCEPT");
  const std::string refused = LineOf("eni-0", "198.51.100.9", 443, 2, "REJECT");
  const std::string sure = LineOf("eni-0", "203.0.113.9", 443, 2, "ACCEPT");
  Enrich({sure});
  world_.faults[Ec2Action::kGetManagedPrefixListEntries] =
      Denied("ec2:GetManagedPrefixListEntries");
  world_.faults[Ec2Action::kDescribeNetworkAcls] = Throttled();
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = NoAnswer();
  const std::string text = Enrich({sure, by_list, by_list, by_member, refused, sure});
  const std::string list =
      "AWS could not be asked for the entries of a prefix list: it denies "
      "ec2:GetManagedPrefixListEntries";
  const std::string members =
      "AWS could not be asked for the interfaces that carry a group: it cannot be reached";
  const std::string acl =
      "AWS could not be asked for the network ACL of its subnet: it throttles "
      "DescribeNetworkAcls (RequestLimitExceeded)";
  EXPECT_EQ(batches_->counters().unlearned, (RecordsByReason{{list, 2}, {members, 1}, {acl, 1}}));
  EXPECT_NE(text.find("the inventory lacks prefix list pl-1: " + list), std::string::npos) << text;
  EXPECT_NE(text.find("group sg-39: " + members), std::string::npos) << text;
  EXPECT_NE(text.find("inventory is of another time; " + acl), std::string::npos) << text;
}

}  // namespace
}  // namespace sgflow
