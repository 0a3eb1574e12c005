// The proxies that the environment names, as the runtime takes them.
#pragma once

#include <aws/common/allocator.h>

#include <string>

#include "aws/client.h"
#include "aws/settings.h"

namespace sgflow {

// The variable whose proxy stands before the endpoint: HTTPS_PROXY or HTTP_PROXY, as it is written
// there. Empty: none does, or NO_PROXY names the host. A fault where the variable has no URL of a
// proxy.
AwsResult<std::string> FindProxy(const Endpoint& endpoint, aws_allocator* allocator);

}  // namespace sgflow
