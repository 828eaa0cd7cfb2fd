#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// The twelve stores of the application, in the order in which the app hash takes their roots
/// (spec/heimdall.md 3).

namespace buri::consensus::runtime {

/// Names a store; the value is its place in the app hash.
enum class StoreId : std::uint8_t {
  kAuth,
  kBank,
  kBor,
  kChainmanager,
  kCheckpoint,
  kClerk,
  kConsensus,
  kGov,
  kMilestone,
  kParams,
  kStake,
  kTopup,
};
inline constexpr std::size_t kStoreCount = 12;

/// The stores' names, by StoreId.
inline constexpr std::array<std::string_view, kStoreCount> kStoreNames{
    "auth",      "bank", "bor",       "chainmanager", "checkpoint", "clerk",
    "consensus", "gov",  "milestone", "params",       "stake",      "topup"};

constexpr std::string_view store_name(StoreId id) {
  return kStoreNames[static_cast<std::size_t>(id)];
}
/// The store of that name, if there is one.
constexpr std::optional<StoreId> store_by_name(std::string_view name) {
  for (std::size_t i = 0; i < kStoreCount; ++i) {
    if (kStoreNames[i] == name) return static_cast<StoreId>(i);
  }
  return std::nullopt;
}

}  // namespace buri::consensus::runtime
