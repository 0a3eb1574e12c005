// AwsClient on the AWS Common Runtime. The thread that calls Send decides everything; the runtime's
// thread only carries bytes and puts what came of them into a mailbox.
#include <aws/common/error.h>
#include <aws/io/stream.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "aws/client.h"
#include "aws/crt_connections.h"
#include "aws/crt_identity.h"
#include "aws/crt_runtime.h"
#include "aws/crt_signing.h"
#include "aws/fault.h"
#include "aws/retry.h"
#include "aws/settings.h"

namespace sgflow {
namespace {

using Clock = std::chrono::steady_clock;

// An endpoint that has been called.
struct Host {
  Endpoint endpoint;
  std::unique_ptr<CrtConnections> connections;
  RetryQuota quota;
};

struct Arrived {
  std::size_t call;
  CrtConnections::Outcome outcome;
};

class Mailbox {
 public:
  void Put(Arrived arrived) {
    // Told under the lock: whoever has been told may take the mailbox down.
    const std::lock_guard lock(mutex_);
    arrived_.push_back(std::move(arrived));
    changed_.notify_one();
  }

  // Empty when the time has come.
  std::vector<Arrived> WaitUntil(std::optional<Clock::time_point> time) {
    std::unique_lock lock(mutex_);
    const auto any = [this] { return !arrived_.empty(); };
    if (time) {
      changed_.wait_until(lock, *time, any);
    } else {
      changed_.wait(lock, any);
    }
    return std::exchange(arrived_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Arrived> arrived_;
};

CrtMessage MakeRequest(const AwsCall& call, const Endpoint& endpoint, aws_allocator* allocator) {
  CrtMessage request(aws_http_message_new_request(allocator));
  const auto add = [&](std::string_view name, std::string_view value) {
    aws_http_message_add_header(request.get(), {.name = Cursor(name), .value = Cursor(value)});
  };
  aws_http_message_set_request_method(request.get(), Cursor(call.method));
  aws_http_message_set_request_path(request.get(), Cursor(endpoint.path + call.path));
  add("host", endpoint.Authority());
  add("user-agent", "sgflow");
  for (const auto& [name, value] : call.headers) add(name, value);
  if (!call.body.empty() || (call.method != "GET" && call.method != "HEAD")) {
    add("content-length", std::to_string(call.body.size()));
    const aws_byte_cursor body = Cursor(call.body);
    const CrtPointer<aws_input_stream, aws_input_stream_release> stream(
        aws_input_stream_new_from_cursor(allocator, &body));
    aws_http_message_set_body_stream(request.get(), stream.get());
  }
  return request;
}

AwsFault TooLateFault(const AwsCall& call) {
  return MakeFault(AwsFault::Kind::kUnreachable,
                   call.iam_action + " in " + call.region + ": there was no time left to ask");
}

// The calls of one Send, from the first attempts to the last answer.
class Batch {
 public:
  // What all of them have in common.
  struct Common {
    const AwsClientOptions& options;
    aws_allocator* allocator;
    const aws_credentials& credentials;
    std::atomic<std::uint64_t>& requests;
    std::atomic<std::uint64_t>& throttles;
  };

  Batch(const Common& common, std::span<const AwsCall> calls)
      : common_(common), flights_(calls.size()), results_(calls.size()) {
    for (std::size_t i = 0; i < calls.size(); ++i) flights_[i].call = &calls[i];
  }

  void Start(std::size_t index, Host& host) {
    flights_[index].host = &host;
    flights_[index].patient_until = Clock::now() + common_.options.patience;
    Launch(index);
  }

  void Fail(std::size_t index, AwsFault fault) {
    results_[index] = std::unexpected(std::move(fault));
  }

  std::vector<AwsResult<AwsAnswer>> Finish() {
    while (under_way_ > 0 || !retries_.empty()) {
      for (Arrived& arrived : mailbox_.WaitUntil(NextWakening())) {
        Land(arrived.call, std::move(arrived.outcome));
      }
      const auto now = Clock::now();
      EndOverdue(now);
      while (!retries_.empty() && retries_.begin()->first <= now) {
        const std::size_t index = retries_.begin()->second;
        retries_.erase(retries_.begin());
        Launch(index);
      }
    }
    return std::move(results_);
  }

 private:
  struct Flight {
    const AwsCall* call = nullptr;
    Host* host = nullptr;
    int attempts = 0;
    int taken = 0;  // from the retry quota, by the last retry
    bool perhaps_done = false;
    Clock::time_point patient_until;
    // While it is under way, and not given up.
    std::shared_ptr<CrtConnections::Exchange> exchange{};
    Clock::time_point due;
  };

  std::optional<Clock::time_point> NextWakening() const {
    std::optional<Clock::time_point> next;
    if (!retries_.empty()) next = retries_.begin()->first;
    for (const Flight& flight : flights_) {
      if (flight.exchange != nullptr && (!next || flight.due < *next)) next = flight.due;
    }
    return next;
  }

  void EndOverdue(Clock::time_point now) {
    for (std::size_t i = 0; i < flights_.size(); ++i) {
      if (flights_[i].exchange == nullptr || now < flights_[i].due) continue;
      const auto exchange = std::exchange(flights_[i].exchange, nullptr);
      if (exchange->Abandon()) Land(i, std::unexpected(TimeoutError()));
    }
  }

  void Land(std::size_t index, CrtConnections::Outcome outcome) {
    --under_way_;
    flights_[index].exchange = nullptr;
    Settle(index, std::move(outcome));
  }

  void Launch(std::size_t index) {
    Flight& flight = flights_[index];
    const AwsCall& call = *flight.call;
    if (Clock::now() >= call.deadline) return Fail(index, TooLateFault(call));
    CrtMessage request = MakeRequest(call, flight.host->endpoint, common_.allocator);
    // Signed anew each time: a signature grows old.
    if (!Sign(*request, common_.credentials,
              {call.service, call.region, std::chrono::system_clock::now()})) {
      Fail(index, MakeFault(AwsFault::Kind::kRefused, call.iam_action + ": cannot be signed: " +
                                                          aws_error_str(aws_last_error())));
      return;
    }
    ++flight.attempts;
    ++under_way_;
    ++common_.requests;
    flight.due = std::min(call.deadline, Clock::now() + common_.options.attempt_timeout);
    flight.exchange = flight.host->connections->Start(
        std::move(request), [this, index](CrtConnections::Outcome outcome) {
          mailbox_.Put({index, std::move(outcome)});
        });
  }

  void Settle(std::size_t index, CrtConnections::Outcome outcome) {
    Flight& flight = flights_[index];
    const AwsCall& call = *flight.call;
    if (!outcome) {
      AwsFault fault = flight.host->connections->FaultOf(outcome.error());
      fault.error.message = call.iam_action + " in " + call.region + ": " + fault.error.message;
      const bool may_pass = MayPass(outcome.error());
      RetryOrFail(index, std::move(fault), may_pass ? RetryCause::kTransient : RetryCause::kNone);
    } else if (outcome->status >= 300 || (call.service == "s3" && IsLateError(*outcome))) {
      AwsFault fault = FaultOf(call, *outcome, std::chrono::system_clock::now());
      const RetryCause cause = RetryCauseOf(outcome->status, fault.code);
      if (cause == RetryCause::kThrottled) ++common_.throttles;
      RetryOrFail(index, std::move(fault), cause);
    } else if (call.service != "s3" && IsWebPage(*outcome)) {
      Fail(index, WebPageFault(call, *outcome));
    } else {
      flight.host->quota.Succeed(flight.taken);
      results_[index] = std::move(*outcome);
    }
  }

  void RetryOrFail(std::size_t index, AwsFault fault, RetryCause cause) {
    Flight& flight = flights_[index];
    fault.perhaps_done = flight.perhaps_done;
    if (MayRetry(flight, cause)) {
      const bool is_refused = fault.kind == AwsFault::Kind::kPrecondition;
      flight.perhaps_done |= cause == RetryCause::kTransient && !is_refused;
      const double random = std::uniform_real_distribution<double>()(random_);
      const auto due =
          Clock::now() + RetryDelay(common_.options, cause, flight.attempts - 1, random);
      if (due < flight.call->deadline) {
        retries_.emplace(due, index);
        return;
      }
    }
    if (flight.attempts > 1) {
      fault.error.message += " (" + std::to_string(flight.attempts) + " attempts)";
    }
    Fail(index, std::move(fault));
  }

  bool MayRetry(Flight& flight, RetryCause cause) {
    if (cause == RetryCause::kNone) return false;
    if (cause == RetryCause::kThrottled && Clock::now() < flight.patient_until) return true;
    if (flight.attempts >= common_.options.max_attempts) return false;
    flight.taken = flight.host->quota.Take(cause);
    return flight.taken > 0;
  }

  Common common_;
  std::vector<Flight> flights_;
  std::vector<AwsResult<AwsAnswer>> results_;
  Mailbox mailbox_;
  std::size_t under_way_ = 0;
  std::multimap<Clock::time_point, std::size_t> retries_;  // by when they are due
  std::minstd_rand random_{std::random_device()()};
};

class CrtClient : public AwsClient {
 public:
  explicit CrtClient(AwsClientOptions options)
      : options_(std::move(options)), identity_(options_) {}

  using AwsClient::Send;
  std::vector<AwsResult<AwsAnswer>> Send(std::span<const AwsCall> calls) override;

  AwsCounters counters() const override {
    AwsCounters counters = identity_.counters();
    counters.requests += requests_;
    counters.throttles += throttles_;
    return counters;
  }

 private:
  AwsResult<Host*> HostOf(const AwsCall& call, const std::shared_ptr<AwsRuntime>& runtime);
  std::vector<AwsResult<AwsAnswer>> SendWithRegions(std::span<const AwsCall> calls,
                                                    const std::shared_ptr<AwsRuntime>& runtime);

  AwsClientOptions options_;
  CrtIdentity identity_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint64_t> throttles_ = 0;

  std::mutex mutex_;
  std::shared_ptr<AwsRuntime> runtime_;  // from the first call on
  std::map<Endpoint, Host> hosts_;
};

AwsResult<Host*> CrtClient::HostOf(const AwsCall& call,
                                   const std::shared_ptr<AwsRuntime>& runtime) {
  const auto endpoint = FindEndpoint(runtime->settings(), call.service, call.region);
  if (!endpoint) return std::unexpected(endpoint.error());
  const std::lock_guard lock(mutex_);
  if (const auto known = hosts_.find(*endpoint); known != hosts_.end()) return &known->second;
  auto connections = CrtConnections::Make(runtime, *endpoint, options_);
  if (!connections) return std::unexpected(connections.error());
  Host& host = hosts_[*endpoint];
  host.endpoint = *endpoint;
  host.connections = std::move(*connections);
  return &host;
}

std::vector<AwsResult<AwsAnswer>> CrtClient::SendWithRegions(
    std::span<const AwsCall> calls, const std::shared_ptr<AwsRuntime>& runtime) {
  const auto credentials =
      identity_.Credentials(*runtime, calls.front().region, calls.front().deadline);
  if (!credentials) {
    return std::vector<AwsResult<AwsAnswer>>(calls.size(), std::unexpected(credentials.error()));
  }
  Batch batch({options_, runtime->allocator(), **credentials, requests_, throttles_}, calls);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto host = HostOf(calls[i], runtime);
    if (host) {
      batch.Start(i, **host);
    } else {
      batch.Fail(i, host.error());
    }
  }
  return batch.Finish();
}

std::vector<AwsResult<AwsAnswer>> CrtClient::Send(std::span<const AwsCall> calls) {
  if (calls.empty()) return {};
  const auto fail = [&](const AwsFault& fault) {
    return std::vector<AwsResult<AwsAnswer>>(calls.size(), std::unexpected(fault));
  };
  std::shared_ptr<AwsRuntime> runtime;
  {
    const std::lock_guard lock(mutex_);
    if (runtime_ == nullptr) {
      auto started = AwsRuntime::Get();
      if (!started) return fail(started.error());
      runtime_ = std::move(*started);
    }
    runtime = runtime_;
  }
  if (std::ranges::none_of(calls, &std::string::empty, &AwsCall::region)) {
    return SendWithRegions(calls, runtime);
  }
  const auto region = FindRegion(runtime->settings());
  if (!region) return fail(region.error());
  std::vector<AwsCall> complete(calls.begin(), calls.end());
  for (AwsCall& call : complete) {
    if (call.region.empty()) call.region = *region;
  }
  return SendWithRegions(complete, runtime);
}

}  // namespace

std::unique_ptr<AwsClient> MakeAwsClient(AwsClientOptions options) {
  return std::make_unique<CrtClient>(std::move(options));
}

AwsResult<std::string> DefaultAwsRegion() {
  // Only the profile takes the runtime.
  const AwsSettings variables{
      .variable = EnvironmentVariable,
      .property = [](const std::string&, const std::string&) { return std::string(); }};
  if (auto region = FindRegion(variables)) return region;
  const auto runtime = AwsRuntime::Get();
  if (!runtime) return std::unexpected(runtime.error());
  return FindRegion((*runtime)->settings());
}

}  // namespace sgflow
