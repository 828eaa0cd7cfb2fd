#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hsm/ceremony/text.hpp"
#include "hsm/pkcs11/login.hpp"

/// Where PINs and shares come in: a terminal without echo, a file descriptor, a file, a systemd
/// credential; never an argument, an environment variable or standard input with echo.

namespace buri::hsm::ceremony {

/// A terminal for what nobody may see. Not thread-safe.
class SecretTerminal {
 public:
  /// The controlling terminal of this process.
  static Result<SecretTerminal, Reason> controlling();
  /// Takes over a descriptor of a terminal.
  explicit SecretTerminal(int descriptor);
  SecretTerminal(SecretTerminal&& other) noexcept;
  SecretTerminal& operator=(SecretTerminal&&) = delete;
  ~SecretTerminal();

  /// Shows `prompt`, reads one line without echo, and wipes what it read it into. Control-C and
  /// Control-D end the line with an error; the terminal is as before in any case.
  Result<pkcs11::Secret, Reason> read_line(std::string_view prompt);
  /// Shows a secret on the terminal's other screen, which keeps no history, until a key is pressed.
  Status<Reason> show(std::string_view heading, const pkcs11::Secret& secret);

 private:
  int descriptor_;
};

/// A reader for "terminal", "fd:NUMBER", "file:PATH" or "credential:NAME" (a file of that name in
/// the folder that systemd's CREDENTIALS_DIRECTORY names). `whose` begins the prompt: "User PIN".
/// The error never repeats `source`, which may be a PIN in the wrong place.
Result<pkcs11::PinReader, Reason> pin_reader(std::string_view source, const std::string& whose);

/// A file with a secret and at most one newline at its end.
Result<pkcs11::Secret, Reason> read_secret_file(const std::string& path);

}  // namespace buri::hsm::ceremony
