#include "base/check.hpp"
#include "hsm/signer/audit_verify.hpp"

/// An audit log of any bytes: the check ends and never counts more than it was given.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace buri::hsm::signer;
  const AuditSegment segment{"audit", std::string(reinterpret_cast<const char*>(data), size)};
  const AuditReport report = verify_audit({&segment, 1});
  CHECK(report.good_bytes <= size, "good bytes are among those given");
  CHECK(!report.ok() || report.good_bytes == size, "a good log is good to its end");
  return 0;
}
