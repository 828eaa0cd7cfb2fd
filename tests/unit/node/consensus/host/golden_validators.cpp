#include "tests/unit/node/consensus/host/golden_validators.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include "accel/hasher.hpp"
#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::host::testing {
namespace {

using namespace hsm::wire;

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  return digest;
}

secp256k1_context* signing_context() {
  static secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  return context;
}

Bytes public_key(const Hash256& secret) {
  secp256k1_pubkey key;
  CHECK(secp256k1_ec_pubkey_create(signing_context(), &key, secret.data()) == 1, "a valid secret");
  Bytes bytes(65);
  std::size_t length = bytes.size();
  secp256k1_ec_pubkey_serialize(signing_context(), bytes.data(), &length, &key,
                                SECP256K1_EC_UNCOMPRESSED);
  return bytes;
}

}  // namespace

app::Genesis golden_genesis() {
  const std::string path = "tests/golden/heimdall-devnet-b/genesis.json.xz";
  return app::open_genesis(app::in_memory(records::read_text(path).value())).value();
}

protocol::HeimdallForks golden_forks() {
  const auto json = parse_json(buri::testing::golden_text("heimdall-devnet-b/forks.json"));
  return protocol::HeimdallForks::from_json(json.value()).value();
}

Hash256 golden_secret(std::size_t number) {
  return keccak256(as_bytes("heimdall golden key B validator " + std::to_string(number)));
}

std::string golden_key_file(std::size_t number) {
  const Hash256 secret = golden_secret(number);
  return R"({"address":"","pub_key":{"type":"cometbft/PubKeySecp256k1eth","value":")" +
         to_base64(public_key(secret)) +
         R"("},"priv_key":{"type":"cometbft/PrivKeySecp256k1eth","value":")" + to_base64(secret) +
         R"("}})";
}

GoldenKey::GoldenKey(std::size_t number) : secret_(golden_secret(number)) {
  const Bytes key = public_key(secret_);
  address_ = Address::from(ByteView(keccak256(ByteView(key).subspan(1))).subspan(12));
}

Signature GoldenKey::sign_bytes(ByteView bytes) const {
  const Hash256 digest = keccak256(bytes);
  secp256k1_ecdsa_recoverable_signature made;
  CHECK(secp256k1_ecdsa_sign_recoverable(signing_context(), &made, digest.data(), secret_.data(),
                                         nullptr, nullptr) == 1,
        "a valid secret signs");
  Signature signature;
  int recovery_id = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(signing_context(), signature.data(),
                                                          &recovery_id, &made);
  signature.bytes[64] = static_cast<std::uint8_t>(recovery_id);
  return signature;
}

void GoldenKey::sign(SigningRequest request, std::function<void(SigningResult)> done) {
  Last next;
  Bytes bytes;
  if (const auto* proposal = std::get_if<SignProposal>(&request)) {
    next.place = {proposal->height, proposal->round, 1};
    next.time = proposal->timestamp;
    SignProposal timeless = *proposal;
    timeless.timestamp = {};
    next.content = proposal_sign_bytes(timeless);
    bytes = proposal_sign_bytes(*proposal);
  } else {
    const auto& vote = std::get<SignVote>(request);
    next.place = {vote.height, vote.round, vote.type == VoteType::kPrevote ? 2 : 3};
    next.time = vote.timestamp;
    SignVote timeless = vote;
    timeless.timestamp = {};
    next.content = vote_sign_bytes(timeless);
    bytes = vote_sign_bytes(vote);
  }
  const bool is_same = next.place == last_.place && next.content == last_.content;
  if (!is_same && next.place <= last_.place) {
    ++refusals_;
    return done(Failure{NotSigned{"contradicts what was signed", true}});
  }
  Signed answer;
  if (is_same) {
    answer.timestamp = last_.time;
  } else {
    next.signature = sign_bytes(bytes);
    last_ = next;
  }
  answer.signatures.push_back({Purpose::kVote, last_.signature});
  const auto* vote = std::get_if<SignVote>(&request);
  if (vote != nullptr && vote->extension) {
    const Bytes canonical =
        vote_extension_sign_bytes(vote->chain_id, vote->height, vote->round, *vote->extension);
    answer.signatures.push_back({Purpose::kVoteExtension, sign_bytes(canonical)});
    answer.signatures.push_back({Purpose::kPlainExtension, sign_bytes(*vote->plain_extension)});
  }
  done(answer);
}

}  // namespace buri::consensus::host::testing
