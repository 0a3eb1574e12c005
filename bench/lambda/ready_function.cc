// The least that a transformation of Firehose's can cost: of an event's records it decodes the
// data, and answers with lines that it was given ready. What `sgflow lambda` costs beyond it,
// enriching costs.
//
//     AWS_LAMBDA_RUNTIME_API=HOST:PORT ready_function LINES
//
// LINES is a file with the lines, in the records' order.
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "input/base64.h"
#include "lambda/firehose_event.h"
#include "lambda/firehose_response.h"
#include "lambda/http_runtime_api.h"

namespace sgflow {
namespace {

int Fail(const std::string& message) {
  std::cerr << "ready_function: " << message << '\n';
  return 1;
}

std::vector<std::string> ReadLines(const char* path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line + '\n');
  return lines;
}

int Run(const char* address, const char* path) {
  const auto api = MakeHttpRuntimeApi(address);
  if (!api) return Fail(Describe(api.error()));
  const std::vector<std::string> lines = ReadLines(path);
  FirehoseEventParser parser;
  FirehoseResponse response;
  std::string data;
  while (true) {
    const auto invocation = (*api)->Next();
    if (!invocation) return Fail(invocation.error().message);
    const auto records = parser.Parse(invocation->event);
    if (!records) return Fail(Describe(records.error()));
    if (records->size() != lines.size()) return Fail("there are not as many lines as records");
    if (auto started = response.Start(*records, kMaxResponseBytes); !started) {
      return Fail(Describe(started.error()));
    }
    for (std::size_t i = 0; i < records->size(); ++i) {
      const bool fits =
          DecodeBase64((*records)[i].base64, data) && response.Deliver(i, lines[i], {});
      if (!fits) return Fail("an answer cannot hold the lines");
    }
    if (const auto sent = (*api)->SendResponse(*invocation, response.Finish()); !sent) {
      return Fail(sent.error().message);
    }
  }
}

}  // namespace
}  // namespace sgflow

int main(int argc, char** argv) {
  const char* address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  if (argc != 2 || address == nullptr) {
    return sgflow::Fail("usage: AWS_LAMBDA_RUNTIME_API=HOST:PORT ready_function LINES");
  }
  return sgflow::Run(address, argv[1]);
}
