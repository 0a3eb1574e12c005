// Resources of AWS Config as a document of the AWS CLI.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inventory/description.h"

namespace sgflow {

// NetworkInterfaces, ...: how the AWS CLI names a list of the kind.
std::string_view ConfigListKey(ListedKind kind);

// A document with the elements, each as JSON. It completes nothing: Config may record some
// resources only.
std::string CliDocument(
    const std::vector<std::pair<ListedKind, std::vector<std::string_view>>>& lists);

}  // namespace sgflow
