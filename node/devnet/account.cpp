#include "node/devnet/account.hpp"

#include <future>

#include "base/hex.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/host/file_key.hpp"
#include "node/consensus/host/signer_connection.hpp"
#include "node/consensus/tx/types.hpp"

namespace buri::devnet {
namespace {

namespace host = consensus::host;

constexpr std::uint64_t kGasLimit = 1'000'000;
constexpr std::string_view kFee = "1000000000000000";
constexpr std::chrono::milliseconds kSigningPatience{5000};

Logger quiet() { return Logger("devnet", LogLevel::kOff); }

}  // namespace

Result<Account, std::string> Account::open_file(const std::string& key_path) {
  // Votes are the node's; of a transaction a file key remembers nothing.
  ASSIGN_OR_RETURN(auto key, host::FileKey::open(key_path, "", quiet()));
  const FixedBytes<65> public_key = key->public_key();
  return Account(std::move(key), public_key);
}

Result<Account, std::string> Account::open_signer(const std::string& socket_path,
                                                  const FixedBytes<65>& public_key) {
  host::SignerConnectionOptions options;
  options.path = socket_path;
  options.purposes = {hsm::wire::Purpose::kHeimdallTransaction};
  options.patience = kSigningPatience;
  ASSIGN_OR_RETURN(auto signer, host::SignerConnection::open(options, quiet()));
  return Account(std::move(signer), public_key);
}

std::string Account::text() const { return "0x" + to_hex(address()); }

void Account::learn(const AccountPlace& place, Time now) {
  const bool has_moved = place.sequence > place_.sequence;
  place_ = place;
  if (!is_known_ || next_sequence_ < place.sequence) next_sequence_ = place.sequence;
  if (!is_known_ || has_moved || next_sequence_ == place.sequence) last_progress_ = now;
  is_known_ = true;
  if (now - last_progress_ < kPatience) return;
  next_sequence_ = place.sequence;
  last_progress_ = now;
}

bool Account::may_send() const {
  return is_known_ && next_sequence_ - place_.sequence < kMaxUnderWay;
}

Result<Bytes, std::string> Account::sign(hsm::wire::HeimdallMessage message,
                                         const std::string& chain_id) {
  hsm::wire::HeimdallTransaction transaction;
  transaction.chain_id = chain_id;
  transaction.account_number = place_.number;
  transaction.sequence = next_sequence_;
  transaction.messages.push_back(std::move(message));
  transaction.fee_denomination = "pol";
  transaction.fee_amount = kFee;
  transaction.gas_limit = kGasLimit;
  std::promise<host::SigningResult> promise;
  auto made = promise.get_future();
  signer_->sign(hsm::wire::SignHeimdallTransaction{transaction},
                [&promise](host::SigningResult result) { promise.set_value(std::move(result)); });
  const host::SigningResult result = made.get();
  if (!result.ok()) return Failure{result.error().reason};
  if (result->signatures.empty()) return Failure{std::string("the signer gave no signature")};
  consensus::tx::TxRaw raw;
  raw.body_bytes = hsm::wire::heimdall_tx_body(transaction);
  raw.auth_info_bytes = hsm::wire::heimdall_auth_info(transaction, public_key_);
  const auto& signature = result->signatures.front().signature;
  raw.signatures.emplace_back(signature.bytes.begin(), signature.bytes.end());
  return consensus::codec::encode(raw);
}

}  // namespace buri::devnet
