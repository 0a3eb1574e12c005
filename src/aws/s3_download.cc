#include "aws/s3_download.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "aws/fault.h"

namespace sgflow {
namespace {

std::string RangeOf(std::uint64_t begin, std::uint64_t end) {
  return "bytes=" + std::to_string(begin) + "-" + std::to_string(end - 1);
}

struct ContentRange {
  std::uint64_t begin = 0;
  std::uint64_t last = 0;
  std::uint64_t size = 0;  // of the whole object
};

// "bytes 0-99/1234"
std::optional<ContentRange> ParseContentRange(std::string_view text) {
  ContentRange range;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto skip = [&](std::string_view word) {
    if (!std::string_view(at, end).starts_with(word)) return false;
    at += word.size();
    return true;
  };
  const auto number = [&](std::uint64_t& value) {
    const auto [rest, error] = std::from_chars(at, end, value);
    at = rest;
    return error == std::errc();
  };
  const bool read = skip("bytes ") && number(range.begin) && skip("-") && number(range.last) &&
                    skip("/") && number(range.size) && at == end;
  if (!read || range.last < range.begin || range.last >= range.size) return std::nullopt;
  return range;
}

bool IsOfNothing(const AwsFault& fault) { return fault.code == "InvalidRange"; }

}  // namespace

AwsResult<std::unique_ptr<S3Download>> S3Download::Open(S3Bucket& bucket, std::string key,
                                                        const std::string& known_etag) {
  AwsCall call = bucket.Call("GET", "s3:GetObject", key);
  if (!known_etag.empty()) call.headers.emplace_back("if-none-match", known_etag);
  AwsCall first = call;
  first.headers.emplace_back("range", RangeOf(0, kRangeBytes));
  auto answer = bucket.Send(std::move(first));
  // An empty object has no range.
  if (!answer && IsOfNothing(answer.error())) answer = bucket.Send(std::move(call));
  if (!answer && answer.error().kind == AwsFault::Kind::kPrecondition) return nullptr;
  // Not make_unique: the constructor is private.
  std::unique_ptr<S3Download> download(new S3Download(bucket, std::move(key)));
  if (auto taken = download->TakeFirst(std::move(answer)); !taken) {
    return bucket.About(download->key_, std::move(taken.error()));
  }
  return download;
}

AwsResult<void> S3Download::TakeFirst(AwsResult<AwsAnswer> answer) {
  if (!answer) return std::unexpected(std::move(answer.error()));
  etag_ = answer->Header("etag");
  current_ = std::move(answer->body);
  size_ = current_.size();
  if (const std::string_view text = answer->Header("content-range"); !text.empty()) {
    const auto range = ParseContentRange(text);
    if (!range || range->begin != 0 || range->last + 1 != current_.size()) {
      return std::unexpected(BadAnswer("is of another range than was asked for"));
    }
    size_ = range->size;
  }
  asked_ = taken_ = current_.size();
  // Parts of two states would be put together.
  if (taken_ < size_ && etag_.empty()) return std::unexpected(BadAnswer("has no ETag"));
  return {};
}

void S3Download::Ask() {
  std::vector<AwsCall> calls;
  while (asked_ < size_ && calls.size() < kRangesAtOnce) {
    const std::uint64_t end = std::min<std::uint64_t>(size_, asked_ + kRangeBytes);
    calls.push_back(bucket_.Call("GET", "s3:GetObject", key_));
    calls.back().headers = {{"range", RangeOf(asked_, end)}, {"if-match", etag_}};
    asked_ = end;
  }
  under_way_ = std::async(std::launch::async, [this, asked = std::move(calls)]() mutable {
    return bucket_.Send(std::move(asked));
  });
}

AwsResult<void> S3Download::Take() {
  for (AwsResult<AwsAnswer>& answer : under_way_.get()) {
    if (!answer) {
      AwsFault fault = std::move(answer.error());
      if (fault.kind == AwsFault::Kind::kPrecondition) {
        fault.error.message = "was replaced while it was read";
        fault.error.hint = "run it again";
      }
      return std::unexpected(std::move(fault));
    }
    const auto range = ParseContentRange(answer->Header("content-range"));
    const std::uint64_t end = std::min<std::uint64_t>(size_, taken_ + kRangeBytes);
    if (!range || range->begin != taken_ || range->last + 1 != end || range->size != size_ ||
        answer->body.size() != end - taken_) {
      return std::unexpected(BadAnswer("is of another range than was asked for"));
    }
    taken_ = end;
    ready_.push_back(std::move(answer->body));
  }
  return {};
}

AwsResult<std::size_t> S3Download::Read(std::span<char> into) {
  while (true) {
    if (asked_ < size_ && !under_way_.valid()) Ask();
    if (at_ < current_.size()) break;
    if (ready_.empty() && under_way_.valid()) {
      if (auto taken = Take(); !taken) return bucket_.About(key_, std::move(taken.error()));
    }
    if (ready_.empty()) return 0;
    current_ = std::move(ready_.front());
    ready_.pop_front();
    at_ = 0;
  }
  const std::size_t count = std::min(into.size(), current_.size() - at_);
  std::copy_n(current_.data() + at_, count, into.data());
  at_ += count;
  return count;
}

AwsFault S3Download::BadAnswer(const std::string& what) const {
  return MakeFault(AwsFault::Kind::kBadAnswer, "s3:GetObject: the answer " + what);
}

}  // namespace sgflow
