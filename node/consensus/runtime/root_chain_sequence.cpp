#include "node/consensus/runtime/root_chain_sequence.hpp"

#include "base/check.hpp"
#include "node/consensus/runtime/integer.hpp"

namespace buri::consensus::runtime {

std::string root_chain_sequence(std::uint64_t block_number, std::uint64_t log_index,
                                bool is_kyoto) {
  if (is_kyoto && log_index >= kSequenceUnit) {
    return std::to_string(block_number) + "_" + std::to_string(log_index);
  }
  const auto block = multiply(Integer(block_number), Integer(kSequenceUnit));
  const auto sum = block ? add(*block, Integer(log_index)) : std::nullopt;
  CHECK(sum.has_value(), "two numbers of 64 bits stay within 256");
  return sum->to_text();
}

}  // namespace buri::consensus::runtime
