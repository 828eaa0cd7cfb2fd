#include "base/hex.hpp"
#include "base/u256.hpp"
#include "node/cli/bundle_run.hpp"
#include "node/cli/verify_checkpoint.hpp"
#include "node/cli/verify_input.hpp"
#include "node/cli/verify_proof.hpp"

/// The bundled state proofs, checkpoint vectors and exit proofs.

namespace buri::cli {
namespace {

std::string prefixed(ByteView bytes) { return "0x" + to_hex(bytes); }

/// The app hash comes from the first header of the rotation file.
Status<Unusable> compare_header(BundleRun& run, const StateProofFile& file,
                                Expectations& expected) {
  ASSIGN_OR_RETURN(const auto commits,
                   BundleRun::need(kRotationPath, decode_commits(std::string(kRotationPath),
                                                                 run.document(kRotationPath))));
  const auto& header = commits.front().signed_header.header;
  const std::string subject(kStateProofsPath);
  run.report.compare(subject, "app hash of the header", to_upper_hex(header.app_hash),
                     to_upper_hex(*file.app_hash));
  run.report.compare(subject, "height of the header", std::to_string(header.height),
                     std::to_string(*file.header_height));
  return expected.equals("header_height", std::to_string(*file.header_height));
}

/// One bundled answer: its proof, its height, and which key it must have asked.
Status<Unusable> check_answer(BundleRun& run, const StateProofFile& file,
                              const StateProofInput& input, Expectations& expected,
                              std::string_view steps_key) {
  run.report.compare(input.subject, "query height", std::to_string(*file.header_height - 1),
                     std::to_string(input.answer.height));
  const StateProofFacts facts = check_state_proof(run.verifier.crypto, input.subject, input.answer,
                                                  *file.app_hash, run.report);
  RETURN_IF_ERROR(expected.equals("store", facts.store));
  RETURN_IF_ERROR(
      expected.equals("iavl_root", facts.store_root ? to_upper_hex(*facts.store_root) : "none"));
  RETURN_IF_ERROR(expected.equals("multistore_steps", std::to_string(facts.multistore_steps)));
  return expected.equals(steps_key, std::to_string(facts.store_steps));
}

/// The names that the bundled file gives its answers, in order.
constexpr const char* kAnswerLabels[] = {"count", "milestone"};

std::string big_endian_number(ByteView bytes) {
  const auto value = U256::from_big_endian(bytes);
  return value ? value->to_decimal() : "no number";
}

}  // namespace

Status<Unusable> check_bundled_state_proofs(BundleRun& run) {
  ASSIGN_OR_RETURN(
      const StateProofFile file,
      BundleRun::need(kStateProofsPath, decode_state_proofs(std::string(kStateProofsPath),
                                                            run.document(kStateProofsPath))));
  ASSIGN_OR_RETURN(
      const JsonCursor values,
      BundleRun::need(kExpectedPath, run.document(kExpectedPath).member("state_proofs")));
  Expectations expected(run, std::string(kStateProofsPath), values);
  if (!file.app_hash || file.answers.size() != 2) {
    run.report.compare(std::string(kStateProofsPath), "answers", "2",
                       std::to_string(file.answers.size()));
    return Unit{};
  }
  for (const std::size_t i : {0u, 1u}) {
    const std::string subject = std::string(kStateProofsPath) + " " + kAnswerLabels[i];
    run.report.compare(std::string(kStateProofsPath), "label of the answer", subject,
                       file.answers[i].subject);
  }
  RETURN_IF_ERROR(compare_header(run, file, expected));
  RETURN_IF_ERROR(check_answer(run, file, file.answers[0], expected, "count_steps"));
  RETURN_IF_ERROR(check_answer(run, file, file.answers[1], expected, "milestone_steps"));
  RETURN_IF_ERROR(expected.equals("count_key", to_upper_hex(file.answers[0].answer.key)));
  RETURN_IF_ERROR(expected.equals(
      "milestone_count", big_endian_number(file.answers[0].answer.value.value_or(Bytes{}))));
  return expected.equals("milestone_key", to_upper_hex(file.answers[1].answer.key));
}

Status<Unusable> check_bundled_checkpoints(BundleRun& run) {
  ASSIGN_OR_RETURN(
      Report vectors,
      BundleRun::need(kCheckpointsPath,
                      check_checkpoint_vectors(run.verifier.crypto, std::string(kCheckpointsPath),
                                               run.files.find(kCheckpointsPath)->second)));
  ASSIGN_OR_RETURN(
      const JsonCursor values,
      BundleRun::need(kExpectedPath, run.document(kExpectedPath).member("checkpoints")));
  Expectations expected(run, std::string(kCheckpointsPath), values);
  const std::size_t count = vectors.checks().size();
  run.report.append(std::move(vectors));
  return expected.equals("vectors", std::to_string(count));
}

Status<Unusable> check_bundled_exits(BundleRun& run) {
  ASSIGN_OR_RETURN(const JsonCursor values,
                   BundleRun::need(kExpectedPath, run.document(kExpectedPath).member("exits")));
  for (const std::string_view path : {kContractExitPath, kMainnetExitPath}) {
    ASSIGN_OR_RETURN(const ExitInput input,
                     BundleRun::need(path, decode_exit_input(run.document(path))));
    const auto facts = check_exit(run.verifier.crypto, std::string(path), input, run.report);
    if (!facts) continue;
    ASSIGN_OR_RETURN(const JsonCursor own, BundleRun::need(kExpectedPath, values.member(path)));
    Expectations expected(run, std::string(path), own);
    const auto& [proof, log] = *facts;
    RETURN_IF_ERROR(expected.equals(
        "checkpoint", input.root ? std::to_string(*input.start) + " " + prefixed(*input.root)
                                 : "root not in the data"));
    RETURN_IF_ERROR(expected.equals(
        "receipt_type", log.receipt_type ? std::to_string(*log.receipt_type) : "legacy"));
    RETURN_IF_ERROR(expected.equals("receipt_index", std::to_string(proof.receipt_index)));
    RETURN_IF_ERROR(expected.equals("trie_nodes", std::to_string(proof.receipt_proof.size())));
    RETURN_IF_ERROR(expected.equals("proof_hashes", std::to_string(proof.block_proof.size())));
    RETURN_IF_ERROR(expected.equals("log_index", std::to_string(proof.log_index)));
    RETURN_IF_ERROR(expected.equals("log_count", std::to_string(log.log_count)));
    RETURN_IF_ERROR(expected.equals("emitter", prefixed(log.emitter)));
    RETURN_IF_ERROR(
        expected.equals("topic", log.topics.empty() ? "none" : prefixed(log.topics[0])));
  }
  return Unit{};
}

}  // namespace buri::cli
