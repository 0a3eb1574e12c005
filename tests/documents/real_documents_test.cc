// Real documents, which stay outside the repository: SGFLOW_REAL_DATA says where.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::ErrorsOf;
using testing::Messages;
using testing::MessagesOf;
using testing::Texts;

class RealDocuments : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("SGFLOW_REAL_DATA");
    if (folder == nullptr) GTEST_SKIP() << "skipped: SGFLOW_REAL_DATA is unset";
    folder_ = std::filesystem::path(folder);
  }

  std::string Read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // By name, those of a folder.
  std::map<std::string, std::string> ReadAll(const std::string& inner) const {
    std::map<std::string, std::string> texts;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / inner)) {
      const std::string name = entry.path().filename();
      texts[name] = Read(inner + "/" + name);
    }
    return texts;
  }

  std::filesystem::path folder_;
};

TEST_F(RealDocuments, EachOfDocsLoads) {
  const auto texts = ReadAll("aws-documents/docs");
  EXPECT_FALSE(texts.empty());
  for (const auto& [name, text] : texts) EXPECT_EQ(ErrorsOf({{name, text}}), Texts{}) << name;
}

TEST_F(RealDocuments, AllOfDocsLoadTogether) {
  const auto texts = ReadAll("aws-documents/docs");
  std::vector<Document> documents;
  for (const auto& [name, text] : texts) documents.push_back({name, text});

  EXPECT_EQ(ErrorsOf(documents), Texts{});
}

TEST_F(RealDocuments, SomeDeserveAWarning) {
  const auto texts = ReadAll("aws-documents/docs");
  const std::map<std::string, std::string> deserved{
      {"21-describe-prefix-lists.json", "describes no network interface"},
      {"22-prefix-list-in-permission.json", "192.168.0.1/31 has bits set behind its length"},
      {"27-cli-managed-prefix-lists.json", "pl-11223344556677aab has no entries"},
      {"28-cli-prefix-list-entries.json", "do not say which prefix list they are of"},
      {"32-cli-instances.json", "\"10-0-0-157\" is no IP address"},
      {"33-group-chain.json", "192.0.2.2/28 has bits set behind its length"},
  };
  for (const auto& [name, part] : deserved) {
    const Texts warnings = MessagesOf({{name, texts.at(name)}}).warnings;
    ASSERT_FALSE(warnings.empty()) << name;
    EXPECT_NE(warnings[0].find(part), std::string::npos) << warnings[0];
  }
}

TEST_F(RealDocuments, SparseInterfacesHaveNoAddress) {
  const std::string text = Read("aws-documents/docs/23-sparse-interfaces.json");
  const auto inventory = testing::InventoryOf(text);

  ASSERT_EQ(inventory->interfaces().size(), 2U);
  for (const NetworkInterface& interface : inventory->interfaces()) {
    EXPECT_TRUE(interface.addresses.empty());
    EXPECT_FALSE(interface.groups_known);
  }
  EXPECT_EQ(inventory->interfaces()[1].instance_id, "i-0c060000000000003");
}

TEST_F(RealDocuments, EachBadOneGetsItsMessage) {
  const auto texts = ReadAll("aws-documents/bad");
  const auto errors = [&](const std::string& name) { return ErrorsOf({{name, texts.at(name)}}); };
  EXPECT_EQ(errors("01-truncated.json"),
            Texts{"01-truncated.json:26:41: the text ends in the middle of a string; the file was "
                  "cut short: write it anew"});
  EXPECT_EQ(errors("02-trailing-comma.json"),
            Texts{"02-trailing-comma.json:52:41: a comma stands before the closing }; remove the "
                  "comma"});
  EXPECT_EQ(errors("03-single-quotes.json"),
            Texts{"03-single-quotes.json:17:43: text stands in single quotes; JSON needs double "
                  "quotes"});
  EXPECT_EQ(
      errors("06-same-id-in-one-file.json"),
      (Texts{"06-same-id-in-one-file.json:102:9: SecurityGroups[3]: sg-0b070000000000009 is "
             "described twice, with different GroupName; the other one is SecurityGroups[2] of "
             "06-same-id-in-one-file.json; keep the one that is true",
             "06-same-id-in-one-file.json:129:9: SecurityGroups[4]: sg-0b070000000000009 is "
             "described twice, with different GroupName; the other one is SecurityGroups[2] of "
             "06-same-id-in-one-file.json; keep the one that is true"}));
  EXPECT_EQ(errors("29-address-with-dashes.json").at(0),
            "29-address-with-dashes.json:9:33: NetworkInterfaces[0].PrivateIpAddress: "
            "\"10-0-0-157\" is no IP address; did you mean \"10.0.0.157\"?");
  EXPECT_EQ(MessagesOf({{"27-host-bits.json", texts.at("27-host-bits.json")}}).warnings.at(0),
            "27-host-bits.json:11:25: SecurityGroupRules[0].CidrIpv4: 192.0.2.2/28 has bits set "
            "behind its length; it is taken as 192.0.2.0/28 (3 in all); write it so, as AWS does");
}

TEST_F(RealDocuments, TheInventoryOfTheSampleIsWholeAndWithoutAWarning) {
  const std::string text = Read("real-inventory.json");
  EXPECT_EQ(MessagesOf({{"real-inventory.json", text}}).warnings, Texts{});

  const auto inventory = testing::InventoryOf(text);
  EXPECT_EQ(inventory->rules().size(), 2U);
  const SecurityGroup* without_rules = inventory->FindGroup("sg-076a6898553409f2e");
  EXPECT_TRUE(without_rules->rules_known);
  EXPECT_TRUE(without_rules->ingress.empty());
  EXPECT_TRUE(inventory->InterfacesKnown("vpc-03c7e7b1bf88b69a2"));
}

}  // namespace
}  // namespace sgflow
