#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "accel/engine/known_answers.hpp"
#include "accel/engine/profile.hpp"
#include "accel/engine_options.hpp"

/// What an engine is put together from.

namespace buri::accel::engine {

/// A backend, and how to get it anew after its device was lost.
struct BackendSlot {
  std::shared_ptr<Backend> backend;
  /// Opens the device again; null when the same object may be tried again. May return null.
  std::function<std::shared_ptr<Backend>()> reopen;
};

/// A backend that was probed and cannot be used on this machine.
struct AbsentBackend {
  std::string name;
  std::string reason;
  bool is_device = false;
};

struct Parts {
  std::vector<BackendSlot> backends;
  std::vector<AbsentBackend> absent;
  /// Judges a backend at start and after a loss.
  std::function<Status<KnownAnswerError>(Backend&)> test = [](Backend& backend) {
    return test_known_answers(backend);
  };
  /// Speeds to believe instead of measuring.
  std::optional<Profile> profile;
};

/// Every backend that this build and machine offer, scalar first. The only place that knows their
/// classes.
Parts available_parts(const EngineOptions& options);

}  // namespace buri::accel::engine
