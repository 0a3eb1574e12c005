#include "live/fault_reason.h"

#include <cstddef>

#include "aws/action.h"

namespace sgflow {
namespace {

// AWS's own codes are letters, digits and dots; nobody knows what a proxy says.
std::string InParentheses(std::string_view code) {
  std::string text;
  for (const char c : code) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    if (plain && text.size() < 100) text += c;
  }
  return text.empty() ? text : " (" + text + ')';
}

std::string Why(const AwsFault& fault, const AwsAction& asked) {
  const std::string_view iam_action =
      fault.iam_action.empty() ? asked.iam_action : std::string_view(fault.iam_action);
  // A role has to be assumed before anything is asked.
  const bool by_another = iam_action != asked.iam_action;
  const std::string name(by_another ? iam_action.substr(iam_action.find(':') + 1) : asked.name);
  switch (fault.kind) {
    case AwsFault::Kind::kThrottled:
      return "it throttles " + name + InParentheses(fault.code);
    case AwsFault::Kind::kAccessDenied:
      return "it denies " + std::string(iam_action);
    case AwsFault::Kind::kCredentials:
      return "there are no valid credentials" + InParentheses(fault.code);
    case AwsFault::Kind::kUnreachable:
      return "it cannot be reached";
    case AwsFault::Kind::kBadAnswer:
      return "its answer to " + name + " cannot be read";
    case AwsFault::Kind::kNotFound:
    case AwsFault::Kind::kPrecondition:
    case AwsFault::Kind::kRefused:
      break;
  }
  return "it refuses " + name + InParentheses(fault.code);
}

}  // namespace

std::string ReasonOf(const AwsFault& fault, std::string_view what, Ec2Action action) {
  const AwsAction& asked = AwsActions()[static_cast<std::size_t>(action)];
  return "AWS could not be asked for " + std::string(what) + ": " + Why(fault, asked);
}

}  // namespace sgflow
