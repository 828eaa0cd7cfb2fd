#pragma once

#include <iosfwd>

#include "hsm/ceremony/answers.hpp"

/// Answers that people type.

namespace buri::hsm::ceremony {

/// Shows prompts on `console` and reads a line from `input` for each, again until it fits. An end
/// of the input is an error. Borrows both.
class TypedAnswerer final : public Answerer {
 public:
  TypedAnswerer(std::istream& input, std::ostream& console) : input_(input), console_(console) {}
  Result<std::string, Reason> answer(const Prompt& prompt) override;

 private:
  std::istream& input_;
  std::ostream& console_;
};

}  // namespace buri::hsm::ceremony
