#include "aws/crt_proxy.h"

#include <aws/io/uri.h>

#include <array>

#include "aws/crt_pointer.h"
#include "aws/fault.h"

// Exported, and told of in the runtime's proxy.h; the header that declares it is not installed.
// NOLINTNEXTLINE(readability-identifier-naming): the runtime's own
extern "C" bool aws_http_host_matches_no_proxy(aws_allocator* allocator, aws_byte_cursor host,
                                               aws_string* no_proxy);

namespace sgflow {
namespace {

// The first that is set; the lower case comes first, as it does for the runtime.
std::string SetOne(const std::array<const char*, 2>& names) {
  for (const char* name : names) {
    if (!EnvironmentVariable(name).empty()) return name;
  }
  return {};
}

bool NeedsNone(const std::string& host, aws_allocator* allocator) {
  const std::string names = EnvironmentVariable(SetOne({"no_proxy", "NO_PROXY"}));
  if (names.empty()) return false;
  const CrtString text(aws_string_new_from_array(
      allocator, reinterpret_cast<const std::uint8_t*>(names.data()), names.size()));
  return aws_http_host_matches_no_proxy(allocator, Cursor(host), text.get());
}

bool IsProxyUrl(const std::string& url, aws_allocator* allocator) {
  aws_uri uri{};
  const aws_byte_cursor text = Cursor(url);
  if (aws_uri_init_parse(&uri, allocator, &text) != AWS_OP_SUCCESS) return false;
  const CrtPointer<aws_uri, aws_uri_clean_up> cleaned_up(&uri);
  const std::string_view scheme = View(uri.scheme);
  return (scheme.empty() || scheme == "http" || scheme == "https") && uri.host_name.len != 0 &&
         uri.port != 0;
}

}  // namespace

AwsResult<std::string> FindProxy(const Endpoint& endpoint, aws_allocator* allocator) {
  std::string variable =
      endpoint.tls ? SetOne({"https_proxy", "HTTPS_PROXY"}) : SetOne({"http_proxy", "HTTP_PROXY"});
  if (variable.empty() || NeedsNone(endpoint.host, allocator)) return std::string();
  // It is not quoted: a password may stand in it.
  if (!IsProxyUrl(EnvironmentVariable(variable), allocator)) {
    return std::unexpected(
        MakeFault(AwsFault::Kind::kUnreachable, variable + " is no proxy's URL",
                  "write it as http://HOST:PORT, or name " + endpoint.host + " in NO_PROXY"));
  }
  return variable;
}

}  // namespace sgflow
