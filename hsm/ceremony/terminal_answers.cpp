#include "hsm/ceremony/terminal_answers.hpp"

#include <istream>
#include <ostream>

namespace buri::hsm::ceremony {

Result<std::string, Reason> TypedAnswerer::answer(const Prompt& prompt) {
  while (true) {
    show_prompt(prompt, console_);
    console_.flush();
    std::string line;
    if (!std::getline(input_, line)) {
      return Failure{"The input ended before the answer to " + prompt.id + "."};
    }
    if (fits(prompt.kind, line)) return line;
    console_ << "  Expected: " << expected_answer(prompt.kind) << ".\n";
  }
}

}  // namespace buri::hsm::ceremony
