#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

#include "base/free_with.hpp"
#include "node/execution/evm/precompiles/contracts.hpp"

/// 0x100: checks an ECDSA signature over P-256 (OpenSSL). Answers 1, or nothing if it is wrong in
/// any way. Source: PIP-27, EIP-7951.

namespace buri::execution::evm::precompiles {
namespace {

using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>>;

std::uint64_t gas(ByteView, const Rules& rules) {
  return rules.has(Proposal::kEip7951) ? 6900 : 3450;
}

/// The key with these coordinates; null if no point of the curve has them.
Key read_key(ByteView coordinates) {
  std::array<std::uint8_t, 65> point{4};
  std::memcpy(point.data() + 1, coordinates.data(), 64);
  std::string group = "prime256v1";
  const std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                        const_cast<OSSL_PARAM*>(parameters.data())) != 1) {
    return nullptr;
  }
  return Key(key);
}

/// The signature in DER, as OpenSSL takes it.
Bytes encode_signature(ByteView r, ByteView s) {
  const Signature signature(ECDSA_SIG_new());
  BIGNUM* r_number = BN_bin2bn(r.data(), static_cast<int>(r.size()), nullptr);
  BIGNUM* s_number = BN_bin2bn(s.data(), static_cast<int>(s.size()), nullptr);
  CHECK(signature && ECDSA_SIG_set0(signature.get(), r_number, s_number) == 1,
        "no memory is left for a signature");
  Bytes der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature.get(), nullptr)));
  std::uint8_t* place = der.data();
  i2d_ECDSA_SIG(signature.get(), &place);
  return der;
}

bool holds(ByteView input) {
  const Key key = read_key(input.subspan(96, 64));
  if (!key) return false;
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) != 1) return false;
  const Bytes der = encode_signature(input.subspan(32, 32), input.subspan(64, 32));
  return EVP_PKEY_verify(context.get(), der.data(), der.size(), input.data(), 32) == 1;
}

bool run(ByteView input, const Rules&, Bytes& output) {
  constexpr std::size_t kInputBytes = 160;
  if (input.size() != kInputBytes || !holds(input)) return true;
  output.resize(32);
  output.back() = 1;
  return true;
}

}  // namespace

const Precompile kP256Verify{gas, run};

}  // namespace buri::execution::evm::precompiles
