#include "accel/engine/peers.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <vector>

#include "accel/engine/known_answers.hpp"

// The low-level SHA-256 calls are deprecated in OpenSSL 3, and several times faster on small
// messages than what replaces them: the fair peer.
#pragma clang diagnostic ignored "-Wdeprecated-declarations"

namespace buri::accel::engine {
namespace {

constexpr std::size_t kHashes = 256;

std::array<std::uint8_t, 64> compact(const SignedDigest& signature) {
  std::array<std::uint8_t, 64> bytes{};
  std::copy(signature.r.bytes.begin(), signature.r.bytes.end(), bytes.begin());
  std::copy(signature.s.bytes.begin(), signature.s.bytes.end(), bytes.begin() + 32);
  return bytes;
}

class RecoverPeer final : public Peer {
 public:
  [[nodiscard]] std::string name() const override { return "libsecp256k1 recover + serialize"; }
  [[nodiscard]] std::size_t items() const override { return requests_.size(); }
  void run() override {
    for (const RecoverRequest& request : requests_) {
      secp256k1_ecdsa_recoverable_signature signature;
      secp256k1_pubkey key;
      std::array<std::uint8_t, 65> out{};
      std::size_t length = out.size();
      const auto* context = secp256k1_context_static;
      const bool ok =
          secp256k1_ecdsa_recoverable_signature_parse_compact(
              context, &signature, compact(request.signature).data(), request.recovery_id) == 1 &&
          secp256k1_ecdsa_recover(context, &key, &signature, request.signature.digest.data()) ==
              1 &&
          secp256k1_ec_pubkey_serialize(context, out.data(), &length, &key,
                                        SECP256K1_EC_UNCOMPRESSED) == 1;
      CHECK(ok, "libsecp256k1 refused a valid signature");
    }
  }

 private:
  std::vector<RecoverRequest> requests_ = valid_recoveries();
};

class VerifyPeer final : public Peer {
 public:
  [[nodiscard]] std::string name() const override { return "libsecp256k1 parse + verify"; }
  [[nodiscard]] std::size_t items() const override { return requests_.size(); }
  void run() override {
    for (const VerifyRequest& request : requests_) {
      secp256k1_ecdsa_signature signature;
      secp256k1_pubkey key;
      const auto* context = secp256k1_context_static;
      // A signature whose r + n was the point's x is valid here as well; every vector is.
      const bool ok =
          secp256k1_ec_pubkey_parse(context, &key, request.key.bytes.data(), request.key.length) ==
              1 &&
          secp256k1_ecdsa_signature_parse_compact(context, &signature,
                                                  compact(request.signature).data()) == 1 &&
          secp256k1_ecdsa_verify(context, &signature, request.signature.digest.data(), &key) == 1;
      CHECK(ok, "libsecp256k1 refused a valid signature");
    }
  }

 private:
  std::vector<VerifyRequest> requests_ = valid_signatures();
};

/// SHA3-256 is Keccak-256 but for one padding byte.
class KeccakPeer final : public Peer {
 public:
  KeccakPeer() : digest_(EVP_MD_fetch(nullptr, "SHA3-256", nullptr)), context_(EVP_MD_CTX_new()) {
    CHECK(digest_ != nullptr && context_ != nullptr, "OpenSSL has no SHA3-256");
  }
  ~KeccakPeer() override {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(digest_);
  }
  [[nodiscard]] std::string name() const override { return "OpenSSL SHA3-256"; }
  [[nodiscard]] std::size_t items() const override { return kHashes; }
  void run() override {
    std::array<std::uint8_t, 64> message{};
    for (std::size_t i = 0; i < kHashes; ++i) {
      EVP_DigestInit_ex2(context_, digest_, nullptr);
      EVP_DigestUpdate(context_, message.data(), message.size());
      EVP_DigestFinal_ex(context_, message.data(), nullptr);
    }
  }

 private:
  EVP_MD* digest_;
  EVP_MD_CTX* context_;
};

class Sha256Peer final : public Peer {
 public:
  [[nodiscard]] std::string name() const override { return "OpenSSL SHA-256, low-level calls"; }
  [[nodiscard]] std::size_t items() const override { return kHashes; }
  void run() override {
    std::array<std::uint8_t, 65> message{};
    for (std::size_t i = 0; i < kHashes; ++i) {
      SHA256_CTX context;
      SHA256_Init(&context);
      SHA256_Update(&context, message.data(), message.size());
      SHA256_Final(message.data(), &context);
    }
  }
};

}  // namespace

std::unique_ptr<Peer> make_peer(Operation operation) {
  switch (operation) {
    case Operation::kRecover:
      return std::make_unique<RecoverPeer>();
    case Operation::kVerify:
    case Operation::kVerifyKnown:
      return std::make_unique<VerifyPeer>();
    case Operation::kKeccak256:
    case Operation::kCheckpointRoot:  // a tree of n leaves hashes n - 1 nodes
      return std::make_unique<KeccakPeer>();
    case Operation::kSha256:
    case Operation::kRfc6962Root:
      return std::make_unique<Sha256Peer>();
  }
  CHECK(false, "an Operation outside its enumerators");
}

}  // namespace buri::accel::engine
