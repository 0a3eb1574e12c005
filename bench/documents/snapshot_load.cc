// What loading a snapshot costs, beside what simdjson takes merely to parse it:
//
//     python3 bench/generate_snapshot.py snapshot.json
//     build/release/bench/snapshot_load snapshot.json [ROUNDS]
//
// Both take turns, each with a parser of its own as a program has that loads once, and the quickest
// of each counts: the machine's other work only ever adds.
#include <simdjson.h>
#include <ctime>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <span>
#include <string>

#include "documents/documents.h"

namespace {

// Of this thread: another process's turn on the core is not ours.
double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double SecondsToParse(const simdjson::padded_string& text) {
  const double begin = CpuSeconds();
  {
    simdjson::dom::parser parser;
    if (parser.parse(text).error() != simdjson::SUCCESS) std::exit(EXIT_FAILURE);
  }
  return CpuSeconds() - begin;
}

double SecondsToLoad(const char* name, const simdjson::padded_string& text) {
  const double begin = CpuSeconds();
  const sgflow::Document document{.name = name, .text = text, .is_padded = true};
  const auto loaded = sgflow::LoadInventory(std::span(&document, 1));
  const double seconds = CpuSeconds() - begin;
  if (loaded) return seconds;
  for (const sgflow::Error& error : loaded.error()) std::puts(sgflow::Describe(error).c_str());
  std::exit(EXIT_FAILURE);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: snapshot_load SNAPSHOT [ROUNDS]\n", stderr);
    return EXIT_FAILURE;
  }
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  simdjson::padded_string text;
  if (simdjson::padded_string::load(argv[1]).get(text) != simdjson::SUCCESS) {
    std::fprintf(stderr, "%s cannot be read\n", argv[1]);
    return EXIT_FAILURE;
  }
  double parsing = std::numeric_limits<double>::infinity();
  double loading = parsing;
  for (int round = 0; round < rounds; ++round) {
    parsing = std::min(parsing, SecondsToParse(text));
    loading = std::min(loading, SecondsToLoad(argv[1], text));
  }
  std::printf("%s, %.0f MB: simdjson parses it in %.0f ms, it loads in %.0f ms: %.2f times that\n",
              argv[1], 1e-6 * static_cast<double>(text.size()), 1e3 * parsing, 1e3 * loading,
              loading / parsing);
  return EXIT_SUCCESS;
}
