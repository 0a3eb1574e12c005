// Inputs in S3.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "aws/client.h"
#include "batch/flow_log_key.h"
#include "batch/storage.h"

namespace sgflow {

// A source is s3://BUCKET, a prefix that ends in a slash, an object, or a glob of objects and
// prefixes; one that names neither a slash at its end nor an object is a prefix with one. Keys are
// relative as those of local sources are, and names that begin with a dot are passed over likewise,
// as is what lies under `destination`, which may be there. Up to `long_reads` objects of more than
// a range are read at a time, and others wait, so that memory is bounded. Of prefixes, folders that
// hold nothing of the selection are not listed. The client must outlive it.
std::unique_ptr<InputStore> MakeS3Inputs(AwsClient& client, std::span<const std::string> sources,
                                         const std::string& destination, unsigned long_reads,
                                         KeySelection selection = {});

// An ETag as a word, for InputState.
std::string VersionOf(std::string_view etag);

}  // namespace sgflow
