#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"

/// The wires between a devnet's validators: each pair meets through a relay that can be cut.

namespace buri::devnet {

/// Validators that reach each other, by numbers from 1; between groups nobody does.
using Groups = std::vector<std::vector<std::size_t>>;

/// Groups as an operator writes them, "1,2|3,4", of a network with so many validators. Those not
/// named are one more group. The error is a sentence.
Result<Groups, std::string> parse_groups(std::string_view text, std::size_t validators);
/// And back.
std::string groups_text(const Groups& groups);

/// Relays connections on a thread of its own until it goes. The lower number of a pair dials, at
/// port(); what it says is passed on to the other's own port and back. Thread-safe.
class Links {
 public:
  /// `p2p_ports` are where the validators listen. The error is a sentence.
  static Result<std::unique_ptr<Links>, std::string> start(std::vector<std::uint16_t> p2p_ports);
  ~Links();
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  /// Where `from` reaches `to`. REQUIRES: 1 <= from < to.
  [[nodiscard]] std::uint16_t port(std::size_t from, std::size_t to) const;

  /// Ends all connections between groups and lets none be made until the next call. A single group
  /// heals everything. REQUIRES: every validator is in one group.
  void divide(const Groups& groups);
  /// As divided last; empty while everybody reaches everybody.
  [[nodiscard]] Groups groups() const;

 private:
  class Relay;
  struct State;
  explicit Links(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace buri::devnet
