#include "aws/crt_runtime.h"

#include <aws/auth/auth.h>
#include <aws/common/device_random.h>
#include <aws/common/error.h>
#include <openssl/x509.h>
#include <s2n.h>
#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "aws/crt_profile.h"
#include "aws/fault.h"

// What the runtime wants of the system that an empty folder, as a root, does not have.

// The linker puts this in the place of dlopen (--wrap=dlopen). The runtime only wants libnuma of it
// and does without, and a static program that loads libraries needs the very glibc that it was
// linked with.
extern "C" void* __wrap_dlopen(const char* /*file*/, int /*mode*/) { return nullptr; }

// Likewise. s2n wants the system's certificates for settings that nobody uses, whenever it starts
// and whenever something is set up: 6 ms each time where OpenSSL's file is there. What is to be
// trusted is always named (Tls, OpenTlsStream), and read then.
extern "C" int __wrap_X509_STORE_set_default_paths(X509_STORE* /*store*/) { return 1; }

// In the place of s2n's (--wrap). Where TLS failed a connection is to be closed only 10 to 30
// seconds later, lest anybody learns something about what was encrypted from the time it took
// (s2n.h, s2n_blinding). Nothing was before the handshake's end: a server that is not trusted is
// told at once.
// NOLINTNEXTLINE(*-identifier-naming): the linker's name for s2n's own
extern "C" std::uint64_t __real_s2n_connection_get_delay(s2n_connection* connection);
extern "C" std::uint64_t __wrap_s2n_connection_get_delay(s2n_connection* connection) {
  if (!s2n_connection_handshake_complete(connection)) return 0;
  return __real_s2n_connection_get_delay(connection);
}

// Both in the place of the runtime's own, which abort where there is no /dev/urandom.
extern "C" int aws_device_random_buffer_append(aws_byte_buf* output, std::size_t n) {
  if (output->capacity - output->len < n) return aws_raise_error(AWS_ERROR_SHORT_BUFFER);
  const std::size_t whole = output->len + n;
  while (output->len < whole) {
    const ssize_t got = getrandom(output->buffer + output->len, whole - output->len, 0);
    if (got < 0 && errno != EINTR) return aws_raise_error(AWS_ERROR_RANDOM_GEN_FAILED);
    if (got > 0) output->len += static_cast<std::size_t>(got);
  }
  return AWS_OP_SUCCESS;
}
extern "C" int aws_device_random_buffer(aws_byte_buf* output) {
  return aws_device_random_buffer_append(output, output->capacity - output->len);
}

namespace sgflow {
namespace {

AwsFault NotStarted() {
  return MakeFault(AwsFault::Kind::kUnreachable,
                   std::string("AWS's runtime does not start: ") + aws_error_str(aws_last_error()),
                   "it takes a thread and a few file descriptors: see ulimit -a");
}

AwsFault TlsFault(const TrustStore& store, int error) {
  const bool has_none =
      store.variable != nullptr || error == AWS_IO_TLS_ERROR_DEFAULT_TRUST_STORE_NOT_FOUND;
  if (has_none) return UntrustedFault(store);
  return MakeFault(AwsFault::Kind::kUnreachable,
                   std::string("TLS cannot be set up: ") + aws_error_str(error));
}

}  // namespace

TrustStore FindTrustStore() {
  for (const char* name : {"AWS_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (std::string file = EnvironmentVariable(name); !file.empty())
      return {name, std::move(file), {}};
  }
  if (std::string folder = EnvironmentVariable("SSL_CERT_DIR"); !folder.empty()) {
    return {"SSL_CERT_DIR", {}, std::move(folder)};
  }
  return {};
}

AwsFault UntrustedFault(const TrustStore& store) {
  if (store.variable != nullptr) {
    return MakeFault(AwsFault::Kind::kUnreachable,
                     std::string(store.variable) + ": no trusted certificates can be read from " +
                         store.file + store.folder,
                     "name a file of certificates in PEM form");
  }
  return MakeFault(AwsFault::Kind::kUnreachable,
                   "this system has no trusted certificates, so no server can be trusted",
                   "install them (ca-certificates), or name a file of them in SSL_CERT_FILE");
}

AwsResult<std::shared_ptr<AwsRuntime>> AwsRuntime::Get() {
  static std::mutex mutex;
  static std::weak_ptr<AwsRuntime> running;
  const std::lock_guard lock(mutex);
  if (auto runtime = running.lock()) return runtime;

  aws_allocator* allocator = aws_default_allocator();
  aws_auth_library_init(allocator);
  // Not make_shared: the constructor is private.
  std::shared_ptr<AwsRuntime> runtime(new AwsRuntime(allocator));
  if (!runtime->Start()) return std::unexpected(NotStarted());
  running = runtime;
  return runtime;
}

bool AwsRuntime::Start() {
  const aws_event_loop_group_options loops{.loop_count = 1};
  event_loops_.reset(aws_event_loop_group_new(allocator_, &loops));
  if (event_loops_ == nullptr) return false;
  const aws_host_resolver_default_options resolver{.max_entries = 64,
                                                   .el_group = event_loops_.get()};
  resolver_.reset(aws_host_resolver_new_default(allocator_, &resolver));
  if (resolver_ == nullptr) return false;
  const aws_client_bootstrap_options bootstrap{.event_loop_group = event_loops_.get(),
                                               .host_resolver = resolver_.get()};
  bootstrap_.reset(aws_client_bootstrap_new(allocator_, &bootstrap));
  if (bootstrap_ == nullptr) return false;
  proxy_.env_var_type = AWS_HPEV_ENABLE;
  settings_ = ReadSettings(allocator_);
  return true;
}

AwsRuntime::~AwsRuntime() {
  settings_ = {};
  credentials_ = {};
  tls_.reset();
  bootstrap_.reset();
  resolver_.reset();
  event_loops_.reset();
  // Waits for the threads.
  aws_auth_library_clean_up();
}

AwsResult<aws_tls_ctx*> AwsRuntime::Tls() {
  const std::lock_guard lock(mutex_);
  if (tls_ != nullptr) return tls_.get();
  const TrustStore store = FindTrustStore();
  aws_tls_ctx_options options{};
  aws_tls_ctx_options_init_default_client(&options, allocator_);
  const CrtPointer<aws_tls_ctx_options, aws_tls_ctx_options_clean_up> cleaned_up(&options);
  aws_tls_ctx_options_set_minimum_tls_version(&options, AWS_IO_TLSv1_2);
  if (store.variable != nullptr &&
      aws_tls_ctx_options_override_default_trust_store_from_path(
          &options, store.folder.empty() ? nullptr : store.folder.c_str(),
          store.file.empty() ? nullptr : store.file.c_str()) != AWS_OP_SUCCESS) {
    return std::unexpected(TlsFault(store, aws_last_error()));
  }
  tls_.reset(aws_tls_client_ctx_new(allocator_, &options));
  if (tls_ == nullptr) return std::unexpected(TlsFault(store, aws_last_error()));
  return tls_.get();
}

AwsResult<const CredentialsSource*> AwsRuntime::Source() {
  const std::lock_guard lock(mutex_);
  if (credentials_.provider != nullptr) return &credentials_;
  auto found = FindCredentials(
      allocator_, {.bootstrap = bootstrap(), .proxy = &proxy_, .tls = [this] { return Tls(); }});
  if (!found) return std::unexpected(std::move(found.error()));
  if (found->provider == nullptr) return std::unexpected(NotStarted());
  credentials_ = std::move(*found);
  return &credentials_;
}

AwsResult<CrtCredentials> AwsRuntime::Credentials(AwsDeadline deadline) {
  const auto source = Source();
  if (!source) return std::unexpected(source.error());
  return WaitForCredentials(**source, deadline);
}

}  // namespace sgflow
