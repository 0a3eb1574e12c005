// Reads JSON objects member by member: by name, with the type that is expected, and with the path
// in every message. Met by the shapes only; simdjson goes no further than these files.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "documents/json_pieces.h"
#include "inventory/inventory_report.h"
#include "network/ip_address.h"
#include "network/ip_prefix.h"

namespace sgflow {

// Where a value stands, as SecurityGroupRules[0].FromPort. Made on the way down, so a parent must
// outlive its children.
class JsonPath {
 public:
  JsonPath() = default;  // the document itself
  JsonPath(const JsonPath& parent, std::string_view key) : parent_(&parent), key_(key) {}
  JsonPath(const JsonPath& parent, std::size_t index) : parent_(&parent), index_(index) {}

  std::string ToString() const;

 private:
  const JsonPath* parent_ = nullptr;
  std::string_view key_;
  std::optional<std::size_t> index_;
};

// What a whole number may be, and what to say of one that is not.
struct NumberRange {
  std::int32_t lowest;
  std::int32_t highest;
  std::string_view noun;  // as "no port"
  std::string_view hint;
};

class JsonObject;

// A text, parsed whole or, where it is a large object, without its large lists.
class ParsedJson {
 public:
  // `cut_keys`: what lists may be cut stand under. `is_padded`: simdjson's padding may be read
  // behind the text, which saves a copy.
  ParsedJson(std::string_view text, bool is_padded, std::span<const std::string_view> cut_keys);

  // Why the text is no JSON, as far as it has been parsed.
  simdjson::error_code error() const { return error_; }
  simdjson::dom::element value() const { return document_.root(); }
  std::span<const LargeList> large_lists() const {
    return cut_ ? std::span<const LargeList>(cut_->lists) : std::span<const LargeList>();
  }

 private:
  std::optional<CutObject> cut_;
  simdjson::dom::document document_;
  simdjson::error_code error_ = simdjson::SUCCESS;
};

// What the objects of one document have in common.
class JsonReading {
 public:
  // All must outlive this. Large lists under the keys are read piece by piece, so it must be
  // JsonObject::EachObject that reads them.
  JsonReading(InventoryReport& report, std::string_view file,
              std::span<const std::string_view> cut_keys)
      : report_(report), file_(file), cut_keys_(cut_keys) {}

  // Why a piece of the document is no JSON: then nothing that was read of it counts.
  simdjson::error_code refusal() const { return refusal_; }

 private:
  friend class JsonObject;

  struct Member {
    std::string_view key;
    simdjson::dom::element value;
    std::uint32_t fingerprint = 0;  // of the key
    bool was_asked_for = false;
  };
  struct Buffers {
    std::vector<Member> members;
    std::vector<std::string_view> absent;  // keys asked for in vain
  };

  InventoryReport& report_;
  std::string_view file_;
  std::span<const std::string_view> cut_keys_;
  simdjson::error_code refusal_ = simdjson::SUCCESS;
  std::vector<Buffers> spare_;  // of objects read to their end
};

// One object. A member that is absent or null was not told. What cannot be used is reported and
// then as if it were not there. Views live as long as the parsed document.
class JsonObject {
 public:
  // Reports keys that stand twice. `reading`, `path` and `large_lists` must outlive this.
  JsonObject(JsonReading& reading, const JsonPath& path, simdjson::dom::object object,
             std::span<const LargeList> large_lists = {});
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject();

  bool Has(std::string_view key) { return Find(key) != nullptr; }

  // Empty where it is not told.
  std::string_view Text(std::string_view key);
  // Reports a member that is not told, or empty.
  std::string_view RequiredText(std::string_view key);
  std::optional<bool> Flag(std::string_view key);
  std::optional<bool> RequiredFlag(std::string_view key);
  std::optional<std::int32_t> Number(std::string_view key, const NumberRange& range);
  std::optional<std::int32_t> RequiredNumber(std::string_view key, const NumberRange& range);
  std::optional<IpAddress> Address(std::string_view key);
  // One with host bits is masked, with a warning.
  std::optional<IpPrefix> Cidr(std::string_view key, AddressFamily family);
  // Of either family.
  std::optional<IpPrefix> Cidr(std::string_view key);
  std::optional<std::vector<std::string>> Texts(std::string_view key);
  std::optional<std::vector<IpPrefix>> Cidrs(std::string_view key);

  // Elements of the list under the key; 0 where it is no list.
  std::size_t CountOf(std::string_view key);

  // Calls `read(JsonObject&)` for the object under the key.
  template <typename Read>
  void Object(std::string_view key, Read read) {
    const Member* member = Find(key);
    if (member == nullptr) return;
    const JsonPath path(path_, key);
    ReadObject(member->value, path, read);
  }

  // Calls `read(JsonObject&)` or `read(JsonObject&, std::size_t index)` for each object of the
  // list under the key. False where the list is not told.
  template <typename Read>
  bool EachObject(std::string_view key, Read read) {
    const JsonPath list(path_, key);
    std::size_t index = 0;
    return EachElement(key, [&](simdjson::dom::element element, std::span<const LargeList> large) {
      const JsonPath path(list, index);
      if constexpr (requires(JsonObject& object) { read(object, index); }) {
        ReadObject(element, path, [&](JsonObject& object) { read(object, index); }, large);
      } else {
        ReadObject(element, path, read, large);
      }
      ++index;
    });
  }

  // About this object or, with a key, one of its members.
  void Fail(std::string_view key, std::string message, std::string hint = {});
  void Warn(InventoryWarningKind kind, std::string_view key, std::string message,
            std::string hint = {});

  std::string PathText() const { return path_.ToString(); }

  // Warns of keys that differ from those asked for in case only. To be called once all was asked
  // for; Object and EachObject do so when `read` has not.
  void Finish();

  // Whether there was such a warning, or one about a member's value, here or further down.
  bool doubtful() const { return doubtful_ || doubtful_inside_; }
  // Here alone.
  bool doubtful_itself() const { return doubtful_; }

  // The key that differs from this one in case only, not asked for; empty where there is none.
  std::string_view KeyLike(std::string_view key) const;

 private:
  using Member = JsonReading::Member;
  // With the large lists of the element, where it was cut.
  using ReadElement =
      std::function<void(simdjson::dom::element, std::span<const LargeList> large_lists)>;

  // False where the list is not told.
  bool EachElement(std::string_view key, const ReadElement& read);
  void EachElementOf(const LargeList& list, const ReadElement& read);
  const LargeList* LargeListOf(const Member& member) const;

  template <typename Read>
  void ReadObject(simdjson::dom::element element, const JsonPath& path, Read read,
                  std::span<const LargeList> large_lists = {}) {
    simdjson::dom::object inner;
    if (element.get(inner) != simdjson::SUCCESS) {
      WrongType(path, "an object", element);
      return;
    }
    JsonObject object(reading_, path, inner, large_lists);
    read(object);
    object.Finish();
    doubtful_inside_ = doubtful_inside_ || object.doubtful();
  }

  // Null where it is absent or null.
  const Member* Find(std::string_view key);
  void RememberAbsent(std::string_view key);
  void ReportMissing(std::string_view key);
  // None, and reported, where it is of another type.
  std::optional<std::string_view> TextOf(const Member& member);
  std::optional<bool> FlagOf(const Member& member);
  std::optional<simdjson::dom::array> Array(std::string_view key);
  std::optional<IpPrefix> ParseCidr(std::string_view text, const JsonPath& path);
  void WrongType(const JsonPath& path, std::string_view expected, simdjson::dom::element found);
  void CheckKeys(simdjson::dom::element value, const JsonPath& path);
  void ReportRepeatedKeys();
  Place PlaceOf(const JsonPath& path) const;

  JsonReading& reading_;
  const JsonPath& path_;
  std::span<const LargeList> large_lists_;
  JsonReading::Buffers buffers_;
  std::size_t next_ = 0;  // the member found last
  bool finished_ = false;
  bool doubtful_ = false;
  bool doubtful_inside_ = false;
};

}  // namespace sgflow
