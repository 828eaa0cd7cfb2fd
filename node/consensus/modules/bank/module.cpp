#include "node/consensus/modules/bank/module.hpp"

#include "node/consensus/modules/bank/genesis_types.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::bank {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::Key;
using runtime::Outcome;

constexpr std::uint8_t kMetadataPrefix = 0x01;

Status<Error> write_rest(const Keeper& keeper, const Context& context, const GenesisRest& rest) {
  RETURN_IF_ERROR(keeper.set_params(context, rest.params));
  for (const SendEnabled& entry : rest.send_enabled) {
    RETURN_IF_ERROR(keeper.set_send_enabled(context, entry.denom, entry.enabled));
  }
  for (const Metadata& metadata : rest.denom_metadata) {
    RETURN_IF_ERROR(runtime::write_message(context.store(runtime::StoreId::kBank),
                                           Key(kMetadataPrefix).text(metadata.base), metadata));
  }
  return Unit{};
}

Outcome<Coins> write_balances(const Keeper& keeper, const Context& context,
                              const runtime::GenesisSection& section) {
  Coins total;
  RETURN_IF_ERROR(section.for_each("balances", [&](const JsonCursor& element) -> Status<Error> {
    const auto balance = codec::from_json<Balance>(element);
    if (!balance.ok()) return Failure{runtime::genesis_error("bank", balance.error())};
    ASSIGN_OR_RETURN(const Address address, runtime::parse_address(balance->address));
    for (const Coin& coin : balance->coins) {
      RETURN_IF_ERROR(keeper.set_balance(context, address, coin));
    }
    ASSIGN_OR_RETURN(total, runtime::add_coins(total, balance->coins));
    return Unit{};
  }));
  return total;
}

/// Walks entries under a prefix and appends one JSON element for each.
template <class Print>
Status<Error> append_entries(const Context& context, std::string& json, std::uint8_t prefix,
                             Print print) {
  ASSIGN_OR_RETURN(
      auto entries,
      context.store(runtime::StoreId::kBank).iterate(store::prefix_range(Key(prefix))));
  bool is_first = true;
  while (entries.valid()) {
    if (!is_first) json += ',';
    is_first = false;
    print(entries.key().subspan(1), entries.value());
    RETURN_IF_ERROR(entries.next());
  }
  return Unit{};
}

void append_coin(std::string& json, ByteView denom, ByteView amount) {
  json += "{\"denom\":";
  codec::append_json_string(json, as_text(denom));
  json += ",\"amount\":\"" + std::string(as_text(amount)) + "\"}";
}

}  // namespace

void Module::register_messages(runtime::MessageRegistry& registry) {
  bank::register_messages(registry, keeper_);
}

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  const auto rest = codec::from_json<GenesisRest>(section.rest());
  if (!rest.ok()) return Failure{runtime::genesis_error("bank", rest.error())};
  RETURN_IF_ERROR(write_rest(keeper_, context, *rest));
  ASSIGN_OR_RETURN(const Coins total, write_balances(keeper_, context, section));
  if (!rest->supply.empty() && rest->supply != total) {
    return Failure{runtime::plain_error("genesis supply is incorrect, expected " +
                                        runtime::to_text(rest->supply) + ", got " +
                                        runtime::to_text(total))};
  }
  for (const Coin& coin : total) RETURN_IF_ERROR(keeper_.set_supply(context, coin));
  return Unit{};
}

Status<Error> Module::export_genesis(const Context& context, std::string& json) const {
  ASSIGN_OR_RETURN(const Params params, keeper_.params(context));
  json += "{\"params\":";
  codec::append_json(json, params);
  json += ",\"balances\":[";
  // One element per address and denomination; a reader adds them up.
  RETURN_IF_ERROR(append_entries(context, json, 0x02, [&json](ByteView key, ByteView value) {
    const Address address = Address::from(key.subspan(1, Address::kSize));
    json += "{\"address\":\"" + runtime::to_text(address) + "\",\"coins\":[";
    append_coin(json, key.subspan(1 + Address::kSize), value);
    json += "]}";
  }));
  json += "],\"supply\":[";
  RETURN_IF_ERROR(append_entries(context, json, 0x00, [&json](ByteView key, ByteView value) {
    append_coin(json, key, value);
  }));
  json += "],\"denom_metadata\":[";
  RETURN_IF_ERROR(append_entries(context, json, kMetadataPrefix, [&json](ByteView, ByteView value) {
    const auto metadata = codec::decode<Metadata>(value);
    if (metadata.ok()) codec::append_json(json, *metadata);
  }));
  json += "],\"send_enabled\":[";
  RETURN_IF_ERROR(append_entries(context, json, 0x04, [&json](ByteView key, ByteView value) {
    codec::append_json(json, SendEnabled{std::string(as_text(key)), !value.empty()});
  }));
  json += "]}";
  return Unit{};
}

}  // namespace buri::consensus::modules::bank
