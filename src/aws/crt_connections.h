// Connections to one endpoint, kept open and used again, over which requests are exchanged.
#pragma once

#include <aws/http/connection_manager.h>

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <utility>

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

  // One request, from the wait for a connection to the end of its answer.
  class Exchange {
   public:
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() = default;

    // Of no use any more. True: there was no connection yet, and nothing more will come of it.
    // Else it is ended, and `done` told at once that there was no answer in time, or of what came
    // before.
    virtual bool Abandon() = 0;
  };

  // Sends the request as soon as a connection is free. `done` is called once, on the runtime's
  // thread or before this returns; what the request's body points into lives until then, and so
  // does this.
  std::shared_ptr<Exchange> Start(CrtMessage request, std::function<void(Outcome)> done);

  // What an error says about the endpoint, or the proxy before it, for people.
  AwsFault FaultOf(int error) const;

 private:
  CrtConnections(std::shared_ptr<AwsRuntime> runtime, Endpoint endpoint, std::string proxy,
                 std::size_t max_answer_bytes)
      : runtime_(std::move(runtime)),
        endpoint_(std::move(endpoint)),
        proxy_(std::move(proxy)),
        max_answer_bytes_(max_answer_bytes) {}

  std::shared_ptr<AwsRuntime> runtime_;
  Endpoint endpoint_;
  std::string proxy_;  // the variable that names it; empty: none
  CrtPointer<aws_http_connection_manager, aws_http_connection_manager_release> manager_;
  std::size_t max_answer_bytes_;
};

// There was no answer in time.
int TimeoutError();

// Whether another attempt may fare better.
bool MayPass(int error);

}  // namespace sgflow
