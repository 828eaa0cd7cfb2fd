#pragma once

#include <vector>

#include "accel/backend.hpp"
#include "accel/key_set.hpp"
#include "tests/bench/harness.hpp"

/// The signature figures of one backend: the same inputs for every backend and peer.

namespace buri::bench {

/// Batch of 1024 recoveries against libsecp256k1.
Figure recover_figure(std::string name, accel::Backend& backend, std::optional<double> goal,
                      const Options& options);
/// Batch of 1024 verifications, 1024 different 65-byte keys, against libsecp256k1.
Figure verify_figure(std::string name, accel::Backend& backend, std::optional<double> goal,
                     const Options& options);
/// Batch of 1024 verifications of 104 known keys, tables built before, against libsecp256k1.
Figure verify_known_figure(std::string name, accel::Backend& backend, std::optional<double> goal,
                           const Options& options);

/// The same batches against our scalar backend: what wide registers bring.
Figure recover_over_scalar(std::string name, accel::Backend& backend, double goal,
                           const Options& options);
Figure verify_over_scalar(std::string name, accel::Backend& backend, double goal,
                          const Options& options);
Figure verify_known_over_scalar(std::string name, accel::Backend& backend, double goal,
                                const Options& options);

}  // namespace buri::bench
