#include "aws/secrets_manager.h"

#include <simdjson.h>

#include <algorithm>
#include <string_view>

#include "aws/fault.h"
#include "aws/json_protocol.h"

namespace sgflow {
namespace {

// arn:aws:secretsmanager:eu-west-1:111122223333:secret:name; empty for a name.
std::string RegionOfArn(std::string_view arn) {
  if (!arn.starts_with("arn:")) return {};
  for (int i = 0; i < 3; ++i) arn.remove_prefix(std::min(arn.find(':'), arn.size() - 1) + 1);
  return std::string(arn.substr(0, arn.find(':')));
}

}  // namespace

AwsResult<std::string> GetSecretValue(AwsClient& client, const std::string& secret,
                                      const std::string& region) {
  const std::string own_region = RegionOfArn(secret);
  const AwsCall call =
      JsonCall("secretsmanager", own_region.empty() ? region : own_region,
               "secretsmanager.GetSecretValue", "{\"SecretId\":" + JsonString(secret) + "}");
  auto answer = client.Send(call);
  if (!answer) {
    answer.error().error.place.file = secret;
    return std::unexpected(std::move(answer.error()));
  }
  simdjson::dom::parser parser;
  std::string_view value;
  if (parser.parse(answer->body)["SecretString"].get(value) != simdjson::SUCCESS) {
    AwsFault fault = MakeFault(AwsFault::Kind::kBadAnswer, "the secret holds no text",
                               "store it as text, not as binary");
    fault.error.place.file = secret;
    return std::unexpected(std::move(fault));
  }
  return std::string(value);
}

}  // namespace sgflow
