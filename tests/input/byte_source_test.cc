#include "input/byte_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sgflow {
namespace {

namespace fs = std::filesystem;

class FileSourceTest : public testing::Test {
 protected:
  FileSourceTest() {
    std::string made = testing::TempDir() + "sgflow-XXXXXX";
    folder_ = mkdtemp(made.data());
    fs::permissions(folder_, fs::perms{0755});
  }
  ~FileSourceTest() override { fs::remove_all(folder_); }

  fs::path folder_;
};

// What cannot be had is the input's fault, so that the other inputs are read and the exit code is
// 1; the disk's and the system's are another.
TEST_F(FileSourceTest, WhatCannotBeHadIsTheInputsFault) {
  const fs::path loop = folder_ / "loop";
  fs::create_symlink(loop, loop);
  const fs::path closed = folder_ / "closed";
  std::ofstream(closed) << "x";
  fs::permissions(closed, fs::perms::none);
  const bool root = geteuid() == 0;  // who may read everything
  constexpr uid_t kNobody = 65534;
  ASSERT_TRUE(!root || seteuid(kNobody) == 0);
  for (const fs::path& path : {folder_, folder_ / "missing", closed / "inside", loop, closed,
                               folder_ / std::string(300, 'x')}) {
    const auto source = FileSource::Open(path);
    ASSERT_FALSE(source) << path;
    EXPECT_EQ(source.error().kind, ErrorKind::kInput) << Describe(source.error());
    EXPECT_EQ(source.error().place.file, path.string());
  }
  ASSERT_TRUE(!root || seteuid(0) == 0);
}

TEST_F(FileSourceTest, AReadThatFailsIsTheSystems) {
  // Nothing is mapped at its start.
  auto source = FileSource::Open("/proc/self/mem");
  ASSERT_TRUE(source);
  char byte = 0;
  const auto count = source->Read({&byte, 1});
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().kind, ErrorKind::kEnvironment);
}

}  // namespace
}  // namespace sgflow
