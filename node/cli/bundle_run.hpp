#pragma once

#include <string>
#include <string_view>

#include "node/cli/verify_bundle.hpp"
#include "node/cli/verify_input.hpp"

/// What the parts of the bundle's check share. Private to node/cli/.

namespace buri::cli {

// The bundled files, below tests/golden/.
inline constexpr std::string_view kBundleReadme = "README.md";
inline constexpr std::string_view kCometbftReadme = "cometbft/README.md";
inline constexpr std::string_view kSingleCommitPath = "cometbft/mainnet-54587912.json";
inline constexpr std::string_view kStateProofsPath = "cometbft/mainnet-ics23-54594513.json";
inline constexpr std::string_view kRotationPath = "cometbft/mainnet-rotation.json";
inline constexpr std::string_view kExpectedPath = "expected.json";
inline constexpr std::string_view kRootchainReadme = "rootchain/README.md";
inline constexpr std::string_view kCheckpointsPath = "rootchain/checkpoint-roots.txt";
inline constexpr std::string_view kContractExitPath = "rootchain/contract-exit.json";
inline constexpr std::string_view kMainnetExitPath = "rootchain/real-mainnet-exit.json";

/// A run over the bundle under way: parsed files in, checks out.
struct BundleRun {
  Verifier& verifier;
  const BundleFiles& files;
  std::map<std::string_view, JsonValue> documents{};  ///< the JSON files
  Report report{};

  [[nodiscard]] JsonCursor document(std::string_view path) const {
    return JsonCursor(documents.at(path));
  }
  /// The value of a result about a bundled file, or why that file cannot be used.
  template <class T>
  static Result<T, Unusable> need(std::string_view path, Result<T, JsonError> result) {
    return usable(std::string(path), "restore the file as the repository has it",
                  std::move(result));
  }
};

/// Values that the file of expected values holds for one subject, compared one by one.
class Expectations {
 public:
  Expectations(BundleRun& run, std::string subject, JsonCursor values)
      : run_(run), subject_(std::move(subject)), values_(std::move(values)) {}

  /// Compares the value under `key` (a string, a number, or an array of them) with `found`.
  /// Array elements are joined with spaces.
  Status<Unusable> equals(std::string_view key, const std::string& found);

 private:
  BundleRun& run_;
  std::string subject_;
  JsonCursor values_;
};

// The parts, in order. Each adds checks, or says which file cannot be used.
Status<Unusable> check_bundled_commits(BundleRun& run);
Status<Unusable> check_bundled_rotation(BundleRun& run);
Status<Unusable> check_bundled_state_proofs(BundleRun& run);
Status<Unusable> check_bundled_checkpoints(BundleRun& run);
Status<Unusable> check_bundled_exits(BundleRun& run);

}  // namespace buri::cli
