#pragma once

#include <cstdint>
#include <tuple>

#include "hsm/signer/rulebook.hpp"

/// The smallest rules with the shape of real ones: a position may only grow, and one position has
/// one content. What is simulated is the pipeline, for which the rules are a parameter; the real
/// ones have tests of their own.

namespace buri::hsm::sim {

/// What may be asked: a content at a position, as a vote.
struct ToyRequest {
  std::int64_t height = 0;
  std::uint8_t step = 0;  ///< 1 prevote, 2 precommit; 0: where a state starts, which signs nothing
  std::uint8_t content = 0;

  [[nodiscard]] auto position() const { return std::tuple(height, step); }
  /// REQUIRES: step is 1 or 2.
  [[nodiscard]] wire::SignVote vote() const;
  static ToyRequest from(const wire::SignVote& vote);
  /// What is signed for it: part 0 and 1, like a vote and its extension.
  [[nodiscard]] Hash256 digest(std::uint8_t part) const;

  [[nodiscard]] Bytes record() const;
  static ToyRequest from_record(ByteView record);
};

class ToyRules final : public signer::Rulebook {
 public:
  bool set_head(ByteView record, ByteView signatures) override;
  signer::Verdict judge(const wire::RequestBody& request,
                        const signer::Circumstances& circumstances) override;
  Bytes encode_signatures(std::span<const signer::Slot> signatures) override;
  std::optional<pkcs11::SigningRequest> foresee() override;

  /// The digest that foresee() promises for a height: free of any content.
  static Hash256 foreseen_digest(std::int64_t height);

 private:
  static std::vector<signer::Slot> slots_of(const ToyRequest& request);

  ToyRequest head_;
  Bytes signatures_;
};

}  // namespace buri::hsm::sim
