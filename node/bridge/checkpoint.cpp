#include "node/bridge/checkpoint.hpp"

#include "base/check.hpp"
#include "base/u256.hpp"

namespace buri::bridge {
namespace {

constexpr std::size_t kLeafPreimageBytes = 128;

}  // namespace

std::vector<Hash256> checkpoint_leaves(accel::Engine& crypto,
                                       std::span<const CheckpointHeader> headers) {
  Bytes preimages;
  preimages.reserve(headers.size() * kLeafPreimageBytes);
  for (const CheckpointHeader& header : headers) {
    append(preimages, U256::from_uint64(header.number).to_word());
    append(preimages, U256::from_uint64(header.time).to_word());
    append(preimages, header.transactions_root);
    append(preimages, header.receipts_root);
  }
  std::vector<ByteView> messages;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    messages.push_back(ByteView(preimages).subspan(i * kLeafPreimageBytes, kLeafPreimageBytes));
  }
  std::vector<Hash256> leaves(headers.size());
  crypto.keccak256(messages, leaves, accel::Assurance::kExact);
  return leaves;
}

Result<Hash256, CheckpointFailure> checkpoint_root(accel::Engine& crypto,
                                                   std::span<const CheckpointHeader> headers) {
  CHECK(!headers.empty() && headers.size() <= kMaxCheckpointHeaders, "a root has headers under it");
  for (std::size_t i = 1; i < headers.size(); ++i) {
    const std::uint64_t expected = headers[i - 1].number + 1;
    if (headers[i].number != expected) {
      return Failure{CheckpointFailure{i, expected, headers[i].number}};
    }
  }
  return crypto.checkpoint_root(checkpoint_leaves(crypto, headers), accel::Assurance::kExact);
}

}  // namespace buri::bridge
