#include "accel/scalar/chunk.hpp"
#include "accel/scalar/portable_field.hpp"

namespace buri::accel::scalar {

const BatchFunctions& portable_batch() {
  static constexpr BatchFunctions kFunctions = batch_functions<PortableField>();
  return kFunctions;
}

}  // namespace buri::accel::scalar
