#include "node/execution/replay/offered_blocks.hpp"

#include <array>

#include "base/hex.hpp"

namespace buri::execution::replay {
namespace {

using chain::BlockFault;
using chain::BlockRule;

Result<chain::Block, std::string> block_of(const JsonValue& line) {
  ASSIGN_OR_RETURN(const std::string raw, text_of(line, "raw"));
  const auto bytes = from_hex(raw);
  if (!bytes) return Failure{std::string("raw: expected hex")};
  auto block = chain::decode_block(*bytes);
  if (!block.ok()) return Failure{chain::describe(block.error())};
  return std::move(block).value();
}

/// Rules that the stock client names otherwise: words of ours, words of its.
constexpr std::array<std::pair<std::string_view, std::string_view>, 1> kOtherWords{
    {{"set code transaction without authorisations", "EIP-7702 transaction with empty auth list"}}};

}  // namespace

bool tells_of(const std::string& text, const BlockFault& fault) {
  if (text.find(chain::describe(fault.rule)) == std::string::npos) return false;
  if (fault.rule != BlockRule::kTransaction) return true;
  // "transaction N (HASH): REASON: NUMBER"; of a signature without the number.
  const std::size_t begin = fault.found.find("): ");
  if (begin == std::string::npos) return false;
  std::string reason = fault.found.substr(begin + 3);
  reason.resize(std::min(reason.rfind(": "), reason.size()));
  for (const auto& [ours, theirs] : kOtherWords) {
    if (reason == ours) reason = theirs;
  }
  return text.find(reason) != std::string::npos;
}

Result<SideBlocks, std::string> SideBlocks::open(const ReadFile& read, std::uint64_t after) {
  SideBlocks side;
  ASSIGN_OR_RETURN(LinesFile lines, LinesFile::open(read, "side-blocks.jsonl"));
  while (true) {
    ASSIGN_OR_RETURN(const auto line, lines.next());
    if (!line) return side;
    auto block = block_of(*line);
    if (!block.ok()) return Failure{"side-blocks.jsonl: " + block.error()};
    if (block->header.number > after) side.waiting_.push_back(std::move(block).value());
  }
}

Status<std::string> SideBlocks::import_into(chain::Chain& chain, Comparison& comparison) {
  std::vector<chain::Block> later;
  for (chain::Block& block : waiting_) {
    const auto parent = chain.blocks().entry(block.header.parent_hash);
    if (!parent.ok()) return Failure{parent.error().detail};
    if (*parent == nullptr) {
      later.push_back(std::move(block));
      continue;
    }
    ++count_;
    const std::string name = "side block 0x" + to_hex(chain::hash_of(block.header));
    const auto result = chain.import(std::move(block));
    comparison.compare(name, "accepted",
                       result.ok() ? "accepted" : chain::describe(result.error()));
  }
  waiting_ = std::move(later);
  return Unit{};
}

Result<OfferedBlocks, std::string> OfferedBlocks::open(const ReadFile& read) {
  OfferedBlocks offered;
  ASSIGN_OR_RETURN(offered.lines_, LinesFile::open(read, "invalid-blocks.jsonl"));
  return offered;
}

Status<std::string> OfferedBlocks::offer_to(chain::Chain& chain, ManualClock& clock,
                                            std::uint64_t time_s, Comparison& comparison) {
  const std::uint64_t parent = chain.head().block.header.number;
  const WallTime before = clock.wall();
  while (true) {
    ASSIGN_OR_RETURN(const auto line, lines_.line_of("parent", parent));
    if (!line) return Unit{};
    ASSIGN_OR_RETURN(chain::Block block, block_of(*line));
    ASSIGN_OR_RETURN(const std::string name, text_of(*line, "case"));
    ASSIGN_OR_RETURN(const std::string words, text_of(*line, "error"));
    const bool accepted = words.empty();
    ++count_;
    clock.set_wall(WallTime(std::chrono::seconds(time_s)));
    const auto result = chain.import(std::move(block));
    clock.set_wall(before);
    const std::string found = result.ok() ? "accepted" : chain::describe(result.error());
    const bool is_same = result.ok() ? accepted : !accepted && tells_of(words, result.error());
    const std::string expected = accepted ? "accepted" : words;
    comparison.compare("offered block \"" + name + "\"", expected, is_same ? expected : found);
    if (chain.head().block.header.number == parent) continue;
    const auto status = chain.rewind(parent);
    if (!status.ok())
      return Failure{"the chain cannot step back: " + chain::describe(status.error())};
  }
}

}  // namespace buri::execution::replay
