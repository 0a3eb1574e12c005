#include "documents/json_pieces.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::Texts;

constexpr std::array<std::string_view, 2> kKeys{"Rules", "Parts"};

// What a scanner of brackets may trip over.
constexpr std::string_view kTricky = R"({"a": "},{\"]\\", "b": [[1, 2], {"c": "["}], "d": "\\\""})";

std::string Repeated(std::string_view element, std::size_t bytes) {
  std::string text(element);
  while (text.size() < bytes) (text += ",\n ") += element;
  return text;
}

// The object again, put together from its pieces.
std::string PutTogether(const CutObject& cut) {
  std::string text = cut.rest;
  std::size_t from = 0;
  for (const LargeList& list : cut.lists) {
    std::string elements;
    for (const LargeList::Piece& piece : list.pieces) {
      if (!elements.empty()) elements += ',';
      elements += piece.text;
    }
    // No other list is empty here.
    const std::size_t at = text.find("[]", from) + 1;
    text.insert(at, elements);
    from = at + elements.size();
  }
  return text;
}

TEST(CutLargeLists, LeavesSmallAndUnknownOnesWhole) {
  const std::string small = R"({"Rules": [)" + std::string(kTricky) + "]}";
  EXPECT_FALSE(CutLargeLists(small, kKeys));
  EXPECT_FALSE(CutLargeLists(R"({"Other": [)" + Repeated(kTricky, kJsonPiece) + "]}", kKeys));
}

TEST(CutLargeLists, LosesNothing) {
  const std::string text = R"( {"Rules" : [)" + Repeated(kTricky, 5 * kJsonPiece) +
                           R"(], "x": {"Rules": [1]}, "Parts": [ )" +
                           Repeated("1", 2 * kJsonPiece) + R"( ], "y": "]}"} )";
  const auto cut = CutLargeLists(text, kKeys);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->rest, R"( {"Rules" : [], "x": {"Rules": [1]}, "Parts": [], "y": "]}"} )");
  EXPECT_EQ(PutTogether(*cut), text);
  ASSERT_EQ(cut->lists.size(), 2U);
  EXPECT_EQ(cut->lists[0].member, 0U);
  EXPECT_EQ(cut->lists[1].member, 2U);
  for (const LargeList& list : cut->lists) {
    for (const LargeList::Piece& piece : list.pieces) {
      EXPECT_LT(piece.text.size(), 2 * kJsonPiece);
      EXPECT_FALSE(piece.is_element);
    }
  }
  constexpr std::size_t kOneAndComma = std::string_view("1,\n ").size();
  EXPECT_EQ(cut->lists[1].count, Repeated("1", 2 * kJsonPiece).size() / kOneAndComma + 1);
}

TEST(CutLargeLists, GivesALargeElementAPieceOfItsOwn) {
  const std::string large = R"({"Rules": [)" + Repeated("7", kJsonPiece) + "]}";
  const std::string text = R"({"Parts": [1, 2,)" + large + "," + large + ",3]}";
  const auto cut = CutLargeLists(text, kKeys);
  ASSERT_TRUE(cut);
  ASSERT_EQ(cut->lists.size(), 1U);
  EXPECT_EQ(cut->lists[0].count, 5U);
  const auto& pieces = cut->lists[0].pieces;
  ASSERT_EQ(pieces.size(), 4U);
  EXPECT_EQ(pieces[0].text, "1, 2");
  EXPECT_EQ(pieces[1].text, large);
  EXPECT_TRUE(pieces[1].is_element);
  EXPECT_TRUE(pieces[2].is_element);
  EXPECT_EQ(pieces[3].text, "3");
  EXPECT_FALSE(pieces[3].is_element);
}

TEST(CutLargeLists, CutsNothingThatCannotBeJson) {
  const std::string many = Repeated(kTricky, 2 * kJsonPiece);
  for (const std::string& text :
       {R"({"Rules": [)" + many, R"({"Rules": [)" + many + "]", R"({"Rules": [)" + many + ",]}",
        R"({"Rules" [)" + many + "]}", '[' + many + ']', R"({Rules: [)" + many + "]}",
        R"({"Rules": [)" + many + R"(], "unended)"}) {
    EXPECT_FALSE(CutLargeLists(text, kKeys)) << text.substr(0, 20);
  }
}

// ---------------------------------------------------------------------------------------------
// Documents of that size

std::string RuleText(int number, std::string_view more = "") {
  return R"({"SecurityGroupRuleId": "sgr-)" + std::to_string(number) + R"(", "GroupId": "sg-)" +
         std::to_string(number % 7) + R"(", "IsEgress": false, "IpProtocol": "tcp", "FromPort": )" +
         std::to_string(number % 60000) + R"(, "ToPort": 65535, "CidrIpv4": "192.0.2.0/24",)" +
         R"( "Description": "\"},{\" )" + std::to_string(number) + "\\\\\"" + std::string(more) +
         "}";
}

constexpr int kRules = 4000;

std::string Document(const std::string& rules, std::string_view more = "") {
  return "{\"SecurityGroupRules\": [\n" + rules + "\n]" + std::string(more) +
         R"(, "SecurityGroups": [{"GroupId": "sg-0", "VpcId": "vpc-1"}]})";
}

std::string ManyRules(std::string_view more_at_3000 = "") {
  std::string rules;
  for (int number = 0; number < kRules; ++number) {
    if (number != 0) rules += ",\n";
    rules += RuleText(number, number == 3000 ? more_at_3000 : "");
  }
  return rules;
}

TEST(LargeDocument, IsReadInItsOrder) {
  const std::string text = Document(ManyRules());
  ASSERT_GT(text.size(), 4 * kJsonPiece);
  const auto inventory = testing::InventoryOf(text);
  ASSERT_EQ(inventory->rules().size(), std::size_t{kRules});
  for (int number = 0; number < kRules; ++number) {
    const Rule& rule = inventory->rules()[static_cast<std::size_t>(number)];
    EXPECT_EQ(rule.id, "sgr-" + std::to_string(number));
    EXPECT_EQ(rule.description, "\"},{\" " + std::to_string(number) + "\\");
  }
  EXPECT_EQ(inventory->FindGroup("sg-0")->vpc_id, "vpc-1");
}

TEST(LargeDocument, ItsMessagesHaveLines) {
  EXPECT_EQ(testing::ErrorsOf(Document(ManyRules(R"(, "PrefixListId": 5)"))),
            Texts{"a.json:3002:1: SecurityGroupRules[3000]: it has two sources, CidrIpv4 and "
                  "PrefixListId; make two rules of it"});
}

TEST(LargeDocument, BrokenAnywhereIsBrokenAndNothingElseIsTold) {
  const std::string wrong = RuleText(kRules, R"(, "PrefixListId": 5)") + ",\n";
  for (const std::string_view fault : {"+", ",", "},", ", \"x\": tru", ", \"x\": \"\xFF\""}) {
    const Texts errors = testing::ErrorsOf(Document(wrong + ManyRules(fault)));
    ASSERT_EQ(errors.size(), 1U) << fault;
    EXPECT_TRUE(errors[0].starts_with("a.json:3003:")) << errors[0];
  }
}

TEST(LargeDocument, OfManyAccountsIsCutWithinEach) {
  const std::string part = Document(ManyRules());
  std::string other = part;
  for (std::size_t at = 0; (at = other.find("sg-", at)) != std::string::npos; at += 4) {
    other.insert(at + 3, "f");
  }
  for (std::size_t at = 0; (at = other.find("sgr-", at)) != std::string::npos; at += 5) {
    other.insert(at + 4, "f");
  }
  const auto inventory =
      testing::InventoryOf(R"({"Snapshots": [{"Subnets": []}, )" + part + ", " + other + "]}");
  EXPECT_EQ(inventory->rules().size(), std::size_t{2 * kRules});
  EXPECT_EQ(inventory->groups().size(), 14U);
  const std::string broken = part.substr(0, part.size() / 2);
  EXPECT_EQ(testing::ErrorsOf(R"({"Snapshots": [)" + broken + ", " + other + "]}").size(), 1U);
}

TEST(LargeDocument, UnknownKeysInItsElementsAreStillAskedBackAbout) {
  const Texts warnings = testing::WarningsOf(Document(ManyRules(R"(, "groupOwnerId": "1")")));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_TRUE(warnings[0].find("SecurityGroupRules[3000].groupOwnerId") != std::string::npos)
      << warnings[0];
}

}  // namespace
}  // namespace sgflow
