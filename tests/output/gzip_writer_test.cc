#include "output/gzip_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "input/byte_source.h"
#include "input/gzip_source.h"

namespace sgflow {
namespace {

std::string Inflated(const OutputBuffer& compressed) {
  MemorySource bytes(compressed.view());
  GzipSource inflating(bytes);
  auto text = ReadToEnd(inflating);
  return text ? *text : Describe(text.error());
}

std::string Text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "record " + std::to_string(i * i) + '\n';
  text.resize(size);
  return text;
}

TEST(GzipWriter, WhatGoesInComesOutAgain) {
  GzipWriter writer;
  for (const std::size_t size : {0U, 1U, 262143U, 262144U, 262145U, 5000000U}) {
    OutputBuffer compressed;
    writer.Add(Text(size), compressed);
    writer.Finish(compressed);
    EXPECT_EQ(Inflated(compressed), Text(size)) << size;
    EXPECT_LE(compressed.size(), 100 + size / 2);
  }
}

TEST(GzipWriter, BytesDoNotHangOnHowTheyCame) {
  const std::string text = Text(1000000);
  GzipWriter writer;
  OutputBuffer at_once;
  writer.Add(text, at_once);
  writer.Finish(at_once);
  for (const std::size_t piece : {777U, 65536U, 300000U}) {
    OutputBuffer in_pieces;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      writer.Add(std::string_view(text).substr(at, piece), in_pieces);
    }
    writer.Finish(in_pieces);
    EXPECT_TRUE(in_pieces.view() == at_once.view()) << piece;
  }
}

}  // namespace
}  // namespace sgflow
