#include "node/consensus/host/file_key.hpp"

#include <fmt/format.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "accel/hasher.hpp"
#include "base/codec/base64.hpp"
#include "base/free_with.hpp"
#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/codec/schema.hpp"
#include "node/consensus/host/durable_file.hpp"

namespace buri::consensus::host {
namespace {

using hsm::wire::Purpose;
using hsm::wire::SignHeimdallTransaction;
using hsm::wire::SignProposal;
using hsm::wire::SignVote;
using hsm::wire::Timestamp;
using hsm::wire::VoteType;

constexpr std::string_view kKeyType = "cometbft/PrivKeySecp256k1eth";
constexpr mode_t kPrivate = 0600;

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  return digest;
}

/// The time in sign bytes: field 5 of a vote's, 6 of a proposal's.
template <std::uint32_t kField>
struct TimeAlone {
  codec::Timestamp time{};
  static constexpr std::string_view kName = "tendermint.types.Canonical";
  static constexpr auto fields() {
    return codec::fields_of(codec::Field{kField, "timestamp", &TimeAlone::time});
  }
};

/// Behind the length, which fits two bytes.
template <std::uint32_t kField>
std::optional<Timestamp> time_in(ByteView sign_bytes) {
  if (sign_bytes.empty()) return std::nullopt;
  const std::size_t length_bytes = (sign_bytes[0] & 0x80U) != 0 ? 2 : 1;
  if (sign_bytes.size() < length_bytes) return std::nullopt;
  const auto read = codec::decode<TimeAlone<kField>>(sign_bytes.subspan(length_bytes));
  if (!read.ok()) return std::nullopt;
  return Timestamp{read->time.seconds, read->time.nanos};
}

Bytes bytes_to_sign(PlacedRequest request, std::optional<Timestamp> time) {
  return std::visit(
      [&](auto& one) {
        if (time) one.timestamp = *time;
        if constexpr (std::is_same_v<std::decay_t<decltype(one)>, SignProposal>) {
          return hsm::wire::proposal_sign_bytes(one);
        } else {
          return hsm::wire::vote_sign_bytes(one);
        }
      },
      request);
}

LastSigned place_of(const PlacedRequest& request) {
  if (const auto* proposal = std::get_if<SignProposal>(&request)) {
    return {.height = proposal->height,
            .round = proposal->round,
            .step = 1,
            .signature = {},
            .sign_bytes = {}};
  }
  const auto& vote = std::get<SignVote>(request);
  return {.height = vote.height,
          .round = vote.round,
          .step = vote.type == VoteType::kPrevote ? 2 : 3,
          .signature = {},
          .sign_bytes = {}};
}

Result<p2p::Secret<32>, std::string> parse_key(std::string_view text) {
  const auto read = [&]() -> Result<p2p::Secret<32>, JsonError> {
    ASSIGN_OR_RETURN(const JsonValue document, parse_json(text));
    ASSIGN_OR_RETURN(const JsonCursor key, JsonCursor(document).member("priv_key"));
    ASSIGN_OR_RETURN(const JsonCursor type, key.member("type"));
    ASSIGN_OR_RETURN(const std::string_view name, type.string());
    if (name != kKeyType) return Failure{type.error("\"" + std::string(kKeyType) + "\"")};
    ASSIGN_OR_RETURN(const JsonCursor value, key.member("value"));
    const auto bytes = value.base64();
    // Nothing of a key belongs into an error.
    if (!bytes.ok() || bytes->size() != 32) {
      return Failure{JsonError{value.path(), "32 bytes in base64", "something else"}};
    }
    return p2p::Secret<32>::from(*bytes);
  }();
  if (!read.ok()) return Failure{describe(read.error())};
  return p2p::Secret<32>::from(read->view());
}

Failure<NotSigned> refusal(std::string reason) {
  return Failure{NotSigned{std::move(reason), true}};
}

secp256k1_context* new_context() { return secp256k1_context_create(SECP256K1_CONTEXT_NONE); }

}  // namespace

std::string sign_state_text(const LastSigned& state) {
  if (state.step == 0) {
    return "{\n  \"height\": \"0\",\n  \"round\": 0,\n  \"step\": 0\n}";
  }
  std::string hex = to_hex(state.sign_bytes);
  std::ranges::transform(hex, hex.begin(), [](char c) { return static_cast<char>(toupper(c)); });
  return fmt::format(
      "{{\n  \"height\": \"{}\",\n  \"round\": {},\n  \"step\": {},\n  \"signature\": \"{}\",\n"
      "  \"signbytes\": \"{}\"\n}}",
      state.height, state.round, state.step, to_base64(state.signature), hex);
}

Result<LastSigned, std::string> parse_sign_state(std::string_view text) {
  const auto read = [&]() -> Result<LastSigned, JsonError> {
    ASSIGN_OR_RETURN(const JsonValue document, parse_json(text));
    const JsonCursor root(document);
    LastSigned state;
    ASSIGN_OR_RETURN(const JsonCursor height, root.member("height"));
    ASSIGN_OR_RETURN(state.height, height.int64_string(0, INT64_MAX));
    ASSIGN_OR_RETURN(const JsonCursor round, root.member("round"));
    ASSIGN_OR_RETURN(const std::uint64_t round_number, round.unsigned_number(INT32_MAX));
    ASSIGN_OR_RETURN(const JsonCursor step, root.member("step"));
    ASSIGN_OR_RETURN(const std::uint64_t step_number, step.unsigned_number(3));
    state.round = static_cast<std::int32_t>(round_number);
    state.step = static_cast<int>(step_number);
    if (state.step == 0) return state;
    ASSIGN_OR_RETURN(const JsonCursor signature, root.member("signature"));
    ASSIGN_OR_RETURN(state.signature, signature.base64());
    if (state.signature.size() != hsm::wire::Signature::kSize) {
      return Failure{signature.error("65 bytes in base64")};
    }
    ASSIGN_OR_RETURN(const JsonCursor bytes, root.member("signbytes"));
    ASSIGN_OR_RETURN(state.sign_bytes, bytes.hex(HexStyle::kUpper));
    return state;
  }();
  if (!read.ok()) return Failure{describe(read.error())};
  return *read;
}

Result<std::unique_ptr<FileKey>, std::string> FileKey::open(const std::string& key_path,
                                                            const std::string& state_path,
                                                            const Logger& logger) {
  ASSIGN_OR_RETURN(std::string text, read_file(key_path));
  auto secret = parse_key(text);
  explicit_bzero(text.data(), text.size());
  if (!secret.ok()) return Failure{key_path + ": " + secret.error()};
  std::unique_ptr<FileKey> key(new FileKey(std::move(secret).value(), state_path));
  const auto derived = key->derive_public_key();
  if (!derived.ok()) return Failure{key_path + ": " + derived.error()};
  std::error_code ignored;
  if (std::filesystem::exists(state_path, ignored)) {
    ASSIGN_OR_RETURN(const std::string state, read_file(state_path));
    auto last = parse_sign_state(state);
    if (!last.ok()) return Failure{state_path + ": " + last.error()};
    key->last_ = std::move(last).value();
  }
  logger.warning(
      "THE VALIDATOR KEY IS A PLAIN FILE: for development only. Whoever reads the file can sign in "
      "this validator's name; on a network with stake use buri-signer",
      {{"file", key_path}, {"validator", ByteView(key->address_)}});
  return key;
}

Status<std::string> FileKey::derive_public_key() {
  const std::unique_ptr<secp256k1_context, FreeWith<secp256k1_context_destroy>> context(
      new_context());
  secp256k1_pubkey key;
  if (secp256k1_ec_pubkey_create(context.get(), &key, secret_.view().data()) != 1) {
    return Failure{std::string("the key is none of secp256k1")};
  }
  std::size_t length = public_key_.bytes.size();
  secp256k1_ec_pubkey_serialize(context.get(), public_key_.data(), &length, &key,
                                SECP256K1_EC_UNCOMPRESSED);
  address_ = Address::from(ByteView(keccak256(ByteView(public_key_).subspan(1))).subspan(12));
  return Unit{};
}

hsm::wire::Signature FileKey::sign_bytes(ByteView bytes) const {
  const std::unique_ptr<secp256k1_context, FreeWith<secp256k1_context_destroy>> context(
      new_context());
  const Hash256 digest = keccak256(bytes);
  secp256k1_ecdsa_recoverable_signature made;
  CHECK(secp256k1_ecdsa_sign_recoverable(context.get(), &made, digest.data(), secret_.view().data(),
                                         nullptr, nullptr) == 1,
        "a key that has a public one signs");
  hsm::wire::Signature signature;
  int recovery_id = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(context.get(), signature.data(),
                                                          &recovery_id, &made);
  signature.bytes[64] = static_cast<std::uint8_t>(recovery_id);
  return signature;
}

void FileKey::sign(SigningRequest request, std::function<void(SigningResult)> done) {
  done(std::visit([this](const auto& one) { return sign_now(one); }, request));
}

SigningResult FileKey::sign_now(const SignHeimdallTransaction& request) const {
  hsm::wire::Signed answer;
  answer.signatures.push_back(
      {Purpose::kHeimdallTransaction,
       sign_bytes(hsm::wire::heimdall_sign_bytes(request.transaction, public_key_))});
  return answer;
}

SigningResult FileKey::sign_now(const PlacedRequest& request) {
  const std::lock_guard lock(mutex_);
  LastSigned next = place_of(request);
  const auto order = [](const LastSigned& state) {
    return std::tuple(state.height, state.round, state.step);
  };
  if (order(next) < order(last_)) {
    return refusal(
        fmt::format("height {}, round {}, step {} lies below the last one signed: {}, "
                    "{}, {}",
                    next.height, next.round, next.step, last_.height, last_.round, last_.step));
  }
  const bool is_proposal = next.step == 1;
  hsm::wire::Signed answer;
  next.sign_bytes = bytes_to_sign(request, std::nullopt);
  if (order(next) == order(last_)) {
    const auto time = is_proposal ? time_in<6>(last_.sign_bytes) : time_in<5>(last_.sign_bytes);
    if (!time || bytes_to_sign(request, time) != last_.sign_bytes) {
      return refusal(fmt::format("something else was signed at height {}, round {}, step {}",
                                 next.height, next.round, next.step));
    }
    if (next.sign_bytes != last_.sign_bytes) answer.timestamp = *time;
    next = last_;
  } else {
    const hsm::wire::Signature signature = sign_bytes(next.sign_bytes);
    next.signature.assign(signature.bytes.begin(), signature.bytes.end());
    const auto written = replace_file(state_path_, sign_state_text(next), kPrivate);
    if (!written.ok()) return refusal(written.error());
    last_ = next;
  }
  answer.signatures.push_back({is_proposal ? Purpose::kProposal : Purpose::kVote,
                               hsm::wire::Signature::from(next.signature)});
  const auto* vote = std::get_if<SignVote>(&request);
  if (vote != nullptr && vote->extension && vote->plain_extension) {
    const Bytes canonical = hsm::wire::vote_extension_sign_bytes(vote->chain_id, vote->height,
                                                                 vote->round, *vote->extension);
    answer.signatures.push_back({Purpose::kVoteExtension, sign_bytes(canonical)});
    answer.signatures.push_back({Purpose::kPlainExtension, sign_bytes(*vote->plain_extension)});
  }
  return answer;
}

}  // namespace buri::consensus::host
