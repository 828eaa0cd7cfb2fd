#include "hsm/ceremony/secret_input.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "base/durable_write.hpp"
#include "hsm/pkcs11/channel.hpp"

namespace buri::hsm::ceremony {
namespace {

using pkcs11::Secret;

constexpr std::uint8_t kControlC = 3;
constexpr std::uint8_t kControlD = 4;
constexpr std::uint8_t kBackspace = 8;
constexpr std::uint8_t kDelete = 127;

/// The terminal without echo, line buffering and signal keys, until this goes.
class RawTerminal {
 public:
  explicit RawTerminal(int descriptor) : descriptor_(descriptor) {
    is_set_ = tcgetattr(descriptor_, &before_) == 0;
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
    is_set_ = is_set_ && tcsetattr(descriptor_, TCSAFLUSH, &raw) == 0;
  }
  ~RawTerminal() {
    if (is_set_) (void)tcsetattr(descriptor_, TCSAFLUSH, &before_);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
  [[nodiscard]] bool is_set() const { return is_set_; }

 private:
  int descriptor_;
  bool is_set_ = false;
  termios before_{};
};

void write_text(int descriptor, std::string_view text) {
  (void)write_all(descriptor, as_bytes(text));  // a terminal that is gone fails the next read
}

/// One key; an error at the end of the terminal.
Result<std::uint8_t, Reason> read_key(int descriptor) {
  std::uint8_t key = 0;
  ssize_t got = 0;
  do {
    got = read(descriptor, &key, 1);
  } while (got < 0 && errno == EINTR);
  if (got != 1) return Failure{Reason("The terminal is gone.")};
  return key;
}

/// Reads keys up to the end of the line into `line`.
Result<std::size_t, Reason> read_keys(int descriptor, MutableByteView line) {
  std::size_t size = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::uint8_t key, read_key(descriptor));
    if (key == '\n' || key == '\r') return size;
    if (key == kControlC || key == kControlD) return Failure{Reason("The input was cancelled.")};
    if (key == kBackspace || key == kDelete) {
      size -= size > 0 ? 1 : 0;
    } else if (size == line.size()) {
      return Failure{Reason("The input is too long.")};
    } else {
      line[size++] = key;
    }
  }
}

}  // namespace

Result<SecretTerminal, Reason> SecretTerminal::controlling() {
  const int descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) {
    return Failure{Reason("There is no terminal to ask at; give the source of each secret.")};
  }
  return SecretTerminal(descriptor);
}

SecretTerminal::SecretTerminal(int descriptor) : descriptor_(descriptor) {}
SecretTerminal::SecretTerminal(SecretTerminal&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}
SecretTerminal::~SecretTerminal() {
  if (descriptor_ >= 0) (void)close(descriptor_);
}

Result<Secret, Reason> SecretTerminal::read_line(std::string_view prompt) {
  const RawTerminal raw(descriptor_);
  if (!raw.is_set()) return Failure{Reason("The terminal cannot be told to stay silent.")};
  write_text(descriptor_, prompt);
  std::array<std::uint8_t, Secret::kMaxBytes> line{};
  const auto size = read_keys(descriptor_, line);
  write_text(descriptor_, "\n");
  if (!size.ok() || *size == 0) {
    explicit_bzero(line.data(), line.size());
    return Failure{size.ok() ? Reason("Nothing was typed.") : size.error()};
  }
  Secret secret = Secret::take(MutableByteView(line).first(*size));
  explicit_bzero(line.data(), line.size());
  return secret;
}

Status<Reason> SecretTerminal::show(std::string_view heading, const Secret& secret) {
  const RawTerminal raw(descriptor_);
  if (!raw.is_set()) return Failure{Reason("The terminal cannot be told to stay silent.")};
  // The other screen of xterm and its kin, and back: nothing is left to scroll to.
  write_text(descriptor_, "\x1b[?1049h\x1b[2J\x1b[H");
  write_text(descriptor_, heading);
  write_text(descriptor_, "\r\n\r\n");
  // Without line processing of the output a newline would not return the cursor.
  ByteView rest = secret.bytes();
  while (!rest.empty()) {
    std::size_t end = 0;
    while (end < rest.size() && rest[end] != '\n') ++end;
    write_text(descriptor_, as_text(rest.first(end)));
    write_text(descriptor_, "\r\n");
    rest = rest.subspan(std::min(rest.size(), end + 1));
  }
  write_text(descriptor_, "\r\nPress any key when it is written down.");
  const auto key = read_key(descriptor_);
  write_text(descriptor_, "\x1b[2J\x1b[?1049l");
  if (!key.ok()) return Failure{key.error()};
  return Unit{};
}

Result<Secret, Reason> read_secret_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return Failure{"The file " + path + " cannot be opened."};
  return pkcs11::read_pin(file.get());
}

Result<pkcs11::PinReader, Reason> pin_reader(std::string_view source, const std::string& whose) {
  const auto rest_after = [&](std::string_view scheme) {
    return source.starts_with(scheme) ? std::string(source.substr(scheme.size())) : std::string();
  };
  if (source == "terminal") {
    return pkcs11::PinReader([whose]() -> Result<Secret, Reason> {
      ASSIGN_OR_RETURN(SecretTerminal terminal, SecretTerminal::controlling());
      return terminal.read_line(whose + " (not shown): ");
    });
  }
  if (const std::string path = rest_after("file:"); !path.empty()) {
    return pkcs11::PinReader([path] { return read_secret_file(path); });
  }
  const std::string name = rest_after("credential:");
  if (!name.empty() && name.find('/') == std::string::npos) {
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
      return Failure{whose + ": systemd gave this process no credentials."};
    }
    const std::string path = std::string(folder) + "/" + name;
    return pkcs11::PinReader([path] { return read_secret_file(path); });
  }
  if (const std::string number = rest_after("fd:"); !number.empty()) {
    int descriptor = -1;
    const auto [end, fault] =
        std::from_chars(number.data(), number.data() + number.size(), descriptor);
    if (fault == std::errc() && end == number.data() + number.size() && descriptor > 2) {
      return pkcs11::PinReader([descriptor] { return pkcs11::read_pin(descriptor); });
    }
  }
  return Failure{whose +
                 ": a source is terminal, file:PATH, credential:NAME or fd:NUMBER (above 2). A PIN "
                 "itself is never an argument: change it if it stood there."};
}

}  // namespace buri::hsm::ceremony
