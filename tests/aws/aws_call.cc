// Sends one call and prints what came: the status and the body, or the fault as people see it.
//   aws_call SERVICE REGION METHOD PATH [HEADER:VALUE...] <BODY
// SGFLOW_ROLE_ARN and SGFLOW_EXTERNAL_ID choose a role, SGFLOW_RETRY_DELAY_MS how long retries
// wait.
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <span>
#include <string>

#include "aws/client.h"

namespace sgflow {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

AwsClientOptions Options() {
  AwsClientOptions options;
  options.role_arn = Variable("SGFLOW_ROLE_ARN");
  options.retry_delay = options.throttled_retry_delay = std::chrono::milliseconds(0);
  if (const std::string timeout = Variable("SGFLOW_ANSWER_TIMEOUT_MS"); !timeout.empty()) {
    options.answer_timeout = std::chrono::milliseconds(std::stoi(timeout));
  }
  if (const std::string timeout = Variable("SGFLOW_ATTEMPT_TIMEOUT_MS"); !timeout.empty()) {
    options.attempt_timeout = std::chrono::milliseconds(std::stoi(timeout));
  }
  return options;
}

int Main(std::span<char*> arguments) {
  if (arguments.size() < 5) {
    std::cerr << "usage: aws_call SERVICE REGION METHOD PATH [HEADER:VALUE...] <BODY\n";
    return 2;
  }
  AwsCall call{.service = arguments[1],
               .region = arguments[2],
               .iam_action = std::string(arguments[1]) + ":Test",
               .method = arguments[3],
               .path = arguments[4],
               .body = std::string(std::istreambuf_iterator<char>(std::cin), {})};
  for (const std::string header : arguments.subspan(5)) {
    const std::size_t colon = header.find(':');
    call.headers.emplace_back(header.substr(0, colon), header.substr(colon + 1));
  }
  const auto client = MakeAwsClient(Options());
  const auto answer = client->Send(call);
  std::cerr << "requests " << client->counters().requests << '\n';
  if (!answer) {
    std::cerr << "code " << answer.error().code << '\n' << Describe(answer.error().error) << '\n';
    return 1;
  }
  std::cerr << "status " << answer->status << '\n';
  std::cout << answer->body;
  return 0;
}

}  // namespace
}  // namespace sgflow

int main(int argc, char** argv) { return sgflow::Main({argv, static_cast<std::size_t>(argc)}); }
