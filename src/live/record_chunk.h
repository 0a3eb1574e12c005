// Some records kept, copies of their bytes and all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flowlog/flow_record.h"
#include "flowlog/record_layout.h"

namespace sgflow {

class RecordChunk {
 public:
  void Add(const FlowRecord& record);
  void Clear();
  // Room for records of so many bytes. What is not written to takes no memory; growing would write
  // it all twice.
  void Reserve(std::size_t bytes);

  std::size_t size() const { return records_.size(); }
  std::size_t bytes() const { return text_.size(); }

  // Valid until the next call of a member function.
  const FlowRecord& At(std::size_t index);

 private:
  struct Kept {
    std::uint32_t layout = 0;  // in layouts_
    std::uint32_t text = 0;    // where its values begin in text_, one behind the other
    std::uint32_t lengths = 0;
    bool plain = false;
  };

  std::vector<Kept> records_;
  std::vector<std::shared_ptr<const RecordLayout>> layouts_;
  std::string text_;
  std::vector<std::uint32_t> lengths_;
  std::vector<std::string_view> values_;
  FlowRecord record_;
};

}  // namespace sgflow
