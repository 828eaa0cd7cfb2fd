#include "hsm/signer/text_file.hpp"

#include <fstream>
#include <sstream>

namespace buri::hsm::signer {

Result<std::string, std::string> read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file.good() && text.str().empty()) return Failure{path + " cannot be read or is empty"};
  return text.str();
}

}  // namespace buri::hsm::signer
