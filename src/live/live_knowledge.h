// What AWS said, by id and with its time, and the inventory that it makes.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aws/ec2_elements.h"
#include "inventory/inventory.h"
#include "live/ec2_places.h"

namespace sgflow {

// For one thread at a time.
class LiveKnowledge {
 public:
  using Time = std::chrono::system_clock::time_point;

  struct Said {
    Ec2Place place;
    Time said;
  };
  struct Interface : Said {
    Ec2Element element;
    bool own = false;   // asked for as whose records there are
    bool gone = false;  // AWS does not have it any more; records of it are still to come
    Time used;
  };
  struct Group : Said {
    std::string rules;  // elements of `SecurityGroupRules`, with commas between
  };
  struct List : Said {
    std::string json;
  };
  struct Subnet : Said {
    std::string json;
    std::string acl_id;
    std::string acl;  // its `NetworkAcls` element, without `Associations`
  };
  template <typename T>
  using ById = std::map<std::string, T, std::less<>>;

  ById<Interface> interfaces;
  ById<Group> groups;
  ById<Said> members;  // groups whose members are all among `interfaces`
  ById<List> prefix_lists;
  ById<Subnet> subnets;

  std::size_t size() const {
    return interfaces.size() + groups.size() + members.size() + prefix_lists.size() +
           subnets.size();
  }
  // When the oldest was said; none where nothing is known.
  std::optional<Time> Oldest() const;
  // The same, of what can still be renewed.
  std::optional<Time> OldestRenewable() const;
  // The groups of own interfaces that are not gone.
  std::set<std::string, std::less<>> GroupsInUse() const;

  // `used`: by InterfaceIndex of an inventory that this has built. What they need is used with
  // them.
  void NoteUse(const Inventory& of, const std::vector<bool>& used, Time now);
  // Forgets what was said before; true where there was something.
  bool ForgetBefore(Time time);
  // Of more than `most` the interfaces that were not used for the longest time, and what is there
  // for them alone; never one that was used since `in_use`. True where there was something.
  bool ShrinkTo(std::size_t most, Time in_use);
  // Groups that no own interface carries.
  bool ForgetIdleGroups();
  // What Build cannot read, each by itself.
  void ForgetUnreadable();

  bool IsOwn(std::string_view interface_id) const;
  bool Has(Learnable what, std::string_view id) const;

  // Null where what AWS said cannot be read.
  std::shared_ptr<const Inventory> Build(std::vector<Unlearned> unlearned) const;

 private:
  template <typename T>
  static void EraseUnreadable(ById<T>& known, const std::function<std::string(const T&)>& text_of);
};

}  // namespace sgflow
