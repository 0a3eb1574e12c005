#include "aws/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "aws/fault.h"

namespace sgflow {
namespace {

// Where AWS's partitions have their names; what is not listed is the commercial one.
struct Partition {
  std::string_view region_prefix;
  std::string_view suffix;
  std::string_view dual_stack_suffix;
};
constexpr std::array<Partition, 8> kPartitions{{
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"us-gov-", "amazonaws.com", "api.aws"},
    {"", "amazonaws.com", "api.aws"},
}};

const Partition& PartitionOf(std::string_view region) {
  return *std::ranges::find_if(kPartitions, [&](const Partition& partition) {
    return region.starts_with(partition.region_prefix);
  });
}

// As AWS's tools name it: secrets_manager.
std::string ServiceId(std::string_view service) {
  return service == "secretsmanager" ? "secrets_manager" : std::string(service);
}

std::string UpperCase(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return text;
}

bool IsTrue(std::string_view text) { return text == "true" || text == "True" || text == "TRUE"; }

bool IsOn(const AwsSettings& settings, const char* variable, const char* property) {
  const std::string value = settings.variable(variable);
  return IsTrue(value.empty() ? settings.property(property, "") : value);
}

// With what named it, for messages.
std::pair<std::string, std::string> ConfiguredUrl(const AwsSettings& settings,
                                                  std::string_view service) {
  if (IsOn(settings, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")) {
    return {};
  }
  const std::string id = ServiceId(service);
  for (const std::string& name :
       {"AWS_ENDPOINT_URL_" + UpperCase(id), std::string("AWS_ENDPOINT_URL")}) {
    if (std::string url = settings.variable(name); !url.empty()) return {std::move(url), name};
  }
  if (std::string url = settings.property("endpoint_url", id); !url.empty()) {
    return {std::move(url), "endpoint_url of " + id + " in the AWS profile"};
  }
  return {settings.property("endpoint_url", ""), "endpoint_url in the AWS profile"};
}

// The URL itself is not told: a password may stand in it.
AwsResult<Endpoint> ParseUrl(std::string_view url, const std::string& named_by) {
  const auto refused =
      std::unexpected(MakeFault(AwsFault::Kind::kRefused, named_by + " is no endpoint's URL",
                                "write it as https://HOST or http://HOST:PORT"));
  Endpoint endpoint;
  if (url.starts_with("https://")) {
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
    endpoint.tls = false;
    endpoint.port = 80;
  } else {
    return refused;
  }
  const std::size_t slash = std::min(url.find('/'), url.size());
  endpoint.path = url.substr(slash);
  while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
  std::string_view host = url.substr(0, slash);
  // An IPv6 address stands in brackets, and its colons are no port's.
  const std::size_t bracket = host.starts_with('[') ? host.find(']') : 0;
  const std::size_t colon = host.find(':', bracket);
  if (colon != std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    const auto [end, error] =
        std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    if (error != std::errc() || end != port.data() + port.size()) return refused;
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.find_first_of("[]@?# ") != std::string_view::npos) return refused;
  endpoint.host = host;
  return endpoint;
}

// What may stand in a host's name; a region may come out of a record.
bool IsRegion(std::string_view region) {
  return !region.empty() && std::ranges::all_of(region, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  });
}

}  // namespace

std::string EnvironmentVariable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

std::string Endpoint::Authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

AwsResult<Endpoint> FindEndpoint(const AwsSettings& settings, std::string_view service,
                                 std::string_view region) {
  const auto [url, named_by] = ConfiguredUrl(settings, service);
  if (!url.empty()) return ParseUrl(url, named_by);
  if (!IsRegion(region)) {
    return std::unexpected(MakeFault(AwsFault::Kind::kRefused,
                                     "'" + std::string(region) + "' is no AWS region",
                                     "regions are written as eu-west-1"));
  }
  const bool fips = IsOn(settings, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  const bool dual_stack = IsOn(settings, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  const Partition& partition = PartitionOf(region);
  // In GovCloud these are validated as they are.
  const bool has_fips_name =
      !(region.starts_with("us-gov-") && (service == "ec2" || service == "sts") && !dual_stack);
  std::string host(service);
  if (fips && has_fips_name) host += "-fips";
  if (dual_stack && service == "s3") host += ".dualstack";
  host += "." + std::string(region) + ".";
  host += dual_stack && service != "s3" ? partition.dual_stack_suffix : partition.suffix;
  return Endpoint{.host = std::move(host)};
}

AwsResult<std::string> FindRegion(const AwsSettings& settings) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (std::string region = settings.variable(name); !region.empty()) return region;
  }
  if (std::string region = settings.property("region", ""); !region.empty()) return region;
  if (!settings.missing_profile.empty()) {
    return std::unexpected(MissingProfileFault(settings.missing_profile));
  }
  return std::unexpected(MakeFault(AwsFault::Kind::kRefused, "no AWS region is known",
                                   "set AWS_REGION, or region in the AWS profile"));
}

AwsFault MissingProfileFault(const std::string& name) {
  return MakeFault(
      AwsFault::Kind::kCredentials,
      "AWS_PROFILE: there is no profile '" + name + "' in ~/.aws/config or ~/.aws/credentials",
      "aws configure list-profiles shows those that there are; AWS_CONFIG_FILE and "
      "AWS_SHARED_CREDENTIALS_FILE name other files");
}

}  // namespace sgflow
