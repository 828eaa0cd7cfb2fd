#pragma once

#include <optional>
#include <vector>

#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/app/vote_extension.hpp"
#include "node/consensus/modules/consensus/types.hpp"
#include "node/consensus/runtime/module.hpp"

/// The questions that the consensus engine asks the application and the answers, as plain data
/// (ABCI 2.0 of the network's CometBFT fork; spec/heimdall.md 4).

namespace buri::consensus::app {

/// How the last block was decided, without signatures.
struct CommitVote {
  Bytes address;
  std::int64_t power = 0;
  std::int32_t block_id_flag = 0;
};
struct LastCommit {
  std::int32_t round = 0;
  std::vector<CommitVote> votes;
};

/// The answer to InitChain.
struct InitChainResult {
  std::vector<runtime::ValidatorUpdate> validators;
  modules::consensus::ConsensusParams params;
  Hash256 app_hash;  ///< sha256 of nothing
};

/// A block that the validators decided, as far as the application sees it. Borrows from who has
/// it.
struct DecidedBlock {
  std::int64_t height = 0;
  codec::Timestamp time;
  Address proposer;
  std::span<const Bytes> txs;
  /// What the first transaction decodes to, if the caller has decoded it.
  const ExtendedCommit* votes = nullptr;
};

/// What executing a block gave.
struct BlockResult {
  std::vector<TxResult> txs;
  runtime::EventLog events;
  std::vector<runtime::ValidatorUpdate> validator_updates;
  Bytes consensus_params;            ///< as stored after the block
  std::vector<Hash256> store_roots;  ///< by runtime::StoreId
  Hash256 app_hash;
};

/// What a proposer may put into a block.
struct PrepareRequest {
  std::int64_t height = 0;
  codec::Timestamp time;
  Address proposer;
  std::int64_t max_tx_bytes = 0;
  ExtendedCommit last_commit;
  std::vector<Bytes> txs;  ///< of the mempool, in its order
};

/// A proposal of another validator, or of this one.
struct ProposedBlock {
  std::int64_t height = 0;
  codec::Timestamp time;
  Address proposer;
  LastCommit last_commit;
  std::vector<Bytes> txs;
};

/// Both extensions of this validator's precommit.
struct Extensions {
  Bytes vote_extension;
  Bytes non_rp_extension;
};

/// The block that a precommit is for.
struct ExtendRequest {
  std::int64_t height = 0;
  Bytes block_hash;
  std::vector<Bytes> txs;
};

/// Another validator's extensions, whose signatures the consensus engine has checked.
struct VerifyRequest {
  std::int64_t height = 0;
  Bytes block_hash;
  Bytes validator_address;
  Extensions extensions;
};

/// Yes, or no with the reason for the log.
using Verdict = Status<std::string>;

}  // namespace buri::consensus::app
