#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "base/log.hpp"
#include "node/consensus/host/signer.hpp"
#include "node/consensus/p2p/secret.hpp"

/// A validator's key in a file, for development: the files of the stock daemon,
/// priv_validator_key.json and priv_validator_state.json. Whoever reads the file has the key, and
/// nothing but the last signature is remembered. A network with stake uses `buri-signer`.

namespace buri::consensus::host {

/// What a file key signed last, as priv_validator_state.json has it.
struct LastSigned {
  std::int64_t height = 0;
  std::int32_t round = 0;
  int step = 0;  ///< 1 proposal, 2 prevote, 3 precommit
  Bytes signature;
  Bytes sign_bytes;
};

/// What has a place among all that is signed: a height, a round and a step.
using PlacedRequest = std::variant<hsm::wire::SignProposal, hsm::wire::SignVote>;

/// Signs in the calling thread.
class FileKey final : public Signer {
 public:
  /// Reads both files; a state that is missing begins empty. Says loudly what it is. The error is a
  /// sentence, without anything of the key.
  static Result<std::unique_ptr<FileKey>, std::string> open(const std::string& key_path,
                                                            const std::string& state_path,
                                                            const Logger& logger);

  [[nodiscard]] Address address() const override { return address_; }
  /// The uncompressed public key.
  [[nodiscard]] const FixedBytes<65>& public_key() const { return public_key_; }
  /// A place below the last one signed is refused, as is another content for the same; the same
  /// content with another time gets the old time and signature. The state is durable before a
  /// signature leaves. A transaction is signed whatever it says.
  void sign(SigningRequest request, std::function<void(SigningResult)> done) override;

 private:
  FileKey(p2p::Secret<32> secret, std::string state_path)
      : secret_(std::move(secret)), state_path_(std::move(state_path)) {}
  Status<std::string> derive_public_key();
  [[nodiscard]] hsm::wire::Signature sign_bytes(ByteView bytes) const;
  SigningResult sign_now(const PlacedRequest& request);
  [[nodiscard]] SigningResult sign_now(const hsm::wire::SignHeimdallTransaction& request) const;

  p2p::Secret<32> secret_;
  std::string state_path_;
  FixedBytes<65> public_key_{};
  Address address_{};
  std::mutex mutex_;
  LastSigned last_;
};

/// The text of priv_validator_state.json, and back. The error names the field.
std::string sign_state_text(const LastSigned& state);
Result<LastSigned, std::string> parse_sign_state(std::string_view text);

}  // namespace buri::consensus::host
