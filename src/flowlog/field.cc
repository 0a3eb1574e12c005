#include "flowlog/field.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <unordered_map>

#include "flowlog/aws_names.h"
#include "network/ip_address.h"

namespace sgflow {
namespace {

struct ColumnName {
  std::array<char, 32> text{};
  std::size_t size = 0;
};

constexpr ColumnName Underscored(std::string_view name) {
  ColumnName column;
  for (const char c : name) column.text[column.size++] = c == '-' ? '_' : c;
  return column;
}

constexpr std::array kColumnNames{
#define SGFLOW_FIELD(enumerator, name, type, version, family, meaning) Underscored(name),
#include "flowlog/field_table.inc"
#undef SGFLOW_FIELD
};

constexpr std::string_view ColumnNameOf(Field field) {
  const ColumnName& column = kColumnNames[static_cast<std::size_t>(field)];
  return {column.text.data(), column.size};
}

constexpr std::array<FieldInfo, kFieldCount> kCatalogue{{
#define SGFLOW_FIELD(enumerator, name, type, version, family, meaning)                     \
  {Field::enumerator,   name,   ColumnNameOf(Field::enumerator), FieldType::type, version, \
   FieldFamily::family, meaning},
#include "flowlog/field_table.inc"
#undef SGFLOW_FIELD
}};

// What is left when case and the word separators of the various spellings are taken away.
std::string Folded(std::string_view name) {
  std::string folded;
  for (const char c : name) {
    if (c == '-' || c == '_') continue;
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return folded;
}

const std::unordered_map<std::string, Field>& FieldsByFoldedName() {
  static const auto* fields = [] {
    auto* map = new std::unordered_map<std::string, Field>;
    for (const FieldInfo& info : kCatalogue) map->emplace(Folded(info.name), info.field);
    return map;
  }();
  return *fields;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> values) {
  return std::ranges::find(values, text) != values.end();
}

bool FitsRange(std::string_view text, unsigned low, unsigned high) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= low && value <= high;
}

bool IsAccount(std::string_view text) {
  // Masked account ids ("29nnnnnnnn55") are common in shared logs.
  return text == "unknown" || (text.size() == 12 && std::ranges::all_of(text, [](char c) {
                                 return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                        (c >= 'A' && c <= 'Z') || c == '*';
                               }));
}

std::string_view LastPart(std::string_view text) {
  const std::size_t hyphen = text.rfind('-');
  return hyphen == std::string_view::npos ? std::string_view{} : text.substr(hyphen + 1);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

// use1-az1, usw2-lax1-az1, use1-bos-wlz1: a short name of the Region, then zones with a number
bool IsZone(std::string_view text) {
  const std::string_view last = LastPart(text);
  return !last.empty() && IsLower(last.front()) && IsDigit(last.back()) && IsLower(text.front()) &&
         text.find('-') <= 6 && text.find('-') >= 3 && IsDigit(text[text.find('-') - 1]);
}

// The names of AWS's published address ranges: S3, EC2_INSTANCE_CONNECT.
bool IsService(std::string_view text) {
  return !IsOneOf(text, {"ACCEPT", "REJECT", "OK", "NODATA", "SKIPDATA", "EFA"}) &&
         text.front() >= 'A' && text.front() <= 'Z' && std::ranges::all_of(text, [](char c) {
           return (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_';
         });
}

}  // namespace

std::span<const FieldInfo, kFieldCount> FieldCatalogue() { return kCatalogue; }

std::optional<Field> FindForeignField(std::string_view name) {
  using Entry = std::pair<std::string_view, Field>;
  constexpr std::array<Entry, 9> kFields{{{"account", Field::kAccountId},
                                          {"sourceaddress", Field::kSrcaddr},
                                          {"destinationaddress", Field::kDstaddr},
                                          {"sourceport", Field::kSrcport},
                                          {"destinationport", Field::kDstport},
                                          {"numpackets", Field::kPackets},
                                          {"numbytes", Field::kBytes},
                                          {"starttime", Field::kStart},
                                          {"endtime", Field::kEnd}}};
  const auto* const found = std::ranges::find(kFields, Folded(name), &Entry::first);
  return found == kFields.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Field> FindField(std::string_view name) {
  const auto& fields = FieldsByFoldedName();
  const auto found = fields.find(Folded(name));
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string_view> NearestNames(std::string_view name,
                                           std::span<const std::string_view> names) {
  constexpr std::size_t kMost = 3;
  const std::string folded = Folded(name);
  std::vector<std::pair<std::size_t, std::string_view>> near;
  for (const std::string_view candidate : names) {
    const std::string other = Folded(candidate);
    const std::size_t distance = EditDistance(folded, other);
    const bool begins = folded.size() >= 3 && other.starts_with(folded);
    if (distance <= folded.size() / 3 || begins) near.emplace_back(distance, candidate);
  }
  std::ranges::stable_sort(near, {}, [](const auto& pair) { return pair.first; });
  std::vector<std::string_view> nearest;
  for (const auto& [distance, candidate] : near) {
    if (nearest.size() < kMost) nearest.push_back(candidate);
  }
  return nearest;
}

bool IsNumber(const std::optional<Field>& field) {
  if (!field) return false;
  const FieldType type = InfoOf(*field).type;
  return type == FieldType::kInteger32 || type == FieldType::kInteger64;
}

std::string_view NearestFieldName(std::string_view name) {
  static const auto* names = [] {
    auto* all = new std::vector<std::string_view>;
    for (const FieldInfo& info : kCatalogue) all->push_back(info.name);
    return all;
  }();
  const auto nearest = NearestNames(name, *names);
  return nearest.empty() ? std::string_view{} : nearest.front();
}

std::uint64_t LargestNumber(Field field) {
  switch (field) {
    case Field::kSrcport:
    case Field::kDstport:
      return std::numeric_limits<std::uint16_t>::max();
    case Field::kProtocol:
      return std::numeric_limits<std::uint8_t>::max();
    default:
      return InfoOf(field).type == FieldType::kInteger32 ? std::numeric_limits<std::int32_t>::max()
                                                         : std::numeric_limits<std::int64_t>::max();
  }
}

bool FitsType(FieldType type, std::string_view text) {
  if (text == "-") return true;
  switch (type) {
    case FieldType::kText:
      return true;
    case FieldType::kInteger32:
    case FieldType::kInteger64:
      return !text.empty() && text.size() <= 20 &&
             std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    case FieldType::kAddress:
      return IpAddress::Parse(text).has_value();
  }
  return false;
}

bool FitsField(Field field, std::string_view text) {
  if (!FitsType(InfoOf(field).type, text)) return false;
  if (text == "-") return field != Field::kAccountId && field != Field::kVersion;
  switch (field) {
    case Field::kVersion:
      return FitsRange(text, 2, 99);
    case Field::kAccountId:
    case Field::kTgwSrcVpcAccountId:
    case Field::kTgwDstVpcAccountId:
      return IsAccount(text);
    case Field::kInterfaceId:
    case Field::kTgwSrcEni:
    case Field::kTgwDstEni:
      return text.starts_with("eni-");
    case Field::kSrcport:
    case Field::kDstport:
    case Field::kProtocol:
      return FitsRange(text, 0, static_cast<unsigned>(LargestNumber(field)));
    case Field::kTcpFlags:
      return FitsRange(text, 0, 63);
    case Field::kTrafficPath:
      return FitsRange(text, 1, 8);
    case Field::kAction:
      return IsOneOf(text, {"ACCEPT", "REJECT"});
    case Field::kLogStatus:
      return IsOneOf(text, {"OK", "NODATA", "SKIPDATA"});
    case Field::kFlowDirection:
      return IsOneOf(text, {"ingress", "egress"});
    case Field::kType:
      return IsOneOf(text, {"IPv4", "IPv6", "EFA"});
    case Field::kVpcId:
    case Field::kTgwSrcVpcId:
    case Field::kTgwDstVpcId:
      return text.starts_with("vpc-");
    case Field::kSubnetId:
    case Field::kTgwSrcSubnetId:
    case Field::kTgwDstSubnetId:
      return text.starts_with("subnet-");
    case Field::kInstanceId:
      return text.starts_with("i-");
    case Field::kRegion:
      return IsRegion(text);
    case Field::kAzId:
    case Field::kTgwSrcAzId:
    case Field::kTgwDstAzId:
      return IsZone(text);
    case Field::kSublocationType:
      return IsOneOf(text, {"wavelength", "outpost", "localzone"});
    case Field::kSublocationId:
      return text.find('-') != std::string_view::npos && !text.starts_with("eni-") &&
             !text.starts_with("vpc-") && !text.starts_with("subnet-") && !IsRegion(text);
    case Field::kPktSrcAwsService:
    case Field::kPktDstAwsService:
      return IsService(text);
    case Field::kResourceType:
      return text.starts_with("TransitGateway");
    case Field::kTgwId:
      return text.starts_with("tgw-") && !text.starts_with("tgw-attach-");
    case Field::kTgwAttachmentId:
    case Field::kTgwPairAttachmentId:
      return text.starts_with("tgw-attach-");
    default:
      return true;
  }
}

}  // namespace sgflow
