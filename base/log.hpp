#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

/// Structured logging: one line per event, a fixed message followed by key=value fields, written
/// through spdlog. Lines start with the priority prefix of sd-daemon(3) when journald reads them.
/// A secret has no business in a field: nothing here can take it out again.

namespace spdlog {
class logger;
}

namespace buri {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError, kOff };

/// "debug", "info", "warning", "error" or "off", as configuration files spell them; else nothing.
std::optional<LogLevel> log_level_from_name(std::string_view name);

/// One key=value pair. Text is quoted in the line when it holds anything but plain characters;
/// bytes appear as hex.
struct LogField {
  std::string key;
  std::string value;

  LogField(std::string_view name, std::string_view text);
  LogField(std::string_view name, const char* text) : LogField(name, std::string_view(text)) {}
  LogField(std::string_view name, ByteView bytes);
  LogField(std::string_view name, bool flag) : key(name), value(flag ? "true" : "false") {}
  LogField(std::string_view name, double number);
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  LogField(std::string_view name, Integer number) : key(name), value(std::to_string(number)) {}
};

/// Receives whole lines, without prefix or newline. Called under a lock, one line at a time.
using LogSink = std::function<void(LogLevel level, std::string_view line)>;

/// Writes events of one component. Copies share their sink and level. Thread-safe.
class Logger {
 public:
  /// Writes to standard error.
  Logger(std::string_view component, LogLevel level);
  /// Writes to `sink`.
  Logger(std::string_view component, LogLevel level, LogSink sink);

  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void warning(std::string_view message, std::initializer_list<LogField> fields = {}) const;
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) const;

  /// True when an event of this level would be written; spares building costly fields.
  [[nodiscard]] bool enabled(LogLevel level) const;

 private:
  void write(LogLevel level, std::string_view message,
             std::initializer_list<LogField> fields) const;

  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace buri
