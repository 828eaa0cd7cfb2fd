#include <gtest/gtest.h>

#include <charconv>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/consensus/modules/checkpoint/messages.hpp"
#include "tests/unit/node/consensus/app/machine.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"

/// The votes on side transactions in the vote extensions of recorded chains against those that our
/// side handlers give from the same stores and from what the stand-ins for the root chain and for
/// Bor answered each node.

namespace buri::consensus::app {
namespace {

using codec::Field;
using runtime::SideVote;

struct SideTxResponse {
  Bytes tx_hash{};
  SideVote result = SideVote::kUnspecified;
  static constexpr std::string_view kName = "heimdallv2.sidetxs.SideTxResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "tx_hash", &SideTxResponse::tx_hash},
                     Field{2, "result", &SideTxResponse::result});
  }
};
struct VoteExtension {
  std::vector<SideTxResponse> side_tx_responses{};
  static constexpr std::string_view kName = "heimdallv2.sidetxs.VoteExtension";
  static constexpr auto fields() {
    return fields_of(Field{3, "side_tx_responses", &VoteExtension::side_tx_responses});
  }
};
struct Voter {
  Bytes address{};
  static constexpr std::string_view kName = "tendermint.abci.Validator";
  static constexpr auto fields() { return fields_of(Field{1, "address", &Voter::address}); }
};
struct ExtendedVote {
  Voter validator{};
  Bytes vote_extension{};
  static constexpr std::string_view kName = "tendermint.abci.ExtendedVoteInfo";
  static constexpr auto fields() {
    return fields_of(Field{1, "validator", &ExtendedVote::validator},
                     Field{3, "vote_extension", &ExtendedVote::vote_extension});
  }
};
struct ExtendedCommit {
  std::vector<ExtendedVote> votes{};
  static constexpr std::string_view kName = "tendermint.abci.ExtendedCommitInfo";
  static constexpr auto fields() { return fields_of(Field{2, "votes", &ExtendedCommit::votes}); }
};

Bytes hex_of(const JsonCursor& value) { return value.hex(HexStyle::kPrefixedLower).value(); }
U256 word(ByteView bytes, std::size_t i) {
  return U256::from_big_endian(bytes.subspan(i * 32, 32)).value();
}

protocol::RootChainReceipt receipt_of(const JsonCursor& json) {
  protocol::RootChainReceipt receipt;
  receipt.block_number = json.member("blockNumber")->quantity().value();
  const auto logs = json.member("logs")->elements(100);
  for (const JsonCursor& one : *logs) {
    protocol::RootChainLog log;
    log.index = one.member("logIndex")->quantity().value();
    log.address = Address::from(hex_of(*one.member("address")));
    log.data = hex_of(*one.member("data"));
    const auto topics = one.member("topics")->elements(4);
    for (const JsonCursor& topic : *topics) {
      log.topics.push_back(Hash256::from(hex_of(topic)));
    }
    receipt.logs.push_back(std::move(log));
  }
  return receipt;
}

/// The file world.json: what the stand-ins answered from.
class RecordedWorld {
 public:
  explicit RecordedWorld(const std::string& folder) {
    const auto text = records::read_text(records::existing_path(folder + "/world.json"));
    document_ = parse_json(text.value(), {.max_bytes = std::size_t{256} << 20}).value();
    const auto keys = records::read_text(folder + "/keys.json");
    const JsonValue parsed = parse_json(keys.value()).value();
    for (const JsonValue& key : parsed.children) {
      const JsonCursor address = JsonCursor(key).member("address").value();
      nodes_[Address::from(hex_of(address))] = key.key;
    }
    const auto heads = JsonCursor(document_).member("bor_heads")->elements(5000);
    for (const JsonCursor& head : *heads) {
      heads_.emplace(head.member("after_height")->unsigned_number(5000).value(), head);
    }
    const auto headers = JsonCursor(document_).member("bor_headers")->elements(100'000);
    for (const JsonCursor& header : *headers) {
      protocol::BorBlockInfo info;
      info.block.number = bor_blocks_.size();
      info.block.hash = Hash256::from(hex_of(*header.member("hash")));
      if (!bor_blocks_.empty()) info.block.parent_hash = bor_blocks_.back().block.hash;
      info.total_difficulty = info.block.number + 1;
      info.author = Address::from(hex_of(*header.member("author")));
      bor_blocks_.push_back(info);
    }
  }

  /// "1" for the validator whose node that is.
  [[nodiscard]] std::string node_of(ByteView address) const {
    return nodes_.at(Address::from(address)).substr(std::string("validator ").size());
  }

  /// Lets the machine's stand-ins answer as they answered a node after `height`.
  void set(Machine& machine, const std::string& node, std::int64_t height) const {
    const JsonCursor world(document_);
    machine.root_chain.receipts.clear();
    for (const JsonValue& receipt : world.member("l1_receipts")->value().children) {
      if (is_hidden(world, node, receipt.key)) continue;
      machine.root_chain.receipts[Hash256::from(from_hex(receipt.key.substr(2)).value())] =
          receipt_of(JsonCursor(receipt));
    }
    for (const JsonValue& block : world.member("root_chain_header_blocks")->value().children) {
      const Bytes bytes = hex_of(JsonCursor(block));
      std::uint64_t number = 0;
      std::from_chars(block.key.data(), block.key.data() + block.key.size(), number);
      machine.root_chain.header_blocks[U256::from_uint64(number)] = {
          .root_hash = Hash256::from(ByteView(bytes).first(32)),
          .start_block = word(bytes, 1).limbs[0],
          .end_block = word(bytes, 2).limbs[0],
          .proposer = Address::from(ByteView(bytes).subspan(4 * 32 + 12, 20))};
    }
    const auto found = heads_.find(static_cast<std::uint64_t>(height));
    if (found == heads_.end()) return;
    const JsonCursor& head = found->second;
    const auto number = [&head](const std::string& key) {
      return head.has(key) ? head.member(key)->unsigned_number(1'000'000).value() : 0;
    };
    machine.bor_roots.head = number("head") - number("lag_node_" + node);
    machine.bor_roots.is_down = head.has("down_node_" + node);
    machine.bor_chain.is_down = machine.bor_roots.is_down;
    machine.bor_chain.known = bor_blocks_to(machine.bor_roots.head);
  }

 private:
  [[nodiscard]] std::map<std::uint64_t, protocol::BorBlockInfo> bor_blocks_to(
      std::uint64_t head) const {
    std::map<std::uint64_t, protocol::BorBlockInfo> blocks;
    for (const protocol::BorBlockInfo& info : bor_blocks_) {
      if (info.block.number <= head) blocks.emplace(info.block.number, info);
    }
    return blocks;
  }

  static bool is_hidden(const JsonCursor& world, const std::string& node,
                        const std::string& tx_hash) {
    const JsonCursor hidden = world.member("l1_hidden_from_node").value();
    if (!hidden.has(node)) return false;
    const auto hashes = hidden.member(node)->elements(100).value();
    return std::ranges::any_of(
        hashes, [&tx_hash](const JsonCursor& hash) { return hash.string().value() == tx_hash; });
  }

  JsonValue document_;
  std::map<Address, std::string> nodes_;
  std::map<std::uint64_t, JsonCursor> heads_;
  std::vector<protocol::BorBlockInfo> bor_blocks_;  ///< by number
};

/// What Bor's stand-in gave as the root of a window.
Hash256 recorded_root(std::uint64_t start, std::uint64_t end) {
  const std::string text = "root " + std::to_string(start) + " " + std::to_string(end);
  const ByteView message = as_bytes(text);
  Hash256 root;
  accel::scalar_hasher().keccak256_batch(std::span(&message, 1), std::span(&root, 1));
  return root;
}

class RecordedVotes : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string why;
    chain_ = recorded_chain(GetParam(), why);
    if (chain_ == nullptr) GTEST_SKIP() << why;
    world_ = std::make_unique<RecordedWorld>(recorded_chains_folder() + "/" + GetParam());
  }

  SideVote ask(const runtime::DecodedMessage& message, std::int64_t height) {
    const runtime::BlockFacts facts = facts_of(*chain_, height);
    store::Branch branch(stores_.stores());
    runtime::EventLog events;
    const auto* checkpoint = runtime::message_cast<modules::checkpoint::MsgCheckpoint>(message);
    if (checkpoint != nullptr) {
      machine_.bor_roots.roots[{checkpoint->start_block, checkpoint->end_block}] =
          recorded_root(checkpoint->start_block, checkpoint->end_block);
    }
    return message.type().side_handle({facts, branch, meter_, events}, message);
  }

  /// Compares one node's votes on the transactions of `height`, whose state is that before it.
  void compare(std::int64_t height, const std::string& node, const VoteExtension& extension) {
    for (const SideTxResponse& response : extension.side_tx_responses) {
      const auto& transactions = chain_->transactions.at(height);
      const auto raw = std::ranges::find_if(transactions, [&response](const Bytes& one) {
        return equal(tx::transaction_hash(one), response.tx_hash);
      });
      ASSERT_NE(raw, transactions.end());
      const auto decoded = machine_.runner.decode(*raw);
      if (!decoded.ok()) continue;
      const auto message = std::ranges::find_if(
          decoded->messages,
          [](const runtime::MessagePointer& one) { return one->type().is_side_message(); });
      ASSERT_NE(message, decoded->messages.end());
      SCOPED_TRACE((*message)->type().type_url + " of node " + node);
      // Bor's head moved within the height.
      world_->set(machine_, node, height - 1);
      const SideVote early = ask(**message, height);
      world_->set(machine_, node, height);
      const SideVote late = ask(**message, height);
      EXPECT_TRUE(response.result == early || response.result == late)
          << static_cast<int>(response.result);
      ++(response.result == SideVote::kYes ? yes_ : no_);
    }
  }

  const RecordedChain* chain_ = nullptr;
  std::unique_ptr<RecordedWorld> world_;
  Machine machine_;
  runtime::MemoryStores stores_;
  runtime::GasMeter meter_ = runtime::GasMeter::infinite();
  std::size_t yes_ = 0;
  std::size_t no_ = 0;
};

TEST_P(RecordedVotes, AreThoseOfOurSideHandlers) {
  app::apply(chain_->writes.at(1), stores_);
  for (auto it = chain_->transactions.upper_bound(1); it != chain_->transactions.end(); ++it) {
    const std::int64_t height = it->first;
    SCOPED_TRACE("height " + std::to_string(height));
    const auto next = chain_->transactions.find(height + 1);
    if (next != chain_->transactions.end() && !next->second.empty()) {
      const auto commit = codec::decode<ExtendedCommit>(next->second.front()).value();
      for (const ExtendedVote& vote : commit.votes) {
        const auto extension = codec::decode<VoteExtension>(vote.vote_extension);
        if (!extension.ok() || extension->side_tx_responses.empty()) continue;
        compare(height, world_->node_of(vote.validator.address), *extension);
      }
    }
    app::apply(chain_->writes.at(height), stores_);
  }
  std::cout << yes_ << " votes yes and " << no_ << " no are equal\n";
  EXPECT_GT(yes_, 20U);
  EXPECT_GT(no_, 3U);
}

INSTANTIATE_TEST_SUITE_P(Chains, RecordedVotes, ::testing::Values("A", "B"));

}  // namespace
}  // namespace buri::consensus::app
