#include "aws/large_blocks.h"

#include <malloc.h>

namespace sgflow {

void ReturnLargeBlocks() {
#ifdef M_MMAP_THRESHOLD
  // Set at all, it does not grow with the blocks that are freed.
  constexpr int kLarge = 512 * 1024;
  mallopt(M_MMAP_THRESHOLD, kLarge);
#endif
}

}  // namespace sgflow
