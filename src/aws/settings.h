// What AWS's own tools take from the environment and the profile: the region and the endpoints.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "aws/client.h"

namespace sgflow {

struct AwsSettings {
  // EnvironmentVariable, but for tests.
  std::function<std::string(const std::string& name)> variable;
  // A property of the profile in use; that of a service stands in its `services` section and is
  // asked for with the service's name, as s3 and secrets_manager.
  std::function<std::string(const std::string& name, const std::string& service)> property;
  // What AWS_PROFILE names and no file has; empty: nothing is missing.
  std::string missing_profile{};
};

struct Endpoint {
  bool tls = true;
  std::string host;
  std::uint16_t port = 443;
  std::string path{};  // of an endpoint URL, to stand before the call's; no slash at its end

  // As in the header Host: the port only where it is not the scheme's own.
  std::string Authority() const;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// Empty where it is not set.
std::string EnvironmentVariable(const std::string& name);

// `service` as it signs.
AwsResult<Endpoint> FindEndpoint(const AwsSettings& settings, std::string_view service,
                                 std::string_view region);

AwsResult<std::string> FindRegion(const AwsSettings& settings);

// Of AwsSettings::missing_profile.
AwsFault MissingProfileFault(const std::string& name);

}  // namespace sgflow
