#include "documents/config_item.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "documents/config_document.h"
#include "documents/config_json.h"
#include "documents/text_position.h"
#include "documents/timestamp.h"

namespace sgflow {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;
using simdjson::dom::object;

// `configurationItems` of files and of the history call, `baseConfigurationItems` of the batch
// call.
constexpr std::array<std::string_view, 2> kItemLists{"configurationItems",
                                                     "baseConfigurationItems"};
constexpr std::string_view kQuery = "QueryInfo";
constexpr std::string_view kResults = "Results";

struct ConfigType {
  std::string_view name;
  ListedKind kind;
  std::string_view id_key;  // of its configuration
};
// A subnet's id stands in interfaces too, and a group's only where no other does.
constexpr std::array<ConfigType, 5> kTypes{
    {{"AWS::EC2::NetworkInterface", ListedKind::kNetworkInterfaces, "networkInterfaceId"},
     {"AWS::EC2::NetworkAcl", ListedKind::kNetworkAcls, "networkAclId"},
     {"AWS::EC2::Subnet", ListedKind::kSubnets, "subnetId"},
     {"AWS::EC2::SecurityGroup", ListedKind::kSecurityGroups, "groupId"},
     {"AWS::EC2::PrefixList", ListedKind::kPrefixLists, "PrefixListId"}}};

std::string_view TextOf(element item, std::string_view key) {
  std::string_view text;
  return item[key].get(text) == SUCCESS ? text : std::string_view();
}

// A number in files, text in what the API gives.
std::uint64_t StateIdOf(element item) {
  std::uint64_t number = 0;
  if (item["configurationStateId"].get(number) == SUCCESS) return number;
  const std::string_view text = TextOf(item, "configurationStateId");
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Seconds since 1970, with a fraction or none, up to the year 9999: so does the first AWS CLI print
// times.
std::optional<std::chrono::sys_seconds> SecondsOf(std::string_view text) {
  constexpr std::int64_t kLast = 253402300799;
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || seconds < 0 || seconds > kLast) return std::nullopt;
  const std::string_view fraction(rest, end);
  const bool is_fraction = fraction.size() > 1 && fraction[0] == '.' &&
                           fraction.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (!fraction.empty() && !is_fraction) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

std::string PathOf(std::string_view list, std::uint32_t index) {
  return std::string(list) + '[' + std::to_string(index) + ']';
}

bool IsGone(std::string_view status) {
  return status == "ResourceDeleted" || status == "ResourceDeletedNotRecorded" ||
         status == "ResourceNotRecorded";
}

class Reader {
 public:
  Reader(std::string_view file, std::vector<ConfigItem>& items, InventoryReport& report)
      : file_(file),
        shared_file_(std::make_shared<const std::string>(file)),
        items_(items),
        report_(report) {}

  bool Read(element top) {
    bool known = false;
    for (const std::string_view list : kItemLists) {
      simdjson::dom::array listed;
      if (top[list].get(listed) != SUCCESS) continue;
      known = true;
      std::size_t index = 0;
      for (const element item : listed) {
        GoTo(list, index++);
        ReadItem(item);
      }
    }
    known = ReadSelected(top) || known;
    if (known) WarnOfFurtherPages(top);
    return known;
  }

 private:
  void GoTo(std::string_view list, std::size_t index) {
    list_ = list;
    index_ = static_cast<std::uint32_t>(index);
  }

  // Each result of a query is an object in a text.
  bool ReadSelected(element top) {
    simdjson::dom::array results;
    element query;
    if (top[kResults].get(results) != SUCCESS || top[kQuery].get(query) != SUCCESS) return false;
    std::size_t index = 0;
    for (const element result : results) {
      GoTo(kResults, index++);
      std::string_view text;
      simdjson::dom::parser parser;
      element item;
      if (result.get(text) != SUCCESS || parser.parse(text).get(item) != SUCCESS) {
        Fail({}, "is no JSON in a text");
      } else {
        ReadItem(item);
      }
    }
    return true;
  }

  void WarnOfFurtherPages(element top) {
    if (TextOf(top, "nextToken").empty() && TextOf(top, "NextToken").empty()) return;
    report_.AddWarning(InventoryWarningKind::kNextToken, InFile(file_, "nextToken"),
                       "the list goes on behind this page; what is on no page is taken as unknown",
                       "let the AWS CLI fetch all pages: without --max-items and --no-paginate");
  }

  void ReadItem(element item) {
    object members;
    if (item.get(members) != SUCCESS) {
      Fail({}, "an object is expected");
      return;
    }
    element configuration;
    const bool has_configuration = FindConfiguration(item, configuration);
    const ConfigType* type = TypeOf(item, has_configuration ? &configuration : nullptr);
    if (type == nullptr) return;
    ConfigItem& read = items_.emplace_back();
    read.kind = type->kind;
    read.resource_id = TextOf(item, "resourceId");
    if (read.resource_id.empty() && has_configuration) {
      read.resource_id = TextOf(configuration, type->id_key);
    }
    if (read.resource_id.empty()) Fail("resourceId", "is missing");
    read.account_id = TextOf(item, "awsAccountId");
    if (read.account_id.empty()) read.account_id = TextOf(item, "accountId");
    read.region = TextOf(item, "awsRegion");
    if (has_configuration) read.vpc_id = TextOf(configuration, "vpcId");
    read.file = shared_file_;
    read.list = list_;
    read.index = index_;
    read.state_id = StateIdOf(item);
    ReadTime(item, read);
    if (has_configuration && !IsGone(TextOf(item, "configurationItemStatus"))) {
      read.json = ConfigAsCliJson(configuration);
      Check(read);
    }
  }

  // An object in files, text in what the API gives. A deleted one has none.
  bool FindConfiguration(element item, element& configuration) {
    element found;
    if (item["configuration"].get(found) != SUCCESS || found.is_null()) return false;
    std::string_view text;
    if (found.get(text) == SUCCESS) {
      if (text.empty() || text == "null") return false;
      if (inner_.parse(text).get(found) != SUCCESS) {
        Fail("configuration", "is no JSON in a text");
        return false;
      }
    }
    object members;
    if (found.get(members) != SUCCESS) {
      Fail("configuration", "an object is expected");
      return false;
    }
    configuration = found;
    return true;
  }

  static const ConfigType* TypeOf(element item, const element* configuration) {
    const std::string_view name = TextOf(item, "resourceType");
    const auto is_it = [&](const ConfigType& type) {
      if (!name.empty()) return type.name == name;
      return configuration != nullptr && !TextOf(*configuration, type.id_key).empty();
    };
    const auto found = std::ranges::find_if(kTypes, is_it);
    return found == kTypes.end() ? nullptr : &*found;
  }

  void ReadTime(element item, ConfigItem& read) {
    constexpr std::string_view kKey = "configurationItemCaptureTime";
    element time;
    if (item[kKey].get(time) != SUCCESS || time.is_null()) return;
    std::string_view text;
    const bool is_text = time.get(text) == SUCCESS;
    if (is_text && text.empty()) return;
    const std::string shown = simdjson::minify(time);
    if (!is_text) text = shown;
    if (is_text) read.captured_at = ParseTimestamp(text);
    if (!read.captured_at) read.captured_at = SecondsOf(text);
    // Without the item the one before it would be true for longer than it was.
    if (!read.captured_at) Fail(kKey, shown + " is no time");
  }

  // By the same rules as what the CLI prints, and told once, here.
  void Check(const ConfigItem& read) {
    const std::string text = CliDocument({{read.kind, {read.json}}});
    const Document document{.name = "item", .text = text};
    auto loaded = LoadInventory(std::span(&document, 1));
    if (loaded) return;
    for (Error& error : loaded.error()) {
      const std::size_t inner = error.place.field.find("].");
      if (inner != std::string::npos) {
        error.message.insert(0, error.place.field.substr(inner + 2) + ": ");
      }
      Fail("configuration", std::move(error.message), std::move(error.hint));
    }
  }

  void Fail(std::string_view key, std::string message, std::string hint = {}) {
    std::string path = PathOf(list_, index_);
    if (!key.empty()) (path += '.') += key;
    report_.AddError(InFile(file_, std::move(path)), std::move(message), std::move(hint));
  }

  std::string_view file_;
  std::shared_ptr<const std::string> shared_file_;
  std::vector<ConfigItem>& items_;
  InventoryReport& report_;
  std::string_view list_;
  std::uint32_t index_ = 0;
  simdjson::dom::parser inner_;
};

bool HasWord(std::string_view text, std::string_view word) {
  return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

}  // namespace

Place ConfigItem::place() const {
  return InFile(file ? std::string_view(*file) : std::string_view(),
                PathOf(list, index) + ".configuration");
}

bool MayBeConfig(std::string_view text) {
  return HasWord(text, "onfigurationItems\"") ||
         (HasWord(text, "\"QueryInfo\"") && HasWord(text, "\"Results\""));
}

bool ReadConfig(const Document& document, std::vector<ConfigItem>& items, InventoryReport& report) {
  const std::string_view text = WithoutByteOrderMark(document.text);
  if (!MayBeConfig(text)) return false;
  simdjson::dom::parser parser;
  element top;
  if (parser.parse(text.data(), text.size(), !document.is_padded).get(top) != SUCCESS) return false;
  return Reader(document.name, items, report).Read(top);
}

}  // namespace sgflow
