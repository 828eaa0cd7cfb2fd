#include "base/check.hpp"
#include "hsm/ceremony/records.hpp"

/// Any record: what was read encodes to the same bytes.

namespace {

using namespace buri::hsm::ceremony;

template <class Record>
void try_record(std::string_view text) {
  const auto record = decode_record<Record>(text);
  if (record.ok()) CHECK(encode_record(*record) == text, "a record encodes as it was read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try_record<SoftwareRecord>(text);
  try_record<DeviceRecord>(text);
  try_record<CustodyRecord>(text);
  try_record<BackupRecord>(text);
  try_record<KeyRecord>(text);
  try_record<AttributeRecord>(text);
  try_record<ProofRecord>(text);
  try_record<RetirementRecord>(text);
  try_record<DrillRecord>(text);
  return 0;
}
