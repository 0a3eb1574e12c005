#include "input/record_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "input/collecting_sink.h"
#include "input/gzip.h"
#include "input/two_records.h"

namespace sgflow {
namespace {

std::string Replaced(std::string text, char from, std::string_view to) {
  std::string result;
  for (const char c : text) {
    if (c == from) {
      result += to;
    } else {
      result += c;
    }
  }
  return result;
}

// As the base64 tool writes it.
std::string Wrapped(const std::string& text) {
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += 76) lines += text.substr(at, 76) + "\n";
  return lines;
}

std::string Envelope(const std::string& type, const std::vector<std::string>& lines) {
  std::string events;
  for (const std::string& line : lines) {
    if (!events.empty()) events += ',';
    events += R"({"id":"1","timestamp":1700000000000,"message":")" + line + "\"}";
  }
  return R"({"messageType":")" + type +
         R"(","owner":"111122223333","subscriptionFilters":["all"],"logEvents":[)" + events + "]}";
}

struct Shape {
  const char* name;
  std::string bytes;
  const char* format = "";
};

class EveryShape : public testing::TestWithParam<Shape> {};

// Whatever the container, the same two records come out, whole or in small pieces.
TEST_P(EveryShape, GivesTheSameRecords) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, std::size_t{1} << 20}) {
    ReadBack back;
    ReadInto(back, GetParam().bytes, GetParam().format, piece);
    EXPECT_EQ(back.error, "");
    EXPECT_EQ(back.sink.rejected, std::vector<std::string>{});
    EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond}));
    EXPECT_EQ(back.sink.headers, (std::vector{kHeader, kHeader}));
  }
}

std::vector<Shape> Shapes() {
  std::vector<Shape> shapes{
      {"Text", kLines},
      {"NoNewlineAtTheEnd", kFirst + "\n" + kSecond},
      {"WithFormat", kLines, "v2"},
      {"Header", kHeader + "\n" + kLines},
      {"HeaderAgainInTheMiddle", kHeader + "\n" + kFirst + "\n" + kHeader + "\n" + kSecond + "\n"},
      {"HeaderUnderscores", Replaced(kHeader, '-', "_") + "\n" + kLines},
      {"WindowsLineEnds", Replaced(kHeader + "\n" + kLines, '\n', "\r\n")},
      {"BlanksAround", "  " + kFirst + "  \t\n\n   \n" + kSecond + " \r\n\n"},
      {"SeveralBlanks", Replaced(kFirst, ' ', "   ") + "\n" + kSecond + "\n"},
      {"ByteOrderMark", "\xEF\xBB\xBF" + kHeader + "\n" + kLines},
      {"MessagesSpaced", "{ \"message\" : \"" + kFirst + "\" }\n" + Message(kSecond) + "\n"},
      {"MessagesEscaped", Replaced(Message(kFirst), ' ', "\\u0020") + "\n" + Message(kSecond)},
      {"Tabs", Replaced(kHeader + "\n" + kLines, ' ', "\t")},
      {"TabsWithoutHeader", Replaced(kLines, ' ', "\t")},
      {"Commas", Replaced(kHeader + "\n" + kLines, ' ', ",")},
      {"QuotedCsv", "\"" + Replaced(kHeader, ' ', "\",\"") + "\"\n\"" +
                        Replaced(kFirst, ' ', "\",\"") + "\"\n\"" +
                        Replaced(kSecond, ' ', "\",\"") + "\"\n"},
      {"QuotedTabs", "\"" + Replaced(kHeader, ' ', "\"\t\"") + "\"\n\"" +
                         Replaced(kFirst, ' ', "\"\t\"") + "\"\n\"" +
                         Replaced(kSecond, ' ', "\"\t\"") + "\"\n"},
      {"QuotedBlanks", "\"" + Replaced(kHeader, ' ', "\" \"") + "\"\n\"" +
                           Replaced(kFirst, ' ', "\" \"") + "\"\n\"" +
                           Replaced(kSecond, ' ', "\" \"") + "\"\n"},
      {"EmptyCsvFields", Replaced(kHeader, ' ', ",") + "\n" + Replaced(kFirst, ' ', ",") + "\n" +
                             "2,111122223333,eni-0a,,,\"\",None,,,,1700000060,1700000120,,NODATA"},
      {"TimeBefore",
       "2026-06-01T12:00:00.000Z " + kFirst + "\n2026-06-01T12:00:00.000Z " + kSecond},
      {"TimeAndStreamBefore", "2026-06-01T12:00:00+00:00 eni-0a-all " + kFirst +
                                  "\n2026-06-01T12:00:00+00:00 eni-0a-all " + kSecond},
      {"TimeBeforeWithFormat", "2026-06-01T12:00:00 " + kFirst + "\n" + kSecond, "v2"},
      {"ConsoleCsv",
       "timestamp,message\n1700000000000," + kFirst + "\n1700000060000,\"" + kSecond + "\"\n"},
      {"InsightsCsv", "@timestamp,@message\n2026-06-01 12:00:00.000," + kFirst +
                          "\n2026-06-01 12:01:00.000," + kSecond + "\n"},
      {"Messages", Message(kFirst) + "\n" + Message(kSecond) + "\n"},
      {"MessagesEndToEnd", Message(kFirst) + Message(kSecond)},
      {"MessagesWithCommas", Message(kFirst) + ",\n" + Message(kSecond)},
      {"MessagesWithBars", Message(kFirst) + "|" + Message(kSecond) + "|"},
      {"MessagesWithSemicolons", Message(kFirst) + " ; " + Message(kSecond) + ";\n"},
      {"MessagesWithZeros", Message(kFirst) + std::string(1, '\0') + Message(kSecond)},
      {"MessageSequence", "\x1E" + Message(kFirst) + "\n\x1E" + Message(kSecond) + "\n"},
      {"MessagesWithAWord", Message(kFirst) + "EOR" + Message(kSecond) + "EOR\n"},
      {"MessagesWithLines", Message(kFirst) + "\n---\n" + Message(kSecond) + "\n---\n"},
      {"MessagesWithBarsAtTheStart", Message(kFirst) + "\n|" + Message(kSecond) + "\n|"},
      {"MessagesBehindTimes", "2026-06-01T12:00:00Z " + Message(kFirst) +
                                  "\n2026-06-01T12:00:00Z eni-0a-all " + Message(kSecond) + "\n"},
      {"MessagesBehindAWord", "EOR" + Message(kFirst) + "\nEOR" + Message(kSecond)},
      {"KinesisRecords", R"({"Records":[{"Data":")" + Base64(Gzip(kLines)) + R"("}]})"},
      {"MessageOfAnArray",
       Message(Replaced("[" + Message(kFirst) + "," + Message(kSecond) + "]", '"', "\\\""))},
      {"MessageArray", "[" + Message(kFirst) + " , " + Message(kSecond) + "]\n"},
      {"MessageOfSeveralLines", Message(kFirst + "\\n" + kSecond + "\\n")},
      {"MessagesAmongLines", kFirst + "\n" + Message(kSecond)},
      {"Envelope", Envelope("DATA_MESSAGE", {kFirst, kSecond})},
      {"EnvelopesEndToEnd", Envelope("DATA_MESSAGE", {kFirst}) +
                                Envelope("CONTROL_MESSAGE", {"CWL CONTROL MESSAGE"}) +
                                Envelope("DATA_MESSAGE", {kSecond})},
      {"EnvelopeGzip", Gzip(Envelope("DATA_MESSAGE", {kFirst, kSecond}))},
      {"EnvelopesGzip",
       Gzip(Envelope("DATA_MESSAGE", {kFirst})) + Gzip(Envelope("DATA_MESSAGE", {kSecond}))},
      {"EnvelopeBase64", Base64(Gzip(Envelope("DATA_MESSAGE", {kFirst, kSecond})))},
      {"EnvelopeBase64InShortLines",
       Wrapped(Base64(Gzip(Envelope("DATA_MESSAGE", {kFirst, kSecond})))) + "\n"},
      {"EnvelopesBase64Lines", Base64(Gzip(Envelope("DATA_MESSAGE", {kFirst}))) + "\n" +
                                   Base64(Gzip(Envelope("DATA_MESSAGE", {kSecond}))) + "\n"},
      {"EnvelopesBase64EndToEnd", Base64(Gzip(Envelope("DATA_MESSAGE", {kFirst}))) +
                                      Base64(Gzip(Envelope("DATA_MESSAGE", {kSecond})))},
      {"FilterLogEvents", "{\n  \"events\": [\n    " + Message(kFirst) + ",\n    " +
                              Message(kSecond) + "\n  ],\n  \"searchedLogStreams\": []\n}\n"},
      {"FirehoseEvent", R"({"invocationId":"i","records":[{"recordId":"1","data":")" +
                            Base64(Message(kFirst)) + R"("},{"recordId":"2","data":")" +
                            Base64(kSecond + "\n") + R"("}]})"},
      {"CloudWatchLambdaEvent", R"({"awslogs":{"data":")" +
                                    Base64(Gzip(Envelope("DATA_MESSAGE", {kFirst, kSecond}))) +
                                    "\"}}"},
      {"FirehoseErrorRecords", R"({"errorCode":"x","rawData":")" + Base64(kFirst) + "\"}\n" +
                                   R"({"errorCode":"x","rawData":")" + Base64(kSecond) + "\"}\n"},
      {"GzipMembers", Gzip(kHeader + "\n" + kFirst + "\n") + Gzip(kHeader + "\n" + kSecond + "\n")},
      {"GzipInGzip", Gzip(Gzip(kLines))},
  };
  const std::string first_object =
      R"({"version":2,"accountId":111122223333,"interfaceId":"eni-0a","srcAddr":"198.51.100.7",)"
      R"("dstAddr":"10.0.1.5","srcPort":51034,"dstPort":443.0,"protocol":6,"packets":12,)"
      R"("bytes":3048,"start":1700000000,"end":1700000060,"action":"ACCEPT","logStatus":"OK"})";
  const std::string second_object =
      R"({"version":2,"account_id":"111122223333","interface_id":"eni-0a","srcaddr":null,)"
      R"("dstaddr":"","srcport":"None","dstport":"-","protocol":null,"packets":null,"bytes":null,)"
      R"("start":1700000060,"end":1700000120,"action":null,"log_status":"NODATA"})";
  shapes.push_back({"Objects", first_object + "\n" + second_object + "\n"});
  shapes.push_back({"ObjectArray", "[" + first_object + "," + second_object + "]"});
  return shapes;
}

INSTANTIATE_TEST_SUITE_P(RecordReader, EveryShape, testing::ValuesIn(Shapes()),
                         [](const auto& shape) { return std::string(shape.param.name); });

TEST(RecordReader, HeaderMayChangeInTheMiddle) {
  ReadBack back;
  ReadInto(back,
           "srcaddr dstaddr\n10.0.1.5 10.0.1.6\nnew-field interface-id action\nx eni-0a ACCEPT\n");
  EXPECT_EQ(back.sink.records, (std::vector<std::string>{"10.0.1.5 10.0.1.6", "x eni-0a ACCEPT"}));
  EXPECT_EQ(back.sink.headers,
            (std::vector<std::string>{"srcaddr dstaddr", "new-field interface-id action"}));
}

TEST(RecordReader, AccountIdsGetTheirLeadingZerosBack) {
  for (const std::string number : {"1122223333", "1122223333.0", "1.122223333E9"}) {
    for (const std::string quote : {"", "\""}) {
      ReadBack back;
      ReadInto(back, "{\"account-id\":" + quote + number + quote + ",\"srcaddr\":\"10.0.1.5\"}");
      EXPECT_EQ(back.sink.records, (std::vector<std::string>{"001122223333 10.0.1.5"}));
    }
  }
}

TEST(RecordReader, TablesGiveAccountIdsTheirZerosBackToo) {
  for (const char* const separator : {",", "\t"}) {
    ReadBack back;
    ReadInto(back, Replaced("account-id srcport\n1122223333 443.0\n", ' ', separator));
    EXPECT_EQ(back.sink.records, (std::vector<std::string>{"001122223333 443"}));
    ReadBack gaps;
    ReadInto(gaps, Replaced("account-id srcport\n111122223333.0 443.0\n", ' ', separator));
    EXPECT_EQ(gaps.sink.records, (std::vector<std::string>{"111122223333 443"}));
  }
}

TEST(RecordReader, TextBehindAClosingQuoteIsNoFieldsOwn) {
  ReadBack back;
  ReadInto(back, "version,srcaddr\n2,\"10.0.1.2\"2\n2,\"10.0.1.2\" \n");
  EXPECT_EQ(back.sink.records, (std::vector<std::string>{"2 10.0.1.2"}));
  EXPECT_EQ(back.sink.rejected,
            (std::vector<std::string>{
                "line 2: has text behind a closing quote, so where the field ends is not known"}));
}

TEST(RecordReader, CommasAndBlanksUnderARecordFormat) {
  ReadBack back;
  ReadInto(back, "eni-0a, ingress, ACCEPT\n2026-06-01T12:00:00Z\teni-0a ingress ACCEPT\n",
           "${interface-id} ${flow-direction} ${action}");
  EXPECT_EQ(back.sink.records,
            (std::vector<std::string>{"eni-0a ingress ACCEPT", "eni-0a ingress ACCEPT"}));
}

TEST(RecordReader, ATabAmongBlanksSetsFieldsApart) {
  for (const std::string& line :
       {"2026-06-01T12:00:00.000Z\t" + kFirst, "\t" + kFirst, Replaced(kFirst, ' ', "\t ")}) {
    ReadBack back;
    ReadInto(back, line + "\n");
    EXPECT_EQ(back.sink.records, std::vector{kFirst}) << line;
  }
}

// A tag may say null; in CSV and JSON that is how tools write that there is nothing.
TEST(RecordReader, TextBetweenBlanksAndTabsIsAsLogged) {
  const std::string header = "srcaddr instance-tag\n";
  for (const char* const null : {"null", "None", "NaN"}) {
    for (const std::string before :
         {"10.0.1.5 ", "10.0.1.5  ", " 10.0.1.5 ", "10.0.1.5 \t",
          "2026-06-01T12:00:00.000Z 10.0.1.5 ", "2026-06-01T12:00:00.000Z eni-0a-all 10.0.1.5 "}) {
      ReadBack back;
      ReadInto(back, header + before + null + " \n");
      EXPECT_EQ(back.sink.records, (std::vector{std::string("10.0.1.5 ") + null})) << before;
    }
    ReadBack tabs;
    ReadInto(tabs, Replaced(header + "10.0.1.5 ", ' ', "\t") + null + "\n");
    EXPECT_EQ(tabs.sink.records, (std::vector{std::string("10.0.1.5 ") + null}));
    ReadBack csv;
    ReadInto(csv, "srcaddr,instance-tag\n10.0.1.5," + std::string(null) + "\n");
    EXPECT_EQ(csv.sink.records, (std::vector<std::string>{"10.0.1.5 -"}));
  }
}

TEST(RecordReader, EachInputStartsWithoutTheHeaderOfTheOneBefore) {
  RecordReader reader(ReadOptions{});
  CollectingSink sink;
  MemorySource with_header("dstaddr srcaddr\n10.0.1.6 10.0.1.5\n");
  MemorySource without("10.0.1.6 10.0.1.5\n");
  ASSERT_TRUE(reader.Read(with_header, sink));
  ASSERT_TRUE(reader.Read(without, sink));
  EXPECT_EQ(sink.records.size(), 1U);
  EXPECT_EQ(sink.rejected.size(), 1U);
}

// 14 and 29 fields say nothing about their order.
TEST(RecordReader, RefusesAnOrderThatNothingTells) {
  ReadBack back;
  ReadInto(back,
           "111122223333 2 eni-0a 10.0.1.5 10.0.1.6 1 2 6 1 1 1700000000 1700000060 ACCEPT OK");
  EXPECT_EQ(back.sink.records.size(), 0U);
  EXPECT_EQ(back.sink.rejected,
            (std::vector<std::string>{
                "line 1: has 14 fields in an order that is not known; name the order with "
                "--record-format (in the Lambda SGFLOW_RECORD_FORMAT), as '${version} "
                "${account-id} ...' or a preset"}));
}

TEST(RecordReader, ADeclaredOrderIsCheckedToo) {
  ReadBack back;
  ReadInto(back, kFirst,
           "srcaddr version account-id interface-id dstaddr srcport dstport protocol "
           "packets bytes start end action log-status");
  EXPECT_EQ(back.sink.rejected,
            (std::vector<std::string>{
                "line 1: srcaddr: '2' is no IP address; is the order of the fields right?"}));
}

TEST(RecordReader, GoodLinesAroundBadOnes) {
  ReadBack back;
  ReadInto(back, kHeader + "\n" + kFirst + "\nbogus line\n\xFF\xFE\n" + kSecond + "\n");
  EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond}));
  EXPECT_EQ(back.sink.rejected, (std::vector<std::string>{
                                    "line 3: has 2 fields, expected 14; the header names that many",
                                    "line 4: is no UTF-8 text"}));
  EXPECT_EQ(back.sink.rejected_texts[0], "bogus line");
}

TEST(RecordReader, NoRecordHoldsControlCharacters) {
  ReadBack back;
  ReadInto(back,
           kHeader + "\n" + Replaced(kFirst, 'n', std::string_view("\0", 1)) + "\n" + kSecond);
  EXPECT_EQ(back.sink.records, (std::vector{kSecond}));
  EXPECT_EQ(back.sink.rejected, (std::vector<std::string>{"line 2: has control characters in it"}));
}

TEST(RecordReader, GoodObjectsAroundBadOnes) {
  ReadBack back;
  ReadInto(back, Message(kFirst) + "\n{\"message\":\"cut\n" + Message(kSecond) +
                     "\n{\"unrelated\":1}\n" + Message(kFirst) + "\n{\"message\": tru}\n");
  EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond, kFirst}));
  EXPECT_EQ(
      back.sink.rejected,
      (std::vector<std::string>{"line 2: the JSON that begins here is broken",
                                "line 4: a JSON object with neither a message nor flow-log fields",
                                "line 6: the JSON that begins here is broken"}));
}

// Not even where all around it is as usual.
TEST(RecordReader, AMessageIsNoMoreThanJsonLetsItBe) {
  for (const std::string_view odd : {"\t", "\x01", "\xFF", "\\x"}) {
    ReadBack back;
    ReadInto(back, Replaced(Message(kFirst), ' ', odd));
    EXPECT_EQ(back.sink.records, std::vector<std::string>{});
    EXPECT_EQ(back.sink.rejected,
              (std::vector<std::string>{"line 1: the JSON that begins here is broken"}))
        << odd;
  }
}

TEST(RecordReader, APieceOfJsonBehindJsonIsTold) {
  for (const char* const piece : {"]", "}", "\"}", "\n]"}) {
    ReadBack back;
    ReadInto(back, Message(kFirst) + piece + "\n" + Message(kSecond));
    EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond}));
    EXPECT_EQ(back.sink.rejected.size(), 1U) << piece;
  }
}

// What is told broken takes no other object with it.
TEST(RecordReader, ObjectsInTheLineOfABrokenOne) {
  for (const char* const broken :
       {"{\"message\": tru}", "{\"message\":\"2 1111", "{\"message\": {", "{\"a\" 1}"}) {
    ReadBack back;
    ReadInto(back, Message(kFirst) + broken + Message(kSecond) + "\n" + kFirst + "\n");
    EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond, kFirst})) << broken;
    EXPECT_EQ(back.sink.rejected,
              (std::vector<std::string>{"line 1: the JSON that begins here is broken"}));
  }
}

TEST(RecordReader, AnObjectFarBehindABrokenOneInItsLine) {
  const std::string bytes =
      "{\"a\" " + std::string(5000, '1') + "{" + std::string(5000, '1') + Message(kFirst) + "\n";
  for (const std::size_t piece : {1, 4097, 1 << 20}) {
    ReadBack back;
    ReadInto(back, bytes, {}, piece);
    EXPECT_EQ(back.sink.records, (std::vector{kFirst}));
    EXPECT_EQ(back.sink.rejected.size(), 1U);
  }
}

// The bracket that closes it stands far down.
TEST(RecordReader, LinesBehindAnOpenBracket) {
  ReadBack back;
  ReadInto(back, "{ damaged\n" + kFirst + "\n" + kSecond + "\ndamaged }\n" + kFirst + "\n");
  EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond, kFirst}));
}

TEST(RecordReader, EachBrokenObjectIsTold) {
  ReadBack back;
  ReadInto(back,
           "{\"message\":\"2 11\n{\"message\":\"2 11\n{\"message\": tru}\n{\"message\": tru}\n");
  EXPECT_EQ(back.sink.rejected.size(), 4U);
}

TEST(RecordReader, ALargeDocumentIsReadByItsEvents) {
  std::string document = R"({"messageType":"DATA_MESSAGE","logEvents":[)";
  for (int i = 0; i < 20000; ++i) document += (i == 0 ? "" : ",") + Message(kFirst);
  document += R"(],"more":{"a":[1,2]}})";
  ASSERT_GT(document.size(), std::size_t{2} << 20);
  ReadBack back;
  ReadInto(back, document + Message(kSecond));
  EXPECT_EQ(back.sink.records.size(), 20001U);
  EXPECT_EQ(back.sink.records.back(), kSecond);
  EXPECT_EQ(back.sink.rejected, std::vector<std::string>{});
}

TEST(RecordReader, TextBehindJsonIsNoRecord) {
  ReadBack back;
  ReadInto(back, Message(kFirst) + " " + kSecond + "\n" + kSecond + "\n");
  EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond}));
  EXPECT_EQ(back.sink.rejected,
            (std::vector<std::string>{"line 1: something that is no JSON follows a JSON value"}));
}

// What goes together in a real record must go together in one that nobody declared.
TEST(RecordReader, RefusesWhatDoesNotGoTogether) {
  const std::string before_rest = "2 111122223333 eni-0a 192.0.2.10 10.0.1.5 50000 443 6 ";
  for (const char* const rest : {
           "10 1767225660 1767225600 840 ACCEPT OK",  // ends before it starts
           "10 5 1767225600 1767225660 ACCEPT OK",    // more packets than bytes
           "10 840 1767225600 1767225660 - OK",       // traffic without an action
           "10 840 1767225600 1767225660 ACCEPT NODATA",
       }) {
    ReadBack back;
    ReadInto(back, before_rest + rest);
    EXPECT_EQ(back.sink.records.size(), 0U) << rest;
  }
}

// The key's spelling is the payload's; messages have AWS's name.
TEST(RecordReader, AFieldsValueIsTextOrANumber) {
  ReadBack back;
  ReadInto(back, R"({"srcaddr":"10.0.1.5","srcPort":{"a":1},"tags":{"b":2}})"
                 "\n"
                 R"({"srcaddr":"10.0.1.5","SRC_PORT":true})");
  EXPECT_EQ(back.sink.rejected,
            (std::vector<std::string>{
                "line 1: srcport: is an object or an array, which no flow-log value is",
                "line 2: srcport: is true or false, which no flow-log value is"}));
}

TEST(RecordReader, OtherToolsKeysAreText) {
  ReadBack back;
  ReadInto(back, R"({"srcaddr":"10.0.1.5","sampled":true,"cold":false,"ratio":0.5,"none":null,)"
                 R"("list":[1]})");
  EXPECT_EQ(back.sink.rejected, std::vector<std::string>{});
  EXPECT_EQ(back.sink.headers, (std::vector<std::string>{"srcaddr sampled cold ratio none"}));
  EXPECT_EQ(back.sink.records, (std::vector<std::string>{"10.0.1.5 true false 0.5 -"}));
}

// Beside a record's fields, a message that is no record is another tool's.
TEST(RecordReader, AMessageBesideFields) {
  ReadBack back;
  ReadInto(back, R"({"srcaddr":"10.0.1.5","srcport":1,"bytes":2,"message":"seen"})"
                 R"({"srcaddr":"10.0.1.5","srcport":1,"bytes":2,"message":")" +
                     kFirst + "\"}" + R"({"message":"seen","region":"eu-west-1"})");
  EXPECT_EQ(back.sink.records, (std::vector<std::string>{"10.0.1.5 1 2 seen", kFirst}));
  EXPECT_EQ(back.sink.rejected.size(), 1U);
}

TEST(RecordReader, OtherToolsKeysThatHoldRecordsElsewhere) {
  for (const char* const other :
       {R"("data":"x y")", R"("events":[1,2])", R"("records":[{"a":1}])", R"("awslogs":{"a":1})",
        R"("messageType":"CONTROL_MESSAGE")", R"("":7)"}) {
    ReadBack back;
    ReadInto(back, R"({"srcaddr":"10.0.1.5","srcport":1,"bytes":2,)" + std::string(other) + "}");
    EXPECT_EQ(back.sink.rejected, std::vector<std::string>{}) << other;
    EXPECT_EQ(back.sink.records.size(), 1U) << other;
  }
}

// Python's json writes a gap in a pandas column as NaN.
TEST(RecordReader, NumbersThatJsonLacks) {
  ReadBack back;
  ReadInto(back,
           R"({"srcaddr":"10.0.1.5","srcport":NaN})"
           R"({"srcaddr":"10.0.1.5","trace":123456789012345678901234567890,"a\"NaN":"NaN 5"})");
  EXPECT_EQ(back.sink.records, (std::vector<std::string>{
                                   "10.0.1.5 -", "10.0.1.5 123456789012345678901234567890 NaN 5"}));
}

TEST(RecordReader, AnEmptyInputIsNoError) {
  for (const char* bytes : {"", "\n\n", "  ", "\xEF\xBB\xBF"}) {
    ReadBack back;
    ReadInto(back, bytes);
    EXPECT_EQ(back.error + std::to_string(back.sink.rejected.size()), "0");
  }
}

// Nothing that comes in takes the reader down, and pieces make no difference.
RC_GTEST_PROP(RecordReader, AnyBytesGiveTheSameWhateverThePieces, ()) {
  const auto part = rc::gen::oneOf(
      rc::gen::just(kFirst), rc::gen::just(kSecond), rc::gen::just(kHeader),
      rc::gen::just(Message(kFirst)), rc::gen::just(Envelope("DATA_MESSAGE", {kSecond, kFirst})),
      rc::gen::just(Base64(Gzip(kLines))), rc::gen::just(std::string("\n")),
      rc::gen::elementOf(std::vector<std::string>{"{", "}", "[", "]", "\"", ",", "\n", " ", "\\",
                                                  "{\"events\":[", "H4sI", "\t", "\xC3", "="}),
      rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
  const auto parts = *rc::gen::container<std::vector<std::string>>(part);
  std::string bytes;
  for (const std::string& piece : parts) bytes += piece;
  ReadBack whole;
  ReadInto(whole, bytes);
  ReadBack pieces;
  ReadInto(pieces, bytes, {}, static_cast<std::size_t>(*rc::gen::inRange(1, 40)));
  RC_ASSERT(pieces.sink.records == whole.sink.records);
  RC_ASSERT(pieces.sink.rejected == whole.sink.rejected);
  RC_ASSERT(pieces.error == whole.error);
}

}  // namespace
}  // namespace sgflow
