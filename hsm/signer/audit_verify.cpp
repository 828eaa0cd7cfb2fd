#include "hsm/signer/audit_verify.hpp"

#include <map>
#include <set>

#include "base/hex.hpp"
#include "hsm/signer/audit_log.hpp"

namespace buri::hsm::signer {
namespace {

/// Walks lines and keeps the report.
class Walker {
 public:
  Walker(const std::optional<AuditHead>& known_head, const AuditVisitor& visit)
      : known_head_(known_head), visit_(visit) {}

  /// False at the first fault.
  bool walk(const AuditSegment& segment) {
    report_.good_bytes = 0;
    std::string_view rest = segment.text;
    for (std::uint64_t number = 1; !rest.empty(); ++number) {
      report_.where = segment.name + ", line " + std::to_string(number);
      const std::size_t end = rest.find('\n');
      if (end == std::string_view::npos) return fail(AuditFault::kTorn);
      const std::string_view text = rest.substr(0, end);
      const auto line = parse_line(text);
      if (!line) return fail(AuditFault::kMalformed);
      if (number == 1 && !open_segment(*line)) return false;
      if (!accept(text, *line)) return false;
      rest.remove_prefix(end + 1);
      report_.good_bytes += end + 1;
    }
    return true;
  }

  AuditReport finish() {
    if (report_.ok() && known_head_ && report_.head.sequence < known_head_->sequence) {
      fail(AuditFault::kTruncated);
    }
    return std::move(report_);
  }

 private:
  // The very first line given is believed about the hash before it; later ones must agree.
  bool open_segment(const AuditLine& line) {
    const auto previous = fixed_from_hex<Hash256::kSize>(line.event.detail);
    if (line.event.event != kSegmentEvent || !previous) return fail(AuditFault::kMalformed);
    if (report_.line_count == 0 && line.sequence > 0) {
      report_.head = {line.sequence - 1, *previous};
      report_.first_sequence = line.sequence;
    }
    return true;
  }

  bool accept(std::string_view text, const AuditLine& line) {
    if (line.sequence <= report_.head.sequence) return fail(AuditFault::kReordered);
    if (line.sequence != report_.head.sequence + 1) return fail(AuditFault::kGap);
    if (!hash_holds(text, line, report_.head.hash)) return fail(AuditFault::kTampered);
    if (known_head_ && line.sequence == known_head_->sequence && line.hash != known_head_->hash) {
      return fail(AuditFault::kOtherHead);
    }
    report_.head = {line.sequence, line.hash};
    ++report_.line_count;
    if (visit_) visit_(line);
    return true;
  }

  bool fail(AuditFault fault) {
    report_.fault = fault;
    return false;
  }

  const std::optional<AuditHead>& known_head_;
  const AuditVisitor& visit_;
  AuditReport report_;
};

}  // namespace

std::string_view describe(AuditFault fault) {
  switch (fault) {
    case AuditFault::kMalformed:
      return "not a line that the signer writes";
    case AuditFault::kGap:
      return "lines are missing";
    case AuditFault::kReordered:
      return "lines are out of order";
    case AuditFault::kTampered:
      return "the hash does not match the text";
    case AuditFault::kTorn:
      return "the last line is incomplete";
    case AuditFault::kTruncated:
      return "the log ends before the known head";
    case AuditFault::kOtherHead:
      return "the log differs from the known head";
  }
  return "unknown fault";
}

AuditReport verify_audit(std::span<const AuditSegment> segments,
                         const std::optional<AuditHead>& known_head, const AuditVisitor& visit) {
  Walker walker(known_head, visit);
  for (const AuditSegment& segment : segments) {
    if (!walker.walk(segment)) break;
  }
  return walker.finish();
}

std::vector<StraySignature> reconcile(std::span<const AuditSegment> segments,
                                      std::span<const SeenSignature> seen) {
  std::map<Bytes, std::set<Bytes>> made;
  verify_audit(segments, {}, [&](const AuditLine& line) {
    const Bytes& signature = line.event.signature;
    if (signature.size() < FixedBytes<64>::kSize) return;
    made[line.event.digest].insert({signature.begin(), signature.begin() + FixedBytes<64>::kSize});
  });
  std::vector<StraySignature> strays;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const ByteView digest = seen[i].digest;
    const ByteView signature = seen[i].signature;
    const auto found = made.find({digest.begin(), digest.end()});
    if (found == made.end()) {
      strays.push_back({i, Stray::kUnknownDigest});
    } else if (!found->second.contains({signature.begin(), signature.end()})) {
      strays.push_back({i, Stray::kOtherSignature});
    }
  }
  return strays;
}

}  // namespace buri::hsm::signer
