#include "store/snapshot_file.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "aws/client.h"
#include "aws/s3_object.h"
#include "store/output_file.h"
#include "store/redis_store.h"
#include "store/redis_url.h"

namespace sgflow {
namespace {

// Empty for a path.
std::string_view SchemeOf(std::string_view url) {
  const std::size_t end = url.find("://");
  return end == std::string_view::npos ? std::string_view() : url.substr(0, end);
}

std::unexpected<Error> Unwritable(std::string_view scheme) {
  return std::unexpected(
      Error{.kind = ErrorKind::kUsage,
            .message = "no snapshot can be written to " + std::string(scheme) + "://",
            .place = {.file = {}, .line = 0, .column = 0, .field = "--output"},
            .hint = "one of: a path, s3://, redis://, rediss://"});
}

template <typename T>
Result<void> WithoutValue(Result<T> result) {
  if (!result) return std::unexpected(std::move(result.error()));
  return {};
}

bool IsRedis(std::string_view scheme) { return scheme == "redis" || scheme == "rediss"; }

Result<void> WriteToS3(const std::string& url, std::string_view bytes) {
  auto location = ParseS3Url(url);
  if (!location) return std::unexpected(std::move(location.error()));
  const auto client = MakeAwsClient({});
  S3Object object(*client, std::move(*location));
  auto put = url.ends_with(".gz") ? object.Put(GzipOf(bytes)) : object.Put(bytes);
  if (put) return {};
  put.error().error.place.file = url;
  return std::unexpected(std::move(put.error().error));
}

}  // namespace

std::string GzipOf(std::string_view bytes) {
  // Level 1 makes a tenth of a snapshot's JSON at hundreds of megabytes a second.
  std::vector<std::uint8_t> memory(ISAL_DEF_LVL1_DEFAULT);
  isal_zstream stream{};
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = memory.data();
  stream.level_buf_size = static_cast<std::uint32_t>(memory.size());
  stream.gzip_flag = IGZIP_GZIP;
  std::string compressed;
  std::array<std::uint8_t, std::size_t{256} * 1024> block{};
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  do {
    if (stream.avail_in == 0) {
      const std::size_t count = std::min(bytes.size(), kMost);
      // Only read from; the library's C has no const.
      stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
      stream.avail_in = static_cast<std::uint32_t>(count);
      bytes.remove_prefix(count);
      stream.end_of_stream = bytes.empty() ? 1 : 0;
    }
    stream.next_out = block.data();
    stream.avail_out = static_cast<std::uint32_t>(block.size());
    isal_deflate(&stream);
    compressed.append(reinterpret_cast<const char*>(block.data()), block.size() - stream.avail_out);
  } while (stream.internal_state.state != ZSTATE_END);
  return compressed;
}

Result<void> CheckSnapshotUrl(const std::string& url) {
  const std::string_view scheme = SchemeOf(url);
  if (scheme == "s3") return WithoutValue(ParseS3Url(url));
  if (IsRedis(scheme)) return WithoutValue(ParseRedisUrl(url));
  if (!scheme.empty()) return Unwritable(scheme);
  const auto file = OutputFile::Open(url);
  if (!file) return std::unexpected(file.error());
  return {};
}

Result<void> WriteSnapshot(const std::string& url, std::string_view bytes,
                           const SnapshotAccess& access) {
  const std::string_view scheme = SchemeOf(url);
  if (scheme == "s3") return WriteToS3(url, bytes);
  if (IsRedis(scheme)) {
    auto parsed = ParseRedisUrl(url);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    RedisLogin login(std::move(*parsed), SecretOf(access.redis_password_secret));
    auto written = WriteToRedis(login, GzipOf(bytes));
    if (!written) written.error().place.file = login.url().ToString();
    return written;
  }
  if (!scheme.empty()) return Unwritable(scheme);
  auto file = OutputFile::Open(url);
  if (!file) return std::unexpected(std::move(file.error()));
  const auto written = file->Write(url.ends_with(".gz") ? GzipOf(bytes) : bytes);
  return written ? file->Commit() : written;
}

}  // namespace sgflow
