#include "verdict/conversations.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <tuple>

namespace sgflow {
namespace {

Endpoint EndpointOf(std::uint32_t number) {
  const auto byte = static_cast<std::uint8_t>(number);
  return {IpAddress(AddressFamily::kIpv4, {10, 0, 0, byte}),
          static_cast<std::uint16_t>(number >> 8)};
}

TEST(Conversations, AreTheSameInBothDirections) {
  Conversations conversations;
  conversations.Remember(conversations.PlaceOf(1, EndpointOf(1), EndpointOf(2)), true);
  EXPECT_EQ(conversations.OneOpened(conversations.PlaceOf(1, EndpointOf(1), EndpointOf(2))), true);
  EXPECT_EQ(conversations.OneOpened(conversations.PlaceOf(1, EndpointOf(2), EndpointOf(1))), false);
  EXPECT_EQ(conversations.OneOpened(conversations.PlaceOf(2, EndpointOf(1), EndpointOf(2))),
            std::nullopt);
}

TEST(Conversations, ForgetTheOldest) {
  Conversations conversations(100);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    conversations.Remember(conversations.PlaceOf(0, EndpointOf(i), EndpointOf(100'000)), true);
  }
  for (std::uint32_t i = 900; i < 1000; ++i) {
    EXPECT_EQ(conversations.OneOpened(conversations.PlaceOf(0, EndpointOf(i), EndpointOf(100'000))),
              true)
        << i;
  }
  for (std::uint32_t i = 0; i < 800; ++i) {
    EXPECT_EQ(conversations.OneOpened(conversations.PlaceOf(0, EndpointOf(i), EndpointOf(100'000))),
              std::nullopt)
        << i;
  }
}

TEST(Conversations, ForgetAllWhenCleared) {
  Conversations conversations;
  conversations.Remember(conversations.PlaceOf(0, EndpointOf(1), EndpointOf(2)), true);
  conversations.Clear();
  EXPECT_EQ(conversations.OneOpened(conversations.PlaceOf(0, EndpointOf(1), EndpointOf(2))),
            std::nullopt);
}

TEST(Conversations, AreRenumberedForAnotherInventory) {
  Conversations conversations;
  for (InterfaceIndex i = 0; i < 1000; ++i) {
    conversations.Remember(conversations.PlaceOf(i, EndpointOf(1), EndpointOf(2)), i % 3 == 0);
  }
  conversations.Renumber([](InterfaceIndex i) -> std::optional<InterfaceIndex> {
    if (i >= 500) return std::nullopt;
    return 2 * i + 1;
  });
  for (InterfaceIndex i = 0; i < 1000; ++i) {
    const auto wanted = i % 2 == 1 ? std::optional((i - 1) / 2 % 3 == 0) : std::nullopt;
    EXPECT_EQ(conversations.OneOpened(conversations.PlaceOf(i, EndpointOf(1), EndpointOf(2))),
              wanted)
        << i;
  }
}

// Against a map, as long as the bound is not reached.
RC_GTEST_PROP(Conversations, AnswerAsAMapDoes, ()) {
  Conversations conversations(10'000);
  std::map<std::tuple<InterfaceIndex, Endpoint, Endpoint>, bool> plain;
  const auto steps = *rc::gen::inRange(0, 400);
  for (int i = 0; i < steps; ++i) {
    const InterfaceIndex interface = *rc::gen::inRange(0U, 3U);
    const Endpoint one = EndpointOf(*rc::gen::inRange(0U, 12U));
    const Endpoint other = EndpointOf(*rc::gen::inRange(0U, 12U));
    const bool swapped = other < one;
    const auto key =
        swapped ? std::tuple(interface, other, one) : std::tuple(interface, one, other);
    if (*rc::gen::arbitrary<bool>()) {
      const bool opened = one == other || *rc::gen::arbitrary<bool>();
      conversations.Remember(conversations.PlaceOf(interface, one, other), opened);
      plain[key] = opened != swapped;
    } else {
      const auto found = plain.find(key);
      const auto answer = conversations.OneOpened(conversations.PlaceOf(interface, one, other));
      RC_ASSERT(answer.has_value() == (found != plain.end()));
      if (answer) RC_ASSERT(*answer == (found->second != swapped));
    }
  }
}

}  // namespace
}  // namespace sgflow
