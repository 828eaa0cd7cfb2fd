#include "base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "base/hex.hpp"

namespace buri {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  CHECK(false, "a LogLevel outside its enumerators");
}

LogLevel from_spdlog(spdlog::level::level_enum level) {
  if (level <= spdlog::level::debug) return LogLevel::kDebug;
  if (level == spdlog::level::info) return LogLevel::kInfo;
  return level == spdlog::level::warn ? LogLevel::kWarning : LogLevel::kError;
}

/// Hands each line to a LogSink; spdlog's base class holds the lock.
class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(LogSink sink) : sink_(std::move(sink)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    sink_(from_spdlog(message.level), {message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

  LogSink sink_;
};

/// Syslog priorities as journald reads them from the start of a line.
const char* journal_prefix(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "<7>";
    case LogLevel::kInfo:
      return "<6>";
    case LogLevel::kWarning:
      return "<4>";
    default:
      return "<3>";
  }
}

const char* people_prefix(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug: ";
    case LogLevel::kInfo:
      return "info: ";
    case LogLevel::kWarning:
      return "warning: ";
    default:
      return "error: ";
  }
}

void write_to_stderr(LogLevel level, std::string_view line) {
  static const bool to_journal = std::getenv("JOURNAL_STREAM") != nullptr;
  std::fprintf(stderr, "%s%.*s\n", to_journal ? journal_prefix(level) : people_prefix(level),
               static_cast<int>(line.size()), line.data());
}

bool plain(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=') return false;
  }
  return !text.empty();
}

/// Quotes what is not plain; control characters and bytes beyond ASCII become \xNN, so that no
/// value can forge a second line or field.
std::string quoted(std::string_view text) {
  if (plain(text)) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c < ' ' || c > '~') {
      result += "\\x" + to_hex(as_bytes({&c, 1}));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string shortest(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", number);
  return text;
}

}  // namespace

std::optional<LogLevel> log_level_from_name(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  if (name == "off") return LogLevel::kOff;
  return std::nullopt;
}

LogField::LogField(std::string_view name, std::string_view text) : key(name), value(quoted(text)) {}
LogField::LogField(std::string_view name, ByteView bytes) : key(name), value(to_hex(bytes)) {}
LogField::LogField(std::string_view name, double number) : key(name), value(shortest(number)) {}

Logger::Logger(std::string_view component, LogLevel level)
    : Logger(component, level, write_to_stderr) {}

Logger::Logger(std::string_view component, LogLevel level, LogSink sink)
    : logger_(std::make_shared<spdlog::logger>(std::string(component),
                                               std::make_shared<FunctionSink>(std::move(sink)))) {
  logger_->set_level(to_spdlog(level));
}

bool Logger::enabled(LogLevel level) const { return logger_->should_log(to_spdlog(level)); }

void Logger::write(LogLevel level, std::string_view message,
                   std::initializer_list<LogField> fields) const {
  if (!enabled(level)) return;
  std::string line = logger_->name() + ": " + std::string(message);
  for (const LogField& field : fields) line += " " + field.key + "=" + field.value;
  logger_->log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

void Logger::debug(std::string_view message, std::initializer_list<LogField> fields) const {
  write(LogLevel::kDebug, message, fields);
}
void Logger::info(std::string_view message, std::initializer_list<LogField> fields) const {
  write(LogLevel::kInfo, message, fields);
}
void Logger::warning(std::string_view message, std::initializer_list<LogField> fields) const {
  write(LogLevel::kWarning, message, fields);
}
void Logger::error(std::string_view message, std::initializer_list<LogField> fields) const {
  write(LogLevel::kError, message, fields);
}

}  // namespace buri
