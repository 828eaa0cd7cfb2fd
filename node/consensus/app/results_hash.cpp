#include "node/consensus/app/results_hash.hpp"

#include "base/codec/protobuf_writer.hpp"

namespace buri::consensus::app {

Hash256 results_hash(accel::Engine& crypto, std::span<const TxResult> results) {
  std::vector<Bytes> leaves;
  for (const TxResult& result : results) {
    leaves.push_back(ProtobufWriter()
                         .varint(1, result.code)
                         .bytes(2, result.data)
                         .varint(5, result.gas_wanted)
                         .varint(6, result.gas_used)
                         .encoded());
  }
  return crypto.rfc6962_root(std::vector<ByteView>(leaves.begin(), leaves.end()),
                             accel::Assurance::kExact);
}

}  // namespace buri::consensus::app
