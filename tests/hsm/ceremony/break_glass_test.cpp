#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "base/hex.hpp"
#include "tests/hsm/ceremony/ceremony_setup.hpp"

/// The backup without our program and without any HSM: shares, backup.kwp and OpenSSL alone.

namespace buri::hsm::test {
namespace {

/// RFC 5649 as OpenSSL unwraps it; empty if it does not.
Bytes unwrapped_by_openssl(ByteView key, ByteView blob) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  Bytes plain(blob.size() + 16);
  int size = 0;
  const bool good = EVP_DecryptInit_ex(context.get(), EVP_aes_256_wrap_pad(), nullptr, key.data(),
                                       nullptr) == 1 &&
                    EVP_DecryptUpdate(context.get(), plain.data(), &size, blob.data(),
                                      static_cast<int>(blob.size())) == 1;
  plain.resize(good ? static_cast<std::size_t>(size) : 0);
  return plain;
}

/// The uncompressed public key of a PKCS#8 private key, in hex.
std::string public_key_of(const Bytes& pkcs8) {
  const unsigned char* at = pkcs8.data();
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size())),
      PKCS8_PRIV_KEY_INFO_free);
  if (!info) return "no PKCS#8";
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_PKCS82PKEY(info.get()),
                                                                EVP_PKEY_free);
  Bytes point(65);
  std::size_t size = 0;
  if (!key || EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                              point.size(), &size) != 1) {
    return "no key";
  }
  point.resize(size);
  return to_hex(point);
}

TEST(T26BreakGlass, SharesAndTheBackupFileGiveTheKeyToOpenssl) {
  const SoftHsmToken token(SoftHsmToken::Key::kNone);
  CeremonyBench bench(token);
  const auto summary = bench.run();
  ASSERT_TRUE(summary.ok()) << summary.error();
  const auto key =
      join_shares(std::vector{bench.delivery.shares.at(3), bench.delivery.shares.at(2)});
  ASSERT_TRUE(key.ok());
  const Bytes pkcs8 = unwrapped_by_openssl(key->bytes(), bench.store.files.at(kBlobFile));
  const auto record = decode_record<KeyRecord>(bench.store.text(kKeyFile));
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(public_key_of(pkcs8), to_hex(record->public_key));
  Bytes other(key->bytes().begin(), key->bytes().end());
  other[0] ^= 1;
  EXPECT_TRUE(unwrapped_by_openssl(other, bench.store.files.at(kBlobFile)).empty());
}

}  // namespace
}  // namespace buri::hsm::test
