#include "aws/s3_list.h"

#include "aws/fault.h"
#include "aws/percent_encoding.h"
#include "aws/xml_reader.h"

namespace sgflow {
namespace {

AwsFault BadAnswer(const S3List& list, const std::string& what) {
  return MakeFault(AwsFault::Kind::kBadAnswer, list.iam_action + ": the answer " + what);
}

}  // namespace

AwsResult<void> ReadList(
    S3Bucket& bucket, const S3List& list,
    const std::function<void(const pugi::xml_node& page, const S3KeyReader& read)>& on_page) {
  std::string from;
  while (true) {
    const auto answer = bucket.Send(bucket.Call("GET", list.iam_action, "", list.query + from));
    if (!answer) return std::unexpected(answer.error());
    pugi::xml_document document;
    if (auto parsed = ParseXml(answer->body, document); !parsed) {
      return std::unexpected(BadAnswer(list, parsed.error().message));
    }
    const pugi::xml_node page = document.document_element();
    if (page.name() != list.root) return std::unexpected(BadAnswer(list, "is no list"));
    // Not each server encodes that is asked to.
    const bool encoded = std::string_view(page.child_value("EncodingType")) == "url";
    on_page(page, [encoded](const pugi::xml_node& element) {
      std::string text = TextOf(element);
      return encoded ? FormDecode(text) : text;
    });
    if (std::string_view(page.child_value("IsTruncated")) != "true") return {};
    std::string next;
    for (const auto& [element, parameter] : list.next) {
      std::string marker = TextOf(page.child(std::string(element).c_str()));
      if (encoded && element == "NextKeyMarker") marker = FormDecode(marker);
      if (marker.empty()) return std::unexpected(BadAnswer(list, "says not how it goes on"));
      next.append("&").append(parameter).append("=").append(PercentEncode(marker));
    }
    // It would never end.
    if (next == from) return std::unexpected(BadAnswer(list, "goes on where it began"));
    from = std::move(next);
  }
}

}  // namespace sgflow
