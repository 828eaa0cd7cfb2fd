#include "node/execution/chain/signers.hpp"

#include "node/execution/evm/keccak.hpp"
#include "node/execution/transaction/signing.hpp"

namespace buri::execution::chain {
namespace {

using accel::RecoverRequest;
using accel::RecoverResult;
using accel::SignatureStatus;
using protocol::BorFork;
using transaction::SigningFault;

Result<RecoverRequest, BlockFault> seal_request(const Header& header, const ChainConfig& config) {
  constexpr std::uint8_t kMaxRecoveryId = 3;
  const auto message = seal_message(header, config.is_active(BorFork::kJaipur, header.number));
  if (!message) {
    return Failure{number_fault(BlockRule::kSealMissing, kSealBytes, header.extra.size())};
  }
  const ByteView seal = ByteView(header.extra).last(kSealBytes);
  if (seal[64] > kMaxRecoveryId) {
    return Failure{BlockFault{BlockRule::kRecoveryId, "0 or 1", std::to_string(seal[64])}};
  }
  return RecoverRequest{.signature = {.digest = evm::keccak256(*message),
                                      .r = Hash256::from(seal.first(32)),
                                      .s = Hash256::from(seal.subspan(32, 32))},
                        .recovery_id = seal[64]};
}

BlockFault sender_fault(SigningFault fault) {
  const bool is_chain = fault == SigningFault::kWrongChain;
  return {BlockRule::kTransaction,
          is_chain ? "a signature for this chain" : "a signature that has a signer",
          is_chain ? "invalid chain id for signer" : "invalid transaction v, r, s values"};
}

/// The questions of a window and where their answers belong.
class SenderBatch {
 public:
  explicit SenderBatch(const ChainConfig& config) : config_(config) {}

  void add(const SignedTransaction& transaction, BlockSigners& signers) {
    signers.authorizations.emplace_back();
    signers.senders.emplace_back(Address{});
    if (transaction.type == EnvelopeType::kStateSync) return;
    const auto request = transaction::sender_request(transaction, config_.chain_id);
    if (request.ok()) {
      requests_.push_back(*request);
    } else {
      signers.senders.back() = Failure{sender_fault(request.error())};
    }
    for (const auto& authorization : transaction.authorizations) {
      if (const auto asked = transaction::authority_request(authorization)) {
        requests_.push_back(*asked);
      }
    }
  }

  void ask(accel::Engine& engine) {
    results_.resize(requests_.size());
    engine.recover(requests_, accel::LowS::kRequired, results_);
  }

  /// The answers for the next transaction, in the order of add().
  void take(const SignedTransaction& transaction, std::size_t index, BlockSigners& signers) {
    if (transaction.type == EnvelopeType::kStateSync) return;
    Sender& sender = signers.senders[index];
    if (sender.ok()) {
      const RecoverResult& result = results_[next_++];
      if (result.status == SignatureStatus::kOk) {
        sender = result.address;
      } else {
        sender = Failure{sender_fault(SigningFault::kBadParity)};
      }
    }
    for (const auto& authorization : transaction.authorizations) {
      std::optional<Address> authority;
      if (authorization.y_parity <= 1) {
        const RecoverResult& result = results_[next_++];
        if (result.status == SignatureStatus::kOk) authority = result.address;
      }
      signers.authorizations[index].push_back(
          transaction::with_authority(authorization, authority));
    }
  }

 private:
  const ChainConfig& config_;
  std::vector<RecoverRequest> requests_;
  std::vector<RecoverResult> results_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<Result<Address, BlockFault>> recover_producers(std::span<const Header* const> headers,
                                                           const ChainConfig& config,
                                                           accel::Engine& engine) {
  std::vector<Result<RecoverRequest, BlockFault>> asked;
  std::vector<RecoverRequest> requests;
  for (const Header* header : headers) {
    asked.push_back(seal_request(*header, config));
    if (asked.back().ok()) requests.push_back(*asked.back());
  }
  std::vector<RecoverResult> results(requests.size());
  engine.recover(requests, accel::LowS::kAny, results);
  std::vector<Result<Address, BlockFault>> producers;
  std::size_t next = 0;
  for (auto& request : asked) {
    if (!request.ok()) {
      producers.emplace_back(Failure{std::move(request).error()});
      continue;
    }
    const RecoverResult& result = results[next++];
    if (result.status == SignatureStatus::kOk) {
      producers.emplace_back(result.address);
    } else {
      producers.emplace_back(
          Failure{BlockFault{BlockRule::kSeal, "a seal that a key made", "one that none made"}});
    }
  }
  return producers;
}

std::vector<BlockSigners> recover_signers(std::span<const Block> blocks, const ChainConfig& config,
                                          accel::Engine& engine) {
  std::vector<BlockSigners> signers(blocks.size());
  std::vector<const Header*> headers;
  SenderBatch batch(config);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    headers.push_back(&blocks[i].header);
    for (const SignedTransaction& sent : blocks[i].transactions) batch.add(sent, signers[i]);
  }
  auto producers = recover_producers(headers, config, engine);
  batch.ask(engine);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    signers[i].producer = std::move(producers[i]);
    for (std::size_t j = 0; j < blocks[i].transactions.size(); ++j) {
      batch.take(blocks[i].transactions[j], j, signers[i]);
    }
  }
  return signers;
}

}  // namespace buri::execution::chain
