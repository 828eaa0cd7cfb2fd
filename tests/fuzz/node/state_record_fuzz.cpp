#include "node/execution/state/undo_record.hpp"

/// The state's records have one form each: what is accepted is written back byte for byte.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::execution::state;
  const buri::ByteView input(data, size);
  const auto undo = decode_undo(input);
  if (undo.ok())
    CHECK(buri::equal(encode_undo(undo.value()), input), "an undo record has one form");
  const auto head = decode_head(input);
  if (head.ok()) CHECK(buri::equal(encode_head(head.value()), input), "a head record has one form");
  const auto account = decode_account(input);
  if (account.ok()) {
    CHECK(buri::equal(encode_account(account.value()), input), "an account record has one form");
  }
  return 0;
}
