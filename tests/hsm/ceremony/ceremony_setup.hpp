#pragma once

#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "hsm/ceremony/drill.hpp"
#include "hsm/ceremony/journal.hpp"
#include "hsm/ceremony/manifest.hpp"
#include "hsm/ceremony/records.hpp"
#include "hsm/ceremony/run.hpp"
#include "hsm/ceremony/shares.hpp"
#include "hsm/ceremony/verify.hpp"
#include "tests/hsm/fixture/fault_script.hpp"
#include "tests/hsm/fixture/softhsm_token.hpp"

/// Ceremonies on SoftHSM tokens inside a test: a folder in memory whose power can be cut, people
/// who answer what a test wants, custodians who keep their shares where the test finds them.

namespace buri::hsm::test {

using namespace ceremony;

/// A folder in memory.
class MemoryStore final : public Store {
 public:
  Status<Reason> write(const std::string& name, ByteView bytes) override;
  Status<Reason> append(const std::string& name, ByteView bytes) override;
  Result<Bytes, Reason> read(const std::string& name) override;
  bool exists(const std::string& name) override { return files.contains(name); }
  Result<std::vector<std::string>, Reason> list() override;
  Status<Reason> lock() override { return Unit{}; }
  Status<Reason> sweep() override { return Unit{}; }

  /// After `writes` more writes the power is cut: the next one does nothing, or, if it appends,
  /// half of it; every later one fails.
  void cut_power_after(std::size_t writes) { left_ = writes; }
  void restore_power() { left_.reset(); }
  [[nodiscard]] std::size_t writes() const { return writes_; }
  [[nodiscard]] std::string text(const std::string& name) const;

  std::map<std::string, Bytes> files;

 private:
  /// Whether a write may happen; counts it.
  enum class Power : std::uint8_t { kOn, kFails, kOff };
  Power use();

  std::optional<std::size_t> left_;
  std::size_t writes_ = 0;
};

/// Answers as a rehearsal does, except where a test says otherwise.
class ScriptedAnswerer final : public Answerer {
 public:
  explicit ScriptedAnswerer(AnswerBook book) : book(std::move(book)) {}
  Result<std::string, Reason> answer(const Prompt& prompt) override;

  AnswerBook book;
  std::string stop_at;             ///< the prompt at which everybody runs away
  std::vector<std::string> asked;  ///< ids, in order
};

/// Keeps the shares.
class KeepingDelivery final : public ShareDelivery {
 public:
  Status<Reason> deliver(unsigned number, const std::string& custodian,
                         const Secret& share) override;
  std::map<unsigned, Secret> shares;
};

/// One ceremony over a token, behind the fault-injecting module.
class CeremonyBench {
 public:
  /// A plan on `token`, with a key label of its own unless the key exists.
  explicit CeremonyBench(const SoftHsmToken& token, KeySource source = KeySource::kBackedUp);

  /// Shares go to `custodians`, or to `delivery`.
  Result<CeremonySummary, Reason> run(ShareDelivery* custodians = nullptr) {
    CeremonyTools all = tools();
    if (custodians != nullptr) all.shares = custodians;
    return hold_ceremony(store, all, Entry::kRun);
  }
  Result<CeremonySummary, Reason> resume() { return hold_ceremony(store, tools(), Entry::kResume); }
  Result<DrillSummary, Reason> drill(const SoftHsmToken& second, std::vector<unsigned> numbers,
                                     bool keep_key = false);
  Result<VerifyReport, Misfit> verify() { return verify_ceremony(store, {.signatures = false}); }

  /// How many private keys of this ceremony's label the token holds.
  [[nodiscard]] std::size_t keys_on(const SoftHsmToken& token) const;
  /// How many key-encryption keys of this ceremony, or of its drills, the token holds.
  [[nodiscard]] std::size_t wrapping_keys_on(const SoftHsmToken& token) const;

  Plan plan;
  MemoryStore store;
  ScriptedAnswerer answerer;
  KeepingDelivery delivery;
  std::ostringstream console;
  std::size_t settled = 0;  ///< how often the disks were synced
  std::chrono::seconds fresh_process_limit{30};

 private:
  CeremonyTools tools();
};

/// The faults of this test program's module; its environment is set on first use.
FaultScript& shared_faults();
/// How often this process has called a function of the fault-injecting module.
unsigned long own_calls(const std::string& function);

/// The device of a token, behind the fault-injecting module.
PlannedDevice planned_device(const SoftHsmToken& token);

}  // namespace buri::hsm::test
