#include "flowlog/flow_record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace sgflow {
namespace {

constexpr std::string_view kLine =
    "2 111122223333 eni-0a 198.51.100.7 10.0.1.5 51034 443 6 12 3048 1700000000 1700000060 ACCEPT "
    "OK";

TEST(FlowRecord, IsViewsIntoTheLine) {
  FlowRecord record;
  ASSERT_TRUE(record.Split(RecordLayout::Default(), kLine, ' '));
  EXPECT_EQ(record.Get(Field::kInterfaceId), "eni-0a");
  EXPECT_EQ(record.Get(Field::kInterfaceId).data(), kLine.data() + 15);
  EXPECT_EQ(record.Get(Field::kLogStatus), "OK");
  EXPECT_EQ(record.GetNumber(Field::kBytes), 3048U);
  EXPECT_TRUE(record.CheckTypes());
}

TEST(FlowRecord, MissingIsEmptyWhetherDashOrNotInTheLayout) {
  FlowRecord record;
  ASSERT_TRUE(record.Split(RecordLayout::Default(),
                           "2 111122223333 eni-0a - - - - - - - 1 2 - NODATA", ' '));
  EXPECT_EQ(record.Get(Field::kSrcaddr), "");
  EXPECT_EQ(record.Get(Field::kVpcId), "");
  EXPECT_EQ(record.GetNumber(Field::kSrcport), std::nullopt);
  EXPECT_TRUE(record.CheckTypes());
}

// Digits are read four at a time; the plain way, for numbers and for what is nearly one.
RC_GTEST_PROP(FlowRecord, ReadsNumbersAsThePlainWayDoes, ()) {
  auto text = std::to_string(*rc::gen::arbitrary<std::uint64_t>() >> *rc::gen::inRange(0, 64));
  if (*rc::gen::inRange(0, 2) == 0) {
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
  }
  RC_PRE(text != "-" && text.find(' ') == std::string::npos);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  constexpr auto kMost = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
  const bool is_number =
      error == std::errc{} && end == text.data() + text.size() && number <= kMost;
  FlowRecord record;
  RC_ASSERT(record.Split(*RecordLayout::Parse("bytes"), text, ' '));
  RC_ASSERT(record.CheckTypes().has_value() == is_number);
  if (is_number) RC_ASSERT(record.GetNumber(Field::kBytes) == number);
}

TEST(FlowRecord, GivesTheSameValuesOnceTheyAreChecked) {
  FlowRecord record;
  const auto layout = *RecordLayout::Parse("pkt-srcaddr srcaddr dstaddr bytes tcp-flags region");
  for (const std::string_view line : {"10.0.0.1 10.0.0.1 2001:db8::1 18446744 - eu-west-1",
                                      "- 10.0.0.2 10.0.0.1 7 2 -", "10.0.0.1 - - - - -"}) {
    ASSERT_TRUE(record.Split(layout, line, ' '));
    FlowRecord unchecked = record;
    ASSERT_TRUE(record.CheckTypes());
    for (const Field field : kAddressFields) {
      EXPECT_EQ(record.GetAddress(field), unchecked.GetAddress(field)) << line;
    }
    for (const Field field : {Field::kBytes, Field::kTcpFlags}) {
      EXPECT_EQ(record.GetNumber(field), unchecked.GetNumber(field)) << line;
    }
  }
  ASSERT_TRUE(record.Split(*RecordLayout::Parse("srcaddr action"), " ACCEPT", ' '));
  EXPECT_FALSE(record.CheckTypes()) << "nothing at all is no address";
}

TEST(FlowRecord, WantsExactlyTheLayoutsFields) {
  FlowRecord record;
  EXPECT_FALSE(record.Split(RecordLayout::Default(), kLine.substr(2), ' '));
  EXPECT_FALSE(record.Split(RecordLayout::Default(), std::string(kLine) + " more", ' '));
}

TEST(FlowRecord, NamesTheFieldWhoseTextIsOfAnotherType) {
  FlowRecord record;
  std::string line(kLine);
  line.replace(line.find("443"), 3, "eth");
  ASSERT_TRUE(record.Split(RecordLayout::Default(), line, ' '));
  EXPECT_EQ(Describe(record.CheckTypes().error()),
            "dstport: 'eth' is no number from 0 to 65535; is the order of the fields right?");
  const std::string long_line(100, 'x');
  ASSERT_TRUE(record.Split(*RecordLayout::Parse("srcaddr"), long_line, ' '));
  EXPECT_EQ(Describe(record.CheckTypes().error()),
            "srcaddr: '" + std::string(40, 'x') +
                "...' is no IP address; is the order of the fields right?");
}

// The plain way, for the vectorised one to agree with.
std::vector<std::string> SplitPlainly(const std::string& line, char separator) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == separator) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

RC_GTEST_PROP(SplitFields, AgreesWithThePlainWay, ()) {
  const auto line = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("  ab,\t\x7f\"\\\n\x80\xff~")));
  const char separator = *rc::gen::elementOf(std::string(" ,\tx"));
  // In memory of its own size, so that the sanitizer sees a look past its end.
  const std::vector<char> exact(line.begin(), line.end());
  const auto expected = SplitPlainly(line, separator);
  std::vector<std::string_view> fields(expected.size());
  const FieldSplit split = SplitFields({exact.data(), exact.size()}, separator, fields);
  RC_ASSERT(split.count == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) RC_ASSERT(fields[i] == expected[i]);
  bool plain = true;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    plain = plain && byte >= ' ' && byte <= '~' && c != '"' && c != '\\';
  }
  RC_ASSERT(split.plain == plain);
}

TEST(SplitFields, CountsMoreFieldsThanThereIsRoomFor) {
  std::vector<std::string_view> fields(2);
  EXPECT_EQ(SplitFields("a b c d", ' ', fields).count, 4U);
  EXPECT_EQ(fields[1], "b");
}

}  // namespace
}  // namespace sgflow
