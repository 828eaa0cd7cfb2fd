#include "node/devnet/bor_script.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "accel/hasher.hpp"
#include "accel/merkle.hpp"
#include "base/hex.hpp"

namespace buri::devnet {
namespace {

constexpr std::size_t kVanityBytes = 32;
constexpr std::size_t kSealBytes = 65;
constexpr std::uint64_t kGasLimit = 30'000'000;
constexpr std::uint64_t kBaseFee = 25;
constexpr std::uint64_t kMaxBlocks = 50'000'000;
constexpr std::string_view kNoUncles =
    "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
constexpr std::string_view kEmptyTrie =
    "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

Hash256 hash_of(std::string_view hex) { return fixed_from_hex<32>(hex).value(); }

/// The author stands in the vanity, so that blocks of two producers differ; nobody signs.
Bytes extra_of(const Address& author) {
  Bytes extra(kVanityBytes + kSealBytes, 0);
  std::ranges::copy(author.bytes, extra.begin());
  return extra;
}

/// keccak256 over number, time and both roots, a word each (RootChain's leaf).
Bytes leaf_preimage(const protocol::bor::Header& header) {
  Bytes preimage;
  append(preimage, U256::from_uint64(header.number).to_word());
  append(preimage, U256::from_uint64(header.time).to_word());
  append(preimage, header.transactions_root);
  append(preimage, header.receipts_root);
  return preimage;
}

}  // namespace

void BorScript::seal(const Address& author) {
  protocol::bor::Header header;
  header.number = blocks_.size();
  if (!blocks_.empty()) header.parent_hash = blocks_.back().hash;
  header.uncles_hash = hash_of(kNoUncles);
  header.state_root = header.transactions_root = header.receipts_root = hash_of(kEmptyTrie);
  header.difficulty = U256::from_uint64(1);
  header.gas_limit = kGasLimit;
  header.time = start_time_s_ + header.number;
  header.extra = extra_of(author);
  header.base_fee = U256::from_uint64(kBaseFee);
  const Hash256 hash = protocol::bor::identify(header).hash;
  numbers_[hash] = header.number;
  blocks_.push_back({std::move(header), hash, author});
}

const ScriptedSpan* BorScript::span_of(std::uint64_t number) const {
  for (auto span = spans_.rbegin(); span != spans_.rend(); ++span) {
    if (span->second.start_block <= number && number <= span->second.end_block) {
      return &span->second;
    }
  }
  return nullptr;
}

void BorScript::learn(const ScriptedSpan& span) {
  spans_[span.id] = span;
  for (std::uint64_t number = std::max<std::uint64_t>(span.start_block, 1); number <= head();
       ++number) {
    const ScriptedSpan* holder = span_of(number);
    if (holder == nullptr || holder->id != span.id) return;
    if (blocks_[number].author == span.producer) continue;
    for (std::uint64_t gone = number; gone <= head(); ++gone) numbers_.erase(blocks_[gone].hash);
    blocks_.resize(number);
    return;
  }
}

bool BorScript::grow() {
  const ScriptedSpan* span = span_of(head() + 1);
  if (span == nullptr) return false;
  seal(span->producer);
  return true;
}

std::optional<std::uint64_t> BorScript::number_of(const Hash256& hash) const {
  const auto found = numbers_.find(hash);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> BorScript::newest_span() const {
  return spans_.empty() ? std::nullopt : std::optional(spans_.rbegin()->first);
}

Hash256 BorScript::root(std::uint64_t first, std::uint64_t last) const {
  std::vector<Bytes> preimages;
  for (std::uint64_t number = first; number <= last; ++number) {
    preimages.push_back(leaf_preimage(header(number)));
  }
  const std::vector<ByteView> messages(preimages.begin(), preimages.end());
  std::vector<Hash256> leaves(messages.size());
  accel::best_hasher().keccak256_batch(messages, leaves);
  return accel::checkpoint_root(leaves, accel::best_hasher());
}

std::string BorScript::text() const {
  std::string text = fmt::format("start {}\n", start_time_s_);
  std::uint64_t run = 0;
  for (std::uint64_t number = 1; number <= head(); ++number) {
    ++run;
    if (number < head() && author(number + 1) == author(number)) continue;
    text += fmt::format("{} {}\n", run, to_hex(author(number)));
    run = 0;
  }
  return text;
}

Result<BorScript, std::string> BorScript::parse(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string word;
  std::uint64_t start = 0;
  if (!(lines >> word >> start) || word != "start") {
    return Failure{std::string("expected \"start SECONDS\" in the first line")};
  }
  BorScript script(start);
  for (std::uint64_t count = 0; lines >> count >> word;) {
    const auto author = fixed_from_hex<20>(word);
    if (!author || count > kMaxBlocks - script.head()) {
      return Failure{"expected a number of blocks and who sealed them, found " + word};
    }
    for (std::uint64_t i = 0; i < count; ++i) script.seal(*author);
  }
  return script;
}

}  // namespace buri::devnet
