#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "node/cli/consensus_output.hpp"

namespace buri::cli {

/// Adds --json to the verb `buri NAME` and, for when it was chosen, its run.
template <class Arguments>
void finish_verb(CLI::App& verb, std::string name, const std::shared_ptr<Arguments>& arguments,
                 AnswerResult (*run)(const Arguments&), int& exit_code) {
  auto as_json = std::make_shared<bool>(false);
  verb.add_flag("--json", *as_json, "Print one JSON object instead of lines");
  verb.callback([=, name = std::move(name), &exit_code] {
    exit_code = print_answer(name, run(*arguments), *as_json);
  });
}

}  // namespace buri::cli
