#include "store/timeline_source.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "live/fake_ec2.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Sleep;
using Texts = std::vector<std::string>;

std::string SnapshotOf(const std::string& day, const std::string& interface_id) {
  return R"({"Snapshot": {"CapturedAt": ")" + day +
         R"(T00:00:00Z"}, "NetworkInterfaces": [{"NetworkInterfaceId": ")" + interface_id +
         R"(", "Groups": []}]})";
}

struct Shelf {
  std::map<std::string, std::string> documents;
  int reads = 0;
  int lists = 0;
};

class FakeFolder : public DocumentFolder {
 public:
  explicit FakeFolder(Shelf& shelf) : shelf_(shelf) {}
  Result<std::vector<Entry>> List() override {
    ++shelf_.lists;
    std::vector<Entry> entries;
    for (const auto& [name, bytes] : shelf_.documents) entries.push_back({name, bytes});
    return entries;
  }
  Result<std::string> Read(const std::string& name) override {
    ++shelf_.reads;
    return shelf_.documents.at(name);
  }
  Result<void> Write(const std::string&, std::string) override { return {}; }
  Result<std::optional<std::string>> ReadNote(const std::string&) override { return std::nullopt; }
  Result<void> WriteNote(const std::string&, std::string) override { return {}; }
  std::string Shown(const std::string& name) const override { return "shelf/" + name; }

 private:
  Shelf& shelf_;
};

class TimelineSourceTest : public ::testing::Test {
 protected:
  Texts Open() {
    auto source =
        TimelineSource::Open(std::make_shared<FakeFolder>(shelf_),
                             {.name = "shelf", .time_to_live = 300s, .clock = testing::FakeNow});
    if (source) {
      source_ = std::move(*source);
      return {};
    }
    Texts errors;
    for (const Error& error : source.error()) errors.push_back(Describe(error));
    return errors;
  }
  std::size_t Captures() { return source_->CurrentTimeline()->size(); }
  bool Has(std::string_view id) { return source_->Current()->FindInterface(id) != nullptr; }

  Shelf shelf_{.documents = {{"a.json", SnapshotOf("2026-01-01", "eni-1")}}};
  std::unique_ptr<InventorySource> source_;
};

TEST_F(TimelineSourceTest, FindsWhatIsAddedAfterItsTime) {
  ASSERT_EQ(Open(), Texts{});
  EXPECT_EQ(Captures(), 1U);
  shelf_.documents["b.json"] = SnapshotOf("2026-01-02", "eni-2");
  Sleep(299s);
  EXPECT_EQ(source_->Refresh(), Texts{});
  EXPECT_EQ(Captures(), 1U);
  Sleep(1s);
  EXPECT_EQ(source_->Refresh(), Texts{});
  EXPECT_EQ(Captures(), 2U);
  EXPECT_TRUE(Has("eni-2"));
  EXPECT_EQ(source_->counters().as_of, std::chrono::sys_days(2026y / 1 / 2));
}

TEST_F(TimelineSourceTest, ReadsNothingAnewWhereNothingIsNew) {
  ASSERT_EQ(Open(), Texts{});
  const auto timeline = source_->CurrentTimeline();
  const int reads = shelf_.reads;
  Sleep(300s);
  EXPECT_EQ(source_->Refresh(), Texts{});
  EXPECT_EQ(shelf_.lists, 2);
  EXPECT_EQ(shelf_.reads, reads);
  EXPECT_EQ(source_->CurrentTimeline(), timeline);
}

TEST_F(TimelineSourceTest, TheLastGoodStateStaysWhereANewOneIsBroken) {
  ASSERT_EQ(Open(), Texts{});
  shelf_.documents["20260103T000000Z.json.gz"] = "{";
  Sleep(300s);
  const Texts messages = source_->Refresh();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_TRUE(messages[0].starts_with("shelf/20260103T000000Z.json.gz:1:2: ")) << messages[0];
  EXPECT_TRUE(messages[0].ends_with("; the last good state stays in use")) << messages[0];
  EXPECT_TRUE(Has("eni-1"));
  EXPECT_EQ(source_->counters().failures, 1U);
}

TEST_F(TimelineSourceTest, AFolderWithoutDocumentsIsOfNoUse) {
  shelf_.documents.clear();
  EXPECT_EQ(Open(), Texts{"shelf/: holds no document; their names end in .json or .json.gz, and "
                          "begin with no dot"});
}

}  // namespace
}  // namespace sgflow
