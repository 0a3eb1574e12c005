#include "aws/sts.h"

#include <ctime>
#include <pugixml.hpp>

#include "aws/fault.h"
#include "aws/percent_encoding.h"

namespace sgflow {
namespace {

AwsCall StsCall(const std::string& region, const std::string& action,
                const std::string& parameters) {
  AwsCall call{.service = "sts", .region = region, .iam_action = "sts:" + action};
  call.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  call.body = "Action=" + action + "&Version=2011-06-15" + parameters;
  return call;
}

AwsFault BadAnswer(const AwsCall& call) {
  return MakeFault(AwsFault::Kind::kBadAnswer, call.iam_action + ": the answer is not STS's");
}

}  // namespace

AwsResult<CallerIdentity> GetCallerIdentity(AwsClient& client, const std::string& region) {
  const AwsCall call = StsCall(region, "GetCallerIdentity", "");
  const auto answer = client.Send(call);
  if (!answer) return std::unexpected(answer.error());
  pugi::xml_document document;
  document.load_buffer(answer->body.data(), answer->body.size());
  const pugi::xml_node result =
      document.first_element_by_path("GetCallerIdentityResponse/GetCallerIdentityResult");
  CallerIdentity identity{result.child_value("Account"), result.child_value("Arn")};
  if (identity.account_id.empty()) return std::unexpected(BadAnswer(call));
  return identity;
}

AwsResult<TemporaryKeys> AssumeRole(AwsClient& client, const std::string& region,
                                    const AwsClientOptions& options, AwsDeadline deadline) {
  std::string parameters = "&RoleArn=" + PercentEncode(options.role_arn) +
                           "&RoleSessionName=" + PercentEncode(options.session_name);
  if (!options.external_id.empty()) {
    parameters += "&ExternalId=" + PercentEncode(options.external_id);
  }
  AwsCall call = StsCall(region, "AssumeRole", parameters);
  call.deadline = deadline;
  const auto answer = client.Send(call);
  if (!answer) {
    AwsFault fault = answer.error();
    fault.error.message =
        "the role " + options.role_arn + " cannot be assumed: " + fault.error.message;
    if (fault.kind == AwsFault::Kind::kAccessDenied) {
      fault.error.hint += ", and see that the role's trust policy names it" +
                          std::string(options.external_id.empty() ? "" : " and the external id");
    }
    return std::unexpected(std::move(fault));
  }
  pugi::xml_document document;
  document.load_buffer(answer->body.data(), answer->body.size());
  const pugi::xml_node keys =
      document.first_element_by_path("AssumeRoleResponse/AssumeRoleResult/Credentials");
  TemporaryKeys given{.access_key_id = keys.child_value("AccessKeyId"),
                      .secret_access_key = keys.child_value("SecretAccessKey"),
                      .session_token = keys.child_value("SessionToken"),
                      .expiration = {}};
  std::tm expiration{};
  const char* end = strptime(keys.child_value("Expiration"), "%Y-%m-%dT%H:%M:%S", &expiration);
  if (given.access_key_id.empty() || given.secret_access_key.empty() || end == nullptr) {
    return std::unexpected(BadAnswer(call));
  }
  given.expiration = std::chrono::system_clock::from_time_t(timegm(&expiration));
  return given;
}

}  // namespace sgflow
