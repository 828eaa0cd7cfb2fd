#pragma once

#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"

/// Events of the application on the wire (tendermint/abci/types.proto).

namespace buri::consensus::api {

struct AbciEventAttribute {
  std::string key{};
  std::string value{};
  bool index = false;
  static constexpr std::string_view kName = "tendermint.abci.EventAttribute";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "key", &AbciEventAttribute::key},
                     Field{2, "value", &AbciEventAttribute::value},
                     Field{3, "index", &AbciEventAttribute::index});
  }
};

struct AbciEvent {
  std::string type{};
  std::vector<AbciEventAttribute> attributes{};
  static constexpr std::string_view kName = "tendermint.abci.Event";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "type", &AbciEvent::type},
                     Field{2, "attributes", &AbciEvent::attributes});
  }
};

}  // namespace buri::consensus::api
