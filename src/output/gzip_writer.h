// Bytes into gzip (RFC 1952), one member, as they come. The same bytes in give the same bytes out
// on the same kind of processor, however they are cut.
#pragma once

#include <memory>
#include <string_view>

#include "output/output_buffer.h"

namespace sgflow {

class GzipWriter {
 public:
  GzipWriter();
  ~GzipWriter();

  // Appends what is ready to `to`.
  void Add(std::string_view bytes, OutputBuffer& to);
  // Appends the rest of the member; what is added then begins another one.
  void Finish(OutputBuffer& to);

 private:
  struct State;
  void Deflate(std::string_view bytes, OutputBuffer& to);

  std::unique_ptr<State> state_;
};

}  // namespace sgflow
