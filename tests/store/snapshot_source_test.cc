#include "store/snapshot_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "live/fake_ec2.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Sleep;

using Texts = std::vector<std::string>;

std::string SnapshotWith(const std::string& interface_id) {
  return R"({"NetworkInterfaces": [{"NetworkInterfaceId": ")" + interface_id +
         R"(", "Groups": []}]})";
}

struct Shelf {
  std::optional<std::string> bytes;  // none: gone
  bool is_new = true;
  int looks = 0;
};

class FakeStore : public SnapshotStore {
 public:
  explicit FakeStore(Shelf& shelf) : shelf_(shelf) {}
  Result<std::optional<std::string>> ReadNew() override {
    ++shelf_.looks;
    if (!shelf_.bytes) {
      return std::unexpected(
          Error{.kind = ErrorKind::kEnvironment, .message = "it is gone", .place = {}, .hint = {}});
    }
    if (!std::exchange(shelf_.is_new, false)) return std::nullopt;
    return shelf_.bytes;
  }

 private:
  Shelf& shelf_;
};

class SnapshotSourceTest : public ::testing::Test {
 protected:
  Texts Open() {
    auto source =
        SnapshotSource::Open(std::make_unique<FakeStore>(shelf_),
                             {.name = "store", .time_to_live = 300s, .clock = testing::FakeNow});
    if (source) {
      source_ = std::move(*source);
      return {};
    }
    Texts errors;
    for (const Error& error : source.error()) errors.push_back(Describe(error));
    return errors;
  }
  void Put(std::string bytes) { shelf_ = {.bytes = std::move(bytes), .looks = shelf_.looks}; }
  bool Has(std::string_view id) { return source_->Current()->FindInterface(id) != nullptr; }

  Shelf shelf_{.bytes = SnapshotWith("eni-1")};
  std::unique_ptr<InventorySource> source_;
};

TEST_F(SnapshotSourceTest, LooksAgainOnlyAfterItsTime) {
  ASSERT_EQ(Open(), Texts{});
  EXPECT_TRUE(Has("eni-1"));
  Put(SnapshotWith("eni-2"));
  Sleep(299s);
  EXPECT_EQ(source_->Refresh(), Texts{});
  EXPECT_FALSE(Has("eni-2"));
  Sleep(1s);
  EXPECT_EQ(source_->Refresh(), Texts{});
  EXPECT_TRUE(Has("eni-2"));
}

TEST_F(SnapshotSourceTest, KeepsTheInventoryWhereNothingIsNew) {
  ASSERT_EQ(Open(), Texts{});
  const auto before = source_->Current();
  Sleep(300s);
  EXPECT_EQ(source_->Refresh(), Texts{});
  EXPECT_EQ(source_->Current(), before);
  EXPECT_EQ(shelf_.looks, 2);
}

TEST_F(SnapshotSourceTest, HoldsTheLastGoodOneWhereTheStoreIsGoneAndSaysSoEachTime) {
  ASSERT_EQ(Open(), Texts{});
  shelf_.bytes = std::nullopt;
  for (int i = 0; i < 2; ++i) {
    Sleep(300s);
    EXPECT_EQ(source_->Refresh(), Texts{"store: it is gone; the last good snapshot stays in use"});
    EXPECT_TRUE(Has("eni-1"));
  }
  EXPECT_EQ(source_->counters().failures, 2U);
  Put(SnapshotWith("eni-2"));
  Sleep(300s);
  EXPECT_EQ(source_->Refresh(), Texts{});
  EXPECT_TRUE(Has("eni-2"));
}

TEST_F(SnapshotSourceTest, HoldsItWhereTheNewOneIsBrokenAndSaysSoEachTime) {
  ASSERT_EQ(Open(), Texts{});
  const std::string good = SnapshotWith("eni-2");
  for (const std::string& broken :
       {good.substr(0, 30), std::string("\x1f\x8b\x08 cut gzip"), std::string(R"({"x": 1})"),
        R"({"Snapshot": {"Version": 2},)" + good.substr(1)}) {
    Put(broken);
    for (int i = 0; i < 2; ++i) {
      Sleep(300s);
      const Texts messages = source_->Refresh();
      ASSERT_EQ(messages.size(), 1U) << broken;
      EXPECT_TRUE(messages[0].starts_with("store:")) << messages[0];
      EXPECT_TRUE(messages[0].ends_with("; the last good snapshot stays in use")) << messages[0];
      EXPECT_TRUE(Has("eni-1"));
    }
  }
}

TEST_F(SnapshotSourceTest, HoldsItWhereTheNewOneHasNothingInItAndDoesNotSayThatThereIsNothing) {
  ASSERT_EQ(Open(), Texts{});
  Put(R"({"NetworkInterfaces": []})");
  Sleep(300s);
  EXPECT_EQ(source_->Refresh(),
            Texts{"store: has nothing in it, and no Snapshot that says that there is nothing; the "
                  "last good snapshot stays in use"});
  EXPECT_TRUE(Has("eni-1"));
  Put(R"({"Snapshot": {"Version": 1, "AccountId": "111122223333", "Region": "eu-west-1",
          "CapturedAt": "2026-01-02T03:04:05Z"}, "NetworkInterfaces": []})");
  Sleep(300s);
  const Texts messages = source_->Refresh();
  ASSERT_EQ(messages.size(), 1U) << "a warning";
  EXPECT_TRUE(messages[0].starts_with("store: it describes no network interface")) << messages[0];
  EXPECT_FALSE(Has("eni-1"));
}

TEST_F(SnapshotSourceTest, DoesNotStartWithoutAGoodOne) {
  shelf_.bytes = std::nullopt;
  EXPECT_EQ(Open(), Texts{"store: it is gone"});
  Put(R"({"x": 1})");
  EXPECT_EQ(Open().size(), 1U);
}

TEST_F(SnapshotSourceTest, LooksAtOnceWhereNobodyHasForHours) {
  ASSERT_EQ(Open(), Texts{});
  Put(SnapshotWith("eni-2"));
  Sleep(5h);
  EXPECT_TRUE(Has("eni-2"));
}

TEST(FileStore, GivesAFileThatHasChanged) {
  const auto path =
      std::filesystem::temp_directory_path() / ("sgflow-store-test-" + std::to_string(getpid()));
  const auto write = [](const std::filesystem::path& to, std::string_view text) {
    std::ofstream(to) << text;
  };
  write(path, "one");
  const auto store = MakeFileStore(path);
  EXPECT_EQ(store->ReadNew().value(), "one");
  EXPECT_EQ(store->ReadNew().value(), std::nullopt);
  // As careful writers do; the same size.
  write(path.string() + ".new", "two");
  std::filesystem::rename(path.string() + ".new", path);
  EXPECT_EQ(store->ReadNew().value(), "two");
  write(path, "three");
  EXPECT_EQ(store->ReadNew().value(), "three");
  std::filesystem::remove(path);
  const auto gone = store->ReadNew();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message, "cannot be read: No such file or directory");
}

}  // namespace
}  // namespace sgflow
