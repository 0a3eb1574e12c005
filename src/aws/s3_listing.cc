#include "aws/s3_listing.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <pugixml.hpp>
#include <utility>

#include "aws/fault.h"
#include "aws/percent_encoding.h"
#include "aws/xml_reader.h"

namespace sgflow {
namespace {

constexpr std::string_view kScheme = "s3://";

struct Page {
  std::vector<S3ListedObject> objects;
  std::string next;  // empty: the last one
};

Result<Page> ReadPage(std::string_view body) {
  pugi::xml_document document;
  if (auto parsed = ParseXml(body, document); !parsed) {
    return std::unexpected(std::move(parsed.error()));
  }
  const auto refuse = [](std::string message) {
    return std::unexpected(Error{
        .kind = ErrorKind::kEnvironment, .message = std::move(message), .place = {}, .hint = {}});
  };
  const pugi::xml_node list = document.child("ListBucketResult");
  if (!list) return refuse("is no list of objects");
  Page page;
  for (const pugi::xml_node content : list.children("Contents")) {
    S3ListedObject& object = page.objects.emplace_back();
    object.key = TextOf(content.child("Key"));
    object.etag = TextOf(content.child("ETag"));
    const std::string size = TextOf(content.child("Size"));
    const auto [end, fault] = std::from_chars(size.data(), size.data() + size.size(), object.size);
    if (object.key.empty() || fault != std::errc() || end != size.data() + size.size()) {
      return refuse("has an object without a key or a size");
    }
  }
  if (TextOf(list.child("IsTruncated")) == "true") {
    page.next = TextOf(list.child("NextContinuationToken"));
    if (page.next.empty()) return refuse("says that it goes on, and not where");
  }
  return page;
}

}  // namespace

Result<S3Prefix> ParseS3PrefixUrl(std::string_view url) {
  const std::string_view rest = url.starts_with(kScheme) ? url.substr(kScheme.size()) : "";
  const std::size_t slash = rest.find('/');
  if (slash == 0 || slash == std::string_view::npos || !rest.ends_with('/')) {
    return std::unexpected(
        Error{.kind = ErrorKind::kUsage,
              .message = "'" + std::string(url) + "' names no prefix in S3",
              .place = {},
              .hint = "write it as s3://BUCKET/PREFIX/, with a slash at its end"});
  }
  return S3Prefix{std::string(rest.substr(0, slash)), std::string(rest.substr(slash + 1))};
}

AwsResult<std::vector<S3ListedObject>> ListS3Objects(AwsClient& client, const S3Prefix& under,
                                                     const std::string& region) {
  AwsCall call{.service = "s3", .region = region, .iam_action = "s3:ListBucket"};
  call.method = "GET";
  // The bucket in the path, as S3Object has it. A query's members are signed in their order.
  const std::string path = "/" + under.bucket + "?";
  const std::string query = "list-type=2&prefix=" + PercentEncode(under.prefix);
  const std::string place = "s3://" + under.bucket + "/" + under.prefix;
  std::vector<S3ListedObject> objects;
  std::string token;
  while (true) {
    call.path = path;
    if (!token.empty()) call.path += "continuation-token=" + PercentEncode(token) + "&";
    call.path += query;
    auto answer = client.Send(call);
    if (!answer) {
      answer.error().error.place.file = place;
      return std::unexpected(std::move(answer.error()));
    }
    auto page = ReadPage(answer->body);
    if (!page) {
      AwsFault fault = MakeFault(AwsFault::Kind::kBadAnswer,
                                 call.iam_action + ": the answer " + page.error().message);
      fault.error.place.file = place;
      return std::unexpected(std::move(fault));
    }
    std::ranges::move(page->objects, std::back_inserter(objects));
    if (page->next.empty()) break;
    // It must not be asked for ever.
    if (page->next == token) {
      return std::unexpected(MakeFault(AwsFault::Kind::kBadAnswer,
                                       call.iam_action + ": the answers go on in a circle"));
    }
    token = std::move(page->next);
  }
  std::ranges::sort(objects, {}, &S3ListedObject::key);
  return objects;
}

}  // namespace sgflow
