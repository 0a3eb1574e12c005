// What S3Download and S3Upload take of the program's memory.
#pragma once

namespace sgflow {

// Has malloc give large blocks back when they are free, from now on: ranges and parts are taken by
// one thread and given back by another, and glibc would keep some megabytes for each thread that
// ever was. For programs that read or write large objects, once and before they do.
void ReturnLargeBlocks();

}  // namespace sgflow
