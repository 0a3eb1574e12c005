// In place of the AWS Common Runtime, where sgflow is built without it (SGFLOW_AWS=OFF).
#include "aws/client.h"
#include "aws/fault.h"
#include "aws/tls_stream.h"

namespace sgflow {
namespace {

AwsFault BuiltWithout() {
  return MakeFault(AwsFault::Kind::kRefused, "this sgflow is built without calls to AWS",
                   "run make, which builds it with them (CMake option SGFLOW_AWS)");
}

class NoClient : public AwsClient {
 public:
  std::vector<AwsResult<AwsAnswer>> Send(std::span<const AwsCall> calls) override {
    return std::vector<AwsResult<AwsAnswer>>(calls.size(), std::unexpected(BuiltWithout()));
  }
};

}  // namespace

std::unique_ptr<AwsClient> MakeAwsClient(AwsClientOptions /*options*/) {
  return std::make_unique<NoClient>();
}

AwsResult<std::unique_ptr<TlsStream>> OpenTlsStream(int /*socket*/, const std::string& /*host*/) {
  return std::unexpected(BuiltWithout());
}

AwsResult<std::string> DefaultAwsRegion() { return std::unexpected(BuiltWithout()); }

}  // namespace sgflow
