#include "node/cli/verify_bundle.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "node/cli/bundle_run.hpp"
#include "node/cli/verify_input.hpp"

/// Reading the bundle and running its checks in order.

namespace buri::cli {
namespace {

constexpr std::string_view kPaths[] = {
    kBundleReadme, kCometbftReadme,  kSingleCommitPath, kStateProofsPath,  kRotationPath,
    kExpectedPath, kRootchainReadme, kCheckpointsPath,  kContractExitPath, kMainnetExitPath};

const std::string& text_of(const BundleFiles& files, std::string_view path) {
  return files.find(path)->second;
}

std::string sha256_hex(accel::Engine& crypto, std::string_view text) {
  const ByteView message = as_bytes(text);
  Hash256 digest;
  crypto.sha256({&message, 1}, {&digest, 1}, accel::Assurance::kExact);
  return to_hex(digest);
}

/// Cuts the first line, line end included, off `text`.
std::string take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
  std::string line(text.substr(0, end));
  text.remove_prefix(end);
  return line;
}

/// The manifest is exactly the line that sha256sum writes for each file, in order.
void check_manifest(BundleRun& run) {
  std::string_view manifest = text_of(run.files, kManifestPath);
  for (const std::string_view path : kPaths) {
    const std::string line = manifest.empty() ? "" : take_line(manifest);
    const std::string sum = sha256_hex(run.verifier.crypto, text_of(run.files, path));
    const std::string suffix = "  " + std::string(path) + "\n";
    if (!line.ends_with(suffix)) {
      run.report.compare(std::string(kManifestPath), "line for the file", std::string(path), line);
      return;
    }
    run.report.compare(std::string(path), "sha256", line.substr(0, line.size() - suffix.size()),
                       sum);
  }
  run.report.compare(std::string(kManifestPath), "text after the last line", "",
                     std::string(manifest));
}

Status<Unusable> parse_documents(BundleRun& run) {
  for (const std::string_view path : kPaths) {
    if (!path.ends_with(".json")) continue;
    ASSIGN_OR_RETURN(JsonValue document,
                     BundleRun::need(path, parse_json(text_of(run.files, path))));
    run.documents.emplace(path, std::move(document));
  }
  return Unit{};
}

}  // namespace

Status<Unusable> Expectations::equals(std::string_view key, const std::string& found) {
  ASSIGN_OR_RETURN(const JsonCursor cursor, BundleRun::need(kExpectedPath, values_.member(key)));
  std::string expected = cursor.value().text;
  for (const JsonValue& element : cursor.value().children) {
    expected += (expected.empty() ? "" : " ") + element.text;
  }
  std::string rule(key);
  std::replace(rule.begin(), rule.end(), '_', ' ');
  run_.report.compare(subject_, std::move(rule), std::move(expected), found);
  return Unit{};
}

std::span<const std::string_view> bundle_paths() { return kPaths; }

Outcome check_bundle(Verifier& verifier, const BundleFiles& files, BundleRules rules) {
  BundleRun run{verifier, files};
  if (rules != BundleRules::kNoSums) check_manifest(run);
  if (rules == BundleRules::kSumsOnly) return std::move(run.report);
  RETURN_IF_ERROR(parse_documents(run));
  RETURN_IF_ERROR(check_bundled_commits(run));
  RETURN_IF_ERROR(check_bundled_rotation(run));
  RETURN_IF_ERROR(check_bundled_state_proofs(run));
  RETURN_IF_ERROR(check_bundled_checkpoints(run));
  RETURN_IF_ERROR(check_bundled_exits(run));
  return std::move(run.report);
}

Outcome verify_bundle(Verifier& verifier, const BundleOptions& options) {
  BundleFiles files;
  std::vector<std::string_view> paths(std::begin(kPaths), std::end(kPaths));
  paths.push_back(kManifestPath);
  for (const std::string_view path : paths) {
    auto text = read_input(options.directory + "/" + std::string(path));
    if (!text.ok()) {
      Unusable unusable = std::move(text).error();
      unusable.advice = "run from the repository, or name its tests/golden folder";
      return Failure{std::move(unusable)};
    }
    files.emplace(path, std::move(text).value());
  }
  return check_bundle(verifier, files, BundleRules::kAll);
}

}  // namespace buri::cli
