#include "whatif/change_list.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow::test {
namespace {

ChangeGroup Group(std::string interface) {
  ChangeGroup group;
  group.interface = std::move(interface);
  group.protocol = kTcp;
  return group;
}

void AddOne(ChangeList& list, std::uint16_t port, const char* peer) {
  list.Add(Group("eni-1"), port, IpAddress::Parse(peer),
           {.records = 1, .bytes = 10, .first = 5, .last = 6});
}

TEST(ChangeList, ManyPeersOfAPortBecomeTheirSum) {
  ChangeList list({.peers = 2, .ports = 10, .rows = 100, .unknown = 10});
  AddOne(list, 443, "10.0.0.1");
  AddOne(list, 443, "10.0.0.2");
  AddOne(list, 443, "10.0.0.3");
  AddOne(list, 443, "10.0.0.1");
  AddOne(list, 22, "10.0.0.1");
  const auto entries = list.Entries();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_TRUE(entries[0].peers_folded);
  ASSERT_EQ(entries[0].rows.size(), 2U);
  EXPECT_EQ(entries[0].rows[0].port, 443);
  EXPECT_FALSE(entries[0].rows[0].peer);
  EXPECT_EQ(entries[0].rows[0].tally, (Tally{.records = 4, .bytes = 40, .first = 5, .last = 6}));
  EXPECT_EQ(entries[0].rows[1].peer, IpAddress::Parse("10.0.0.1"));
}

TEST(ChangeList, ManyPortsBecomeTheirSum) {
  ChangeList list({.peers = 2, .ports = 2, .rows = 100, .unknown = 10});
  for (std::uint16_t port = 1; port <= 5; ++port) AddOne(list, port, "10.0.0.1");
  const auto entries = list.Entries();
  ASSERT_EQ(entries.size(), 1U);
  ASSERT_EQ(entries[0].rows.size(), 1U);
  EXPECT_FALSE(entries[0].rows[0].port);
  EXPECT_EQ(entries[0].rows[0].tally.records, 5U);
}

TEST(ChangeList, BeyondAllRowsPeersThenPortsAreGivenUp) {
  ChangeList list({.peers = 100, .ports = 100, .rows = 4, .unknown = 10});
  for (std::uint16_t port = 1; port <= 3; ++port) {
    AddOne(list, port, "10.0.0.1");
    AddOne(list, port, "10.0.0.2");
  }
  ASSERT_EQ(list.Entries().at(0).rows.size(), 3U);
  EXPECT_EQ(list.Entries().at(0).rows[0].tally.records, 2U);
  for (std::uint16_t port = 4; port <= 6; ++port) AddOne(list, port, "10.0.0.1");
  ASSERT_EQ(list.Entries().at(0).rows.size(), 1U);
  EXPECT_EQ(list.Entries().at(0).rows[0].tally.records, 9U);
  EXPECT_EQ(list.total().records, 9U);
}

TEST(ChangeList, ManyUnknownInterfacesBecomeTheirSum) {
  ChangeList list({.peers = 10, .ports = 10, .rows = 100, .unknown = 2});
  for (const char* id : {"eni-1", "eni-2", "eni-1", "eni-3", "eni-4"}) {
    ChangeGroup group;
    group.interface = id;
    group.cause = ChangeCause::kInterfaceUnknownToday;
    list.AddUnknown(group, {.records = 1});
  }
  const auto entries = list.Entries();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].group.interface, "");
  EXPECT_EQ(entries[0].tally.records, 5U);
}

}  // namespace
}  // namespace sgflow::test
