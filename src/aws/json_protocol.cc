#include "aws/json_protocol.h"

#include <array>
#include <cstdio>
#include <utility>

namespace sgflow {

std::string JsonString(std::string_view text) {
  std::string json = "\"";
  for (const char letter : text) {
    if (static_cast<unsigned char>(letter) < 0x20) {
      std::array<char, 7> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(letter));
      json += escaped.data();
      continue;
    }
    if (letter == '"' || letter == '\\') json += '\\';
    json += letter;
  }
  return json + '"';
}

AwsCall JsonCall(std::string service, std::string region, const std::string& target,
                 std::string body) {
  AwsCall call{.service = std::move(service), .region = std::move(region), .iam_action = {}};
  call.iam_action = call.service + ":" + target.substr(target.find('.') + 1);
  call.headers = {{"content-type", "application/x-amz-json-1.1"}, {"x-amz-target", target}};
  call.body = std::move(body);
  return call;
}

}  // namespace sgflow
