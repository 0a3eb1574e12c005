// Signatures that AWS publishes: its "Signature Version 4 Test Suite", and for S3 the examples of
// "Authenticating Requests: Using the Authorization Header".
#include <aws/auth/auth.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "aws/crt_credentials.h"
#include "aws/crt_signing.h"

namespace sgflow {
namespace {

class Library {
 public:
  Library() { aws_auth_library_init(aws_default_allocator()); }
  ~Library() { aws_auth_library_clean_up(); }
};

struct Vector {
  std::string name;
  std::string method;
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string signed_headers;
  std::string signature;
};

std::string Authorization(const Vector& vector, const aws_credentials& credentials,
                          const SigningScope& scope) {
  const CrtMessage request(aws_http_message_new_request(aws_default_allocator()));
  aws_http_message_set_request_method(request.get(), Cursor(vector.method));
  aws_http_message_set_request_path(request.get(), Cursor(vector.path));
  for (const auto& [name, value] : vector.headers) {
    aws_http_message_add_header(request.get(), {Cursor(name), Cursor(value), {}});
  }
  if (!Sign(*request, credentials, scope)) return "not signed";
  aws_byte_cursor value{};
  aws_http_headers_get(aws_http_message_get_headers(request.get()), Cursor("authorization"),
                       &value);
  return std::string(View(value));
}

CrtCredentials Keys(std::string_view id, std::string_view secret) {
  return OwnCredentials(aws_credentials_new(aws_default_allocator(), Cursor(id), Cursor(secret),
                                            Cursor(""), UINT64_MAX));
}

TEST(SigningTest, IsWhatTheTestSuiteSays) {
  const Library library;
  const CrtCredentials keys = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  const SigningScope scope{"service", "us-east-1",
                           std::chrono::sys_days(std::chrono::year(2015) / 8 / 30) +
                               std::chrono::hours(12) + std::chrono::minutes(36)};
  const std::pair<std::string, std::string> host{"Host", "example.amazonaws.com"};
  const std::vector<Vector> vectors{
      {"get-vanilla",
       "GET",
       "/",
       {host},
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query-order-key-case",
       "GET",
       "/?Param2=value2&Param1=value1",
       {host},
       "host;x-amz-date",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-unreserved",
       "GET",
       "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
       {host},
       "host;x-amz-date",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-slash-dot-slash",
       "GET",
       "/./",
       {host},
       "host;x-amz-date",
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"post-vanilla",
       "POST",
       "/",
       {host},
       "host;x-amz-date",
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
  };
  for (const Vector& vector : vectors) {
    EXPECT_EQ(Authorization(vector, *keys, scope),
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
              "SignedHeaders=" +
                  vector.signed_headers + ", Signature=" + vector.signature)
        << vector.name;
  }
}

TEST(SigningTest, IsWhatS3sExamplesSay) {
  const Library library;
  const CrtCredentials keys =
      Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  const SigningScope scope{"s3", "us-east-1",
                           std::chrono::sys_days(std::chrono::year(2013) / 5 / 24)};
  const std::pair<std::string, std::string> host{"Host", "examplebucket.s3.amazonaws.com"};
  const std::vector<Vector> vectors{
      {"GET object",
       "GET",
       "/test.txt",
       {host, {"Range", "bytes=0-9"}},
       "host;range;x-amz-content-sha256;x-amz-date",
       "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
      {"GET bucket lifecycle",
       "GET",
       "/?lifecycle",
       {host},
       "host;x-amz-content-sha256;x-amz-date",
       "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
      {"GET bucket",
       "GET",
       "/?max-keys=2&prefix=J",
       {host},
       "host;x-amz-content-sha256;x-amz-date",
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
  };
  for (const Vector& vector : vectors) {
    EXPECT_EQ(
        Authorization(vector, *keys, scope),
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=" +
            vector.signed_headers + ", Signature=" + vector.signature)
        << vector.name;
  }
}

}  // namespace
}  // namespace sgflow
