#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "node/execution/evm/transition.hpp"
#include "tests/support/execution/memory_state.hpp"

/// The public state tests (ethereum/tests, GeneralStateTests): one document holds tests, each with
/// a state, an environment, a transaction with alternatives, and the expected outcome per fork.

namespace buri::testing {

/// One expectation and all it needs.
struct StateCase {
  std::string name;  ///< "sstoreGas Cancun[2]"
  std::string fork;
  MemoryState state;
  execution::evm::BlockContext block;
  execution::evm::Transaction transaction;
  bool is_blob_transaction = false;
  bool has_impossible_number = false;  ///< a field that no transaction's encoding can hold
  bool expects_refusal = false;
  Hash256 state_root;
  Hash256 logs_hash;

  // What `transaction` borrows.
  Bytes data;
  std::vector<execution::evm::AccessEntry> access_list;
};

/// Every case of a document. Aborts on a document of another form.
std::vector<StateCase> read_state_cases(std::string_view text);

/// How a case went: nothing if it is as expected, else what differs.
std::optional<std::string> run_state_case(StateCase& state_case,
                                          const execution::evm::Rules& rules);

}  // namespace buri::testing
