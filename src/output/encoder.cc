#include "output/encoder.h"

#include <utility>

#include "output/classic_encoder.h"
#include "output/json_encoder.h"

namespace sgflow {
std::unique_ptr<Encoder> MakeEncoder(OutputFormat format,
                                     std::shared_ptr<const Inventory> inventory,
                                     const FieldSelection& selection) {
  switch (format) {
    case OutputFormat::kClassic:
      return MakeClassicEncoder(std::move(inventory), selection);
    case OutputFormat::kJson:
      return MakeJsonEncoder(std::move(inventory), selection);
  }
  std::unreachable();
}

}  // namespace sgflow
