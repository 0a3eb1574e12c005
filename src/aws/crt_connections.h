// Connections to one endpoint, kept open and used again, over which requests are exchanged.
#pragma once

#include <aws/http/connection_manager.h>

#include <expected>
#include <functional>
#include <memory>

#include "aws/client.h"
#include "aws/crt_runtime.h"
#include "aws/crt_signing.h"
#include "aws/settings.h"

namespace sgflow {

class CrtConnections {
 public:
  // An error of the runtime where there is no answer.
  using Outcome = std::expected<AwsAnswer, int>;

  static AwsResult<std::unique_ptr<CrtConnections>> Make(const std::shared_ptr<AwsRuntime>& runtime,
                                                         const Endpoint& endpoint,
                                                         const AwsClientOptions& options);

  // Sends the request as soon as a connection is free. `done` is called once, on the runtime's
  // thread or before this returns; what the request's body points into lives until then, and so
  // does this.
  void Exchange(CrtMessage request, AwsDeadline deadline, std::function<void(Outcome)> done);

 private:
  CrtConnections(std::shared_ptr<AwsRuntime> runtime, const AwsClientOptions& options)
      : runtime_(std::move(runtime)),
        max_answer_bytes_(options.max_answer_bytes),
        answer_timeout_(options.answer_timeout) {}

  std::shared_ptr<AwsRuntime> runtime_;
  CrtPointer<aws_http_connection_manager, aws_http_connection_manager_release> manager_;
  std::size_t max_answer_bytes_;
  std::chrono::milliseconds answer_timeout_;
};

// Whether another attempt may fare better.
bool MayPass(int error);

// What such an error says about the endpoint, for people.
AwsFault UnreachableFault(const Endpoint& endpoint, int error);

}  // namespace sgflow
