#include "node/execution/chain/block_records.hpp"

/// Records of blocks have one form each: what is accepted is written back byte for byte.

namespace {

using namespace buri::execution::chain;

template <class Decode, class Encode>
void expect_one_form(buri::ByteView input, Decode decode, Encode encode) {
  const auto decoded = decode(input);
  if (decoded.ok()) CHECK(buri::equal(encode(*decoded), input), "a record has one form");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const buri::ByteView input(data, size);
  expect_one_form(input, decode_entry, encode_entry);
  expect_one_form(input, decode_outcome, encode_outcome);
  expect_one_form(input, decode_place, encode_place);
  expect_one_form(input, decode_producers, encode_producers);
  expect_one_form(input, decode_fixed_block, encode_fixed_block);
  expect_one_form(input, decode_reorganisation, encode_reorganisation);
  expect_one_form(input, decode_history, encode_history);
  const auto body = decode_body(input, {});
  if (body.ok()) CHECK(buri::equal(encode_body(*body), input), "a body has one form");
  return 0;
}
