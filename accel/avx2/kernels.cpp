#include "accel/avx2/kernels.hpp"

#include "accel/avx2/lanes.hpp"
#include "accel/avx2/rounding.hpp"
#include "accel/vector/make_kernels.hpp"

namespace buri::accel::avx2 {

namespace {

constexpr vector::Kernels kLanes = vector::make_kernels<Lanes>();

/// The operations in the rounding mode that their multiplications need.
constexpr vector::Kernels kKernels = {
    .scratch_bytes = kLanes.scratch_bytes,
    .recover =
        [](const vector::KernelContext& context, const RecoverRequest* requests, std::size_t count,
           RecoverResult* results) {
          const RoundingTowardsZero rounding;
          kLanes.recover(context, requests, count, results);
        },
    .verify =
        [](const vector::KernelContext& context, const VerifyRequest* requests, std::size_t count,
           SignatureStatus* results) {
          const RoundingTowardsZero rounding;
          kLanes.verify(context, requests, count, results);
        },
    .verify_known =
        [](const vector::KernelContext& context, const vector::KernelKeys& keys,
           const KnownKeyRequest* requests, std::size_t count, SignatureStatus* results) {
          const RoundingTowardsZero rounding;
          kLanes.verify_known(context, keys, requests, count, results);
        },
};

}  // namespace

const vector::Kernels& kernels() { return kKernels; }

}  // namespace buri::accel::avx2
