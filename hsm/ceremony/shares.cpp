#include "hsm/ceremony/shares.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/durable_write.hpp"
#include "hsm/pkcs11/channel.hpp"

namespace buri::hsm::ceremony {
namespace {

bool is_same(const Secret& a, const Secret& b) { return equal(a.bytes(), b.bytes()); }

class TerminalDelivery final : public ShareDelivery {
 public:
  explicit TerminalDelivery(TerminalOpener open_terminal)
      : open_terminal_(std::move(open_terminal)) {}

  Status<Reason> deliver(unsigned number, const std::string& custodian,
                         const Secret& share) override {
    const std::string heading = "Share " + std::to_string(number) + " for " + custodian +
                                ", check value " + share_check_value(share) +
                                ". Write down the six lines:";
    constexpr int kRounds = 5;
    constexpr int kTries = 3;
    ASSIGN_OR_RETURN(SecretTerminal terminal, open_terminal_());
    for (int round = 0; round < kRounds; ++round) {
      RETURN_IF_ERROR(terminal.show(heading, share_text(share)));
      for (int attempt = 0; attempt < kTries; ++attempt) {
        ASSIGN_OR_RETURN(const Secret typed,
                         terminal.read_line("Type the share back from the paper, in one line "
                                            "(not shown): "));
        const auto back = parse_share(typed.bytes());
        if (back.ok() && is_same(*back, share)) return Unit{};
      }
    }
    return Failure{"Share " + std::to_string(number) + " was not written down correctly."};
  }

 private:
  TerminalOpener open_terminal_;
};

Failure<Reason> broken(const std::string& path) {
  return Failure{path + " cannot be written: " + std::strerror(errno) + "."};
}

class FolderDelivery final : public ShareDelivery {
 public:
  explicit FolderDelivery(std::string folder) : folder_(std::move(folder)) {}

  Status<Reason> deliver(unsigned number, const std::string&, const Secret& share) override {
    const std::string path = folder_ + "/share-" + std::to_string(number) + ".txt";
    {
      const Descriptor file(
          open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
      const Secret text = share_text(share);
      if (!file.is_open() || !write_all(file.get(), text.bytes()) || fsync(file.get()) != 0) {
        return broken(path);
      }
    }
    if (!sync_folder(folder_)) return broken(folder_);
    ASSIGN_OR_RETURN(const auto back, collect_from_files({path}));
    if (is_same(back.front(), share)) return Unit{};
    return Failure{path + " does not hold what was written."};
  }

 private:
  std::string folder_;
};

}  // namespace

std::unique_ptr<ShareDelivery> terminal_delivery(TerminalOpener open_terminal) {
  return std::make_unique<TerminalDelivery>(std::move(open_terminal));
}

std::unique_ptr<ShareDelivery> folder_delivery(const std::string& folder) {
  return std::make_unique<FolderDelivery>(folder);
}

Result<std::vector<Secret>, Reason> collect_at_terminal(SecretTerminal& terminal, unsigned count) {
  std::vector<Secret> shares;
  while (shares.size() < count) {
    ASSIGN_OR_RETURN(const Secret typed,
                     terminal.read_line("Share " + std::to_string(shares.size() + 1) + " of " +
                                        std::to_string(count) + ", in one line (not shown): "));
    auto share = parse_share(typed.bytes());
    if (!share.ok()) return Failure{Reason(describe(share.error()))};
    shares.push_back(*std::move(share));
  }
  return shares;
}

Result<std::vector<Secret>, Reason> collect_from_files(const std::vector<std::string>& paths) {
  std::vector<Secret> shares;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(const Secret text, read_secret_file(path));
    auto share = parse_share(text.bytes());
    if (!share.ok()) return Failure{path + ": " + std::string(describe(share.error()))};
    shares.push_back(*std::move(share));
  }
  return shares;
}

}  // namespace buri::hsm::ceremony
