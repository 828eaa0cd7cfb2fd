#include "hsm/wire/sign_bytes.hpp"

#include <gtest/gtest.h>

#include "base/codec/rlp.hpp"
#include "base/hex.hpp"
#include "tests/unit/hsm/golden.hpp"

/// T30: the bytes that stock daemons signed, and their signatures over them.

namespace buri::hsm::wire {
namespace {

using testing::golden_lines;
using testing::hex_of;
using testing::keccak256;
using testing::number_of;
using testing::recorded_proposal;
using testing::recorded_transaction;
using testing::recorded_vote;
using testing::signer_of;
using testing::text_of;

TEST(T30SignBytes, VotesAreThoseOfHeimdall) {
  unsigned nil_votes = 0;
  for (const JsonValue& line : golden_lines("votes.jsonl")) {
    if (text_of(line, "kind") == "proposal") continue;
    const SignVote vote = recorded_vote(line);
    const Bytes bytes = vote_sign_bytes(vote);
    EXPECT_EQ(to_hex(bytes), text_of(line, "sign_bytes"));
    EXPECT_EQ(signer_of(keccak256(bytes), hex_of(line, "signature")), vote.validator_address);
    nil_votes += vote.block_id.is_nil() ? 1 : 0;
  }
  EXPECT_GE(nil_votes, 2u);
}

TEST(T30SignBytes, ProposalsAreThoseOfHeimdall) {
  unsigned proposals = 0;
  for (const JsonValue& line : golden_lines("votes.jsonl")) {
    if (text_of(line, "kind") != "proposal") continue;
    const Bytes bytes = proposal_sign_bytes(recorded_proposal(line));
    EXPECT_EQ(to_hex(bytes), text_of(line, "sign_bytes"));
    EXPECT_EQ(to_hex(keccak256(bytes)), text_of(line, "digest"));
    ++proposals;
  }
  EXPECT_GE(proposals, 2u);
}

TEST(T30SignBytes, BothExtensionsAreThoseOfHeimdall) {
  unsigned checkpoints = 0;
  for (const JsonValue& line : golden_lines("votes.jsonl")) {
    if (text_of(line, "extension").empty()) continue;
    const SignVote vote = recorded_vote(line);
    const Bytes bytes =
        vote_extension_sign_bytes(vote.chain_id, vote.height, vote.round, *vote.extension);
    EXPECT_EQ(signer_of(keccak256(bytes), hex_of(line, "extension_signature")),
              vote.validator_address);
    EXPECT_EQ(signer_of(keccak256(*vote.plain_extension), hex_of(line, "non_rp_signature")),
              vote.validator_address);
    const auto checkpoint = parse_plain_checkpoint(*vote.plain_extension);
    checkpoints += checkpoint ? 1 : 0;
    EXPECT_EQ(*vote.plain_extension,
              checkpoint ? plain_checkpoint(*checkpoint)
                         : plain_dummy(ExtensionForm::kBanner, vote.height, vote.chain_id));
  }
  EXPECT_GE(checkpoints, 1u);
}

TEST(T30SignBytes, SignDocIsThatOfHeimdall) {
  for (const JsonValue& line : golden_lines("heimdall-transactions.jsonl")) {
    const auto public_key = FixedBytes<65>::from(hex_of(line, "public_key"));
    const Bytes bytes = heimdall_sign_bytes(recorded_transaction(line), public_key);
    EXPECT_EQ(to_hex(bytes), text_of(line, "sign_bytes")) << text_of(line, "label");
    const Bytes raw = hex_of(line, "tx");
    const Hash256 key_hash = keccak256(ByteView(public_key).subspan(1));
    EXPECT_EQ(signer_of(keccak256(bytes), ByteView(raw).last(65)),
              Address::from(ByteView(key_hash).last(20)));
  }
}

/// The shape of chain A's headers (forks: tests/golden/signer/README.md).
BorExtraShape shape_at(std::int64_t number) {
  if (number < 168) return BorExtraShape::kValidatorBytes;
  return number < 544 ? BorExtraShape::kCancun : BorExtraShape::kGiugliano;
}

TEST(T30SignBytes, BorHeadersAreThoseOfBorInEveryEra) {
  constexpr std::int64_t kJaipur = 72;
  std::optional<Address> producer;
  for (const JsonValue& line : golden_lines("bor-headers.jsonl")) {
    const std::int64_t number = number_of(line, "number");
    const Bytes rlp = hex_of(line, "rlp");
    auto header = decode_bor_header(rlp, shape_at(number));
    ASSERT_TRUE(header.ok()) << number << ": " << describe(header.error());
    header->base_fee_is_sealed = number >= kJaipur;
    EXPECT_EQ(header->number, static_cast<std::uint64_t>(number));

    RlpReader items = decode_rlp_list(rlp).value();
    for (int i = 0; i < 12; ++i) ASSERT_TRUE(items.next().ok());
    const ByteView extra = items.next_bytes().value();
    const auto seal = FixedBytes<65>::from(extra.last(65));
    EXPECT_EQ(bor_header_rlp(*header, seal), rlp) << number;
    const Address signer = signer_of(keccak256(bor_header_sign_bytes(*header)), seal);
    EXPECT_FALSE(signer.is_zero()) << number;
    if (!producer) producer = signer;
    EXPECT_EQ(signer, *producer) << number;
  }
}

/// A recorded signed transaction and where its signature begins.
RootChainTransaction recorded_dynamic_fee(ByteView raw, FixedBytes<65>& signature) {
  RlpReader items = decode_rlp_list(raw.subspan(1)).value();
  RootChainTransaction transaction;
  transaction.chain_id = items.next_uint64().value();
  transaction.nonce = items.next_uint64().value();
  transaction.max_priority_fee_per_gas_wei = items.next_uint64().value();
  transaction.max_fee_per_gas_wei = items.next_uint64().value();
  transaction.gas_limit = items.next_uint64().value();
  transaction.to = items.next_fixed<20>().value();
  transaction.value_wei = items.next_u256().value();
  const ByteView data = items.next_bytes().value();
  transaction.call =
      ContractCall{FixedBytes<4>::from(data.first(4)), Bytes(data.begin() + 4, data.end())};
  CHECK(items.next_list().value().at_end(), "an access list in a recorded transaction");
  const auto parity = static_cast<std::uint8_t>(items.next_uint64().value());
  Bytes bytes;
  append(bytes, items.next_u256().value().to_word());
  append(bytes, items.next_u256().value().to_word());
  bytes.push_back(parity);
  signature = FixedBytes<65>::from(bytes);
  return transaction;
}

TEST(T30SignBytes, DynamicFeeTransactionsAreThoseOfGeth) {
  for (const JsonValue& line : golden_lines("dynamic-fee-transactions.jsonl")) {
    FixedBytes<65> signature;
    const RootChainTransaction transaction = recorded_dynamic_fee(hex_of(line, "raw"), signature);
    EXPECT_EQ(to_hex(signer_of(keccak256(root_chain_sign_bytes(transaction)), signature)),
              text_of(line, "from"));
  }
}

TEST(T30SignBytes, CheckpointCalldataIsWhatTheContractTook) {
  for (const JsonValue& line : golden_lines("submit-checkpoint.jsonl")) {
    const Bytes input = hex_of(line, "input");
    const ByteView words = ByteView(input).subspan(4);
    Bytes extension{1};
    append(extension, words.subspan(3 * 32, 192));
    const auto checkpoint = parse_plain_checkpoint(extension);
    ASSERT_TRUE(checkpoint);
    SubmitCheckpoint call{*checkpoint, {}};
    for (std::size_t at = 10 * 32; at < words.size(); at += 3 * 32) {
      call.signatures.push_back({Hash256::from(words.subspan(at, 32)),
                                 Hash256::from(words.subspan(at + 32, 32)),
                                 words[at + 3 * 32 - 1]});
    }
    RootChainTransaction transaction;
    transaction.call = call;
    EXPECT_EQ(to_hex(root_chain_calldata(transaction)), to_hex(input)) << text_of(line, "label");
  }
}

TEST(SignBytes, NilVoteLeavesTheBlockIdOutAndLaterRoundsAreWritten) {
  const Bytes bytes = vote_sign_bytes("c", VoteType::kPrecommit, 1, 2, BlockId{}, Timestamp{3, 4});
  EXPECT_EQ(to_hex(bytes),
            "1d0802110100000000000000190200000000000000"
            "2a0408031004320163");
}

TEST(SignBytes, CompactDummyIsZeroHeightAndChain) {
  EXPECT_EQ(to_hex(plain_dummy(ExtensionForm::kCompact, 0x0102, "ab")), "0000000000000001026162");
}

TEST(SignBytes, CheckpointWithDirtyPaddingIsNoCheckpoint) {
  Bytes bytes = plain_checkpoint(Checkpoint{});
  ASSERT_TRUE(parse_plain_checkpoint(bytes));
  bytes[1] = 1;  // above the proposer's 20 bytes
  EXPECT_FALSE(parse_plain_checkpoint(bytes));
}

TEST(SignBytes, PossessionIsBoundToEveryField) {
  const ProveOfPossession request{"chain", "2026-1", Hash256{}};
  const Bytes bytes = possession_sign_bytes(request, Address{});
  EXPECT_EQ(to_hex(ByteView(bytes).first(20)), to_hex(as_bytes("POS-HSM-POP-v1\x05"
                                                               "chain")));
  EXPECT_EQ(bytes.size(), 14u + 1 + 5 + 1 + 20 + 1 + 6 + 1 + 32);
}

}  // namespace
}  // namespace buri::hsm::wire
