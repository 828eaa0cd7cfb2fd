#include "accel/avx2/backend.hpp"
#include "tests/bench/accel/signature_figures.hpp"

/// Four lanes are worth having where they beat our own scalar code by 1.15; beside libsecp256k1
/// they stand for orientation.

namespace buri::bench {
namespace {

using accel::avx2::Avx2Backend;

constexpr double kWorthHaving = 1.15;

/// The figure over our scalar code under `name`, and that over libsecp256k1; or why there is none.
template <class OverScalar, class OverLibsecp>
std::vector<Figure> both(const std::string& name, OverScalar over_scalar, OverLibsecp over_libsecp,
                         const Options& options) {
  if (!Avx2Backend::is_supported()) {
    Figure figure;
    figure.name = name;
    figure.skipped = "this processor has no AVX2";
    return {figure};
  }
  Avx2Backend backend;
  return {over_scalar(name, backend, kWorthHaving, options),
          over_libsecp(name + ".libsecp256k1", backend, std::nullopt, options)};
}

std::vector<Figure> recover(const Options& options) {
  return both("recover.avx2", recover_over_scalar, recover_figure, options);
}
std::vector<Figure> verify(const Options& options) {
  return both("verify.avx2", verify_over_scalar, verify_figure, options);
}
std::vector<Figure> verify_known(const Options& options) {
  return both("verify_known.avx2", verify_known_over_scalar, verify_known_figure, options);
}

const Registration kRecover("recover.avx2", recover);
const Registration kVerify("verify.avx2", verify);
const Registration kVerifyKnown("verify_known.avx2", verify_known);

}  // namespace
}  // namespace buri::bench
