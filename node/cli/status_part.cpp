#include "node/cli/status_part.hpp"

#include <charconv>

namespace buri::cli {

std::string text_at(const boost::json::value& value, std::string_view pointer) {
  boost::system::error_code missing;
  const boost::json::value* found = value.find_pointer(pointer, missing);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

std::int64_t number_at(const boost::json::value& value, std::string_view pointer) {
  boost::system::error_code missing;
  const boost::json::value* found = value.find_pointer(pointer, missing);
  if (found == nullptr) return 0;
  if (const std::int64_t* number = found->if_int64()) return *number;
  const std::string text = text_at(value, pointer);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace buri::cli
