#pragma once

#include "tests/support/execution/reference_machine.hpp"

/// One run of code: the machine state mu of the yellow paper, section 9.4, and its instructions.

namespace buri::testing::reference {

class Run {
 public:
  Run(Machine& machine, const Message& message, const Bytes& code)
      : machine_(machine), message_(message), code_(code), gas_(Word(message.gas)) {}

  /// Runs to the end.
  Answer execute();

 private:
  /// A part of memory that an instruction names.
  struct Range {
    Word offset;
    Word length;
  };

  // Steps.
  void step(std::uint8_t opcode);
  void dispatch(std::uint8_t opcode);
  void arithmetic(std::uint8_t opcode);
  void comparison(std::uint8_t opcode);
  void context(std::uint8_t opcode);
  void block(std::uint8_t opcode);
  void copy(std::uint8_t opcode);
  void account(std::uint8_t opcode);
  void memory(std::uint8_t opcode);
  void storage(std::uint8_t opcode);
  void store(const Word& key, const Word& value);
  void store_by_value(const Word& key, const Word& value);
  void refund_store(const Word& key, const Word& value, const Word& no_change);
  void flow(std::uint8_t opcode);
  void jump(const Word& destination);
  void push(std::size_t bytes);
  void log(std::size_t topics);
  void call(std::uint8_t opcode);
  void create(bool has_salt);
  void finish_with_output(End end);
  void selfdestruct();

  // The stack.
  Word pop();
  void put(const Word& value) { stack_.push_back(value); }
  void put(std::uint64_t value) { stack_.emplace_back(static_cast<unsigned long>(value)); }
  void put(bool value) { stack_.emplace_back(value ? 1UL : 0UL); }

  // Gas and memory. What fails ends the run; callers ask ended() where it matters.
  bool pay(const Word& price);
  /// Pays for `price` and for memory that holds both ranges, and makes room.
  bool pay(const Word& price, const Range& first, const Range& second = {});
  [[nodiscard]] Word words_for(const Range& range) const;
  [[nodiscard]] Word access_price(const Address& address, int before_eip2929);
  [[nodiscard]] bool must_not_write();
  [[nodiscard]] Bytes read_memory(const Range& range) const;
  /// Copies from `source` at `from`; beyond its end there are zeros.
  void write_memory(const Word& to, const Bytes& source, const Word& from, const Word& length);

  void fail() { end_ = End::kFailure; }
  [[nodiscard]] bool has(execution::evm::Proposal proposal) const { return machine_.has(proposal); }
  [[nodiscard]] const Address& self() const { return message_.recipient; }

  Machine& machine_;
  const Message& message_;
  const Bytes& code_;
  std::size_t position_ = 0;
  Word gas_;
  std::vector<Word> stack_;
  Bytes memory_;
  Bytes return_data_;
  std::optional<End> end_;
  Bytes output_;
};

}  // namespace buri::testing::reference
