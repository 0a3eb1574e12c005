#include "size/heaviest_records.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "size/traffic.h"
#include "size/traffic_choices.h"

namespace sgflow {
namespace {

// In records that are weighed, each of which takes some microseconds.
constexpr std::size_t kWhole = 1'000'000;  // all that there are to try
constexpr std::size_t kRoughly = 300'000;  // else, for all interfaces
constexpr std::size_t kLeastRoughly = 150;
constexpr std::size_t kThoroughly = 40'000;  // for each of the heaviest
constexpr std::size_t kHeaviestInterfaces = 16;
// Looks at peers, for all interfaces.
constexpr std::size_t kLooks = 4'000'000;
constexpr std::size_t kLeastLooks = 100;
constexpr std::size_t kMostLooks = 4'000;

struct Manner {
  Direction direction = Direction::kIngress;
  bool accepted = true;
  bool from_responder = false;
  TcpFlags flags = TcpFlags::kSyn;
};

std::vector<Manner> MannersIn(const RecordLayout& layout) {
  std::vector<TcpFlags> flags{TcpFlags::kSyn};
  if (layout.IndexOf(Field::kTcpFlags))
    flags = {TcpFlags::kSyn, TcpFlags::kSynAck, TcpFlags::kNone};
  std::vector<Manner> manners;
  for (const Direction direction : {Direction::kIngress, Direction::kEgress}) {
    for (const bool accepted : {false, true}) {
      for (const bool from_responder : {false, true}) {
        for (const TcpFlags one : flags) {
          manners.push_back({direction, accepted, from_responder, one});
        }
      }
    }
  }
  return manners;
}

// Evenly chosen, the first one among them.
template <typename Choice>
void Thin(std::vector<Choice>& choices, std::size_t most) {
  if (choices.size() <= most) return;
  std::vector<Choice> thinned;
  for (std::size_t i = 0; i < most; ++i) thinned.push_back(choices[i * choices.size() / most]);
  choices = std::move(thinned);
}

class Search {
 public:
  Search(const Inventory& inventory, const std::shared_ptr<const RecordLayout>& layout,
         const std::function<double(const FlowRecord&)>& weigh)
      : chooser_(inventory), record_(layout), manners_(MannersIn(*layout)), weigh_(weigh) {}

  // How many records there are to try of the interface.
  std::size_t CountOf(const NetworkInterface& interface, std::size_t looks) {
    Choose(interface, looks);
    const Point sizes = Sizes();
    std::size_t count = 0;
    for (Point at{}; at[kService] < sizes[kService]; ++at[kService]) {
      count += sizes[kPeer] * CountAlong(kManner, at) * CountAlong(kOpener, at);
    }
    return count;
  }

  // The heaviest one's weight. `whole` becomes whether all were tried.
  double Try(const NetworkInterface& interface, std::size_t looks, std::size_t budget,
             bool& whole) {
    whole = CountOf(interface, looks) <= budget;
    if (!whole) return Climb(budget);
    double best = 0;
    ForEach([&](const Point& point) { best = std::max(best, WeightAt(point)); });
    return best;
  }

 private:
  enum Coordinate : std::uint8_t { kManner, kPeer, kService, kOpener };
  using Point = std::array<std::size_t, 4>;  // an index into the choices of each

  Point Sizes() const {
    return {manners_.size(), choices_.peers.size(), choices_.services.size(),
            choices_.opener_ports.size()};
  }

  void Choose(const NetworkInterface& interface, std::size_t looks) {
    local_ = &interface;
    choices_ = chooser_.Of(interface, looks);
  }

  // How many of one coordinate's choices ForEach takes at a service; at the first of the others,
  // which is like any.
  std::size_t CountAlong(Coordinate coordinate, Point at) const {
    std::size_t count = 0;
    for (at[coordinate] = 0; at[coordinate] < Sizes()[coordinate]; ++at[coordinate]) {
      if (!Repeats(at) && IsUsual(at)) ++count;
    }
    return count;
  }

  // All points that are unlike each other.
  template <typename Take>
  void ForEach(const Take& take) const {
    const Point sizes = Sizes();
    Point at{};
    for (at[kPeer] = 0; at[kPeer] < sizes[kPeer]; ++at[kPeer]) {
      for (at[kService] = 0; at[kService] < sizes[kService]; ++at[kService]) {
        for (at[kOpener] = 0; at[kOpener] < sizes[kOpener]; ++at[kOpener]) {
          for (at[kManner] = 0; at[kManner] < sizes[kManner]; ++at[kManner]) {
            if (!Repeats(at) && IsUsual(at)) take(at);
          }
        }
      }
    }
  }

  // From beginnings that stand apart, until the budget is used up; each climb is finished.
  double Climb(std::size_t budget) {
    constexpr std::size_t kRoundsAffordable = 8;
    const std::size_t affordable = std::max<std::size_t>(budget / kRoundsAffordable, 1);
    Thin(choices_.peers, affordable);
    Thin(choices_.services, affordable);
    Thin(choices_.opener_ports, affordable);
    constexpr std::size_t kMostBeginnings = 64;
    double best = 0;
    weighed_ = 0;
    for (std::size_t i = 0; i < kMostBeginnings && weighed_ < budget; ++i) {
      // Steps without a common divisor: each beginning is another in every coordinate.
      const auto part = [&](std::size_t step, std::size_t size) {
        return i * step % kMostBeginnings * size / kMostBeginnings;
      };
      best = std::max(best, ClimbFrom({part(39, manners_.size()), part(23, choices_.peers.size()),
                                       part(45, choices_.services.size()), 0},
                                      i));
    }
    return best;
  }

  // `first`: which coordinate is the first to be changed.
  double ClimbFrom(Point at, std::size_t first) {
    const Point sizes = Sizes();
    double best = 0;
    for (std::size_t unchanged = 0, i = first; unchanged < sizes.size(); ++i) {
      const std::size_t coordinate = i % sizes.size();
      const double before = best;
      Point next = at;
      for (std::size_t value = 0; value < sizes[coordinate]; ++value) {
        next[coordinate] = value;
        const double weight = WeightAt(next);
        if (weight <= best) continue;
        best = weight;
        at = next;
      }
      unchanged = best > before ? 1 : unchanged + 1;
    }
    return best;
  }

  // Whether another point has the same record.
  bool Repeats(const Point& point) const {
    const Protocol protocol = choices_.services[point[kService]].protocol;
    const Manner& manner = manners_[point[kManner]];
    if (protocol != kTcp && manner.flags != TcpFlags::kSyn) return true;
    return !HasPorts(protocol) && (point[kOpener] != 0 || manner.from_responder);
  }

  // Two privileged ports are not.
  bool IsUsual(const Point& point) const {
    const TrafficService& service = choices_.services[point[kService]];
    return !HasPorts(service.protocol) || service.port >= kFirstUnprivilegedPort ||
           choices_.opener_ports[point[kOpener]] >= kFirstUnprivilegedPort;
  }

  double WeightAt(const Point& point) {
    const Manner& manner = manners_[point[kManner]];
    const TrafficPeer& peer = choices_.peers[point[kPeer]];
    const TrafficService& service = choices_.services[point[kService]];
    const std::int32_t opener_port = choices_.opener_ports[point[kOpener]];
    if (!IsUsual(point)) return 0;
    ++weighed_;
    const FlowRecord* record = record_.Write({.local = local_,
                                              .direction = manner.direction,
                                              .accepted = manner.accepted,
                                              .peer = peer.address,
                                              .peer_is_stranger = peer.is_stranger,
                                              .protocol = service.protocol,
                                              .responder_port = service.port,
                                              .from_responder = manner.from_responder,
                                              .opener_port = opener_port,
                                              .flags = manner.flags,
                                              .number = number_++});
    return record == nullptr ? 0 : weigh_(*record);
  }

  TrafficChooser chooser_;
  TrafficRecord record_;
  std::vector<Manner> manners_;
  const std::function<double(const FlowRecord&)>& weigh_;
  const NetworkInterface* local_ = nullptr;
  TrafficChoices choices_;
  std::size_t weighed_ = 0;
  std::uint64_t number_ = 0;
};

}  // namespace

void SearchHeaviestRecords(const Inventory& inventory,
                           const std::shared_ptr<const RecordLayout>& layout,
                           const std::function<double(const FlowRecord&)>& weigh) {
  struct Tried {
    const NetworkInterface* interface = nullptr;
    double weight = 0;
    bool whole = false;
  };
  std::vector<Tried> all;
  for (const NetworkInterface& interface : inventory.interfaces()) {
    if (!interface.peer_only) all.push_back({.interface = &interface});
  }
  if (all.empty()) return;
  Search search(inventory, layout, weigh);
  const auto share = [&](std::size_t of, std::size_t least, std::size_t most) {
    return std::clamp(of / all.size(), least, most);
  };
  const std::size_t looks = share(kLooks, kLeastLooks, kMostLooks);
  std::size_t count = 0;
  for (const Tried& tried : all) {
    if (count <= kWhole) count += search.CountOf(*tried.interface, looks);
  }
  const std::size_t budget = count <= kWhole ? kWhole : share(kRoughly, kLeastRoughly, kThoroughly);
  for (Tried& tried : all) {
    tried.weight = search.Try(*tried.interface, looks, budget, tried.whole);
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &Tried::weight);
  all.resize(std::min(all.size(), kHeaviestInterfaces));
  for (Tried& tried : all) {
    if (!tried.whole) search.Try(*tried.interface, kMostLooks, kThoroughly, tried.whole);
  }
}

}  // namespace sgflow
