#include "accel/scalar/adx_field.hpp"
#include "accel/scalar/chunk.hpp"

namespace buri::accel::scalar {

const BatchFunctions& adx_batch() {
  static constexpr BatchFunctions kFunctions = batch_functions<AdxField>();
  return kFunctions;
}

}  // namespace buri::accel::scalar
