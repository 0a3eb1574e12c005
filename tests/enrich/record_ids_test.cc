#include "enrich/record_ids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace sgflow {
namespace {

constexpr std::string_view kLine =
    "2 111122223333 eni-0a000000000000001 203.0.113.9 192.0.2.5 40000 443 6 10 840 1620000000 "
    "1620000060 ACCEPT OK";
constexpr std::string_view kOtherLine =
    "2 111122223333 eni-0a000000000000001 203.0.113.9 192.0.2.5 40001 443 6 10 840 1620000000 "
    "1620000060 ACCEPT OK";

std::string IdOf(RecordIds& ids, std::string_view line,
                 const std::shared_ptr<const RecordLayout>& layout = RecordLayout::Default(),
                 char separator = ' ') {
  FlowRecord record;
  EXPECT_TRUE(record.Split(layout, line, separator));
  return std::string(ids.Of(record));
}

// What Python's xxhash.xxh3_128_hexdigest gives for the line, with the seeds 0, 1 and 2.
TEST(RecordIds, AreXxh3OfTheLine) {
  RecordIds ids;
  ids.StartPayload();
  EXPECT_EQ(IdOf(ids, kLine), "1ef82d588d10d939e0029f39a68db0bb");
  EXPECT_EQ(IdOf(ids, kLine), "cba01f40fc070037eca814f434e85a5f");
  EXPECT_EQ(IdOf(ids, kLine), "466465b84d4a1a8b7ccfa8f82d8adb43");
}

TEST(RecordIds, AreTheSameOnASecondRound) {
  RecordIds ids;
  ids.StartPayload();
  const std::string first = IdOf(ids, kLine);
  const std::string other = IdOf(ids, kOtherLine);
  const std::string second = IdOf(ids, kLine);
  EXPECT_NE(first, other);
  EXPECT_NE(first, second);
  // The same payload again, in another event; and one that has the line alone.
  RecordIds later;
  later.StartPayload();
  EXPECT_EQ(IdOf(later, kLine), first);
  EXPECT_EQ(IdOf(later, kOtherLine), other);
  EXPECT_EQ(IdOf(later, kLine), second);
  later.StartPayload();
  EXPECT_EQ(IdOf(later, kLine), first);
}

TEST(RecordIds, AreNotNumberedBehindAPayload) {
  RecordIds ids;
  const std::string id = IdOf(ids, kLine);
  ids.StartPayload();
  EXPECT_EQ(IdOf(ids, kLine), id);
  EXPECT_NE(IdOf(ids, kLine), id);
  ids.EndPayload();
  EXPECT_EQ(IdOf(ids, kLine), id);
}

TEST(RecordIds, MayBeNumberedBeforeTheyAreMade) {
  RecordIds ids;
  ids.StartPayload();
  FlowRecord record;
  ASSERT_TRUE(record.Split(RecordLayout::Default(), kLine, ' '));
  EXPECT_EQ(ids.NumberOf(record), 0U);
  EXPECT_EQ(ids.NumberOf(record), 1U);
  ids.EndPayload();
  EXPECT_EQ(ids.NumberOf(record), 0U);
  EXPECT_EQ(ids.Of(record, 1), "cba01f40fc070037eca814f434e85a5f");
  EXPECT_EQ(ids.Of(record, 0), "1ef82d588d10d939e0029f39a68db0bb");
}

TEST(RecordIds, OfFilesAreOfTheContentAlone) {
  RecordIds ids;
  const std::string id = IdOf(ids, kLine);
  EXPECT_EQ(IdOf(ids, kLine), id);
  // However the values were set apart.
  std::string commas(kLine);
  std::ranges::replace(commas, ' ', ',');
  EXPECT_EQ(IdOf(ids, commas, RecordLayout::Default(), ','), id);
}

TEST(RecordIds, LeaveOutWhatSgflowAdds) {
  const auto plain = *RecordLayout::Parse("srcaddr dstaddr colour");
  const auto enriched =
      *RecordLayout::Parse("srcaddr dstaddr colour sg_verdict security-groups sgflow_record_id");
  RecordIds ids;
  EXPECT_EQ(IdOf(ids, "192.0.2.1 192.0.2.2 red", plain),
            IdOf(ids, "192.0.2.1 192.0.2.2 red allowed-by-rule sg-1 00", enriched));
  EXPECT_NE(IdOf(ids, "192.0.2.1 192.0.2.2 red", plain),
            IdOf(ids, "192.0.2.1 192.0.2.2 - ", *RecordLayout::Parse("srcaddr dstaddr colour x")));
}

}  // namespace
}  // namespace sgflow
