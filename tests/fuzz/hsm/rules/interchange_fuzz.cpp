#include "base/check.hpp"
#include "hsm/rules/interchange.hpp"

/// What is imported survives export and import.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace rules = buri::hsm::rules;
  const std::string_view json = buri::as_text({data, size});
  if (const auto state = rules::import_sign_state(json); state.ok()) {
    const auto again = rules::import_sign_state(export_sign_state(*state));
    CHECK(again.ok() && again.value() == state.value(), "sign-state survives its export");
  }
  if (const auto record = rules::import_file_pv(json, "heimdall-gold-b"); record.ok()) {
    const auto again = rules::import_file_pv(export_file_pv(*record), "heimdall-gold-b");
    CHECK(again.ok() && again.value() == record.value(), "a FilePV state survives its export");
  }
  if (const auto record = rules::import_tmkms(json); record.ok()) {
    CHECK(record->sign_bytes.empty(), "tmkms has nothing to replay");
  }
  return 0;
}
