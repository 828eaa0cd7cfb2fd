#include <algorithm>

#include "base/check.hpp"
#include "node/consensus/p2p/secret_connection.hpp"

/// The first byte says in what pieces the rest reaches a node that waits for a peer. Whatever
/// comes, nobody is believed to be someone, nothing becomes data, and an error stays.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::consensus::p2p;
  static const NodeKey key(Secret<32>::from(buri::Bytes(32, 0x31)));
  if (size == 0) return 0;
  buri::SeededRandom random(1);
  SecretConnection connection(key, random);
  const std::size_t piece = std::size_t{1} + data[0];
  buri::ByteView rest(data + 1, size - 1);
  bool over = false;
  while (!rest.empty()) {
    const auto bytes = rest.first(std::min(piece, rest.size()));
    const bool ok = connection.receive(bytes).ok();
    CHECK(!over || !ok, "an error stays");
    over = !ok;
    rest = rest.subspan(bytes.size());
  }
  CHECK(!connection.established() && !connection.peer(), "nobody has signed anything");
  CHECK(connection.take_data().empty(), "there is no data before the handshake");
  return 0;
}
