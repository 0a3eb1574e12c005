#include "documents/json_fault.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "documents/loading.h"
#include "documents/text_position.h"

namespace sgflow {
namespace {

// "LINE:COLUMN: MESSAGE; HINT", or "fine".
std::string FaultOf(std::string_view text) {
  const auto fault = FindJsonFault(text);
  if (!fault) return "fine";
  const TextPosition position = PositionOf(text, fault->offset);
  std::string told =
      std::to_string(position.line) + ':' + std::to_string(position.column) + ": " + fault->message;
  if (!fault->hint.empty()) told += "; " + fault->hint;
  return told;
}

TEST(JsonFault, ThereIsNoneInJson) {
  for (const char* text :
       {"{}", "[]", " [1, -0, 2.5e-3, 1E+9, 0.1] ", R"({"a": {"b": [{}, []]}, "c": null})",
        R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")", "true", "false", "null", "-12",
        "18446744073709551615", "-9223372036854775808", "1e308", "1e-400", "\"\x7F\""}) {
    EXPECT_EQ(FaultOf(text), "fine") << text;
  }
}

TEST(JsonFault, ATextThatWasCutShort) {
  constexpr const char* kHint = "; the file was cut short: write it anew";
  EXPECT_EQ(FaultOf("{\n  \"a\": [\n    1,\n"),
            std::string("4:1: the text ends before the array that line 2 opens is closed") + kHint);
  EXPECT_EQ(
      FaultOf("{\"a\": [1]"),
      std::string("1:10: the text ends before the object that line 1 opens is closed") + kHint);
  EXPECT_EQ(
      FaultOf("{\"a\""),
      std::string("1:5: the text ends before the object that line 1 opens is closed") + kHint);
  EXPECT_EQ(FaultOf("{\"a\": \"b"),
            std::string("1:9: the text ends in the middle of a string") + kHint);
  EXPECT_EQ(FaultOf("{\"a\": \"b\\"),
            std::string("1:10: the text ends in the middle of a string") + kHint);
  EXPECT_EQ(FaultOf("{\"a\": fal"),
            std::string("1:10: the text ends in the middle of a value") + kHint);
}

TEST(JsonFault, CommasTooManyAndMissing) {
  EXPECT_EQ(FaultOf("{\"a\": 1,\n}"), "1:8: a comma stands before the closing }; remove the comma");
  EXPECT_EQ(FaultOf("[1, 2,]"), "1:6: a comma stands before the closing ]; remove the comma");
  EXPECT_EQ(FaultOf("[1,, 2]"), "1:4: a value is expected here");
  EXPECT_EQ(FaultOf("[1 2]"), "1:4: a comma is missing before this");
  EXPECT_EQ(FaultOf("{\"a\": 1\n \"b\": 2}"), "2:2: a comma is missing before this");
}

TEST(JsonFault, BracketsThatDoNotMatch) {
  EXPECT_EQ(FaultOf("{\n\"a\": [1}\n"), "2:8: a } stands where ] closes what line 2 opens");
  EXPECT_EQ(FaultOf("{\"a\": 1]"), "1:8: a ] stands where } closes what line 1 opens");
  EXPECT_EQ(FaultOf("[}"), "1:2: a value is expected here");
}

TEST(JsonFault, KeysAndColons) {
  EXPECT_EQ(FaultOf("{a: 1}"), "1:2: a key is expected here, in double quotes");
  EXPECT_EQ(FaultOf("{1: 1}"), "1:2: a key is expected here, in double quotes");
  EXPECT_EQ(FaultOf("{\"a\" 1}"), "1:6: a colon is missing behind the key");
  EXPECT_EQ(FaultOf("{\"a\": }"), "1:7: a value is expected here");
}

TEST(JsonFault, WhatOtherLanguagesWrite) {
  EXPECT_EQ(FaultOf("{'a': 1}"), "1:2: text stands in single quotes; JSON needs double quotes");
  EXPECT_EQ(FaultOf("[\xE2\x80\x9C"
                    "a\xE2\x80\x9D]"),
            "1:2: text stands in curly quotes; JSON needs straight double quotes");
  EXPECT_EQ(FaultOf("{\"a\": True}"),
            "1:7: True is Python's, not JSON's; JSON writes true, false and null; Python's "
            "json.dumps does so too");
  EXPECT_EQ(FaultOf("{ // why\n}"), "1:3: JSON has no comments; remove the comment");
  EXPECT_EQ(FaultOf("[1, # why\n2]"), "1:5: JSON has no comments; remove the comment");
  EXPECT_EQ(FaultOf("[undefined]"),
            "1:2: undefined is no JSON value; text stands in double quotes");
}

TEST(JsonFault, Numbers) {
  constexpr const char* kHint =
      " is no JSON number; if it is a name or an id, put it in double quotes";
  EXPECT_EQ(FaultOf("[012]"), std::string("1:2: 012") + kHint);
  EXPECT_EQ(FaultOf("[1.]"), std::string("1:2: 1.") + kHint);
  EXPECT_EQ(FaultOf("[-]"), std::string("1:2: -") + kHint);
  EXPECT_EQ(FaultOf("[10.0.0.1]"), std::string("1:2: 10.0.0.1") + kHint);
  EXPECT_EQ(FaultOf("[1e]"), std::string("1:2: 1e") + kHint);
  EXPECT_EQ(FaultOf("[18446744073709551616]"),
            "1:2: this number is too large; if it is an id, put it in double quotes");
  EXPECT_EQ(FaultOf("[-1e309]"),
            "1:2: this number is too large; if it is an id, put it in double quotes");
}

TEST(JsonFault, Strings) {
  EXPECT_EQ(FaultOf("[\"a\nb\"]"),
            "1:2: a string is not closed on its line; a line break in a string is written \\n");
  EXPECT_EQ(FaultOf("[\"a\tb\"]"),
            "1:4: a control character stands in a string; write it as \\u00XX");
  EXPECT_EQ(FaultOf(R"(["C:\Users"])"),
            "1:5: JSON has no escape \\U; a backslash itself is written \\\\");
  EXPECT_EQ(FaultOf(R"(["\u12"])"), "1:3: \\u stands without four hexadecimal digits");
  EXPECT_EQ(FaultOf(R"(["\ud83d"])"), "1:3: \\ud83d is half of a character");
  EXPECT_EQ(FaultOf(R"(["\ude00"])"), "1:3: \\ude00 is half of a character");
  EXPECT_EQ(FaultOf("[\"M\xFCnchen\"]"), "1:4: this is not UTF-8; save the file as UTF-8");
}

TEST(JsonFault, WhatFollowsTheEnd) {
  EXPECT_EQ(FaultOf("{}\n{}"),
            "2:1: something follows the end of the JSON value; one value a file: give the output "
            "of two commands as two files");
}

TEST(JsonFault, Depth) {
  EXPECT_EQ(FaultOf(std::string(1024, '[') + std::string(1024, ']')), "fine");
  EXPECT_EQ(FaultOf(std::string(1025, '[') + std::string(1025, ']')),
            "1:1025: objects and arrays are nested deeper than 1024");
}

// The scanner is asked only after the parser has refused a text. If it found nothing then, the
// person would be told nothing of use; that both always agree is what this holds it to.
RC_GTEST_PROP(JsonFault, IsFoundExactlyWhereTheParserRefuses, ()) {
  static const std::vector<std::string> kPieces{"{",
                                                "}",
                                                "[",
                                                "]",
                                                ",",
                                                ":",
                                                "\"a\"",
                                                "\"\\n\"",
                                                "\"\\u12aB\"",
                                                "\"\\ud83d\\ude00\"",
                                                "1",
                                                "-1",
                                                "0",
                                                "01",
                                                "1.5",
                                                "1e5",
                                                "1e999",
                                                "99999999999999999999",
                                                "true",
                                                "false",
                                                "null",
                                                "nul",
                                                " ",
                                                "\n",
                                                "\"",
                                                "\\",
                                                "'",
                                                "\xC3\xA4",
                                                "\xFF",
                                                "\x01",
                                                "{\"Subnets\":[]}",
                                                "{\"a\":1}",
                                                "[1]",
                                                "\"\\ud800\"",
                                                "-",
                                                "+",
                                                ".",
                                                "e"};
  const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces));
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  // What has another name is not asked about.
  RC_PRE(text.find_first_not_of(" \n") != std::string::npos);

  const auto errors = testing::ErrorsOf(text);
  const bool refused = !errors.empty() &&
                       errors[0].find("an object is expected") == std::string::npos &&
                       errors[0].find("nothing in it is known") == std::string::npos &&
                       errors[0].find("stands twice") == std::string::npos;
  RC_ASSERT(refused == FindJsonFault(text).has_value());
  for (const std::string& error : errors) {
    RC_ASSERT(error.find("is no JSON: ") == std::string::npos);
  }
}

}  // namespace
}  // namespace sgflow
