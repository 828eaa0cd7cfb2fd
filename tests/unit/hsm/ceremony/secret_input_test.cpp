#include "hsm/ceremony/secret_input.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include "hsm/ceremony/shares.hpp"

namespace buri::hsm::ceremony {
namespace {

/// Both ends of a terminal.
struct PseudoTerminal {
  int human = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  int program = -1;
  PseudoTerminal() {
    EXPECT_EQ(grantpt(human), 0);
    EXPECT_EQ(unlockpt(human), 0);
    program = open(ptsname(human), O_RDWR | O_NOCTTY | O_CLOEXEC);
    EXPECT_GE(program, 0);
  }
  ~PseudoTerminal() { close(human); }
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  void type(std::string_view keys) const {
    EXPECT_EQ(write(human, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  /// Everything shown until `end` appears; fails the test if it does not.
  [[nodiscard]] std::string shown_until(std::string_view end) const {
    std::string text;
    while (text.find(end) == std::string::npos) {
      pollfd entry{human, POLLIN, 0};
      if (poll(&entry, 1, 10'000) != 1) {
        ADD_FAILURE() << "the terminal does not show \"" << end << "\" but " << text;
        break;
      }
      std::array<char, 512> part{};
      const ssize_t got = read(human, part.data(), part.size());
      if (got <= 0) break;
      text.append(part.data(), static_cast<std::size_t>(got));
    }
    return text;
  }
};

TEST(T72SecretTerminal, ReadsALineWithoutEchoAndLeavesTheTerminalAsItWas) {
  const PseudoTerminal pair;
  termios before{};
  ASSERT_EQ(tcgetattr(pair.program, &before), 0);
  const int kept = dup(pair.program);
  SecretTerminal terminal(pair.program);
  auto line = std::async(std::launch::async, [&] { return terminal.read_line("PIN: "); });
  std::string shown = pair.shown_until("PIN: ");
  pair.type(
      "4x\x7f"
      "711\n");
  const auto secret = line.get();
  shown += pair.shown_until("\n");
  ASSERT_TRUE(secret.ok());
  EXPECT_EQ(as_text(secret->bytes()), "4711") << "backspace takes a key back";
  EXPECT_EQ(shown.find('7'), std::string::npos) << shown;
  termios after{};
  ASSERT_EQ(tcgetattr(kept, &after), 0);
  EXPECT_EQ(after.c_lflag, before.c_lflag);
  close(kept);
}

TEST(T72SecretTerminal, ControlCAndEmptyLinesAreErrors) {
  for (const char* const keys : {"12\x03", "\x04", "\n"}) {
    const PseudoTerminal pair;
    SecretTerminal terminal(pair.program);
    auto line = std::async(std::launch::async, [&] { return terminal.read_line("PIN: "); });
    (void)pair.shown_until("PIN: ");
    pair.type(keys);
    EXPECT_FALSE(line.get().ok());
  }
}

TEST(T72SecretTerminal, ShareIsShownOnTheOtherScreenAndTypedBack) {
  const PseudoTerminal pair;
  SeededRandom random(3);
  Bytes key(kSharedSecretBytes, 9);
  const auto shares = split_secret(Secret::take(key), 2, 2, {}, random);
  const auto delivery = terminal_delivery(
      [&]() -> Result<SecretTerminal, Reason> { return SecretTerminal(dup(pair.program)); });
  auto done = std::async(std::launch::async,
                         [&] { return delivery->deliver(1, "Carla Custodian", shares[0]); });
  const std::string shown = pair.shown_until("Press any key");
  EXPECT_NE(shown.find("\x1b[?1049h"), std::string::npos) << "a screen without history";
  EXPECT_NE(shown.find("Share 1 for Carla Custodian, check value " + share_check_value(shares[0])),
            std::string::npos);
  std::string dense(as_text(share_text(shares[0]).bytes()));
  std::erase_if(dense, [](char c) { return c == ' ' || c == '\n'; });
  pair.type("x");
  std::string rest = pair.shown_until("(not shown): ");
  pair.type(dense.substr(0, 169) + "g\n");
  rest += pair.shown_until("(not shown): ");
  pair.type(dense + "\n");
  EXPECT_TRUE(done.get().ok());
  EXPECT_EQ(rest.find(dense.substr(50, 20)), std::string::npos) << "what is typed is not shown";
}

TEST(PinSource, IsAFileADescriptorOrACredential) {
  std::string pattern = std::filesystem::temp_directory_path() / "buri-pin-XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  std::ofstream(pattern + "/user-pin") << "4711\n";
  const auto text = [](const Result<pkcs11::PinReader, Reason>& reader) {
    const auto pin = reader.value()();
    return pin.ok() ? std::string(as_text(pin->bytes())) : pin.error();
  };
  EXPECT_EQ(text(pin_reader("file:" + pattern + "/user-pin", "User PIN")), "4711");
  ASSERT_EQ(setenv("CREDENTIALS_DIRECTORY", pattern.c_str(), 1), 0);
  EXPECT_EQ(text(pin_reader("credential:user-pin", "User PIN")), "4711");
  ASSERT_EQ(unsetenv("CREDENTIALS_DIRECTORY"), 0);
  EXPECT_FALSE(pin_reader("credential:user-pin", "User PIN").ok());
  const int descriptor = open((pattern + "/user-pin").c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(text(pin_reader("fd:" + std::to_string(descriptor), "User PIN")), "4711");
  close(descriptor);
  std::filesystem::remove_all(pattern);
}

TEST(PinSource, ThatIsNoneIsRefusedAndNeverRepeated) {
  for (const char* const source :
       {"4711", "", "fd:0", "fd:x", "file:", "credential:a/b", "env:X"}) {
    const auto reader = pin_reader(source, "User PIN");
    ASSERT_FALSE(reader.ok()) << source;
    EXPECT_EQ(reader.error().find("4711"), std::string::npos);
  }
}

TEST(ShareFiles, AreForTheirOwnerAndReadBack) {
  std::string pattern = std::filesystem::temp_directory_path() / "buri-share-XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  SeededRandom random(4);
  Bytes key(kSharedSecretBytes, 9);
  const auto shares = split_secret(Secret::take(key), 2, 3, {}, random);
  const auto delivery = folder_delivery(pattern);
  ASSERT_TRUE(delivery->deliver(2, "Cem", shares[1]).ok());
  const std::string path = pattern + "/share-2.txt";
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto back = collect_from_files({path});
  ASSERT_TRUE(back.ok()) << back.error();
  EXPECT_TRUE(equal(back->front().bytes(), shares[1].bytes()));
  std::ofstream(path) << "1234";
  EXPECT_FALSE(collect_from_files({path}).ok());
  EXPECT_FALSE(folder_delivery(pattern + "/missing")->deliver(1, "Cem", shares[0]).ok());
  std::filesystem::remove_all(pattern);
}

}  // namespace
}  // namespace buri::hsm::ceremony
