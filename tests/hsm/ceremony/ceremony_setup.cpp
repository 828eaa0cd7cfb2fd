#include "tests/hsm/ceremony/ceremony_setup.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>

#include "base/check.hpp"
#include "hsm/ceremony/dry_run.hpp"
#include "hsm/pkcs11/uri.hpp"

namespace buri::hsm::test {

MemoryStore::Power MemoryStore::use() {
  ++writes_;
  if (!left_) return Power::kOn;
  if (*left_ == 0) {
    left_ = SIZE_MAX;  // from now on nothing
    return Power::kFails;
  }
  if (*left_ == SIZE_MAX) return Power::kOff;
  --*left_;
  return Power::kOn;
}

Status<Reason> MemoryStore::write(const std::string& name, ByteView bytes) {
  if (use() != Power::kOn) return Failure{Reason("The power was cut.")};
  files[name] = Bytes(bytes.begin(), bytes.end());
  return Unit{};
}

Status<Reason> MemoryStore::append(const std::string& name, ByteView bytes) {
  const Power power = use();
  if (power != Power::kOff) {
    const ByteView written = power == Power::kOn ? bytes : bytes.first(bytes.size() / 2);
    buri::append(files[name], written);
  }
  if (power != Power::kOn) return Failure{Reason("The power was cut.")};
  return Unit{};
}

Result<Bytes, Reason> MemoryStore::read(const std::string& name) {
  const auto file = files.find(name);
  if (file == files.end()) return Failure{name + " is not there."};
  return file->second;
}

Result<std::vector<std::string>, Reason> MemoryStore::list() {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : files) names.push_back(name);
  return names;
}

std::string MemoryStore::text(const std::string& name) const {
  const auto file = files.find(name);
  return file == files.end() ? "" : std::string(as_text(file->second));
}

Result<std::string, Reason> ScriptedAnswerer::answer(const Prompt& prompt) {
  asked.push_back(prompt.id);
  if (prompt.id == stop_at) return Failure{Reason("Everybody ran away.")};
  const auto entry = book.find(prompt.id);
  if (entry == book.end()) return Failure{"No answer to " + prompt.id + "."};
  return entry->second;
}

Status<Reason> KeepingDelivery::deliver(unsigned number, const std::string&, const Secret& share) {
  shares.insert_or_assign(number, share);
  return Unit{};
}

FaultScript& shared_faults() {
  static FaultScript script;
  static const bool ready = [] {
    for (const auto& [name, value] : script.environment()) {
      CHECK(setenv(name.c_str(), value.c_str(), 1) == 0, "the fault module's environment");
    }
    return true;
  }();
  CHECK(ready, "the fault module has its environment");
  return script;
}

unsigned long own_calls(const std::string& function) {
  std::ifstream file(std::getenv("BURI_FAULT_LOG"));
  const std::string own = std::to_string(getpid());
  unsigned long count = 0;
  std::string pid;
  std::string name;
  while (file >> pid >> name) count += pid == own && name == function ? 1 : 0;
  return count;
}

PlannedDevice planned_device(const SoftHsmToken& token) {
  (void)shared_faults();
  pkcs11::KeyUri uri;
  uri.token = token.token().label;
  uri.serial = token.token().serial;
  uri.module_path = FaultScript::module_path();
  return {"SoftHSM token of a test",
          pkcs11::format_key_uri(uri),
          "softhsm",
          {"SOFTHSM2_CONF", "BURI_REAL_MODULE", "BURI_FAULT_PLAN", "BURI_FAULT_LOG"}};
}

namespace {

PinReaders test_pins() {
  const auto reader = [](std::string_view pin) {
    return [pin]() -> Result<Secret, std::string> {
      Bytes bytes(pin.begin(), pin.end());
      return Secret::take(bytes);
    };
  };
  return {reader(kOfficerPin), reader(kUserPin), false};
}

Plan plan_on(const SoftHsmToken& token, KeySource source) {
  static std::atomic<unsigned> counter{0};
  PlanDraft draft = example_draft();
  draft.key_source = source;
  const bool exists = source == KeySource::kExisting;  // as SoftHsmToken calls its key
  draft.key_label = exists ? "validator" : "validator " + std::to_string(counter.fetch_add(1));
  draft.device = planned_device(token);
  if (source != KeySource::kBackedUp) {
    draft.threshold = 0;
    std::erase_if(draft.participants,
                  [](const Participant& person) { return person.role == Role::kCustodian; });
  }
  return make_plan(std::move(draft), Hash256{}, system_clock(), system_random());
}

}  // namespace

CeremonyBench::CeremonyBench(const SoftHsmToken& token, KeySource source)
    : plan(plan_on(token, source)), answerer(rehearsal_answers(plan)) {
  CHECK(write_plan(store, plan).ok(), "a folder in memory takes the plan");
}

CeremonyTools CeremonyBench::tools() {
  return {&system_clock(),    &system_random(), &answerer,
          &delivery,          &console,         test_pins(),
          BURI_HSM_PROGRAM,   Hash256{},        [this] { ++settled; },
          fresh_process_limit};
}

Result<DrillSummary, Reason> CeremonyBench::drill(const SoftHsmToken& second,
                                                  std::vector<unsigned> numbers, bool keep_key) {
  const DrillTools drill_tools{&system_clock(),
                               &system_random(),
                               &answerer,
                               &console,
                               test_pins(),
                               [&](unsigned) -> Result<std::vector<Secret>, Reason> {
                                 std::vector<Secret> shares;
                                 for (const unsigned number : numbers) {
                                   shares.push_back(delivery.shares.at(number));
                                 }
                                 return shares;
                               },
                               [this] { ++settled; }};
  return hold_drill(store, drill_tools, {planned_device(second), keep_key});
}

std::size_t CeremonyBench::keys_on(const SoftHsmToken& token) const {
  pkcs11::Session session = token.user_session();
  pkcs11::AttributeList wanted;
  wanted.number(CKA_CLASS, CKO_PRIVATE_KEY).text(CKA_LABEL, plan.draft.key_label);
  return session.find(wanted, 8)->size();
}

std::size_t CeremonyBench::wrapping_keys_on(const SoftHsmToken& token) const {
  pkcs11::Session session = token.user_session();
  return find_wrapping_keys(session, plan.kek_label())->size() +
         find_wrapping_keys(session, plan.kek_label() + "-drill")->size();
}

}  // namespace buri::hsm::test
