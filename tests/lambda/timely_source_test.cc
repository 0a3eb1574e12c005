#include "lambda/timely_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <semaphore>

namespace sgflow {
namespace {

using namespace std::chrono_literals;

const TimelySource::Time kNow(1'700'000'000s);

// Learns as soon as it is let.
class SlowSource : public InventorySource {
 public:
  std::shared_ptr<const Inventory> Current() override { return nullptr; }
  Result<bool> Learn(const Lacking& /*lacking*/) override {
    may_learn.acquire();
    ++learned;
    done.release();
    return true;
  }
  std::vector<std::string> Refresh() override { return {"renewed"}; }
  SourceCounters counters() const override { return {}; }

  std::counting_semaphore<> may_learn{0};
  std::counting_semaphore<> done{0};
  std::atomic<int> learned = 0;
};

class TimelySourceTest : public ::testing::Test {
 protected:
  // Lets what is being learned end.
  void Release() {
    source_.may_learn.release();
    source_.done.acquire();
  }

  SlowSource source_;
  TimelySource timely_{source_, [] { return kNow; }, false};
};

TEST_F(TimelySourceTest, WaitsWhileThereIsTime) {
  source_.may_learn.release();
  timely_.LearnUntil(kNow + 1h);
  EXPECT_TRUE(*timely_.Learn({}));
  EXPECT_EQ(timely_.Refresh(), std::vector<std::string>{"renewed"});
}

TEST_F(TimelySourceTest, WaitsForEverWhereThereIsNoEnd) {
  source_.may_learn.release();
  EXPECT_TRUE(*timely_.Learn({}));
}

TEST_F(TimelySourceTest, GoesOnWithoutWhatIsLate) {
  timely_.LearnUntil(kNow);
  EXPECT_FALSE(*timely_.Learn({}));
  EXPECT_TRUE(timely_.Refresh().empty()) << "it would wait";
  EXPECT_FALSE(*timely_.Learn({})) << "one after the other";
  EXPECT_EQ(source_.learned, 0);

  Release();
  EXPECT_EQ(source_.learned, 1);
  source_.may_learn.release();
  timely_.LearnUntil(kNow + 1h);
  EXPECT_TRUE(*timely_.Learn({}));
  EXPECT_EQ(source_.learned, 2);
}

TEST_F(TimelySourceTest, FailsWhereThatIsWanted) {
  TimelySource failing(source_, [] { return kNow; }, true);
  failing.LearnUntil(kNow);
  const auto learned = failing.Learn({});
  ASSERT_FALSE(learned);
  EXPECT_EQ(learned.error().message, "AWS did not answer in the time that the invocation has");
  Release();
}

}  // namespace
}  // namespace sgflow
