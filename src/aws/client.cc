#include "aws/client.h"

#include <algorithm>

namespace sgflow {

std::string_view AwsAnswer::Header(std::string_view name) const {
  const auto found = std::ranges::find(
      headers, name, [](const auto& header) { return std::string_view(header.first); });
  return found == headers.end() ? std::string_view() : found->second;
}

AwsResult<AwsAnswer> AwsClient::Send(const AwsCall& call) {
  return std::move(Send(std::span(&call, 1)).front());
}

}  // namespace sgflow
