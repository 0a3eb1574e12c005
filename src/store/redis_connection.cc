#include "store/redis_connection.h"

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "aws/tls_stream.h"

namespace sgflow {
namespace {

Error Fault(std::string message, std::string hint = {}) {
  return {.kind = ErrorKind::kEnvironment,
          .message = std::move(message),
          .place = {},
          .hint = std::move(hint)};
}

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// 0, or an errno.
int ConnectWithin(int descriptor, const addrinfo& address, std::chrono::milliseconds time) {
  const int flags = fcntl(descriptor, F_GETFL);
  fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  if (connect(descriptor, address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return errno;
    pollfd wanted{.fd = descriptor, .events = POLLOUT, .revents = 0};
    const int ready = poll(&wanted, 1, static_cast<int>(time.count()));
    if (ready <= 0) return ready == 0 ? ETIMEDOUT : errno;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return error;
  }
  fcntl(descriptor, F_SETFL, flags);
  return 0;
}

Result<Socket> Connect(const RedisUrl& url, std::chrono::seconds timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed =
      getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
  if (failed != 0) {
    return std::unexpected(Fault("there is no host " + url.host + ": " + gai_strerror(failed)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  int error = 0;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Socket connected(socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol));
    if (connected.get() < 0) continue;
    error = ConnectWithin(connected.get(), *one, timeout);
    if (error != 0) continue;
    const timeval time{.tv_sec = timeout.count(), .tv_usec = 0};
    setsockopt(connected.get(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    setsockopt(connected.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    const int on = 1;
    setsockopt(connected.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connected;
  }
  return std::unexpected(Fault("Redis cannot be reached: " + std::string(std::strerror(error))));
}

RedisReply Take(const redisReply& reply) {
  RedisReply taken;
  switch (reply.type) {
    case REDIS_REPLY_ARRAY:
      for (std::size_t i = 0; i < reply.elements; ++i) {
        taken.elements.push_back(Take(*reply.element[i]));
      }
      break;
    case REDIS_REPLY_NIL:
      break;
    case REDIS_REPLY_INTEGER:
      taken.text = std::to_string(reply.integer);
      break;
    default:
      taken.text.emplace(reply.str, static_cast<std::size_t>(reply.len));
  }
  return taken;
}

class Connection : public RedisConnection {
 public:
  Connection(Socket socket, std::unique_ptr<TlsStream> tls)
      : socket_(std::move(socket)), tls_(std::move(tls)) {
    // A snapshot is far longer than hiredis would keep room for.
    reader_->maxbuf = 0;
  }

  using RedisConnection::Ask;
  Result<RedisReply> Ask(std::span<const std::string_view> words) override {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string_view word : words) {
      texts.push_back(word.data());
      sizes.push_back(word.size());
    }
    char* command = nullptr;
    const int size = redisFormatCommandArgv(&command, static_cast<int>(words.size()), texts.data(),
                                            sizes.data());
    if (size < 0) return std::unexpected(Fault("the command is too long for Redis"));
    const std::unique_ptr<char, decltype(&redisFreeCommand)> owned(command, redisFreeCommand);
    if (auto sent = Send({command, static_cast<std::size_t>(size)}); !sent) {
      return std::unexpected(std::move(sent.error()));
    }
    return Receive();
  }

 private:
  Result<void> Send(std::string_view bytes) {
    while (!bytes.empty()) {
      if (tls_ != nullptr) {
        auto sent = tls_->Write(bytes);
        if (!sent) return std::unexpected(std::move(sent.error().error));
        bytes.remove_prefix(*sent);
        continue;
      }
      const ssize_t sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return std::unexpected(Silent());
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
  }

  Result<RedisReply> Receive() {
    while (true) {
      void* found = nullptr;
      if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK) {
        return std::unexpected(
            Fault("its answer is not that of a Redis server: " + std::string(reader_->errstr)));
      }
      if (found != nullptr) {
        const std::unique_ptr<redisReply, decltype(&freeReplyObject)> reply(
            static_cast<redisReply*>(found), freeReplyObject);
        if (reply->type == REDIS_REPLY_ERROR) {
          return std::unexpected(
              Fault(std::string(reply->str, static_cast<std::size_t>(reply->len))));
        }
        return Take(*reply);
      }
      auto count = ReadSome();
      if (!count) return std::unexpected(std::move(count.error()));
      redisReaderFeed(reader_.get(), block_.data(), *count);
    }
  }

  Result<std::size_t> ReadSome() {
    if (tls_ != nullptr) {
      auto count = tls_->Read(block_);
      if (!count) return std::unexpected(std::move(count.error().error));
      if (*count == 0) return std::unexpected(Fault("Redis cut the connection off"));
      return *count;
    }
    while (true) {
      const ssize_t count = recv(socket_.get(), block_.data(), block_.size(), 0);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return std::unexpected(Silent());
      if (count == 0) return std::unexpected(Fault("Redis cut the connection off"));
      return static_cast<std::size_t>(count);
    }
  }

  static Error Silent() {
    const bool waited = errno == EAGAIN;
    return Fault(waited ? std::string("Redis does not answer")
                        : "Redis cannot be reached: " + std::string(std::strerror(errno)));
  }

  // Must outlive the TLS over it.
  Socket socket_;
  std::unique_ptr<TlsStream> tls_;
  std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader_{redisReaderCreate(),
                                                                   redisReaderFree};
  std::array<char, std::size_t{64} * 1024> block_{};
};

}  // namespace

Result<std::unique_ptr<RedisConnection>> RedisConnection::Open(const RedisUrl& url,
                                                               std::chrono::seconds timeout) {
  auto socket = Connect(url, timeout);
  if (!socket) return std::unexpected(std::move(socket.error()));
  std::unique_ptr<TlsStream> tls;
  if (url.tls) {
    auto opened = OpenTlsStream(socket->get(), url.host);
    if (!opened) return std::unexpected(std::move(opened.error().error));
    tls = std::move(*opened);
  }
  return std::make_unique<Connection>(std::move(*socket), std::move(tls));
}

}  // namespace sgflow
