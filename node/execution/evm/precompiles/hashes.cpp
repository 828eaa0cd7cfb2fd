#include <openssl/evp.h>

#include "node/execution/evm/precompiles/contracts.hpp"
#include "node/execution/evm/precompiles/input.hpp"

/// 0x02 SHA-256, 0x03 RIPEMD-160 (both OpenSSL's), 0x04 identity.

namespace buri::execution::evm::precompiles {
namespace {

template <std::uint64_t kBase, std::uint64_t kPerWord>
std::uint64_t gas(ByteView input, const Rules&) {
  return kBase + kPerWord * words(input.size());
}

/// Appends the digest as one word, zeros on the left.
void append_digest(const EVP_MD* function, ByteView input, Bytes& output) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  const int done =
      EVP_Digest(input.data(), input.size(), digest.data(), &length, function, nullptr);
  CHECK(done == 1 && length <= 32, "OpenSSL could not compute a digest");
  output.resize(32 - length);
  append(output, ByteView(digest).first(length));
}

bool sha256(ByteView input, const Rules&, Bytes& output) {
  static const EVP_MD* function = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  append_digest(function, input, output);
  return true;
}

bool ripemd160(ByteView input, const Rules&, Bytes& output) {
  static const EVP_MD* function = EVP_MD_fetch(nullptr, "RIPEMD160", nullptr);
  append_digest(function, input, output);
  return true;
}

bool identity(ByteView input, const Rules&, Bytes& output) {
  append(output, input);
  return true;
}

}  // namespace

const Precompile kSha256{gas<60, 12>, sha256};
const Precompile kRipemd160{gas<600, 120>, ripemd160};
const Precompile kIdentity{gas<15, 3>, identity};

}  // namespace buri::execution::evm::precompiles
