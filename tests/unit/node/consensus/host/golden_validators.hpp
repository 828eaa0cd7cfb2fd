#pragma once

#include "node/consensus/app/genesis_file.hpp"
#include "node/consensus/host/signer.hpp"
#include "node/protocol/heimdall_forks.hpp"

/// The four validators of the recorded chain B, whose keys everybody knows
/// (golden/heimdall-devnet/README.md), for chains that begin with its genesis.

namespace buri::consensus::host::testing {

app::Genesis golden_genesis();
protocol::HeimdallForks golden_forks();
/// The secret of validator `number`, counted from 1.
Hash256 golden_secret(std::size_t number);
/// As a priv_validator_key.json.
std::string golden_key_file(std::size_t number);

/// A key that remembers what it signed last, as a signer does, through every crash of the node.
class GoldenKey final : public Signer {
 public:
  explicit GoldenKey(std::size_t number);

  [[nodiscard]] Address address() const override { return address_; }
  void sign(SigningRequest request, std::function<void(SigningResult)> done) override;
  [[nodiscard]] std::size_t refusals() const { return refusals_; }

 private:
  struct Last {
    std::tuple<std::int64_t, std::int32_t, int> place{};
    Bytes content;  ///< the sign bytes without their time
    hsm::wire::Timestamp time;
    hsm::wire::Signature signature;
  };
  [[nodiscard]] hsm::wire::Signature sign_bytes(ByteView bytes) const;

  Hash256 secret_;
  Address address_{};
  Last last_;
  std::size_t refusals_ = 0;
};

}  // namespace buri::consensus::host::testing
