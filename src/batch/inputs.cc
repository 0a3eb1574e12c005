#include "batch/inputs.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "aws/s3_url.h"
#include "batch/local_inputs.h"
#include "batch/s3_inputs.h"

namespace sgflow {
namespace {

class Inputs : public InputStore {
 public:
  Inputs(std::unique_ptr<InputStore> local, std::unique_ptr<InputStore> s3)
      : local_(std::move(local)), s3_(std::move(s3)) {}

  InputListing List() override {
    InputListing listing = local_->List();
    InputListing more = s3_->List();
    std::ranges::move(more.inputs, std::back_inserter(listing.inputs));
    std::ranges::move(more.errors, std::back_inserter(listing.errors));
    return listing;
  }

  Result<Opened> Open(const BatchInput& input) override { return StoreOf(input).Open(input); }

  std::string Identity(const BatchInput& input) const override {
    return StoreOf(input).Identity(input);
  }

 private:
  InputStore& StoreOf(const BatchInput& input) const {
    return IsS3Url(input.name) ? *s3_ : *local_;
  }

  std::unique_ptr<InputStore> local_;
  std::unique_ptr<InputStore> s3_;
};

}  // namespace

std::unique_ptr<InputStore> MakeInputs(AwsClient& client, std::span<const std::string> sources,
                                       const std::string& destination, unsigned long_reads,
                                       const KeySelection& selection) {
  std::vector<std::string> local;
  std::vector<std::string> s3;
  std::ranges::partition_copy(sources, std::back_inserter(s3), std::back_inserter(local), IsS3Url);
  return std::make_unique<Inputs>(MakeLocalInputs(local, destination),
                                  MakeS3Inputs(client, s3, destination, long_reads, selection));
}

}  // namespace sgflow
