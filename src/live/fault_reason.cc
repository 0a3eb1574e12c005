#include "live/fault_reason.h"

#include <cstddef>
#include <string_view>

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

// Of settings a message may quote anything.
std::string Plain(std::string text) {
  std::erase_if(text, [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; });
  return text;
}

std::string_view NameOf(Learnable what) {
  switch (what) {
    case Learnable::kInterface:
      return "the interface";
    case Learnable::kGroupRules:
      return "the rules of its security groups";
    case Learnable::kGroupMembers:
      return "the interfaces that carry a group";
    case Learnable::kPrefixList:
      return "the entries of a prefix list";
    case Learnable::kNetworkAcl:
      return "the network ACL of its subnet";
    case Learnable::kBranches:
      break;
  }
  return "the branches of the trunk interface";
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
      return fault.code.empty() ? "no AWS credentials were found"
                                : "there are no valid credentials" + InParentheses(fault.code);
    case AwsFault::Kind::kUnreachable:
      return "it cannot be reached";
    case AwsFault::Kind::kBadAnswer:
      return "its answer to " + name + " cannot be read";
    case AwsFault::Kind::kNotFound:
    case AwsFault::Kind::kPrecondition:
    case AwsFault::Kind::kRefused:
      break;
  }
  // Nothing was sent: no Region, no endpoint.
  if (fault.iam_action.empty() && fault.code.empty()) return Plain(fault.error.message);
  return "it refuses " + name + InParentheses(fault.code);
}

}  // namespace

std::string ReasonOf(const AwsFault& fault, Learnable what, Ec2Action action) {
  const AwsAction& asked = AwsActions()[static_cast<std::size_t>(action)];
  return "AWS could not be asked for " + std::string(NameOf(what)) + ": " + Why(fault, asked);
}

}  // namespace sgflow
