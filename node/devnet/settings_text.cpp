#include "node/devnet/settings_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "base/hex.hpp"

namespace buri::devnet {
namespace {

std::string local(std::uint16_t port) { return fmt::format("127.0.0.1:{}", port); }

/// A text of TOML. Paths and addresses of a devnet have no control characters.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string list(const std::vector<std::string>& texts) {
  std::vector<std::string> all;
  for (const std::string& text : texts) all.push_back(quoted(text));
  return fmt::format("[{}]", fmt::join(all, ", "));
}

/// Who signs: the signer's socket, or the key in a file that nobody can overlook.
std::string signer_section(const ValidatorPaths& paths, const Identity& identity,
                           std::size_t number) {
  if (identity.uses_development_keys()) {
    return fmt::format("[signer]\ninsecure_development_key_file = {}\n",
                       quoted(paths.validator_key.string()));
  }
  // Many processes share a few cores, and a vote that is not signed in time is not signed at all.
  return fmt::format("[signer]\nsocket = {}\npublic_key = \"{}\"\ntimeout_ms = 5000\n",
                     quoted(paths.signer_socket.string()),
                     to_hex(identity.validators[number - 1].public_key));
}

}  // namespace

std::string node_config_text(const Layout& layout, const Identity& identity,
                             const NodeSettings& settings) {
  const ValidatorPaths paths = layout.validator(settings.number);
  std::string text =
      fmt::format("[chain]\ngenesis_file = {}\nforks_file = {}\n",
                  quoted(layout.genesis().string()), quoted(layout.forks().string()));
  // Peers meet through the links that `buri devnet partition` cuts, so nobody tells addresses.
  text += fmt::format(
      "[p2p]\nmoniker = \"validator-{}\"\nlisten = \"{}\"\npersistent_peers = {}\n"
      "peer_exchange = false\nallow_duplicate_ip = true\nstrict_addresses = false\n"
      "persistent_max_dial_period_s = 1\nmax_handshakes_per_ip = 128\n",
      settings.number, local(settings.ports.p2p), list(settings.peers));
  text += fmt::format("[consensus]\ncommit_timeout_ms = {}\n", settings.commit_timeout_ms);
  text += "[storage]\ncache_bytes = 33554432\n";
  text += signer_section(paths, identity, settings.number);
  text += fmt::format("[endpoints]\neth_rpc_urls = {}\nbor_rpc_urls = {}\n",
                      list({settings.eth_rpc_url}), list({settings.bor_rpc_url}));
  text += fmt::format("[rpc]\nlisten = \"{}\"\n[rest]\nlisten = \"{}\"\n[grpc]\nlisten = \"{}\"\n",
                      local(settings.ports.rpc), local(settings.ports.rest),
                      local(settings.ports.grpc));
  text += fmt::format("[metrics]\nlisten = \"{}\"\n", local(settings.ports.metrics));
  return text + "[accel]\nworker_threads = 1\n";
}

std::string signer_config_text(const ValidatorPaths& paths, const ValidatorIdentity& validator,
                               const std::string& worker_program) {
  const std::string user = fmt::format("users = [\"{}\"]\n", ::getuid());
  std::string text = fmt::format("[key]\npublic_key = \"{}\"\n", to_hex(validator.public_key));
  text += fmt::format(
      "[state]\ndirectory = {}\naudit_directory = {}\nledgers = [\"consensus\", "
      "\"heimdall-tx\"]\n"
      "policy_file = {}\nactivates_by_itself = true\n",
      quoted((paths.signer / "state").string()), quoted((paths.signer / "audit").string()),
      quoted(paths.signer_policy.string()));
  text += fmt::format(
      "[hsm]\nworker = {}\n[[hsm.device]]\nname = \"softhsm\"\nuri = {}\nprofile = \"softhsm\"\n"
      "pin_file = {}\nenvironment = [{}]\n",
      quoted(worker_program), quoted(validator.key_uri), quoted((paths.hsm / "pin").string()),
      quoted("SOFTHSM2_CONF=" + (paths.hsm / "softhsm2.conf").string()));
  text += fmt::format("[[socket]]\npath = {}\npurposes = [\"proposal\", \"vote\"]\n{}",
                      quoted(paths.signer_socket.string()), user);
  text += fmt::format("[[socket]]\npath = {}\npurposes = [\"heimdall_transaction\"]\n{}",
                      quoted(paths.signer_transactions.string()), user);
  return text + fmt::format("[admin]\npath = {}\n{}", quoted(paths.signer_admin.string()), user);
}

std::string signer_policy_text(const Identity& identity) {
  return fmt::format(
      "version = 1\n[consensus]\nchain_id = {}\nmax_per_minute = 100000\n"
      "[checkpoint]\nbor_chain_id = {}\n"
      "[heimdall_transaction]\nenabled = true\nchain_id = {}\nmax_per_minute = 100000\n"
      "max_fee = \"1000000000000000\"\nmax_fee_per_day = "
      "\"1000000000000000000000\"\nadmin_messages = []\n"
      "messages = [\"/cosmos.bank.v1beta1.MsgSend\", \"/heimdallv2.checkpoint.MsgCheckpoint\", "
      "\"/heimdallv2.checkpoint.MsgCpAck\", \"/heimdallv2.clerk.MsgEventRecord\", "
      "\"/heimdallv2.stake.MsgSignerUpdate\", \"/heimdallv2.stake.MsgStakeUpdate\", "
      "\"/heimdallv2.stake.MsgValidatorExit\", \"/heimdallv2.stake.MsgValidatorJoin\", "
      "\"/heimdallv2.topup.MsgTopupTx\"]\n",
      quoted(identity.chain_id), kBorChainId, quoted(identity.chain_id));
}

}  // namespace buri::devnet
