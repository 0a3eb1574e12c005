#include "documents/text_kind.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sgflow {
namespace {

using std::string_view_literals::operator""sv;

std::string NameOf(std::string_view text) {
  const auto kind = NameOtherKind(text);
  if (!kind) return "nothing that has a name";
  return kind->hint.empty() ? kind->message : kind->message + "; " + kind->hint;
}

TEST(NameOtherKind, NothingAtAll) {
  constexpr const char* kEmpty =
      "is empty; run the command that writes it again, and look at what it says";
  EXPECT_EQ(NameOf(""), kEmpty);
  EXPECT_EQ(NameOf(" \r\n\t\n"), kEmpty);
}

TEST(NameOtherKind, Utf16AsPowerShellWrites) {
  constexpr const char* kUtf16 =
      "is UTF-16, not UTF-8; save it as UTF-8; in PowerShell: ... | Out-File -Encoding utf8 FILE";
  EXPECT_EQ(NameOf("\xFF\xFE{\0}\0"sv), kUtf16);
  EXPECT_EQ(NameOf("\xFE\xFF\0{\0}"sv), kUtf16);
  EXPECT_EQ(NameOf("{\0}\0"sv), kUtf16) << "without a byte-order mark";
}

TEST(NameOtherKind, TheOtherOutputsOfTheCli) {
  EXPECT_EQ(NameOf("SECURITYGROUPRULES\tFalse\t443\tsg-1\n"),
            "is the AWS CLI's text output, not JSON; write it anew with --output json");
  EXPECT_EQ(NameOf("------------------\n|  DescribeSubnets |\n+----------------+\n"),
            "is the AWS CLI's table output, not JSON; write it anew with --output json");
  for (const char* yaml : {"SecurityGroups:\n- GroupId: sg-1\n", "---\nSubnets: []\n",
                           "- SecurityGroups:\n", "%YAML 1.2\n---\n", "Snapshot: {}\r\n"}) {
    EXPECT_EQ(NameOf(yaml), "is YAML, not JSON; write it anew with --output json") << yaml;
  }
}

TEST(NameOtherKind, MessagesOfTheCli) {
  EXPECT_EQ(NameOf("\nAn error occurred (UnauthorizedOperation) when calling the "
                   "DescribeSubnets operation: no\n"),
            "holds an error message of the AWS CLI: An error occurred (UnauthorizedOperation) when "
            "calling the DescribeSubnets operation: no; run the command again");
  EXPECT_EQ(NameOf("usage: aws [options] <command>\n"),
            "holds an error message of the AWS CLI: usage: aws [options] <command>; run the "
            "command again");
}

TEST(NameOtherKind, WhatAPagerShows) {
  constexpr const char* kPager =
      "is what a pager shows, not what the AWS CLI writes; write the file with > FILE or with "
      "--no-cli-pager, not by copying from the screen";
  EXPECT_EQ(NameOf("\x1B[?1h\x1B={\n"), kPager);
  EXPECT_EQ(NameOf("{\n    \"Subnets\": [\n(END)\n"), kPager);
  EXPECT_EQ(NameOf("{\n--More--\n"), kPager);
  EXPECT_EQ(NameOf("N\bNAME\n"), kPager);
}

TEST(NameOtherKind, OtherFormats) {
  EXPECT_EQ(NameOf("\x1F\x8B\x08\x00"sv), "is compressed with gzip; decompress it once more");
  EXPECT_EQ(NameOf("<?xml version=\"1.0\"?>\n"),
            "is XML or HTML, not JSON; write it anew with --output json");
  EXPECT_EQ(NameOf("PK\x03\x04\x14\x00\x00"sv), "is binary data, not text");
}

// Binary data of any length has the bytes that a pager draws with.
TEST(NameOtherKind, BinaryData) {
  constexpr const char* kBinary = "is binary data, not text";
  EXPECT_EQ(NameOf("\x7F"
                   "ELF\x02\x01\x01\0\x1B\b"sv),
            kBinary);
  EXPECT_EQ(NameOf("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\x1B"sv), kBinary);
  EXPECT_EQ(NameOf("\x04\x9C\x1B[\xFE"sv), kBinary);
  EXPECT_EQ(NameOf("\0\x01\0\0\x1B"sv), kBinary) << "every second byte is not 0";
  EXPECT_EQ(NameOf("PAR1\x15\0\x1B"sv),
            "is Parquet, not JSON; an inventory is what the AWS CLI prints");
}

TEST(NameOtherKind, BrokenJsonAndProseHaveNone) {
  for (const char* text : {"{\"Subnets\": [}", "[1,", "\"Subnets\": []", "hello", "{'a': 1}",
                           "https://example.com/a"}) {
    EXPECT_EQ(NameOf(text), "nothing that has a name") << text;
  }
}

}  // namespace
}  // namespace sgflow
