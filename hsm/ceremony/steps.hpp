#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "hsm/ceremony/plan.hpp"

/// The steps of a ceremony and everything that is asked in them. All texts stand here once: the
/// printed script, the console and the transcript show the same words.

namespace buri::hsm::ceremony {

enum class Step : std::uint8_t {
  kOpening,
  kIdentities,
  kDevice,
  kWrappingKey,  ///< only with a backup
  kKey,          ///< only with a backup: made, wrapped, forgotten
  kInstall,      ///< the final key is on the token
  kProof,
  kRetirement,  ///< only with a backup: the wrapping key leaves the device
  kPins,
  kClosing,
  kDrill,  ///< a restore drill, which is no step of the ceremony itself
};
inline constexpr std::array<std::string_view, 11> kStepNames{
    "opening", "identities", "device", "wrapping-key", "key",  "install",
    "proof",   "retirement", "pins",   "closing",      "drill"};

/// The name as files spell it.
inline std::string_view step_name(Step step) { return kStepNames[static_cast<std::size_t>(step)]; }
/// A heading.
std::string_view step_title(Step step);
/// What everybody should see when the step is done.
std::string expected_of(Step step, const Plan& plan);

/// What an answer must be.
enum class AnswerKind : std::uint8_t {
  kYes,         ///< "yes"; anything else stops the ceremony, which can be resumed
  kText,        ///< plain text
  kNonce,       ///< 64 hex digits, or "draw": the program draws it
  kFileOrNone,  ///< an absolute path, or "none"
};

/// One question.
struct Prompt {
  Step step{};
  std::string id;        ///< "share.2.place": its key in an answers file
  std::string happens;   ///< what will happen
  std::string can_lose;  ///< what could be lost
  std::string question;
  AnswerKind kind{};
};

/// "yes", "a line of text", ...
std::string_view expected_answer(AnswerKind kind);
/// Whether `answer` is of that kind. "no" is an answer to kYes, too.
bool fits(AnswerKind kind, std::string_view answer);

/// The steps of this plan, in order.
std::vector<Step> steps_of(const Plan& plan);
/// Everything that is asked in a step, in order.
std::vector<Prompt> prompts_of(Step step, const Plan& plan);
/// Everything that is asked, in order; without the drill.
std::vector<Prompt> all_prompts(const Plan& plan);

}  // namespace buri::hsm::ceremony
