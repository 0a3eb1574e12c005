// Text that depends on a group and a direction alone, rendered when first needed.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/inventory.h"

namespace sgflow {

class GroupTexts {
 public:
  using Render = std::function<std::string(const Inventory&, const SecurityGroup&, Direction)>;

  GroupTexts(std::shared_ptr<const Inventory> inventory, Render render)
      : inventory_(std::move(inventory)),
        render_(std::move(render)),
        texts_(2 * inventory_->groups().size()) {}

  // Valid as long as this.
  std::string_view Of(GroupIndex group, Direction direction) {
    auto& text = texts_[2 * std::size_t{group} + (direction == Direction::kEgress ? 1 : 0)];
    if (!text) [[unlikely]] {
      // A copy has no room to grow, as what was put together has.
      const std::string rendered = render_(*inventory_, inventory_->groups()[group], direction);
      text = std::make_unique<const std::string>(rendered);
    }
    return *text;
  }

 private:
  std::shared_ptr<const Inventory> inventory_;
  Render render_;
  std::vector<std::unique_ptr<const std::string>> texts_;
};

}  // namespace sgflow
