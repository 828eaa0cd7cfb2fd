#pragma once

#include <string>

#include "node/cli/consensus_output.hpp"

/// The commands of `buri execution inspect`: a look into a home.

namespace buri::cli {

struct InspectBlockArguments {
  std::string block;  ///< a number, a hash, or "latest"
  std::string home;
};
AnswerResult inspect_block(const InspectBlockArguments& arguments);

struct InspectTransactionArguments {
  std::string hash;
  std::string home;
};
AnswerResult inspect_transaction(const InspectTransactionArguments& arguments);

/// A place in the state behind a block.
struct InspectStateArguments {
  std::string address;  ///< empty, in inspect_trie(): the account trie's root
  std::string slot;     ///< a number in hex or decimal; empty where none is asked for
  std::string block = "latest";
  std::string home;
  bool with_code = false;
};
AnswerResult inspect_account(const InspectStateArguments& arguments);
AnswerResult inspect_storage(const InspectStateArguments& arguments);
/// The nodes on the way to an account or a slot, root first.
AnswerResult inspect_trie(const InspectStateArguments& arguments);

}  // namespace buri::cli
