#include "hsm/cli/signer_audit.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "base/hex.hpp"
#include "hsm/cli/hsm_commands.hpp"
#include "hsm/signer/audit_log.hpp"
#include "hsm/signer/posix_disk.hpp"
#include "hsm/signer/text_file.hpp"

namespace buri::hsm::cli {
namespace {

int fail(const std::string& why, int code) {
  std::cerr << why << "\n";
  return code;
}

std::optional<std::vector<signer::AuditSegment>> read_log(const std::string& directory) {
  auto disk = signer::open_posix_disk(directory);
  if (!disk.ok()) return std::nullopt;
  const auto names = signer::audit_segment_names(**disk);
  if (!names.ok() || names->empty()) return std::nullopt;
  auto segments = signer::read_audit_segments(**disk, *names);
  if (!segments.ok()) return std::nullopt;
  return std::move(segments).value();
}

std::optional<signer::AuditHead> parse_head(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto hash = fixed_from_hex<Hash256::kSize>(text.substr(colon + 1));
  if (!hash) return std::nullopt;
  return signer::AuditHead{std::strtoull(text.c_str(), nullptr, 10), *hash};
}

/// Nothing if a line is not two hex texts of the right lengths.
std::optional<std::vector<signer::SeenSignature>> parse_seen(const std::string& text) {
  std::vector<signer::SeenSignature> seen;
  std::istringstream lines(text);
  for (std::string digest, signature; lines >> digest >> signature;) {
    const auto hash = fixed_from_hex<Hash256::kSize>(digest);
    const auto bytes = from_hex(signature);
    if (!hash || !bytes || bytes->size() < 64 || bytes->size() > 65) return std::nullopt;
    seen.push_back({*hash, FixedBytes<64>::from(ByteView(*bytes).first(64))});
  }
  return seen;
}

}  // namespace

int run_audit_verify(const std::string& directory, const std::string& known_head) {
  const auto segments = read_log(directory);
  if (!segments) return fail(directory + ": there is no audit log to read", kExitUnusable);
  std::optional<signer::AuditHead> head;
  if (!known_head.empty()) {
    head = parse_head(known_head);
    if (!head) return fail("a head is SEQUENCE:HASH", kExitUnusable);
  }
  const signer::AuditReport report = signer::verify_audit(*segments, head);
  if (!report.ok()) {
    return fail(report.where + ": " + std::string(describe(*report.fault)), kExitRefused);
  }
  std::cout << "ok: " << report.line_count << " lines from " << report.first_sequence << ", head "
            << report.head.sequence << ":" << to_hex(report.head.hash) << "\n";
  return kExitOk;
}

int run_audit_reconcile(const std::string& directory, const std::string& file) {
  const int verified = run_audit_verify(directory, "");
  if (verified != kExitOk) return verified;
  const auto text = signer::read_text_file(file);
  if (!text.ok()) return fail(text.error(), kExitUnusable);
  const auto seen = parse_seen(*text);
  if (!seen) return fail(file + ": lines of DIGEST SIGNATURE in hex are needed", kExitUnusable);
  const auto strays = signer::reconcile(*read_log(directory), *seen);
  for (const signer::StraySignature& stray : strays) {
    const bool is_unknown = stray.kind == signer::Stray::kUnknownDigest;
    std::cout << to_hex((*seen)[stray.index].digest)
              << (is_unknown ? " was never signed here\n" : " was signed here, but not so\n");
  }
  std::cout << seen->size() << " signatures, " << strays.size()
            << " of them not from this signer\n";
  return strays.empty() ? kExitOk : kExitRefused;
}

}  // namespace buri::hsm::cli
