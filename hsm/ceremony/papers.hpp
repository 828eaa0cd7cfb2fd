#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hsm/ceremony/document.hpp"
#include "hsm/ceremony/records.hpp"
#include "hsm/ceremony/transcript.hpp"

/// Papers that come out of a ceremony. Each is a pure function of plan, records and transcript, so
/// that `buri ceremony verify` makes it again and compares.

namespace buri::hsm::ceremony {

/// The sheet that goes with one share into its bag. Holds no share.
Document make_share_sheet(const Plan& plan, const CustodyRecord& custody, std::size_t index);

/// Who holds the two PINs.
Document make_pin_sheet(const Plan& plan, const std::vector<TranscriptLine>& lines);

/// What was destroyed.
Document make_certificate(const Plan& plan, const RetirementRecord& retirement,
                          const std::vector<TranscriptLine>& lines);

/// The minutes: results, answers, exceptions, what comes next, signatures. `lines` is the
/// transcript up to the minutes.
Document make_minutes(const Plan& plan, const KeyRecord& key,
                      const std::vector<TranscriptLine>& lines);

/// Both forms of a paper: NAME.md and NAME.html with their texts.
std::vector<std::pair<std::string, std::string>> render(const std::string& name,
                                                        const Document& document);

// Names without ending.
inline constexpr const char* kScriptPaper = "script";
inline constexpr const char* kPinPaper = "custody/pins";
inline constexpr const char* kCertificatePaper = "destruction-certificate";
inline constexpr const char* kMinutesPaper = "minutes";
/// "custody/share-1".
std::string share_paper(std::size_t number);

}  // namespace buri::hsm::ceremony
