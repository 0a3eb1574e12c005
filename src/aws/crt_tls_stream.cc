#include <s2n.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <utility>

#include "aws/crt_runtime.h"
#include "aws/fault.h"
#include "aws/tls_stream.h"

namespace sgflow {
namespace {

using Config = std::unique_ptr<s2n_config, decltype(&s2n_config_free)>;
using Connection = std::unique_ptr<s2n_connection, decltype(&s2n_connection_free)>;

AwsFault Fault(const std::string& what) { return MakeFault(AwsFault::Kind::kUnreachable, what); }

AwsFault LastFault(const std::string& what) {
  if (s2n_error_get_type(s2n_errno) == S2N_ERR_T_BLOCKED) return Fault(what + ": no answer");
  return Fault(what + ": " + s2n_strerror(s2n_errno, "EN"));
}

AwsFault HandshakeFault(const std::string& host) {
  AwsFault fault = LastFault("TLS with " + host + " fails");
  const bool is_of_certificate =
      std::string_view(s2n_strerror_name(s2n_errno)).starts_with("S2N_ERR_CERT");
  fault.error.hint =
      is_of_certificate
          ? "if its certificate is your company's own, name the file that has it in AWS_CA_BUNDLE; "
            "it must be made out to that name"
          : "does it speak TLS on that port? Without, the URL starts with redis://";
  return fault;
}

// Where Linux systems have theirs, as no library agrees with all of them on that.
constexpr std::array kSystemFiles{"/etc/ssl/certs/ca-certificates.crt",
                                  "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                                  "/etc/ssl/cert.pem"};

AwsResult<Config> MakeConfig() {
  Config config(s2n_config_new_minimal(), s2n_config_free);
  // TLS 1.2 and 1.3.
  if (config == nullptr ||
      s2n_config_set_cipher_preferences(config.get(), "default_tls13") != S2N_SUCCESS) {
    return std::unexpected(LastFault("TLS cannot be set up"));
  }
  TrustStore store = FindTrustStore();
  if (store.variable == nullptr) {
    for (const char* file : kSystemFiles) {
      if (store.file.empty() && access(file, R_OK) == 0) store.file = file;
    }
    if (store.file.empty()) store.folder = "/etc/ssl/certs";
  }
  if (s2n_config_set_verification_ca_location(
          config.get(), store.file.empty() ? nullptr : store.file.c_str(),
          store.folder.empty() ? nullptr : store.folder.c_str()) != S2N_SUCCESS) {
    return std::unexpected(UntrustedFault(store));
  }
  return config;
}

class S2nStream : public TlsStream {
 public:
  S2nStream(std::shared_ptr<AwsRuntime> runtime, Config config, Connection connection)
      : runtime_(std::move(runtime)),
        config_(std::move(config)),
        connection_(std::move(connection)) {}
  ~S2nStream() override {
    s2n_blocked_status blocked = S2N_NOT_BLOCKED;
    s2n_shutdown_send(connection_.get(), &blocked);
  }

  AwsResult<std::size_t> Read(std::span<char> into) override {
    s2n_blocked_status blocked = S2N_NOT_BLOCKED;
    const ssize_t count =
        s2n_recv(connection_.get(), into.data(), static_cast<ssize_t>(into.size()), &blocked);
    if (count < 0) return std::unexpected(LastFault("the TLS connection broke"));
    return static_cast<std::size_t>(count);
  }

  AwsResult<std::size_t> Write(std::string_view bytes) override {
    s2n_blocked_status blocked = S2N_NOT_BLOCKED;
    const ssize_t count =
        s2n_send(connection_.get(), bytes.data(), static_cast<ssize_t>(bytes.size()), &blocked);
    if (count <= 0) return std::unexpected(LastFault("the TLS connection broke"));
    return static_cast<std::size_t>(count);
  }

 private:
  std::shared_ptr<AwsRuntime> runtime_;  // which has started the library
  Config config_;
  Connection connection_;
};

}  // namespace

AwsResult<std::unique_ptr<TlsStream>> OpenTlsStream(int socket, const std::string& host) {
  auto runtime = AwsRuntime::Get();
  if (!runtime) return std::unexpected(std::move(runtime.error()));
  auto config = MakeConfig();
  if (!config) return std::unexpected(std::move(config.error()));
  Connection connection(s2n_connection_new(S2N_CLIENT), s2n_connection_free);
  const bool ready =
      connection != nullptr &&
      s2n_connection_set_config(connection.get(), config->get()) == S2N_SUCCESS &&
      s2n_set_server_name(connection.get(), host.c_str()) == S2N_SUCCESS &&
      s2n_connection_set_fd(connection.get(), socket) == S2N_SUCCESS &&
      // What is wrong is told at once; the server has no time to learn from it.
      s2n_connection_set_blinding(connection.get(), S2N_SELF_SERVICE_BLINDING) == S2N_SUCCESS;
  if (!ready) return std::unexpected(LastFault("TLS cannot be set up"));
  s2n_blocked_status blocked = S2N_NOT_BLOCKED;
  if (s2n_negotiate(connection.get(), &blocked) != S2N_SUCCESS) {
    return std::unexpected(HandshakeFault(host));
  }
  return std::make_unique<S2nStream>(std::move(*runtime), std::move(*config),
                                     std::move(connection));
}

}  // namespace sgflow
