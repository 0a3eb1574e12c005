// Each record by the inventory of its time, and how many inventories that takes.
#include "enrich/time_travel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "enrich/enricher.h"
#include "output/encoding.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;

constexpr Timeline::Moment kNoon = std::chrono::sys_days(2026y / 1 / 2) + 12h;
constexpr std::string_view kLayout =
    "interface-id srcaddr dstaddr srcport dstport protocol end "
    "action log-status";

// eni-1 has one group, whose rule lets a port in that tells the hour.
std::shared_ptr<const Inventory> OfHour(std::size_t hour) {
  const std::string port = std::to_string(1000 + hour);
  return InventoryOf(
      R"({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1",
            "PrivateIpAddress": "10.0.1.5", "Groups": [{"GroupId": "sg-1"}]}],
          "SecurityGroups": [{"GroupId": "sg-1", "VpcId": "vpc-1"}],
          "SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-)" +
      port + R"(", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp", "FromPort": )" +
      port + R"(, "ToPort": )" + port + R"(, "CidrIpv4": "0.0.0.0/0"}]})");
}

class TimeTravelTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kHours = 100;

  TimeTravelTest() {
    std::vector<Timeline::Moment> captures;
    for (std::size_t hour = 0; hour < kHours; ++hour) {
      captures.push_back(kNoon + std::chrono::hours(hour));
    }
    const auto load = [this](std::size_t hour, Timeline::Which) -> Result<Timeline::StatePtr> {
      if (hour == broken_) {
        return std::unexpected(
            Error{.kind = ErrorKind::kInventory, .message = "broken", .place = {}, .hint = {}});
      }
      ++loads_;
      auto inventory = OfHour(hour);
      loaded_.push_back(inventory);
      return std::make_shared<Timeline::State>(inventory);
    };
    timeline_ =
        std::make_shared<Timeline>(std::vector<std::vector<Timeline::Moment>>{captures},
                                   std::make_shared<Timeline::State>(OfHour(kHours - 1)), load);
    enricher_ = std::make_unique<Enricher>(timeline_, EnricherOptions{});
  }

  std::string Enrich(std::size_t hour, std::size_t port) {
    const auto end = (kNoon + std::chrono::hours(hour)).time_since_epoch().count() + 5;
    const std::string line = "eni-1 198.51.100.7 10.0.1.5 50000 " + std::to_string(port) + " 6 " +
                             std::to_string(end) + " ACCEPT OK";
    FlowRecord record;
    EXPECT_TRUE(record.Split(*RecordLayout::Parse(kLayout), line, ' '));
    OutputBuffer buffer;
    enricher_->Enrich(record, buffer);
    return std::string(buffer.view());
  }

  std::size_t Held() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(loaded_, [](const auto& inventory) { return !inventory.expired(); }));
  }

  std::shared_ptr<Timeline> timeline_;
  std::unique_ptr<Enricher> enricher_;
  std::vector<std::weak_ptr<const Inventory>> loaded_;
  std::size_t loads_ = 0;
  std::size_t broken_ = kHours;
};

TEST_F(TimeTravelTest, EachRecordGetsTheRuleOfItsHour) {
  // To and fro, so that views come and go.
  for (std::size_t i = 0; i < 3 * kHours; ++i) {
    const std::size_t hour = i * 37 % kHours;
    const std::string text = Enrich(hour, 1000 + hour);
    EXPECT_NE(text.find("[\"sgr-" + std::to_string(1000 + hour) + "\"]"), std::string::npos)
        << text;
    const bool is_last = hour == kHours - 1;
    EXPECT_EQ(text.find("the answer is another one") == std::string::npos, is_last) << text;
  }
}

TEST_F(TimeTravelTest, HoldsFewWhateverTheirNumber) {
  for (std::size_t hour = 0; hour < kHours; ++hour) {
    Enrich(hour, 443);
    EXPECT_LE(Held(), 34U);
  }
  EXPECT_EQ(loads_, kHours - 1) << "in order each is loaded once, but the last, which was there";
}

TEST_F(TimeTravelTest, GoingBackALittleLoadsNothingAnew) {
  for (const std::size_t hour : {5U, 6U, 5U, 7U, 6U, 5U}) Enrich(hour, 443);
  EXPECT_EQ(loads_, 4U) << "hours 5 to 8";
}

TEST_F(TimeTravelTest, WorkersShareWhatTheyHold) {
  Enrich(5, 443);
  const auto first =
      std::exchange(enricher_, std::make_unique<Enricher>(timeline_, EnricherOptions{}));
  Enrich(5, 443);
  EXPECT_EQ(loads_, 2U) << "hours 5 and 6";
}

TEST_F(TimeTravelTest, AfterAFailureNothingIsWrittenUntilAnotherStretch) {
  broken_ = 6;
  EXPECT_NE(Enrich(3, 443), "");
  EXPECT_EQ(Enrich(5, 443), "") << "it needs the next one, too";
  EXPECT_EQ(enricher_->failure()->message, "broken");
  EXPECT_EQ(Enrich(3, 443), "");
  EXPECT_EQ(enricher_->counters().records, 1U);
  enricher_->StartStretch();
  EXPECT_FALSE(enricher_->failure());
  EXPECT_NE(Enrich(3, 443), "");
}

// Two places, captured by turns; eni-1 is of the first one.
TEST_F(TimeTravelTest, OfSeveralSeriesEachPointTakesTwoAndNoMore) {
  std::vector<std::vector<Timeline::Moment>> series(2);
  for (std::size_t hour = 0; hour < kHours; ++hour) {
    series[hour % 2].push_back(kNoon + std::chrono::hours(hour));
  }
  const auto state = [](std::size_t hour) {
    return std::make_shared<Timeline::State>(OfHour(hour), std::vector<Timeline::Series>{0});
  };
  const auto load = [&](std::size_t point, Timeline::Which which) -> Result<Timeline::StatePtr> {
    ++loads_;
    const std::size_t held = point / 2 * 2;
    return state(which == Timeline::Which::kNext ? std::min(held + 2, kHours - 2) : held);
  };
  timeline_ = std::make_shared<Timeline>(series, state(kHours - 2), load);
  enricher_ = std::make_unique<Enricher>(timeline_, EnricherOptions{});
  for (std::size_t hour = 0; hour < kHours; ++hour) {
    const std::size_t captured = hour / 2 * 2;
    for (int again = 0; again < 3; ++again) {
      const std::string text = Enrich(hour, 1000 + captured);
      EXPECT_NE(text.find("[\"sgr-" + std::to_string(1000 + captured) + "\"]"), std::string::npos)
          << text;
      const bool is_last = captured == kHours - 2;
      EXPECT_EQ(text.find("the answer is another one") == std::string::npos, is_last) << text;
    }
  }
  EXPECT_LE(loads_, 2 * kHours);
}

}  // namespace
}  // namespace sgflow
