#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "accel/backend.hpp"

/// The test that a backend must pass before it may compute anything: fixed vectors, every
/// operation, failing statuses included, in every lane position.

namespace buri::accel {

/// How a backend failed its known-answer test.
struct KnownAnswerError {
  Operation operation;
  std::optional<BackendFault> fault;  ///< set when the call failed as a whole
  std::size_t index = 0;              ///< otherwise the vector whose answer was wrong
};

/// "recover: wrong answer to vector 7" or "recover: device lost".
std::string describe(const KnownAnswerError& error);
/// "device lost", "out of memory", ... for messages.
std::string_view fault_name(BackendFault fault);

/// Runs the vectors of one operation. Thread-safe; blocks for a few milliseconds on a CPU.
/// REQUIRES: backend.supports(operation).
Status<KnownAnswerError> test_known_answers(Backend& backend, Operation operation);

/// Runs every operation that the backend supports and stops at the first error.
Status<KnownAnswerError> test_known_answers(Backend& backend);

/// The vectors whose answer is kOk with low s required: typical inputs for measuring.
std::vector<RecoverRequest> valid_recoveries();
std::vector<VerifyRequest> valid_signatures();

}  // namespace buri::accel
