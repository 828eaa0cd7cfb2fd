#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "node/cli/verify_commit.hpp"

/// The bundled mainnet data: every rule of every file, and every value against the file of expected
/// values, so that no bit of it can change unseen.

namespace buri::cli {

struct BundleOptions {
  std::string directory = "tests/golden";
  bool no_speed = false;
};

/// The bundled files by their paths below the folder.
using BundleFiles = std::map<std::string, std::string, std::less<>>;

/// The paths of the files, in the manifest's order.
std::span<const std::string_view> bundle_paths();

/// The file of SHA-256 sums over bundle_paths(), in the form of sha256sum(1).
inline constexpr std::string_view kManifestPath = "SHA256SUMS";

/// What to apply. Tests take the halves apart, to see that each catches a flipped bit.
enum class BundleRules : std::uint8_t {
  kAll,       ///< the sums and every rule
  kSumsOnly,  ///< the SHA-256 sums of all files
  kNoSums     ///< every rule but the sums
};

/// Checks files in memory.
Outcome check_bundle(Verifier& verifier, const BundleFiles& files, BundleRules rules);

/// `buri verify [DIR]`.
Outcome verify_bundle(Verifier& verifier, const BundleOptions& options);

}  // namespace buri::cli
