#pragma once

#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/modules/gov/keeper.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/unit/node/consensus/app/scripted_facts.hpp"

/// The application's transaction half with every module's messages, over scripted facts.

namespace buri::consensus::app {

struct Machine {
  Machine();

  runtime::MessageRegistry registry;
  tx::SignatureMemory signatures;
  AnteChain ante{registry, signatures};
  TxRunner runner{registry, ante};
  protocol::ScriptedRootChain root_chain;
  protocol::ScriptedBorRoots bor_roots;
  protocol::ScriptedBorChain bor_chain;
  modules::gov::Keeper gov;
};

/// Events in the form of the records.
std::vector<records::EventRecord> in_record_form(const runtime::EventLog& events);

}  // namespace buri::consensus::app
