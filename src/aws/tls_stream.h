// TLS over a connection of one's own, with the runtime's library and what it trusts.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "aws/client.h"

namespace sgflow {

// For one thread.
class TlsStream {
 public:
  TlsStream() = default;
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  virtual ~TlsStream() = default;

  // How many there were; 0 at the end.
  [[nodiscard]] virtual AwsResult<std::size_t> Read(std::span<char> into) = 0;
  // How many were taken: not 0.
  [[nodiscard]] virtual AwsResult<std::size_t> Write(std::string_view bytes) = 0;
};

// Agrees on TLS 1.2 or newer with the server that must be `host`. The socket is connected and
// blocking, with the timeouts that are to hold, and must outlive the stream. Trusts what
// AWS_CA_BUNDLE, SSL_CERT_FILE or SSL_CERT_DIR name, else the system's certificates.
[[nodiscard]] AwsResult<std::unique_ptr<TlsStream>> OpenTlsStream(int socket,
                                                                  const std::string& host);

}  // namespace sgflow
