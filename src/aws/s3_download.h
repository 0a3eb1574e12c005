// An object's bytes, in order and of any size: fetched ahead in ranges, several at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aws/s3_bucket.h"

namespace sgflow {

// For one thread. Holds five ranges at most.
class S3Download {
 public:
  static constexpr std::size_t kRangeBytes = std::size_t{2} << 20;
  static constexpr std::size_t kRangesAtOnce = 2;

  // Fetches the first range, which is mostly all. Null where the object is still the one with this
  // ETag (empty: none is at hand). The bucket must outlive it. Faults name the object.
  static AwsResult<std::unique_ptr<S3Download>> Open(S3Bucket& bucket, std::string key,
                                                     const std::string& known_etag = {});

  const std::string& etag() const { return etag_; }  // with its quotes, as S3 writes it
  std::uint64_t size() const { return size_; }
  // There is more than the first range.
  bool is_long() const { return size_ > kRangeBytes; }

  // Fills up to into.size() bytes and returns how many; 0 at the end. All are of one state of the
  // object: one that is replaced meanwhile is a fault. After a fault nothing more is to be had.
  AwsResult<std::size_t> Read(std::span<char> into);

 private:
  S3Download(S3Bucket& bucket, std::string key) : bucket_(bucket), key_(std::move(key)) {}
  AwsResult<void> TakeFirst(AwsResult<AwsAnswer> answer);
  void Ask();
  AwsResult<void> Take();
  AwsFault BadAnswer(const std::string& what) const;

  S3Bucket& bucket_;
  std::string key_;
  std::string etag_;
  std::uint64_t size_ = 0;
  std::uint64_t asked_ = 0;  // the ranges up to there are asked for
  std::uint64_t taken_ = 0;  // and up to there they have come
  std::string current_;
  std::size_t at_ = 0;
  std::deque<std::string> ready_;
  std::future<std::vector<AwsResult<AwsAnswer>>> under_way_;
};

}  // namespace sgflow
