#include "flowlog/field.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace sgflow {
namespace {

// Counts of AWS's documentation, "all fields of version N".
TEST(FieldCatalogue, HasAsManyVpcFieldsAsAwsInEachVersion) {
  const auto count = [](int version) {
    return std::ranges::count_if(FieldCatalogue(), [version](const FieldInfo& info) {
      return info.family == FieldFamily::kVpc && info.version <= version;
    });
  };
  EXPECT_EQ(count(2), 14);
  EXPECT_EQ(count(3), 21);
  EXPECT_EQ(count(4), 25);
  EXPECT_EQ(count(5), 29);
  EXPECT_EQ(count(7), 39);
  EXPECT_EQ(count(8), 40);
  EXPECT_EQ(count(9), 41);
  EXPECT_EQ(count(10), 42);
  EXPECT_EQ(count(11), 54);
}

TEST(FieldCatalogue, IsIndexedByFieldAndHasNoNameTwice) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const FieldInfo& info = FieldCatalogue()[i];
    EXPECT_EQ(static_cast<std::size_t>(info.field), i) << info.name;
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.meaning.empty()) << info.name;
  }
}

TEST(FindField, TakesEverySpellingInUse) {
  for (const char* name : {"pkt-src-aws-service", "pkt_src_aws_service", "pktSrcAwsService",
                           "PKT-SRC-AWS-SERVICE", "Pkt_Src_Aws_Service"}) {
    EXPECT_EQ(FindField(name), Field::kPktSrcAwsService) << name;
  }
  EXPECT_EQ(FindField("srcAddr"), Field::kSrcaddr);
  EXPECT_EQ(FindForeignField("startTime"), Field::kStart);
  EXPECT_EQ(FindField("instance-tag-2"), Field::kInstanceTag2);
  EXPECT_EQ(FindField("next-hop-color"), std::nullopt);
}

TEST(NearestFieldName, HelpsWithTyposOnly) {
  EXPECT_EQ(NearestFieldName("scraddr"), "srcaddr");
  EXPECT_EQ(NearestFieldName("interface_ids"), "interface-id");
  EXPECT_EQ(NearestFieldName("color"), "");
}

TEST(FitsType, NumbersAddressesAndTheMissing) {
  EXPECT_TRUE(FitsType(FieldType::kInteger64, "18446744073709551615"));
  EXPECT_FALSE(FitsType(FieldType::kInteger64, "1e3"));
  EXPECT_FALSE(FitsType(FieldType::kInteger32, "-1"));
  EXPECT_FALSE(FitsType(FieldType::kInteger32, ""));
  EXPECT_TRUE(FitsType(FieldType::kAddress, "2001:db8::1"));
  EXPECT_FALSE(FitsType(FieldType::kAddress, "eni-1"));
  for (const FieldType type : {FieldType::kText, FieldType::kInteger32, FieldType::kAddress}) {
    EXPECT_TRUE(FitsType(type, "-"));
  }
}

TEST(FitsField, TellsOneFieldFromAnother) {
  EXPECT_TRUE(FitsField(Field::kAction, "ACCEPT"));
  EXPECT_FALSE(FitsField(Field::kAction, "OK"));
  EXPECT_FALSE(FitsField(Field::kSrcport, "70000"));
  EXPECT_TRUE(FitsField(Field::kAccountId, "29nnnnnnnn55"));
  EXPECT_TRUE(FitsField(Field::kAccountId, "unknown"));
  EXPECT_FALSE(FitsField(Field::kAccountId, "12"));
  EXPECT_FALSE(FitsField(Field::kInterfaceId, "vpc-1"));
}

std::string TypeName(FieldType type) {
  switch (type) {
    case FieldType::kText:
      return "text";
    case FieldType::kInteger32:
      return "int32";
    case FieldType::kInteger64:
      return "int64";
    case FieldType::kAddress:
      return "address";
  }
  return {};
}

// docs/fields.md is the table as a page; SGFLOW_UPDATE_DOCS=1 writes it anew.
TEST(FieldCatalogue, IsWhatTheDocsSay) {
  std::ostringstream table;
  table << "| field | column in json | type | version | meaning |\n|---|---|---|---|---|\n";
  for (const FieldInfo& info : FieldCatalogue()) {
    table << "| " << info.name << " | " << info.column << " | " << TypeName(info.type) << " | "
          << info.version << (info.family == FieldFamily::kVpc ? "" : " (Transit Gateway)") << " | "
          << info.meaning << " |\n";
  }
  constexpr const char* kPage = "docs/fields.md";
  std::ifstream file(kPage);
  std::string page((std::istreambuf_iterator<char>(file)), {});
  const std::size_t at = page.find("| field |");
  ASSERT_NE(at, std::string::npos) << kPage;
  if (std::getenv("SGFLOW_UPDATE_DOCS") != nullptr) {
    page = page.substr(0, at) + table.str();
    std::ofstream(kPage) << page;
  }
  EXPECT_EQ(page.substr(at), table.str());
}

}  // namespace
}  // namespace sgflow
