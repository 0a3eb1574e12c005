// Bytes into gzip (RFC 1952), one member, as they come. The same bytes in give the same bytes out
// on the same kind of processor, however they are cut.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "output/output_buffer.h"

namespace sgflow {

class GzipWriter {
 public:
  // How ISA-L compresses hangs on how its input is cut, so it is always given blocks of this size.
  static constexpr std::size_t kBlock = std::size_t{256} * 1024;

  GzipWriter();
  ~GzipWriter();

  // Appends what is ready to `to`. Whole blocks, where nothing waits for the rest of one, are not
  // copied.
  void Add(std::string_view bytes, OutputBuffer& to);
  // Appends the rest of the member; what is added then begins another one.
  void Finish(OutputBuffer& to);

 private:
  struct State;
  void Deflate(std::string_view bytes, OutputBuffer& to);

  std::unique_ptr<State> state_;
};

}  // namespace sgflow
