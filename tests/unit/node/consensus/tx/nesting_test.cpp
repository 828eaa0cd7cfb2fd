#include "node/consensus/tx/nesting.hpp"

#include <gtest/gtest.h>

#include "node/consensus/modules/bank/messages.hpp"
#include "node/consensus/modules/gov/messages.hpp"
#include "node/consensus/tx/decode.hpp"

/// The vectors of spec/heimdall-after-ithaca.md 4 on both sides of the limit.

namespace buri::consensus::tx {
namespace {

using modules::gov::MsgSubmitProposal;

struct Types {
  runtime::MessageRegistry registry;
  modules::gov::Keeper gov{
      registry, [](const runtime::Context&) { return std::vector<modules::gov::Elector>{}; }};
  Types() {
    register_tx_types(registry);
    modules::bank::register_messages(registry, modules::bank::Keeper());
    modules::gov::register_messages(registry, gov);
  }
};

/// `depth` proposals inside each other; the innermost is not empty.
Any proposal_chain(int depth) {
  Any any = codec::pack(MsgSubmitProposal{.title = "inner"});
  for (int i = 1; i < depth; ++i) any = codec::pack(MsgSubmitProposal{.messages = {any}});
  return any;
}

Any key_chain(int depth) {
  Any any = codec::pack(MultisigPublicKey{.threshold = 1});
  for (int i = 1; i < depth; ++i) any = codec::pack(MultisigPublicKey{.public_keys = {any}});
  return any;
}

Any tx_chain(int depth) {
  Any any = codec::pack(Tx{.body = TxBody{.memo = "inner"}});
  for (int i = 1; i < depth; ++i) any = codec::pack(Tx{.body = TxBody{.messages = {any}}});
  return any;
}

Bytes with_message(const Any& any) {
  return codec::encode(TxRaw{.body_bytes = codec::encode(TxBody{.messages = {any}})});
}
Bytes with_key(const Any& any) {
  return codec::encode(
      TxRaw{.auth_info_bytes = codec::encode(AuthInfo{.signer_infos = {{.public_key = any}}})});
}

TEST(NestingByType, StopsAtTheVectorsOfTheSpecification) {
  const Types types;
  const auto deep = [&types](const Bytes& raw) {
    return nests_too_deeply_by_type(raw, types.registry);
  };
  EXPECT_FALSE(deep(with_message(proposal_chain(15))));
  EXPECT_TRUE(deep(with_message(proposal_chain(16))));
  EXPECT_FALSE(deep(with_key(key_chain(14))));
  EXPECT_TRUE(deep(with_key(key_chain(15))));
  EXPECT_FALSE(deep(with_message(tx_chain(2))));
  EXPECT_TRUE(deep(with_message(tx_chain(16))));
}

TEST(NestingByType, TakesTheLastOfDuplicateBodiesAndIgnoresTrailingGarbage) {
  const Types types;
  const auto deep = [&types](const Bytes& raw) {
    return nests_too_deeply_by_type(raw, types.registry);
  };
  Bytes deep_first = with_message(proposal_chain(16));
  append(deep_first, with_message(proposal_chain(1)));
  EXPECT_FALSE(deep(deep_first));
  Bytes shallow_first = with_message(proposal_chain(1));
  append(shallow_first, with_message(proposal_chain(16)));
  EXPECT_TRUE(deep(shallow_first));
  Bytes garbage = with_message(proposal_chain(16));
  garbage.push_back(0xFF);
  EXPECT_FALSE(deep(garbage));
}

TEST(NestingByType, PassesOverNonCriticalFieldsInTheBodyAlone) {
  const Types types;
  const Bytes unknown{0x80, 0x40, 0x01};
  Bytes body = unknown;
  append(body, codec::encode(TxBody{.messages = {proposal_chain(16)}}));
  Bytes auth_info = unknown;
  append(auth_info, codec::encode(AuthInfo{.signer_infos = {{.public_key = key_chain(15)}}}));
  EXPECT_TRUE(nests_too_deeply_by_type(codec::encode(TxRaw{.body_bytes = body}), types.registry));
  EXPECT_FALSE(
      nests_too_deeply_by_type(codec::encode(TxRaw{.auth_info_bytes = auth_info}), types.registry));
}

TEST(NestingByBytes, AllowsSixteenUnwrapsAndLooksIntoTexts) {
  // Sixteen Anys around an innermost one that holds nothing Any-like.
  EXPECT_FALSE(nests_too_deeply_by_bytes(with_message(proposal_chain(16))));
  EXPECT_TRUE(nests_too_deeply_by_bytes(with_message(proposal_chain(17))));
  const Bytes inner = codec::encode(TxBody{.messages = {proposal_chain(17)}});
  const Bytes memo = codec::encode(TxBody{.memo = std::string(inner.begin(), inner.end())});
  EXPECT_FALSE(nests_too_deeply_by_bytes(codec::encode(TxRaw{.body_bytes = memo})));
}

TEST(Nesting, ChangesItsRuleAtEachFork) {
  const Types types;
  const auto forks = protocol::HeimdallForks()
                         .set(protocol::HeimdallFork::kKyoto, 10)
                         .set(protocol::HeimdallFork::kLugano, 20);
  const Bytes sixteen = with_message(proposal_chain(16));
  const Bytes seventeen = with_message(proposal_chain(17));
  EXPECT_FALSE(nests_too_deeply(seventeen, types.registry, forks, 9));
  EXPECT_TRUE(nests_too_deeply(seventeen, types.registry, forks, 10));
  EXPECT_FALSE(nests_too_deeply(sixteen, types.registry, forks, 19));
  EXPECT_TRUE(nests_too_deeply(sixteen, types.registry, forks, 20));
}

}  // namespace
}  // namespace buri::consensus::tx
