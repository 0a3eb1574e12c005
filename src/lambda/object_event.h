// Events that tell of objects created in S3: S3's own, the same in messages of SQS or SNS, in SNS's
// by SQS, and EventBridge's.
// docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
// docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
// docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
// docs.aws.amazon.com/lambda/latest/dg/with-sns.html
// docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/s3_url.h"
#include "error/error.h"

namespace sgflow {

// What is done or fails as one.
struct ObjectMessage {
  std::string id;  // SQS's; empty where the event is no batch of messages
  std::vector<S3Location> objects;
  std::size_t others = 0;      // tells of something else: a test, an object removed
  std::optional<Error> error;  // kInput: it is not understood
};

struct ObjectEvent {
  bool is_of_queue = false;  // and answered with the messages that failed
  std::vector<ObjectMessage> messages;
};

// None where the event is of another kind, as Firehose's. The kEventPadding bytes behind `event`
// must be readable.
std::optional<ObjectEvent> ParseObjectEvent(std::string_view event);

}  // namespace sgflow
