#include "accel/scalar/backend.hpp"
#include "tests/bench/accel/signature_figures.hpp"

namespace buri::bench {
namespace {

std::vector<Figure> recover(const Options& options) {
  accel::scalar::ScalarBackend backend;
  return {recover_figure("recover.scalar", backend, 1.7, options)};
}
std::vector<Figure> verify(const Options& options) {
  accel::scalar::ScalarBackend backend;
  return {verify_figure("verify.scalar", backend, std::nullopt, options)};
}
std::vector<Figure> verify_known(const Options& options) {
  accel::scalar::ScalarBackend backend;
  return {verify_known_figure("verify_known.scalar", backend, 3.5, options)};
}

const Registration kRecover("recover.scalar", recover);
const Registration kVerify("verify.scalar", verify);
const Registration kVerifyKnown("verify_known.scalar", verify_known);

}  // namespace
}  // namespace buri::bench
