// What would change, for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "whatif/change_list.h"
#include "whatif/whatif.h"

namespace sgflow {

struct WhatIfTextOptions {
  bool all = false;  // long lists are not cut
};

// One line that sums up, then a table for each list that is not empty.
std::string WhatIfText(const WhatIf& whatif, const WhatIfTextOptions& options);

// One clause; the same words in text and JSON. Static.
std::string_view Describe(ChangeCause cause);
// The JSON's names: "groups", "possible-match". Static.
std::string_view NameOf(ChangeCause cause);
std::string_view NameOf(Ends ends);

// "10.0.0.0 GB", for a column: "1.2 MB".
std::string SizeText(std::uint64_t bytes);
// "2026-01-01 00:00:02", in UTC; "-" for 0 and what is no time.
std::string TimeText(std::uint64_t unix_seconds);

// The rows of all entries.
std::size_t RowCount(const std::vector<ChangeEntry>& entries);

}  // namespace sgflow
