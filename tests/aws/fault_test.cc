// The errors of AWS's protocols, in the words that people get to see.
#include "aws/fault.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow {
namespace {

using Kind = AwsFault::Kind;

const AwsCall kCall{.service = "ec2", .region = "eu-west-1", .iam_action = "ec2:DescribeSubnets"};

// 2026-01-02T03:04:05Z
constexpr auto kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) +
                      std::chrono::hours(3) + std::chrono::minutes(4) + std::chrono::seconds(5);

AwsFault Fault(int status, std::string body,
               std::vector<std::pair<std::string, std::string>> headers = {}) {
  return FaultOf(kCall, {.status = status, .headers = std::move(headers), .body = std::move(body)},
                 kNow);
}

std::string Ec2Error(const std::string& code, const std::string& message) {
  return "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>" + code + "</Code><Message>" +
         message + "</Message></Error></Errors><RequestID>r</RequestID></Response>";
}

TEST(FaultTest, ADenialNamesTheActionToAllow) {
  const AwsFault fault = Fault(
      403, Ec2Error("UnauthorizedOperation",
                    "You are not authorized to perform this operation. User: "
                    "arn:aws:iam::111122223333:user/a is not authorized. Encoded authorization "
                    "failure message: 4GIOHlTkIaWHQD0Q0m6XSnuUMCm"));
  EXPECT_EQ(fault.kind, Kind::kAccessDenied);
  EXPECT_EQ(fault.code, "UnauthorizedOperation");
  EXPECT_EQ(Describe(fault.error),
            "ec2:DescribeSubnets in eu-west-1: UnauthorizedOperation: You are not authorized to "
            "perform this operation. User: arn:aws:iam::111122223333:user/a is not authorized; "
            "allow ec2:DescribeSubnets to the role or user in use");
}

TEST(FaultTest, ThrottlingIsOneWhateverItIsCalled) {
  EXPECT_EQ(Fault(503, Ec2Error("RequestLimitExceeded", "Request limit exceeded.")).kind,
            Kind::kThrottled);
  EXPECT_EQ(Fault(503, "<Error><Code>SlowDown</Code></Error>").kind, Kind::kThrottled);
  EXPECT_EQ(Fault(400, R"({"__type":"ThrottlingException"})").kind, Kind::kThrottled);
}

TEST(FaultTest, ReadsWhatStsS3AndJsonServicesWrite) {
  const AwsFault sts =
      Fault(403,
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
            "<Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token "
            "included in the request is expired</Message></Error></ErrorResponse>");
  EXPECT_EQ(sts.kind, Kind::kCredentials);
  EXPECT_EQ(Describe(sts.error),
            "ec2:DescribeSubnets in eu-west-1: ExpiredToken: The security token included in the "
            "request is expired; the session has expired: log in again, or renew AWS_SESSION_TOKEN "
            "and the keys beside it");

  EXPECT_EQ(Fault(404, "<Error><Code>NoSuchKey</Code><Key>k</Key></Error>").kind, Kind::kNotFound);

  const AwsFault json = Fault(
      400,
      R"({"__type":"com.amazonaws.secretsmanager#ResourceNotFoundException","Message":"no such"})");
  EXPECT_EQ(json.kind, Kind::kNotFound);
  EXPECT_EQ(json.code, "ResourceNotFoundException");
  EXPECT_EQ(json.error.message,
            "ec2:DescribeSubnets in eu-west-1: ResourceNotFoundException: no such");
  EXPECT_EQ(Fault(400, "{}", {{"x-amzn-errortype", "AccessDeniedException:http://x/"}}).kind,
            Kind::kAccessDenied);
}

TEST(FaultTest, ConditionsThatDoNotHoldAreNoErrorsOfAnybody) {
  EXPECT_EQ(Fault(304, "").kind, Kind::kPrecondition);
  EXPECT_EQ(Fault(412, "<Error><Code>PreconditionFailed</Code></Error>").kind, Kind::kPrecondition);
}

TEST(FaultTest, AnArchivedObjectIsNobodysPermission) {
  const AwsFault fault = Fault(403,
                               "<Error><Code>InvalidObjectState</Code><Message>The operation is "
                               "not valid for the object's storage class</Message></Error>");
  EXPECT_EQ(fault.kind, Kind::kRefused);
  EXPECT_EQ(Describe(fault.error),
            "ec2:DescribeSubnets in eu-west-1: InvalidObjectState: The operation is not valid for "
            "the object's storage class; it is archived: restore it first");
}

TEST(FaultTest, ABucketElsewhereIsToldWithItsRegion) {
  const AwsFault moved = Fault(301,
                               "<Error><Code>PermanentRedirect</Code><Message>The bucket you are "
                               "attempting to access must be addressed using the specified "
                               "endpoint.</Message></Error>",
                               {{"x-amz-bucket-region", "ap-south-1"}});
  EXPECT_EQ(moved.kind, Kind::kRefused);
  EXPECT_EQ(moved.error.hint, "the bucket is in the region ap-south-1: ask there");
  EXPECT_EQ(
      Fault(400,
            "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-north-1</Region></Error>")
          .error.hint,
      "the bucket is in the region eu-north-1: ask there");
}

TEST(FaultTest, WhereABucketIsIsToldOfS3AndWhereThatWasWrong) {
  const auto region = [](int status, const std::string& body, const std::string& service = "s3") {
    AwsCall call = kCall;
    call.service = service;
    return FaultOf(
               call,
               {.status = status, .headers = {{"x-amz-bucket-region", "ap-south-1"}}, .body = body},
               kNow)
        .bucket_region;
  };
  EXPECT_EQ(region(301, "<Error><Code>PermanentRedirect</Code></Error>"), "ap-south-1");
  EXPECT_EQ(region(301, ""), "ap-south-1") << "HEAD";
  EXPECT_EQ(region(400, ""), "ap-south-1") << "HEAD";
  EXPECT_EQ(region(400, "<Error><Code>AuthorizationHeaderMalformed</Code></Error>"), "ap-south-1");
  EXPECT_EQ(region(403, "<Error><Code>AccessDenied</Code></Error>"), "");
  EXPECT_EQ(region(404, ""), "");
  EXPECT_EQ(region(301, "", "ec2"), "");
}

TEST(FaultTest, AnErrorMayComeBehindAGoodStatus) {
  const std::string error = "<?xml version=\"1.0\"?>\n\n<Error><Code>InternalError</Code></Error>";
  EXPECT_TRUE(IsLateError({.status = 200, .headers = {}, .body = error}));
  EXPECT_FALSE(IsLateError({.status = 200, .headers = {{"etag", "\"1\""}}, .body = error}))
      << "an object that says so";
  EXPECT_FALSE(IsLateError({.status = 200, .headers = {}, .body = "<List>&lt;Error></List>"}));
}

TEST(FaultTest, AWrongClockIsFoundOutByTheAnswersDate) {
  const std::string body = Ec2Error("RequestExpired", "Request has expired.");
  EXPECT_EQ(Fault(400, body, {{"date", "Fri, 02 Jan 2026 02:44:05 GMT"}}).error.hint,
            "this machine's clock is 20 minutes ahead of AWS's: set it right");
  EXPECT_EQ(Fault(400, body, {{"date", "Fri, 02 Jan 2026 04:04:05 GMT"}}).error.hint,
            "this machine's clock is 60 minutes behind AWS's: set it right");
  EXPECT_EQ(
      Fault(400, body, {{"date", "Fri, 02 Jan 2026 03:05:05 GMT"}}).error.hint,
      "the session has expired: log in again, or renew AWS_SESSION_TOKEN and the keys beside it");
}

TEST(FaultTest, OfWhatASignatureWasMadeIsNotShown) {
  const AwsFault fault = Fault(
      403, Ec2Error("SignatureDoesNotMatch",
                    "The request signature we calculated does not match.\n\nThe Canonical String "
                    "for this request should have been\n'POST\n/\n\nx-amz-security-token:SECRET"));
  EXPECT_EQ(
      Describe(fault.error),
      "ec2:DescribeSubnets in eu-west-1: SignatureDoesNotMatch: The request signature we "
      "calculated does not match; the secret key does not belong to the access key, or a proxy "
      "changes the request");
}

TEST(FaultTest, AServiceThatFailsIsNotReached) {
  const AwsFault fault = Fault(502, "<html>Bad Gateway</html>");
  EXPECT_EQ(fault.kind, Kind::kUnreachable);
  EXPECT_EQ(fault.error.message, "ec2:DescribeSubnets in eu-west-1: AWS answered 502");
}

TEST(FaultTest, AWebPageIsAProxys) {
  const AwsFault fault =
      Fault(403, "<html><body>Please log in</body></html>", {{"content-type", "text/html"}});
  EXPECT_EQ(fault.kind, Kind::kBadAnswer);
  EXPECT_EQ(
      Describe(fault.error),
      "ec2:DescribeSubnets in eu-west-1: the answer (status 403, a web page) is not AWS's; a "
      "proxy or a login page stands in between: see HTTPS_PROXY, NO_PROXY and AWS_ENDPOINT_URL");
}

TEST(FaultTest, EntitiesAreNotExpanded) {
  const AwsFault fault = Fault(400,
                               "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
                               "<Error><Code>Bad</Code><Message>&b;</Message></Error>");
  EXPECT_EQ(fault.error.message, "ec2:DescribeSubnets in eu-west-1: Bad: &b;");
}

TEST(FaultTest, ALongMessageIsCut) {
  const AwsFault fault = Fault(400, Ec2Error("Bad", std::string(100000, 'x')));
  EXPECT_LT(fault.error.message.size(), 500U);
  EXPECT_TRUE(fault.error.message.ends_with("xxx..."));
}

}  // namespace
}  // namespace sgflow
