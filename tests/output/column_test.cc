#include "output/column.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace sgflow {
namespace {

TEST(Columns, AreIndexedByColumn) {
  for (std::size_t i = 0; i < kColumnCount; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(Columns()[i].column), i) << Columns()[i].name;
    EXPECT_EQ(FindColumn(Columns()[i].name), Columns()[i].column);
  }
  EXPECT_EQ(FindColumn("sg-verdict"), Column::kSgVerdict);
  EXPECT_EQ(FindColumn("verdict"), std::nullopt);
}

// docs/schema.md has the table; SGFLOW_UPDATE_DOCS=1 writes it anew.
TEST(Columns, AreWhatTheDocsSay) {
  const std::string heading = "| column | type | by default | meaning |\n|---|---|---|---|\n";
  std::ostringstream table;
  table << heading;
  for (const ColumnInfo& info : Columns()) {
    table << "| `" << info.name << "` | " << info.type << " | " << (info.by_default ? "yes" : "no")
          << " | " << info.meaning << " |\n";
  }
  constexpr const char* kPage = "docs/schema.md";
  std::ifstream file(kPage);
  std::string page((std::istreambuf_iterator<char>(file)), {});
  const std::size_t begin = page.find(heading);
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = page.find("\n\n", begin) + 1;
  if (std::getenv("SGFLOW_UPDATE_DOCS") != nullptr) {
    std::ofstream(kPage) << page.replace(begin, end - begin, table.str());
    return;
  }
  EXPECT_EQ(page.substr(begin, end - begin), table.str());
}

}  // namespace
}  // namespace sgflow
