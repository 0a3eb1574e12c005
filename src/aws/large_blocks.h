// Large blocks of memory, as S3's ranges and parts, EC2's answers and documents are.
#pragma once

namespace sgflow {

// Has malloc give them back when they are free, from now on. Else glibc would keep what it has once
// got for blocks of that size, and that for each thread that ever was: ranges and parts are taken
// by one and given back by another. Once, before there are any.
void ReturnLargeBlocks();

}  // namespace sgflow
