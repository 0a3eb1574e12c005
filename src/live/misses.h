// What was asked for in vain, and for how long it is not asked for again.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "error/error.h"
#include "inventory/inventory.h"
#include "live/ec2_places.h"

namespace sgflow {

// What is asked for, and of whom.
struct Sought {
  Learnable what = Learnable::kInterface;
  Ec2Place place;
  std::string id;

  friend auto operator<=>(const Sought&, const Sought&) = default;
};

struct Miss {
  // Why AWS could not be asked; none: it answered, and there is no such thing.
  std::optional<Error> error;
  std::string reason;  // for sg_reason; empty where there is no error
  // It is there, and AWS does not show it.
  bool is_final = false;
  // Where the source is set up to fail.
  bool fails_batch = false;
};

// Each time that the same is missed again, it is left alone for twice as long: what is absent or
// not shown from a minute to an hour, what failed from some seconds to five minutes.
class Misses {
 public:
  using Time = std::chrono::system_clock::time_point;

  // Shrink leaves at most so many.
  explicit Misses(std::size_t most) : most_(most) {}

  // Null where it may be asked for.
  const Miss* Find(const Sought& sought, Time now) const;

  // True where an error or its reason is another than before.
  bool Add(const Sought& sought, Miss miss, Time now);
  // Forgets the oldest where there are too many. Between batches: what one missed would else be
  // told as absent and asked for again.
  void Shrink();
  void Remove(const Sought& sought) { known_.erase(sought); }

  // What AWS could not be asked for.
  std::vector<Unlearned> AllUnlearned() const;

 private:
  struct Remembered {
    Miss miss;
    std::chrono::seconds pause{};
    Time missed;
  };

  std::size_t most_;
  std::map<Sought, Remembered> known_;
};

}  // namespace sgflow
