#include "node/consensus/p2p/frames.hpp"

#include <openssl/evp.h>

#include <array>
#include <limits>

namespace buri::consensus::p2p {
namespace {

constexpr int kFrameBytes = kFrameLengthBytes + kFrameDataBytes;

}  // namespace

void FrameCipher::Free::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

FrameCipher::FrameCipher(Direction direction, const Secret<32>& key, std::uint64_t first_nonce)
    : context_(EVP_CIPHER_CTX_new()), nonce_(first_nonce) {
  CHECK(context_ &&
            EVP_CipherInit_ex(context_.get(), EVP_chacha20_poly1305(), nullptr, key.view().data(),
                              nullptr, direction == Direction::kSeal ? 1 : 0) == 1,
        "OpenSSL has ChaCha20-Poly1305");
}

Status<ConnectionError> FrameCipher::next() {
  if (nonce_ == std::numeric_limits<std::uint64_t>::max()) {
    return Failure{ConnectionError::kNonceExhausted};
  }
  std::array<std::uint8_t, 12> bytes{};
  std::memcpy(bytes.data() + 4, &nonce_, sizeof nonce_);
  ++nonce_;
  CHECK(EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, bytes.data(), -1) == 1,
        "a cipher takes its nonce");
  return Unit{};
}

Status<ConnectionError> FrameSealer::seal(ByteView data, Bytes& output) {
  CHECK(data.size() <= kFrameDataBytes, "a frame holds 1024 bytes");
  RETURN_IF_ERROR(cipher_.next());
  std::array<std::uint8_t, kFrameBytes> frame{};
  const auto length = static_cast<std::uint32_t>(data.size());
  std::memcpy(frame.data(), &length, sizeof length);
  if (!data.empty()) std::memcpy(frame.data() + kFrameLengthBytes, data.data(), data.size());
  const std::size_t start = output.size();
  output.resize(start + kSealedFrameBytes);
  std::uint8_t* place = output.data() + start;
  int written = 0;
  int finished = 0;
  CHECK(EVP_EncryptUpdate(cipher_.context(), place, &written, frame.data(), kFrameBytes) == 1 &&
            written == kFrameBytes &&
            EVP_EncryptFinal_ex(cipher_.context(), place + written, &finished) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher_.context(), EVP_CTRL_AEAD_GET_TAG, kFrameTagBytes,
                                place + kFrameBytes) == 1,
        "a stream cipher seals every frame");
  return Unit{};
}

Status<ConnectionError> FrameOpener::open(ByteView sealed, Bytes& output) {
  CHECK(sealed.size() == kSealedFrameBytes, "frames have one size");
  RETURN_IF_ERROR(cipher_.next());
  std::array<std::uint8_t, kFrameTagBytes> tag;
  std::memcpy(tag.data(), sealed.data() + kFrameBytes, tag.size());
  std::array<std::uint8_t, kFrameBytes> frame;
  int written = 0;
  int finished = 0;
  if (EVP_CIPHER_CTX_ctrl(cipher_.context(), EVP_CTRL_AEAD_SET_TAG, kFrameTagBytes, tag.data()) !=
          1 ||
      EVP_DecryptUpdate(cipher_.context(), frame.data(), &written, sealed.data(), kFrameBytes) !=
          1 ||
      EVP_DecryptFinal_ex(cipher_.context(), frame.data() + written, &finished) != 1) {
    return Failure{ConnectionError::kFrame};
  }
  std::uint32_t length = 0;
  std::memcpy(&length, frame.data(), sizeof length);
  if (length > kFrameDataBytes) return Failure{ConnectionError::kFrameLength};
  append(output, ByteView(frame).subspan(kFrameLengthBytes, length));
  return Unit{};
}

}  // namespace buri::consensus::p2p
