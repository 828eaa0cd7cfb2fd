#include "node/execution/transaction/signing.hpp"

#include "base/u256_words.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/transaction/encode.hpp"

namespace buri::execution::transaction {
namespace {

accel::RecoverRequest request(ByteView message, const U256& r, const U256& s, std::uint8_t parity) {
  return {.signature = {evm::keccak256(message), r.to_word(), s.to_word()}, .recovery_id = parity};
}

/// What v says, in one form for all types.
std::optional<LegacyV> read_v(const SignedTransaction& transaction) {
  if (transaction.type == EnvelopeType::kLegacy) return legacy_v(transaction.v);
  if (transaction.v > U256::from_uint64(1)) return std::nullopt;
  return LegacyV{transaction.chain_id, static_cast<std::uint8_t>(transaction.v.limbs[0])};
}

}  // namespace

std::optional<LegacyV> legacy_v(const U256& v) {
  constexpr std::uint64_t kUnprotected = 27;
  constexpr std::uint64_t kProtected = 35;
  if (v == U256::from_uint64(kUnprotected)) return LegacyV{std::nullopt, 0};
  if (v == U256::from_uint64(kUnprotected + 1)) return LegacyV{std::nullopt, 1};
  if (v < U256::from_uint64(kProtected)) return std::nullopt;
  U256 rest = wrapping_subtract(v, U256::from_uint64(kProtected));
  const auto parity = static_cast<std::uint8_t>(rest.limbs[0] & 1);
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t carried = i < 3 ? rest.limbs[i + 1] << 63 : 0;
    rest.limbs[i] = rest.limbs[i] >> 1 | carried;
  }
  return LegacyV{rest, parity};
}

std::string_view describe(SigningFault fault) {
  switch (fault) {
    case SigningFault::kNotSigned:
      return "a state-sync transaction has no sender";
    case SigningFault::kWrongChain:
      return "signed for another chain";
    case SigningFault::kBadParity:
      return "v is no value of this transaction type";
  }
  return "unknown";
}

Result<accel::RecoverRequest, SigningFault> sender_request(const SignedTransaction& transaction,
                                                           std::uint64_t chain_id) {
  if (transaction.type == EnvelopeType::kStateSync) return Failure{SigningFault::kNotSigned};
  const std::optional<LegacyV> v = read_v(transaction);
  if (!v) return Failure{SigningFault::kBadParity};
  if (v->chain_id && *v->chain_id != U256::from_uint64(chain_id)) {
    return Failure{SigningFault::kWrongChain};
  }
  return request(*signed_part(transaction), transaction.r, transaction.s, v->y_parity);
}

std::optional<accel::RecoverRequest> authority_request(const SignedAuthorization& authorization) {
  if (authorization.y_parity > 1) return std::nullopt;
  return request(signed_part(authorization), authorization.r, authorization.s,
                 authorization.y_parity);
}

evm::Authorization with_authority(const SignedAuthorization& authorization,
                                  const std::optional<Address>& authority) {
  return {.chain_id = authorization.chain_id,
          .target = authorization.target,
          .nonce = authorization.nonce,
          .authority = authority};
}

evm::Transaction executable(const SignedTransaction& transaction, const Address& sender,
                            std::span<const evm::Authorization> authorizations) {
  CHECK(transaction.type != EnvelopeType::kBlob && transaction.type != EnvelopeType::kStateSync,
        "the EVM executes no transaction of this type");
  return {.type = static_cast<evm::TransactionType>(transaction.type),
          .sender = sender,
          .to = transaction.to,
          .nonce = transaction.nonce,
          .gas_limit = transaction.gas_limit,
          .value = transaction.value,
          .max_fee = transaction.max_fee,
          .max_tip = transaction.max_tip,
          .data = transaction.data,
          .access_list = transaction.access_list,
          .authorizations = authorizations};
}

}  // namespace buri::execution::transaction
