#include "node/consensus/app/pre_block.hpp"

#include "base/hex.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/app/non_rp_extension.hpp"
#include "node/consensus/app/side_tally.hpp"
#include "node/consensus/modules/auth/keeper.hpp"
#include "node/consensus/modules/checkpoint/keeper.hpp"
#include "node/consensus/modules/checkpoint/message_types.hpp"
#include "node/consensus/modules/checkpoint/side_sign_bytes.hpp"
#include "node/consensus/modules/clerk/keeper.hpp"
#include "node/consensus/modules/milestone/pre_block.hpp"

namespace buri::consensus::app {
namespace {

namespace checkpoint = modules::checkpoint;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::plain_error;

using CachedTx = std::shared_ptr<const DecodedTransaction>;

/// The last block's transactions, decoded. Errors: code 1 if one does not decode.
Outcome<std::vector<CachedTx>> decode_all(const std::vector<Bytes>& txs, TxCache& cache) {
  std::vector<CachedTx> decoded;
  for (const Bytes& raw : txs) {
    decoded.push_back(cache.decode(raw));
    if (!decoded.back()->ok()) {
      return Failure{plain_error("error occurred while decoding tx bytes: " +
                                 std::string(codec::describe(decoded.back()->error())))};
    }
  }
  return decoded;
}

const checkpoint::MsgCheckpoint* as_checkpoint(const runtime::MessagePointer& message) {
  return runtime::message_cast<checkpoint::MsgCheckpoint>(*message);
}

/// The first transaction that reports the checkpoint with these 192 bytes.
const tx::Transaction* find_checkpoint(const std::vector<CachedTx>& txs, ByteView sign_bytes) {
  for (const CachedTx& cached : txs) {
    if (!cached->ok()) continue;
    for (const auto& message : (*cached)->messages) {
      const auto* reported = as_checkpoint(message);
      const auto bytes =
          reported == nullptr ? std::nullopt : checkpoint::side_sign_bytes(*reported);
      if (bytes && equal(*bytes, sign_bytes)) return &cached->value();
    }
  }
  return nullptr;
}

/// Who signed exactly this extension, in the order of the votes; from Zurich on commit votes only.
checkpoint::CheckpointSignatures signatures_over(const Context& context, ByteView extension,
                                                 std::span<const ExtendedVote> votes) {
  const bool is_commit_only = context.forks().is_zurich(context.height());
  checkpoint::CheckpointSignatures signatures;
  for (const ExtendedVote& vote : votes) {
    if (is_commit_only && vote.block_id_flag != kFlagCommit) continue;
    if (!equal(vote.non_rp_extension, extension)) continue;
    signatures.signatures.push_back({vote.validator.address, vote.non_rp_signature});
  }
  return signatures;
}

/// One block's run.
class PreBlock {
 public:
  PreBlock(const Context& context, std::span<const ExtendedVote> votes, TxCache& cache,
           const Reporter& reporter)
      : context_(context), votes_(votes), cache_(cache), reporter_(reporter) {}

  Status<Error> run(const DecidedBlock& block) {
    const modules::stake::Keeper stake;
    ASSIGN_OR_RETURN(const std::vector<Bytes> last_txs, stake.last_block_txs(context_));
    RETURN_IF_ERROR(stake.set_last_block_txs(context_, {block.txs.begin() + 1, block.txs.end()}));
    ASSIGN_OR_RETURN(const Judges judges, Judges::load(context_, context_.height()));
    ASSIGN_OR_RETURN(const auto decoded, decode_votes(votes_));
    RETURN_IF_ERROR(apply_propositions(judges, decoded));
    ASSIGN_OR_RETURN(approved_, approved_txs(context_, judges, votes_, decoded, reporter_));
    ASSIGN_OR_RETURN(last_txs_, decode_all(last_txs, cache_));
    RETURN_IF_ERROR(keep_checkpoint_signatures(judges));
    for (const CachedTx& transaction : last_txs_) {
      RETURN_IF_ERROR(apply_if_approved(transaction->value()));
    }
    return modules::auth::Keeper().set_block_proposer(context_, block.proposer);
  }

 private:
  Status<Error> apply_propositions(const Judges& judges,
                                   std::span<const DecodedVote> decoded) const {
    std::vector<modules::milestone::PropositionVote> votes;
    for (const DecodedVote& vote : decoded) {
      if (!vote.extension->milestone_proposition) continue;
      // Without an address of 20 bytes it is nobody's vote, which may be an error.
      if (vote.vote->validator.address.size() != Address::kSize) {
        RETURN_IF_ERROR(judges.expect(context_, vote.vote->validator.address));
        continue;
      }
      votes.push_back(
          {Address::from(vote.vote->validator.address), &*vote.extension->milestone_proposition});
    }
    return modules::milestone::apply_propositions(context_, judges.members(), votes);
  }

  [[nodiscard]] bool is_approved(const tx::Transaction& transaction) const {
    return approved_.contains(Bytes(transaction.hash.bytes.begin(), transaction.hash.bytes.end()));
  }

  /// Keeps who signed the checkpoint that two thirds signed, if its transaction was approved.
  Status<Error> keep_checkpoint_signatures(const Judges& judges) {
    const auto majority = majority_non_rp(context_, judges, votes_);
    if (!majority.ok()) {
      const bool is_tolerated =
          context_.forks().is_phuket(context_.height()) && !majority.error().is_panic();
      return is_tolerated ? Status<Error>(Unit{}) : Failure{majority.error()};
    }
    if (majority->size() < 2) return Unit{};
    const tx::Transaction* reported = find_checkpoint(last_txs_, ByteView(*majority).subspan(1));
    if (reported == nullptr) return Unit{};
    checkpoint_tx_ = reported->hash;
    if (!is_approved(*reported)) return Unit{};
    const checkpoint::Keeper keeper;
    RETURN_IF_ERROR(keeper.set_signatures_tx_hash(context_, to_hex(reported->hash)));
    return keeper.set_signatures(context_, signatures_over(context_, *majority, votes_));
  }

  /// Applies the first message of an approved transaction that votes can approve. What it writes is
  /// dropped if it fails; its events stay.
  Status<Error> apply_if_approved(const tx::Transaction& transaction) {
    if (!is_approved(transaction)) return Unit{};
    for (const auto& message : transaction.messages) {
      if (as_checkpoint(message) != nullptr && checkpoint_tx_ != transaction.hash) continue;
      const auto& apply = message->type().post_handle;
      if (!apply) continue;
      store::Branch branch(context_.branch());
      const auto applied =
          reporter_.module_call(ModuleCallKind::kPost, message->type().type_url, [&] {
            return apply(context_.with_branch(branch).with_tx_hash(transaction.hash), *message);
          });
      if (!applied.ok() && applied.error().is_panic()) return Failure{applied.error()};
      if (applied.ok()) branch.write();
      return Unit{};
    }
    return Unit{};
  }

  const Context& context_;
  std::span<const ExtendedVote> votes_;
  TxCache& cache_;
  const Reporter& reporter_;
  std::vector<CachedTx> last_txs_;
  std::set<Bytes> approved_;
  std::optional<Hash256> checkpoint_tx_;
};

}  // namespace

Status<Error> pre_block(const Context& context, const DecidedBlock& block,
                        std::int64_t enable_height, TxCache& cache, const Reporter& reporter) {
  RETURN_IF_ERROR(check_extensions_enabled(enable_height, block.height + 1));
  RETURN_IF_ERROR(modules::milestone::Keeper().delete_faulty(context));
  if (context.forks().is_zurich(block.height)) {
    RETURN_IF_ERROR(modules::clerk::Keeper().advance_visibility(context));
  }
  if (block.txs.empty()) return Failure{plain_error("no txs found in the pre-blocker")};
  std::optional<ExtendedCommit> decoded;
  if (block.votes == nullptr) {
    auto commit = codec::decode<ExtendedCommit>(block.txs.front());
    if (!commit.ok()) {
      return Failure{plain_error("the extended commit does not decode: " +
                                 std::string(codec::describe(commit.error())))};
    }
    decoded = std::move(commit).value();
  }
  const auto& votes = block.votes != nullptr ? block.votes->votes : decoded->votes;
  if (block.height > enable_height) return PreBlock(context, votes, cache, reporter).run(block);
  if (votes.empty()) return Unit{};
  return Failure{plain_error("non-empty VEs found in the initial height's pre-blocker")};
}

}  // namespace buri::consensus::app
