#include "accel/avx512/backend.hpp"
#include "tests/bench/accel/signature_figures.hpp"

namespace buri::bench {
namespace {

using accel::avx512::Avx512Backend;

/// Runs `measure` where the processor can, and says so where it cannot.
template <class Measure>
std::vector<Figure> with_backend(std::string name, Measure measure) {
  if (!Avx512Backend::is_supported()) {
    Figure figure;
    figure.name = std::move(name);
    figure.skipped = "this processor has no AVX-512 IFMA";
    return {figure};
  }
  Avx512Backend backend;
  return {measure(std::move(name), backend)};
}

std::vector<Figure> recover(const Options& options) {
  return with_backend("recover.ifma", [&](std::string name, accel::Backend& backend) {
    return recover_figure(std::move(name), backend, 6.9, options);
  });
}
std::vector<Figure> verify(const Options& options) {
  return with_backend("verify.ifma", [&](std::string name, accel::Backend& backend) {
    return verify_figure(std::move(name), backend, 6.9, options);
  });
}
std::vector<Figure> verify_known(const Options& options) {
  return with_backend("verify_known.ifma", [&](std::string name, accel::Backend& backend) {
    return verify_known_figure(std::move(name), backend, 17, options);
  });
}

const Registration kRecover("recover.ifma", recover);
const Registration kVerify("verify.ifma", verify);
const Registration kVerifyKnown("verify_known.ifma", verify_known);

}  // namespace
}  // namespace buri::bench
