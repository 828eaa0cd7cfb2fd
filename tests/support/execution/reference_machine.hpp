#pragma once

#include <functional>
#include <optional>

#include "tests/support/execution/reference_world.hpp"

/// Message calls and contract creations of the reference: yellow paper, sections 7 to 9.

namespace buri::testing::reference {

/// What a message finds around it, and hears from it.
struct Environment {
  execution::evm::Rules rules;
  const execution::evm::BlockContext& block;
  Address origin;
  Word gas_price = 0;
  /// Whether value that moves leaves Bor's log (spec/bor.md 5).
  bool transfer_logs = false;
};

/// The machine just before an instruction.
struct Step {
  int depth;
  std::size_t position;
  std::uint8_t opcode;
  std::int64_t gas;
  const std::vector<Word>& stack;  ///< the top last
  const Bytes& memory;
};

/// How a message ended.
enum class End { kSuccess, kRevert, kFailure };

enum class Kind { kCall, kCallcode, kDelegatecall, kStaticcall };

struct Message {
  Kind kind = Kind::kCall;
  Address caller;
  Address recipient;
  Address code_owner;
  Word value = 0;  ///< what CALLVALUE says; it moves if the kind is kCall
  Bytes input;
  std::int64_t gas = 0;
  bool is_static = false;
  int depth = 0;
};

struct Creation {
  Address creator;
  Word value = 0;
  Bytes initcode;
  std::optional<Word> salt;  ///< of CREATE2
  std::int64_t gas = 0;
  int depth = 0;
};

struct Answer {
  End end = End::kSuccess;
  std::int64_t gas = 0;  ///< left
  Bytes output;
  Address created;
};

/// Runs messages over a world. The world and the substate are as the last message left them.
class Machine {
 public:
  Machine(const Environment& environment, World world)
      : environment(environment), world(std::move(world)), original(this->world) {}

  Answer call(const Message& message);
  Answer create(const Creation& creation);

  /// Whether the address was cold until now (EIP-2929).
  bool warm_up(const Address& address) { return substate.warm_accounts.insert(address).second; }
  [[nodiscard]] bool has(execution::evm::Proposal proposal) const {
    return environment.rules.has(proposal);
  }
  /// The account that code designates (EIP-7702).
  [[nodiscard]] std::optional<Address> designated(const Address& address) const;

  const Environment& environment;
  World world;
  const World original;  ///< sigma_0 of EIP-2200: before the transaction
  Substate substate;
  std::function<void(const Step&)> on_step;

 private:
  void move_value(const Address& from, const Address& to, const Word& value);
  Answer run_code(const Message& message);
  Answer run_initcode(const Creation& creation, const Address& address);
  Answer deploy(Answer answer, const Address& address);
};

}  // namespace buri::testing::reference
