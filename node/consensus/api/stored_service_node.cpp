#include "node/consensus/api/stored_service_node.hpp"

#include <future>

namespace buri::consensus::api {

std::optional<ServiceBlock> StoredServiceNode::block(std::int64_t height) const {
  auto meta = blocks_->meta(height);
  auto encoded = blocks_->encoded_block(height);
  // A height may be pruned between both.
  if (!meta || !encoded) return std::nullopt;
  return ServiceBlock{meta->block_id, std::move(meta->header), *std::move(encoded)};
}

std::optional<engine::Header> StoredServiceNode::header(std::int64_t height) const {
  auto meta = blocks_->meta(height);
  if (!meta) return std::nullopt;
  return std::move(meta->header);
}

std::optional<std::vector<engine::Validator>> StoredServiceNode::validators(
    std::int64_t height) const {
  const auto set = states_->validators(height);
  if (!set) return std::nullopt;
  const auto members = set->validators();
  return std::vector<engine::Validator>(members.begin(), members.end());
}

OwnValidator StoredServiceNode::own_validator() const {
  OwnValidator own{live_.own_address, 0};
  const auto set = states_->validators(blocks_->height());
  const engine::Validator* found = set ? set->find(live_.own_address) : nullptr;
  if (found != nullptr) own.power = found->voting_power;
  return own;
}

Result<app::TxResult, std::string> StoredServiceNode::broadcast(ByteView tx) {
  // The answer may come after this has given up.
  const auto answer = std::make_shared<std::promise<Result<app::TxResult, std::string>>>();
  auto answered = answer->get_future();
  live_.add_tx(Bytes(tx.begin(), tx.end()), [answer](Result<app::TxResult, std::string> result) {
    answer->set_value(std::move(result));
  });
  if (answered.wait_for(live_.patience) != std::future_status::ready) {
    return Failure{std::string("timed out waiting for the mempool to check the transaction")};
  }
  return answered.get();
}

void StoredServiceNode::broadcast_later(ByteView tx) {
  live_.add_tx(Bytes(tx.begin(), tx.end()), [](const Result<app::TxResult, std::string>&) {});
}

}  // namespace buri::consensus::api
