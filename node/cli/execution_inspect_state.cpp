#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/cli/execution_home.hpp"
#include "node/cli/execution_inspect.hpp"
#include "node/execution/state/trie_node.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
using execution::state::AccountProof;
using execution::state::StateView;
using execution::state::TrieNode;

Hash256 keccak_of(ByteView message) {
  Hash256 digest;
  accel::best_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

/// What is asked for, read.
struct StatePlace {
  Address address;
  U256 slot;
  std::uint64_t block_number = 0;
};

Result<U256, std::string> read_slot(const std::string& text) {
  std::optional<U256> number;
  if (text.starts_with("0x")) {
    const std::string digits = text.substr(2);
    const auto bytes = from_hex(digits.size() % 2 == 1 ? "0" + digits : digits);
    if (bytes && !digits.empty()) number = U256::from_big_endian(*bytes);
  } else {
    number = U256::from_decimal(text);
  }
  if (number) return *number;
  return Failure{"expected a slot below 2^256, decimal or hex with 0x, found \"" + text + "\""};
}

Result<StatePlace, std::string> read_place(const InspectStateArguments& arguments,
                                           ExecutionHome& home) {
  StatePlace place;
  ASSIGN_OR_RETURN(const auto head, home.head());
  place.block_number = head.number;
  if (arguments.block != "latest") {
    const auto number = U256::from_decimal(arguments.block);
    const auto small = number ? number->to_uint64() : std::nullopt;
    if (!small) {
      return Failure{"expected a block's number or latest, found \"" + arguments.block + "\""};
    }
    place.block_number = *small;
  }
  if (!arguments.address.empty()) {
    const auto address = fixed_from_hex<20>(arguments.address);
    if (!address) {
      return Failure{"expected an address of 20 bytes in hex, found \"" + arguments.address + "\""};
    }
    place.address = *address;
  }
  if (!arguments.slot.empty()) {
    ASSIGN_OR_RETURN(place.slot, read_slot(arguments.slot));
  }
  return place;
}

/// The state behind the block, or which ones there are.
Result<std::shared_ptr<const StateView>, std::string> view_of(ExecutionHome& home,
                                                              std::uint64_t block_number) {
  auto view = home.states().view(block_number);
  if (view != nullptr) return view;
  ASSIGN_OR_RETURN(const auto head, home.head());
  std::uint64_t oldest = head.number;
  while (oldest > 0 && home.states().view(oldest - 1) != nullptr) --oldest;
  return Failure{"the state behind block " + std::to_string(block_number) +
                 " is not kept; expected a block from " + std::to_string(oldest) + " to " +
                 std::to_string(head.number)};
}

void add_account(json::object& facts, const execution::state::AccountRecord& account) {
  facts["nonce"] = account.nonce;
  facts["balance_wei"] = account.balance.to_decimal();
  facts["storage_root"] = shown_hex(account.storage_root);
  facts["code_hash"] = shown_hex(account.code_hash);
}

std::string_view kind_of(TrieNode::Kind kind) {
  switch (kind) {
    case TrieNode::Kind::kLeaf:
      return "leaf";
    case TrieNode::Kind::kExtension:
      return "extension";
    case TrieNode::Kind::kBranch:
      return "branch";
  }
  return "";
}

json::object node_json(const Bytes& encoded) {
  json::object node{{"hash", shown_hex(keccak_of(encoded))}, {"bytes", shown_hex(encoded)}};
  const auto decoded = execution::state::decode_node(encoded);
  if (!decoded.ok()) {
    node["malformed"] = describe(decoded.error());
    return node;
  }
  node["kind"] = kind_of(decoded->kind);
  if (decoded->kind == TrieNode::Kind::kBranch) {
    int children = 0;
    for (const auto& child : *decoded->children) children += child.is_empty() ? 0 : 1;
    node["children"] = children;
    return node;
  }
  std::string nibbles;
  for (const std::uint8_t nibble : decoded->path) nibbles += "0123456789abcdef"[nibble & 15];
  node["path"] = nibbles;
  if (decoded->kind == TrieNode::Kind::kLeaf) node["value"] = shown_hex(decoded->value);
  return node;
}

json::array nodes_json(const std::vector<Bytes>& nodes) {
  json::array rows;
  for (const Bytes& node : nodes) rows.push_back(node_json(node));
  return rows;
}

Result<AccountProof, std::string> prove(ExecutionHome& home, const StatePlace& place,
                                        std::span<const U256> slots) {
  RETURN_IF_ERROR(view_of(home, place.block_number));
  auto proof = home.states().prove(place.block_number, place.address, slots);
  if (proof.ok()) return std::move(proof).value();
  return Failure{"the home failed: " + proof.error().detail};
}

}  // namespace

AnswerResult inspect_account(const InspectStateArguments& arguments) {
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  ASSIGN_OR_RETURN(const StatePlace place, read_place(arguments, *home));
  ASSIGN_OR_RETURN(const auto view, view_of(*home, place.block_number));
  const auto account = view->record(place.address);
  Answer answer{{{"block_number", place.block_number},
                 {"address", shown_hex(place.address)},
                 {"exists", account.has_value()}},
                account.has_value()};
  if (account) {
    add_account(answer.facts, *account);
    const Bytes code = account->code_hash == execution::evm::kEmptyCodeHash
                           ? Bytes()
                           : *view->code(account->code_hash);
    answer.facts["code_bytes"] = code.size();
    if (arguments.with_code) answer.facts["code"] = shown_hex(code);
  }
  const auto status = view->status();
  if (!status.ok()) return Failure{arguments.home + ": " + status.error().detail};
  return answer;
}

AnswerResult inspect_storage(const InspectStateArguments& arguments) {
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  ASSIGN_OR_RETURN(const StatePlace place, read_place(arguments, *home));
  ASSIGN_OR_RETURN(const auto view, view_of(*home, place.block_number));
  const auto account = view->record(place.address);
  const U256 value = view->storage(place.address, place.slot);
  const auto status = view->status();
  if (!status.ok()) return Failure{arguments.home + ": " + status.error().detail};
  Answer answer{{{"block_number", place.block_number},
                 {"address", shown_hex(place.address)},
                 {"slot", shown_hex(place.slot.to_word())},
                 {"exists", account.has_value()},
                 {"value", shown_hex(value.to_word())}},
                account.has_value()};
  return answer;
}

AnswerResult inspect_trie(const InspectStateArguments& arguments) {
  ASSIGN_OR_RETURN(const auto home, ExecutionHome::open({.folder = arguments.home}));
  ASSIGN_OR_RETURN(const StatePlace place, read_place(arguments, *home));
  const bool has_slot = !arguments.slot.empty();
  ASSIGN_OR_RETURN(const AccountProof proof,
                   prove(*home, place, {&place.slot, has_slot ? std::size_t{1} : 0}));
  ASSIGN_OR_RETURN(const auto view, view_of(*home, place.block_number));
  Answer answer{
      {{"block_number", place.block_number}, {"state_root", shown_hex(view->head().root)}}};
  if (arguments.address.empty()) {
    // Every way begins at the root.
    answer.facts["root_node"] =
        proof.nodes.empty() ? json::value(nullptr) : json::value(node_json(proof.nodes.front()));
    return answer;
  }
  answer.facts["address"] = shown_hex(place.address);
  answer.facts["key"] = shown_hex(keccak_of(place.address));
  answer.facts["exists"] = answer.is_positive = proof.account.has_value();
  answer.facts["nodes"] = nodes_json(proof.nodes);
  if (!has_slot) return answer;
  answer.facts["slot"] = shown_hex(place.slot.to_word());
  answer.facts["slot_key"] = shown_hex(keccak_of(place.slot.to_word()));
  answer.facts["value"] = shown_hex(proof.slots.front().value.to_word());
  answer.facts["slot_nodes"] = nodes_json(proof.slots.front().nodes);
  return answer;
}

}  // namespace buri::cli
