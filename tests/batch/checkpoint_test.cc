#include "batch/checkpoint.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace sgflow {
namespace {

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest()
      : folder_(std::filesystem::temp_directory_path() /
                ("checkpoint_test." + std::to_string(getpid()))),
        path_((folder_ / "checkpoint").native()) {
    std::filesystem::create_directory(folder_);
  }
  ~CheckpointTest() override { std::filesystem::remove_all(folder_); }

  static Checkpoint::Entry Entry(std::uint64_t size) {
    return {.note = {.input = {.size = size, .version = "1767225600.000000001"},
                     .source = "/logs/a%20b.log",
                     .fingerprint = 0xfedcba9876543210,
                     .faults = 3,
                     .incomplete = true},
            .output_size = 2 * size};
  }

  Checkpoint Open() { return std::move(*Checkpoint::Open(path_)); }
  void Write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  std::string Read() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(CheckpointTest, NotesAreFoundAgain) {
  ASSERT_TRUE(Open().Add("a/b c.jsonl", Entry(7)));
  const Checkpoint checkpoint = Open();
  const Checkpoint::Entry* const found = checkpoint.Find("a/b c.jsonl");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->note, Entry(7).note);
  EXPECT_EQ(found->output_size, 14U);
  EXPECT_EQ(checkpoint.Find("a/b"), nullptr);
}

TEST_F(CheckpointTest, LastNoteOfAKeyHolds) {
  ASSERT_TRUE(Open().Add("a", Entry(7)));
  ASSERT_TRUE(Open().Add("a", Entry(8)));
  EXPECT_EQ(Open().Find("a")->output_size, 16U);
}

TEST_F(CheckpointTest, KeysMayHoldWhateverNamesMay) {
  for (const char* key : {"a\nb", "a%0Ab", "%", "%25", " a ", "\xff"}) {
    ASSERT_TRUE(Open().Add(key, Entry(1)));
    EXPECT_NE(Open().Find(key), nullptr) << key;
  }
}

TEST_F(CheckpointTest, LineThatWasCutOffIsNoneAndHarmsNoOther) {
  ASSERT_TRUE(Open().Add("first", Entry(1)));
  ASSERT_TRUE(Open().Add("second", Entry(2)));
  const std::string whole = Read();
  const std::size_t second = whole.find('\n', 1) + 1;
  for (std::size_t cut = second; cut < whole.size() - 1; ++cut) {
    Write(whole.substr(0, cut));
    EXPECT_NE(Open().Find("first"), nullptr) << cut;
    for (const char* part : {"second", "secon", "sec", "s", ""}) {
      EXPECT_EQ(Open().Find(part), nullptr) << cut;
    }
    ASSERT_TRUE(Open().Add("third", Entry(3)));
    EXPECT_NE(Open().Find("third"), nullptr) << cut;
  }
}

TEST_F(CheckpointTest, GarbageIsPassedOver) {
  Write(std::string("\0\0\0\0\n0123456789abcdef 1 2 3 0 4 5 a key\n\n", 41));
  EXPECT_EQ(Open().Find("key"), nullptr);
  ASSERT_TRUE(Open().Add("key", Entry(1)));
  EXPECT_NE(Open().Find("key"), nullptr);
}

TEST_F(CheckpointTest, SameNotesCompactToTheSameBytes) {
  Checkpoint one = Open();
  ASSERT_TRUE(one.Add("b", Entry(9)));
  ASSERT_TRUE(one.Add("a", Entry(1)));
  ASSERT_TRUE(one.Add("b", Entry(2)));
  ASSERT_TRUE(one.Compact());
  const std::string first = Read();
  Write("");
  Checkpoint other = Open();
  ASSERT_TRUE(other.Add("a", Entry(1)));
  ASSERT_TRUE(other.Add("b", Entry(2)));
  ASSERT_TRUE(other.Compact());
  EXPECT_EQ(Read(), first);
  EXPECT_EQ(Open().Find("b")->output_size, 4U);
}

TEST_F(CheckpointTest, FolderThatIsNotThere) {
  const auto opened = Checkpoint::Open((folder_ / "missing/checkpoint").native());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(opened.error().message, "cannot be written: No such file or directory");
}

}  // namespace
}  // namespace sgflow
