// S3's lists, page by page. Met by the files that read one; pugixml goes no further than these.
#pragma once

#include <functional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/s3_bucket.h"

namespace sgflow {

struct S3List {
  std::string query;
  std::string iam_action;
  std::string_view root;
  // What a page says of where the next one begins, and what it is asked for with.
  std::vector<std::pair<std::string_view, std::string_view>> next;
};

// An element's text as it was before S3 encoded it.
using S3KeyReader = std::function<std::string(const pugi::xml_node&)>;

AwsResult<void> ReadList(
    S3Bucket& bucket, const S3List& list,
    const std::function<void(const pugi::xml_node& page, const S3KeyReader& read)>& on_page);

}  // namespace sgflow
