// What AWS's services with JSON instead of XML take.
#pragma once

#include <string>
#include <string_view>

#include "aws/client.h"

namespace sgflow {

// `text` as JSON, in its quotes.
std::string JsonString(std::string_view text);

// A call of the JSON 1.1 protocol. `target` as secretsmanager.GetSecretValue.
AwsCall JsonCall(std::string service, std::string region, const std::string& target,
                 std::string body);

}  // namespace sgflow
