// Keys to sign with, shared by all calls that are under way with them, and where they come from.
#pragma once

#include <aws/auth/credentials.h>

#include <aws/http/proxy.h>
#include <aws/io/channel_bootstrap.h>
#include <aws/io/tls_channel_handler.h>

#include <functional>
#include <memory>
#include <string>

#include "aws/client.h"
#include "aws/crt_pointer.h"

namespace sgflow {

using CrtCredentials = std::shared_ptr<const aws_credentials>;

// Takes over the reference.
inline CrtCredentials OwnCredentials(aws_credentials* credentials) {
  return {credentials, [](const aws_credentials* owned) { aws_credentials_release(owned); }};
}

// Who gives them, and what is said where none come.
struct CredentialsSource {
  CrtPointer<aws_credentials_provider, aws_credentials_provider_release> provider;
  std::string none;   // that none were found
  std::string place;  // where they were looked for
  std::string advice;
};

// What it takes to ask for some over the network.
struct CredentialsMeans {
  aws_client_bootstrap* bootstrap = nullptr;
  proxy_env_var_settings* proxy = nullptr;
  std::function<AwsResult<aws_tls_ctx*>()> tls;  // asked where it is needed alone
};

// As AWS's own tools find them: the environment's pair of keys; what the profile in use says, and
// nothing else where it says something; else the runtime's default chain. The source keeps them and
// renews them. A fault where what is set cannot be.
AwsResult<CredentialsSource> FindCredentials(aws_allocator* allocator,
                                             const CredentialsMeans& means);

// Waits for what it gives.
AwsResult<CrtCredentials> WaitForCredentials(const CredentialsSource& source, AwsDeadline deadline);

}  // namespace sgflow
