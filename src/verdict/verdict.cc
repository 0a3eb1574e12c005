#include "verdict/verdict.h"

#include <array>
#include <cstddef>

namespace sgflow {
namespace {

constexpr std::array<std::string_view, kVerdictKindCount> kVerdictNames{
    "not-applicable",      "unknown-interface",     "not-judged",
    "denied-by-vpc",       "allowed-by-rule",       "allowed-as-return",
    "allowed-unexplained", "denied-by-network-acl", "denied-by-security-group",
    "denied-after-close",  "denied-no-connection",  "denied-unexplained"};
static_assert(kVerdictNames[static_cast<std::size_t>(VerdictKind::kDeniedUnexplained)] ==
              "denied-unexplained");

constexpr std::array<std::string_view, 4> kConfidenceNames{"exact", "likely", "possible",
                                                           "ambiguous"};
constexpr std::array<std::string_view, 3> kInitiatorNames{"local", "peer", "unknown"};

constexpr std::array<std::string_view, 19> kPeerNames{"",
                                                      "instance",
                                                      "interface",
                                                      "load-balancer",
                                                      "nat-gateway",
                                                      "endpoint",
                                                      "lambda",
                                                      "rds",
                                                      "transit-gateway",
                                                      "file-system",
                                                      "cache",
                                                      "container-task",
                                                      "pod",
                                                      "kubernetes-control-plane",
                                                      "global-accelerator",
                                                      "api-gateway",
                                                      "aws-service",
                                                      "internet",
                                                      "private"};
static_assert(kPeerNames[static_cast<std::size_t>(PeerKind::kPrivate)] == "private");

}  // namespace

std::string_view NameOf(VerdictKind kind) { return kVerdictNames[static_cast<std::size_t>(kind)]; }

std::string_view NameOf(Confidence confidence) {
  return kConfidenceNames[static_cast<std::size_t>(confidence)];
}

std::string_view NameOf(Initiator initiator) {
  return kInitiatorNames[static_cast<std::size_t>(initiator)];
}

std::string_view NameOf(PeerKind kind) { return kPeerNames[static_cast<std::size_t>(kind)]; }

}  // namespace sgflow
