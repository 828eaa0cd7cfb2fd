#pragma once

#include "node/consensus/modules/bank/types.hpp"

/// What the genesis of module bank is made of.

namespace buri::consensus::modules::bank {

struct Balance {
  std::string address{};
  Coins coins{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.Balance";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &Balance::address}, Field{2, "coins", &Balance::coins});
  }
};

struct DenomUnit {
  std::string denom{};
  std::uint32_t exponent = 0;
  std::vector<std::string> aliases{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.DenomUnit";
  static constexpr auto fields() {
    return fields_of(Field{1, "denom", &DenomUnit::denom},
                     Field{2, "exponent", &DenomUnit::exponent},
                     Field{3, "aliases", &DenomUnit::aliases});
  }
};

/// Names of a denomination for people; stored, used by nothing.
struct Metadata {
  std::string description{};
  std::vector<DenomUnit> denom_units{};
  std::string base{};
  std::string display{};
  std::string name{};
  std::string symbol{};
  std::string uri{};
  std::string uri_hash{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.Metadata";
  static constexpr auto fields() {
    return fields_of(Field{1, "description", &Metadata::description},
                     Field{2, "denom_units", &Metadata::denom_units},
                     Field{3, "base", &Metadata::base}, Field{4, "display", &Metadata::display},
                     Field{5, "name", &Metadata::name}, Field{6, "symbol", &Metadata::symbol},
                     Field{7, "uri", &Metadata::uri}, Field{8, "uri_hash", &Metadata::uri_hash});
  }
};

/// The genesis without its balances, which are walked.
struct GenesisRest {
  Params params{};
  Coins supply{};
  std::vector<Metadata> denom_metadata{};
  std::vector<SendEnabled> send_enabled{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.GenesisState";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &GenesisRest::params},
                     Field{3, "supply", &GenesisRest::supply},
                     Field{4, "denom_metadata", &GenesisRest::denom_metadata},
                     Field{5, "send_enabled", &GenesisRest::send_enabled});
  }
};

}  // namespace buri::consensus::modules::bank
