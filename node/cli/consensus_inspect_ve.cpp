#include "base/hex.hpp"
#include "node/cli/consensus_inspect.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/engine/priority.hpp"
#include "node/consensus/modules/checkpoint/side_sign_bytes.hpp"
#include "node/consensus/tx/decode.hpp"

/// `buri consensus inspect ve`.

namespace buri::cli {
namespace {

namespace json = boost::json;
using namespace consensus;
using Description = std::optional<json::object>;

/// The first byte of a checkpoint's extension.
constexpr std::uint8_t kCheckpointMark = 0x01;

json::value vote_name(std::int32_t result) {
  switch (result) {
    case 1:
      return "yes";
    case 2:
      return "no";
    default:
      return result;
  }
}

json::object proposition_json(const modules::milestone::MilestoneProposition& proposition) {
  json::array hashes;
  for (const Bytes& hash : proposition.block_hashes) hashes.push_back(json::value(to_hex(hash)));
  json::array difficulties;
  for (const std::uint64_t td : proposition.block_tds) difficulties.push_back(td);
  return {{"start_block_number", proposition.start_block_number},
          {"block_hashes", std::move(hashes)},
          {"block_tds", std::move(difficulties)},
          {"parent_hash", to_hex(proposition.parent_hash)},
          {"latest_block_number", proposition.latest_block_number},
          {"latest_block_hash", to_hex(proposition.latest_block_hash)}};
}

/// An ordinary extension; nothing if the bytes have unknown fields or name no block.
Description extension_json(ByteView bytes) {
  static const auto registry = [] {
    auto made = std::make_unique<runtime::MessageRegistry>();
    tx::register_tx_types(*made);
    return made;
  }();
  const auto extension = app::decode_extension(bytes);
  if (!extension.ok() || extension->block_hash.empty()) return std::nullopt;
  if (app::has_unknown_fields(bytes, *registry)) return std::nullopt;
  json::array answers;
  for (const app::SideTxResponse& one : extension->side_tx_responses) {
    answers.push_back(
        json::object{{"tx_hash", to_hex(one.tx_hash)}, {"vote", vote_name(one.result)}});
  }
  const bool is_compact = extension->block_hash.size() == app::kCompactHashBytes;
  json::object facts{{"kind", is_compact ? "compact vote extension" : "vote extension"},
                     {"block_hash", to_hex(extension->block_hash)},
                     {"height", extension->height},
                     {"side_tx_responses", std::move(answers)},
                     {"milestone_proposition", nullptr}};
  if (extension->milestone_proposition) {
    facts["milestone_proposition"] = proposition_json(*extension->milestone_proposition);
  }
  const auto answers_fit = app::check_side_responses(extension->side_tx_responses);
  if (!answers_fit.ok()) facts["broken_rule"] = answers_fit.error().log;
  return facts;
}

/// "BANNER|height|chain id": who has no checkpoint to sign.
Description dummy_json(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  const std::size_t banner = app::kDummyBanner.size();
  if (!text.starts_with(app::kDummyBanner) || bytes.size() < banner + 10) return std::nullopt;
  if (text[banner] != '|' || text[banner + 9] != '|') return std::nullopt;
  std::uint64_t height = 0;
  for (const std::uint8_t byte : bytes.subspan(banner + 1, 8)) height = height << 8 | byte;
  return json::object{{"kind", "no checkpoint"},
                      {"height", height},
                      {"chain_id", std::string(text.substr(banner + 10))}};
}

Description checkpoint_json(ByteView bytes) {
  if (bytes.empty() || bytes[0] != kCheckpointMark) return std::nullopt;
  const auto message = modules::checkpoint::from_side_sign_bytes(bytes.subspan(1));
  if (!message) return std::nullopt;
  return json::object{{"kind", "checkpoint"},
                      {"proposer", message->proposer},
                      {"start_block", message->start_block},
                      {"end_block", message->end_block},
                      {"root_hash", to_hex(message->root_hash)},
                      {"account_root_hash", to_hex(message->account_root_hash)},
                      {"bor_chain_id", message->bor_chain_id}};
}

Description non_rp_json(ByteView bytes) {
  auto facts = checkpoint_json(bytes);
  return facts ? facts : dummy_json(bytes);
}

json::value flag_name(std::int32_t flag) {
  switch (flag) {
    case app::kFlagAbsent:
      return "absent";
    case app::kFlagCommit:
      return "commit";
    case app::kFlagNil:
      return "nil";
    default:
      return flag;
  }
}

json::object vote_json(const app::ExtendedVote& vote) {
  const auto part = [](const Bytes& bytes, Description (*describe)(ByteView)) -> json::value {
    if (bytes.empty()) return nullptr;
    auto facts = describe(bytes);
    return facts ? json::value(*std::move(facts)) : json::value(to_hex(bytes));
  };
  return {{"validator", to_hex(vote.validator.address)},
          {"power", vote.validator.power},
          {"block_id_flag", flag_name(vote.block_id_flag)},
          {"vote_extension", part(vote.vote_extension, &extension_json)},
          {"extension_signature", to_hex(vote.extension_signature)},
          {"non_rp_extension", part(vote.non_rp_extension, &non_rp_json)},
          {"non_rp_signature", to_hex(vote.non_rp_signature)}};
}

Description commit_json(ByteView bytes) {
  const auto commit = codec::decode<app::ExtendedCommit>(bytes);
  if (!commit.ok() || commit->votes.empty()) return std::nullopt;
  std::int64_t power = 0;
  json::array votes;
  for (const app::ExtendedVote& vote : commit->votes) {
    if (!app::is_known_flag(vote.block_id_flag)) return std::nullopt;
    votes.push_back(vote_json(vote));
    // Outside bytes: powers may be anything.
    if (app::counts(vote)) power = engine::wrapping_add(power, vote.validator.power);
  }
  return json::object{{"kind", "extended commit"},
                      {"round", commit->round},
                      {"power_of_extensions", power},
                      {"votes", std::move(votes)}};
}

struct Reader {
  ExtensionKind kind;
  std::string_view name;
  Description (*read)(ByteView);
};
/// The stricter forms first.
constexpr Reader kReaders[] = {
    {ExtensionKind::kNonRp, "an extension for the root chain", &non_rp_json},
    {ExtensionKind::kCommit, "an extended commit", &commit_json},
    {ExtensionKind::kExtension, "a vote extension", &extension_json}};

}  // namespace

AnswerResult inspect_ve(const InspectVeArguments& arguments) {
  ASSIGN_OR_RETURN(const Bytes raw, read_bytes(arguments.input));
  std::string expected;
  for (const Reader& reader : kReaders) {
    if (arguments.kind != ExtensionKind::kAny && arguments.kind != reader.kind) continue;
    expected += (expected.empty() ? "" : " or ") + std::string(reader.name);
    auto facts = reader.read(raw);
    if (!facts) continue;
    json::object all{{"valid", true}, {"bytes", raw.size()}};
    for (auto& [name, value] : *facts) all[name] = std::move(value);
    return Answer{std::move(all)};
  }
  return Answer{{{"valid", false},
                 {"bytes", raw.size()},
                 {"reason", "expected " + expected + ", found other bytes"}},
                false};
}

}  // namespace buri::cli
