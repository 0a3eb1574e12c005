// Which way a packet crosses a network interface.
#pragma once

#include <cstdint>

namespace sgflow {

enum class Direction : std::uint8_t { kIngress, kEgress };

constexpr Direction Opposite(Direction direction) {
  return direction == Direction::kIngress ? Direction::kEgress : Direction::kIngress;
}

}  // namespace sgflow
