#include "node/consensus/modules/topup/module.hpp"

namespace buri::consensus::modules::topup {

using runtime::Context;
using runtime::Error;

Status<Error> Module::init_genesis(const Context& context, const runtime::GenesisSection& section) {
  RETURN_IF_ERROR(
      section.for_each("topup_sequences", [&](const JsonCursor& element) -> Status<Error> {
        const auto sequence = element.string();
        if (!sequence.ok()) return Failure{runtime::genesis_error(kCodespace, sequence.error())};
        return keeper_.add_sequence(context, *sequence);
      }));
  return section.for_each("dividend_accounts", [&](const JsonCursor& element) -> Status<Error> {
    auto account = codec::from_json<DividendAccount>(element);
    if (!account.ok()) return Failure{runtime::genesis_error(kCodespace, account.error())};
    return keeper_.set_account(context, std::move(account).value());
  });
}

Status<Error> Module::export_genesis(const Context& context, runtime::GenesisSink& sink) const {
  sink.text() += '{';
  sink.begin_array("topup_sequences");
  RETURN_IF_ERROR(
      keeper_.for_each_sequence(context, [&sink](std::string_view sequence) -> Status<Error> {
        RETURN_IF_ERROR(sink.next_element());
        codec::append_json_string(sink.text(), sequence);
        return Unit{};
      }));
  sink.end_array();
  sink.text() += ',';
  sink.begin_array("dividend_accounts");
  RETURN_IF_ERROR(keeper_.for_each_account(context, runtime::message_elements(sink)));
  sink.end_array();
  sink.text() += '}';
  return Unit{};
}

}  // namespace buri::consensus::modules::topup
