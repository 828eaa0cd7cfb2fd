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

void append_coin(std::string& json, ByteView denom, ByteView amount) {
  json += "{\"denom\":";
  codec::append_json_string(json, as_text(denom));
  json += ",\"amount\":\"" + std::string(as_text(amount)) + "\"}";
}

/// One element per address and denomination; a reader adds them up.
Status<Error> append_balance(std::string& json, ByteView key, ByteView value) {
  const Address address = Address::from(key.subspan(1, Address::kSize));
  json += "{\"address\":\"" + runtime::to_text(address) + "\",\"coins\":[";
  append_coin(json, key.subspan(1 + Address::kSize), value);
  json += "]}";
  return Unit{};
}

Status<Error> append_supply(std::string& json, ByteView key, ByteView value) {
  append_coin(json, key, value);
  return Unit{};
}

Status<Error> append_metadata(std::string& json, ByteView /*key*/, ByteView value) {
  const auto metadata = codec::decode<Metadata>(value);
  if (!metadata.ok()) return Failure{runtime::fatal("stored metadata does not decode")};
  codec::append_json(json, *metadata);
  return Unit{};
}

Status<Error> append_send_enabled(std::string& json, ByteView key, ByteView value) {
  codec::append_json(json, SendEnabled{std::string(as_text(key)), !value.empty()});
  return Unit{};
}

/// The entries under a prefix as an array; `append` sees the key behind the prefix.
Status<Error> export_entries(const Context& context, runtime::GenesisSink& sink,
                             std::string_view name, std::uint8_t prefix,
                             Status<Error> (*append)(std::string&, ByteView, ByteView)) {
  sink.begin_array(name);
  ASSIGN_OR_RETURN(
      auto entries,
      context.store(runtime::StoreId::kBank).iterate(store::prefix_range(Key(prefix))));
  while (entries.valid()) {
    RETURN_IF_ERROR(sink.next_element());
    RETURN_IF_ERROR(append(sink.text(), entries.key().subspan(1), entries.value()));
    RETURN_IF_ERROR(entries.next());
  }
  sink.end_array();
  return Unit{};
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

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  ASSIGN_OR_RETURN(const Params params, keeper_.params(context));
  sink.text() += "{\"params\":";
  codec::append_json(sink.text(), params);
  sink.text() += ',';
  RETURN_IF_ERROR(export_entries(context, sink, "balances", 0x02, &append_balance));
  sink.text() += ',';
  RETURN_IF_ERROR(export_entries(context, sink, "supply", 0x00, &append_supply));
  sink.text() += ',';
  RETURN_IF_ERROR(
      export_entries(context, sink, "denom_metadata", kMetadataPrefix, &append_metadata));
  sink.text() += ',';
  RETURN_IF_ERROR(export_entries(context, sink, "send_enabled", 0x04, &append_send_enabled));
  sink.text() += '}';
  return Unit{};
}

}  // namespace buri::consensus::modules::bank
