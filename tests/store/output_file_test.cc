#include "store/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace sgflow {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;

class OutputFileTest : public testing::Test {
 protected:
  OutputFileTest() {
    std::string made = testing::TempDir() + "sgflow-XXXXXX";
    folder_ = mkdtemp(made.data());
    fs::permissions(folder_, fs::perms{0777});
  }
  ~OutputFileTest() override {
    fs::permissions(folder_, fs::perms{0777});
    fs::remove_all(folder_);
  }

  std::string Path() const { return folder_ / "out.jsonl"; }

  void MakeOld(fs::perms permissions) const {
    std::ofstream(Path()) << "old";
    fs::permissions(Path(), permissions);
  }

  std::string Content() const {
    std::ifstream file(Path());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // What Open says to somebody who is not root, for whom permissions count.
  std::string Refusal() const {
    const bool root = geteuid() == 0;
    if (root && seteuid(kNobody) != 0) return "cannot be somebody else";
    const auto file = OutputFile::Open(Path());
    if (root && seteuid(0) != 0) std::abort();
    if (file) return "opened";
    EXPECT_EQ(file.error().kind, ErrorKind::kEnvironment);
    return Describe(file.error());
  }

  fs::path folder_;
};

TEST_F(OutputFileTest, KeepsThePermissionsOfTheFileItReplaces) {
  MakeOld(fs::perms{0640});
  auto file = OutputFile::Open(Path());
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->Write("new"));
  EXPECT_EQ(Content(), "old") << "until it is whole";
  ASSERT_TRUE(file->Commit());
  EXPECT_EQ(Content(), "new");
  EXPECT_EQ(fs::status(Path()).permissions(), fs::perms{0640});
}

TEST_F(OutputFileTest, TakesAnyNameThatTheFileSystemTakes) {
  constexpr std::size_t kLongest = 255;
  std::string umlauts = "a";
  while (umlauts.size() < kLongest) umlauts += "\u00e4";
  for (const std::string& name : {std::string(kLongest, 'x'), umlauts}) {
    auto file = OutputFile::Open(folder_ / name);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->Write("new"));
    const auto committed = file->Commit();
    ASSERT_TRUE(committed) << Describe(committed.error());
    EXPECT_EQ(fs::file_size(folder_ / name), 3U);
  }
}

TEST_F(OutputFileTest, LeavesAFileThatMayNotBeWrittenTo) {
  MakeOld(fs::perms{0444});
  EXPECT_EQ(Refusal(), Path() + ": cannot be written: Permission denied");
  EXPECT_EQ(Content(), "old");
}

TEST_F(OutputFileTest, SaysThatTheFolderMustBeWritable) {
  fs::permissions(folder_, fs::perms{0555});
  EXPECT_EQ(Refusal(), Path() +
                           ": cannot be written: Permission denied; its folder must be writable: "
                           "the file gets its name there when it is whole");
}

}  // namespace
}  // namespace sgflow
