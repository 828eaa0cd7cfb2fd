#include "node/devnet/traffic_count.hpp"

#include <fmt/format.h>

#include "base/codec/base64.hpp"
#include "node/consensus/tx/decode.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;

constexpr int kBlocksAtOnce = 20;
constexpr std::size_t kMaxComplaints = 100;
constexpr std::size_t kMaxReasonBytes = 200;

const json::array* array_at(const json::value& document, std::string_view pointer) {
  boost::system::error_code missing;
  const json::value* found = document.find_pointer(pointer, missing);
  return found == nullptr ? nullptr : found->if_array();
}

}  // namespace

void TrafficCount::sent(const std::string& kind, ByteView transaction) {
  ++kinds_[kind].sent;
  under_way_[consensus::tx::transaction_hash(transaction)] = kind;
}

void TrafficCount::refused(const std::string& kind, const std::string& reason) {
  ++kinds_[kind].refused;
  complain(kind, "refused: " + reason);
}

void TrafficCount::complain(const std::string& kind, const std::string& what) {
  const std::string line = kind + " " + what.substr(0, kMaxReasonBytes);
  if (complaints_.size() >= kMaxComplaints || !complaints_.insert(line).second) return;
  out_ << line << std::endl;
}

void TrafficCount::watch(const NodeClient& client) {
  if (height_ == 0) height_ = first_height_ = client.height();
  for (int i = 0; i < kBlocksAtOnce && height_ < client.height(); ++i) {
    if (!watch_block(client, height_ + 1)) return;
    ++height_;
  }
}

bool TrafficCount::watch_block(const NodeClient& client, std::int64_t height) {
  const auto block = client.rpc(fmt::format("/block?height={}", height));
  if (!block.ok()) return false;
  const json::array* transactions = array_at(*block, "/result/block/data/txs");
  // The first is the chain's own.
  if (transactions == nullptr || transactions->size() <= 1) return true;
  const auto results = client.rpc(fmt::format("/block_results?height={}", height));
  if (!results.ok()) return false;
  const json::array* codes = array_at(*results, "/result/txs_results");
  if (codes == nullptr || codes->size() != transactions->size()) return false;
  for (std::size_t i = 0; i < codes->size(); ++i) {
    const json::value& text = (*transactions)[i];
    const auto raw = text.is_string() ? from_base64(text.as_string()) : std::nullopt;
    const auto found =
        raw ? under_way_.find(consensus::tx::transaction_hash(*raw)) : under_way_.end();
    if (found == under_way_.end()) continue;
    KindCount& count = kinds_[found->second];
    const std::uint64_t code = number_at((*codes)[i], "/code").value_or(0);
    ++(code == 0 ? count.in_blocks : count.failed);
    if (code != 0) {
      complain(found->second,
               fmt::format("failed with code {}: {}", code, text_at((*codes)[i], "/log")));
    }
    under_way_.erase(found);
  }
  return true;
}

json::object TrafficCount::json() const {
  json::object kinds;
  for (const auto& [kind, count] : kinds_) {
    kinds[kind] = json::object{{"sent", count.sent},
                               {"refused", count.refused},
                               {"in_blocks", count.in_blocks},
                               {"failed", count.failed},
                               {"taken", count.taken}};
  }
  return {{"first_height", first_height_},
          {"height", height_},
          {"transactions", kinds},
          {"complaints", json::array(complaints_.begin(), complaints_.end())}};
}

std::string TrafficCount::summary() const {
  KindCount sum;
  std::string taken;
  for (const auto& [kind, count] : kinds_) {
    sum.sent += count.sent;
    sum.refused += count.refused;
    sum.in_blocks += count.in_blocks;
    sum.failed += count.failed;
    if (count.taken > 0) taken += fmt::format(" {} {}", kind, count.taken);
  }
  return fmt::format("height {}: {} sent, {} refused, {} in blocks, {} failed; taken over:{}",
                     height_, sum.sent, sum.refused, sum.in_blocks, sum.failed,
                     taken.empty() ? " nothing" : taken);
}

}  // namespace buri::devnet
