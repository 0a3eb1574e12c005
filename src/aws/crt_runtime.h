// The AWS Common Runtime, as long as somebody needs it: one thread that does all input and output,
// name look-ups, TLS, the profile, and the credentials that the environment leads to.
#pragma once

#include <aws/http/proxy.h>
#include <aws/io/channel_bootstrap.h>
#include <aws/io/event_loop.h>
#include <aws/io/host_resolver.h>
#include <aws/io/tls_channel_handler.h>

#include <memory>
#include <mutex>
#include <string>

#include "aws/client.h"
#include "aws/crt_credentials.h"
#include "aws/crt_pointer.h"
#include "aws/settings.h"

namespace sgflow {

// A file or folder of trusted certificates, and the variable that names it; none where the system's
// own hold.
struct TrustStore {
  const char* variable = nullptr;
  std::string file;
  std::string folder;
};
TrustStore FindTrustStore();
// That none could be read from it.
AwsFault UntrustedFault(const TrustStore& store);

class AwsRuntime {
 public:
  // The one of this process, which is started if it does not run. Who lets go of it last ends it,
  // and waits for its threads; connections must be gone by then.
  static AwsResult<std::shared_ptr<AwsRuntime>> Get();

  AwsRuntime(const AwsRuntime&) = delete;
  AwsRuntime& operator=(const AwsRuntime&) = delete;
  ~AwsRuntime();

  aws_allocator* allocator() const { return allocator_; }
  aws_client_bootstrap* bootstrap() const { return bootstrap_.get(); }
  const AwsSettings& settings() const { return settings_; }
  // HTTP_PROXY, HTTPS_PROXY and NO_PROXY hold.
  const proxy_env_var_settings& proxy() const { return proxy_; }

  // Reads the trusted certificates when first asked.
  AwsResult<aws_tls_ctx*> Tls();

  // The environment's, or the profile's; waits for them.
  AwsResult<CrtCredentials> Credentials(AwsDeadline deadline);

 private:
  explicit AwsRuntime(aws_allocator* allocator) : allocator_(allocator) {}
  bool Start();
  AwsResult<const CredentialsSource*> Source();

  aws_allocator* allocator_;
  CrtPointer<aws_event_loop_group, aws_event_loop_group_release> event_loops_;
  CrtPointer<aws_host_resolver, aws_host_resolver_release> resolver_;
  CrtPointer<aws_client_bootstrap, aws_client_bootstrap_release> bootstrap_;
  AwsSettings settings_;
  proxy_env_var_settings proxy_{};

  std::recursive_mutex mutex_;  // of what is made when it is first asked for
  CrtPointer<aws_tls_ctx, aws_tls_ctx_release> tls_;
  CredentialsSource credentials_;
};

}  // namespace sgflow
