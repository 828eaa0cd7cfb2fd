#pragma once

#include <ostream>

#include "hsm/ceremony/fresh_process.hpp"
#include "hsm/ceremony/journal.hpp"
#include "hsm/ceremony/papers.hpp"
#include "hsm/ceremony/run.hpp"

/// What the steps of a ceremony share. Private to the run*.cpp files.

namespace buri::hsm::ceremony {

/// One ceremony under way.
struct Run {
  Plan plan;
  Store& store;
  Journal journal;
  const CeremonyTools& tools;
  std::optional<CeremonyDevice> device;
  bool is_over = false;  ///< the last error leaves nothing to resume

  /// An error after which only a new plan helps.
  Failure<Reason> give_up(Reason reason) {
    is_over = true;
    return Failure{std::move(reason)};
  }
  /// Asks the prompt of that id.
  Result<std::string, Reason> ask(Step step, std::string_view prompt_id);
  /// Shows a line to everybody and journals it.
  Status<Reason> say(Step step, const std::string& text);
  template <class Record>
  Status<Reason> keep_record(Step step, const std::string& name, const Record& record) {
    return journal.keep(step, name, as_bytes(encode_record(record)));
  }
  Status<Reason> keep_paper(Step step, const std::string& name, const Document& document);
  template <class Record>
  Result<Record, Reason> read_record(const std::string& name) {
    ASSIGN_OR_RETURN(const std::string text, store.read_text(name));
    auto record = decode_record<Record>(text);
    if (!record.ok()) return Failure{name + ": " + describe(record.error())};
    return std::move(record).value();
  }
  /// The device of the plan; the same token as before, if one was recorded.
  Result<CeremonyDevice*, Reason> open_device();
  [[nodiscard]] pkcs11::KeyPlan key_plan() const;
  /// Whether only a key counts that was born in the device.
  [[nodiscard]] bool requires_hsm_born() const { return !plan.backs_up(); }
  /// A signature by a process that read the token anew.
  Result<pkcs11::RecoverableSignature, Reason> sign_afresh(const KeyRecord& key,
                                                           pkcs11::SigningPurpose purpose,
                                                           const Hash256& digest);
};

// The steps, in order.
Status<Reason> run_opening(Run& run);
Status<Reason> run_identities(Run& run);
Status<Reason> run_device(Run& run);
Status<Reason> run_wrapping_key(Run& run);
Status<Reason> run_key(Run& run);
Status<Reason> run_install(Run& run);
Status<Reason> run_proof(Run& run);
Status<Reason> run_retirement(Run& run);
Status<Reason> run_pins(Run& run);
Status<Reason> run_closing(Run& run);

}  // namespace buri::hsm::ceremony
