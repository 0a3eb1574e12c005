#include "inventory/id_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace sgflow {
namespace {

std::string IdOf(std::uint32_t number) { return "sgr-" + std::to_string(number); }

TEST(IdIndex, AnEmptyOneFindsNothing) { EXPECT_EQ(IdIndex().Find("sg-1"), std::nullopt); }

TEST(IdIndex, TheFirstPositionStays) {
  IdIndex index;
  EXPECT_EQ(index.FindOrAdd("sg-1", 7), 7U);
  EXPECT_EQ(index.FindOrAdd("sg-1", 8), 7U);
  EXPECT_EQ(index.Find("sg-1"), 7U);
  EXPECT_EQ(index.Find("sg-2"), std::nullopt);
}

TEST(IdIndex, FindsEachOfManyAsItGrows) {
  constexpr std::uint32_t kCount = 5000;
  IdIndex index;
  for (std::uint32_t i = 0; i < kCount; ++i) index.FindOrAdd(IdOf(i), i);
  for (std::uint32_t i = 0; i < kCount; ++i) EXPECT_EQ(index.Find(IdOf(i)), i) << IdOf(i);
  EXPECT_EQ(index.Find(IdOf(kCount)), std::nullopt);
}

TEST(IdIndex, IdsOfAnyLengthAreDifferent) {
  IdIndex index;
  for (std::uint32_t length = 0; length < 60; ++length) {
    index.FindOrAdd(std::string(length, 'x'), length);
  }
  for (std::uint32_t length = 0; length < 60; ++length) {
    EXPECT_EQ(index.Find(std::string(length, 'x')), length);
  }
  EXPECT_EQ(index.Find(std::string(60, 'x')), std::nullopt);
}

TEST(IdIndex, ANulIsAsGoodAsAnyCharacter) {
  IdIndex index;
  index.FindOrAdd("sg", 1);
  index.FindOrAdd(std::string("sg\0", 3), 2);
  EXPECT_EQ(index.Find("sg"), 1U);
  EXPECT_EQ(index.Find(std::string("sg\0", 3)), 2U);
}

}  // namespace
}  // namespace sgflow
