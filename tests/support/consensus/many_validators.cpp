#include "tests/support/consensus/many_validators.hpp"

#include "accel/hasher.hpp"
#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "base/json_text.hpp"

namespace buri::testing {
namespace {

JsonValue& member(JsonValue& object, std::string_view key) {
  for (JsonValue& child : object.children) {
    if (child.key == key) return child;
  }
  CHECK(false, "the genesis has the member");
  return object;
}

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  return digest;
}

/// The list of validators in the form of its first element.
void replace_validators(JsonValue& list, std::span<const GenesisValidator> validators) {
  const JsonValue form = list.children.front();
  list.children.clear();
  for (std::size_t i = 0; i < validators.size(); ++i) {
    const accel::Signer& signer = *validators[i].signer;
    JsonValue& validator = list.children.emplace_back(form);
    member(validator, "val_id").text = std::to_string(i + 1);
    member(validator, "pub_key").text = to_base64(signer.key().view());
    member(validator, "signer").text = "0x" + to_hex(address_of(signer));
    member(validator, "voting_power").text = std::to_string(validators[i].power);
  }
}

void replace_set(JsonValue& set, std::span<const GenesisValidator> validators) {
  replace_validators(member(set, "validators"), validators);
  JsonValue proposer = member(set, "validators").children.front();
  proposer.key = "proposer";
  member(set, "proposer") = std::move(proposer);
}

}  // namespace

Address address_of(const accel::Signer& signer) {
  return Address::from(ByteView(keccak256(signer.key().view().subspan(1))).subspan(12));
}

Bytes signature_of(const accel::Signer& signer, ByteView message) {
  const accel::RecoverRequest signed_digest = signer.sign(keccak256(message));
  Bytes signature;
  append(signature, signed_digest.signature.r);
  append(signature, signed_digest.signature.s);
  signature.push_back(signed_digest.recovery_id);
  return signature;
}

std::string genesis_of(std::string_view base_genesis, std::string_view chain_id,
                       std::span<const GenesisValidator> validators) {
  JsonValue genesis = parse_json(base_genesis).value();
  member(genesis, "chain_id").text = chain_id;
  JsonValue& app_state = member(genesis, "app_state");
  JsonValue& stake = member(app_state, "stake");
  replace_validators(member(stake, "validators"), validators);
  for (const auto* name : {"current_validator_set", "previous_block_validator_set",
                           "penultimate_block_validator_set"}) {
    replace_set(member(stake, name), validators);
  }
  for (JsonValue& span : member(member(app_state, "bor"), "spans").children) {
    replace_set(member(span, "validator_set"), validators);
    replace_validators(member(span, "selected_producers"), validators);
  }
  return to_json(genesis);
}

}  // namespace buri::testing
