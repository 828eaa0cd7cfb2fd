#pragma once

#include <optional>

#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/blocks/state_store.hpp"
#include "node/consensus/engine/light_client_attack.hpp"

/// What evidence is judged by: this node's own chain.

namespace buri::consensus::evidence {

/// Thread-safe. What this node does not have (any more) is nothing.
class EvidenceChain {
 public:
  virtual ~EvidenceChain() = default;

  /// Of the last stored block.
  [[nodiscard]] virtual std::int64_t height() const = 0;
  [[nodiscard]] virtual std::optional<engine::Header> header(std::int64_t height) const = 0;
  /// The commit that the next block carries; nothing for the last block.
  [[nodiscard]] virtual std::optional<engine::Commit> commit(std::int64_t height) const = 0;
  [[nodiscard]] virtual std::optional<engine::ValidatorSet> validators(
      std::int64_t height) const = 0;
  /// What the block of that height convicted; nothing if there is no such block.
  [[nodiscard]] virtual std::vector<engine::EvidencePiece> evidence(std::int64_t height) const = 0;
};

/// The stores, which must outlive it.
class StoredChain final : public EvidenceChain {
 public:
  StoredChain(const blocks::BlockStore& blocks, const blocks::StateStore& states)
      : blocks_(blocks), states_(states) {}

  [[nodiscard]] std::int64_t height() const override { return blocks_.height(); }
  [[nodiscard]] std::optional<engine::Header> header(std::int64_t height) const override {
    auto meta = blocks_.meta(height);
    if (!meta) return std::nullopt;
    return std::move(meta->header);
  }
  [[nodiscard]] std::optional<engine::Commit> commit(std::int64_t height) const override {
    return blocks_.canonical_commit(height);
  }
  [[nodiscard]] std::optional<engine::ValidatorSet> validators(std::int64_t height) const override {
    return states_.validators(height);
  }
  [[nodiscard]] std::vector<engine::EvidencePiece> evidence(std::int64_t height) const override {
    auto block = blocks_.block(height);
    if (!block) return {};
    return std::move(block->evidence);
  }

 private:
  const blocks::BlockStore& blocks_;
  const blocks::StateStore& states_;
};

}  // namespace buri::consensus::evidence
