#pragma once

#include <cstdint>
#include <tuple>

#include "hsm/signer/rulebook.hpp"

/// The smallest rules with the shape of real ones: a position may only grow, and one position has
/// one content. What is simulated is the pipeline, for which the rules are a parameter; the real
/// ones have tests of their own.

namespace buri::hsm::sim {

/// What may be asked: a content at a position.
struct ToyRequest {
  std::uint32_t height = 0;
  std::uint8_t step = 0;
  std::uint8_t content = 0;

  [[nodiscard]] auto position() const { return std::tuple(height, step); }
  [[nodiscard]] Bytes encode() const;
  static ToyRequest decode(ByteView bytes);
  /// What is signed for it: part 0 and 1, like a vote and its extension.
  [[nodiscard]] Hash256 digest(std::uint8_t part) const;
};

class ToyRules final : public signer::Rulebook {
 public:
  signer::Verdict judge(ByteView request, ByteView head, WallTime now) override;
  std::vector<pkcs11::SigningRequest> digests(ByteView record) override;
  Bytes reply(ByteView request, ByteView record,
              std::span<const pkcs11::RecoverableSignature> signatures) override;
  std::optional<pkcs11::SigningRequest> foresee(ByteView head) override;
  std::string summary(ByteView record) override;

  /// The digest that foresee() promises for a height: free of any content.
  static Hash256 foreseen_digest(std::uint32_t height);
};

}  // namespace buri::hsm::sim
