// What a service's error says, as a fault that tells people what to do.
#pragma once

#include <chrono>
#include <string>

#include "aws/client.h"

namespace sgflow {

AwsFault MakeFault(AwsFault::Kind kind, std::string message, std::string hint = {},
                   std::string code = {});

// Of an answer with a status of 300 or more, or a late error. `now` is this machine's clock, which
// is held against the answer's date.
AwsFault FaultOf(const AwsCall& call, const AwsAnswer& answer,
                 std::chrono::system_clock::time_point now);

// S3 answers some requests with a good status before they are done, and then says that they failed.
// docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
bool IsLateError(const AwsAnswer& answer);

// Of an answer with a good status that is a web page all the same: a proxy's or a login's.
bool IsWebPage(const AwsAnswer& answer);
AwsFault WebPageFault(const AwsCall& call, const AwsAnswer& answer);

}  // namespace sgflow
