#include <charconv>

#include "accel/merkle.hpp"
#include "base/hex.hpp"
#include "node/cli/verify_checkpoint.hpp"

/// The bundled text of checkpoint tree vectors.

namespace buri::cli {
namespace {

/// One line, cut at single spaces.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = line.find(' ');
    words.push_back(line.substr(0, end));
    if (end != std::string_view::npos) line.remove_prefix(end + 1);
  }
  return words;
}

std::optional<std::uint64_t> number(std::string_view word) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool whole = error == std::errc{} && end == word.data() + word.size();
  if (!whole || std::to_string(value) != word) return std::nullopt;
  return value;
}

/// "0x" and lower-case hex, in its one spelling.
std::optional<Bytes> data(std::string_view word) {
  auto bytes = from_hex(word);
  if (!bytes || "0x" + to_hex(*bytes) != word) return std::nullopt;
  return bytes;
}

std::optional<Hash256> hash(std::string_view word) {
  const auto bytes = data(word);
  if (!bytes || bytes->size() != Hash256::kSize) return std::nullopt;
  return Hash256::from(*bytes);
}

std::string prefixed(ByteView bytes) { return "0x" + to_hex(bytes); }

/// Reads the lines in order and checks each against the leaves seen before it.
class VectorReader {
 public:
  VectorReader(accel::Engine& crypto, std::string subject)
      : crypto_(crypto), subject_(std::move(subject)) {}

  /// False when the line has none of the three shapes.
  bool read(std::string_view line) {
    const auto words = words_of(line);
    if (words[0] == "leaf" && words.size() == 6) return read_leaf(words);
    if (words[0] == "root" && words.size() == 7) return read_root(words);
    if (words[0] == "zero" && words.size() == 3) return read_zero(words);
    return false;
  }

  Report report;

 private:
  bool read_leaf(const std::vector<std::string_view>& words) {
    const auto block_number = number(words[1]);
    const auto time = number(words[2]);
    const auto transactions_root = hash(words[3]);
    const auto receipts_root = hash(words[4]);
    const auto leaf = hash(words[5]);
    if (!block_number || !time || !transactions_root || !receipts_root || !leaf) return false;
    headers_.push_back({*block_number, *time, *transactions_root, *receipts_root});
    leaves_.push_back(bridge::checkpoint_leaves(crypto_, {&headers_.back(), 1}).front());
    report.compare(subject_, "leaf of block " + std::to_string(*block_number), prefixed(*leaf),
                   prefixed(leaves_.back()));
    return true;
  }

  bool read_root(const std::vector<std::string_view>& words) {
    const auto count = number(words[1]);
    const auto root = hash(words[2]);
    const auto proof = data(words[6]);
    if (!count || *count == 0 || *count > headers_.size() || !root || !proof) return false;
    if (words[3] != "proof" || words[4] != "of" || words[5] != "last") return false;
    if (proof->size() % Hash256::kSize != 0) return false;
    const std::string blocks = std::to_string(*count) + " blocks";
    const auto found = bridge::checkpoint_root(crypto_, std::span(headers_).first(*count));
    report.compare(subject_, "root of " + blocks, prefixed(*root),
                   found.ok() ? prefixed(found.value()) : "blocks that are not consecutive");
    std::vector<Hash256> siblings;
    for (std::size_t i = 0; i < proof->size(); i += Hash256::kSize) {
      siblings.push_back(Hash256::from(ByteView(*proof).subspan(i, Hash256::kSize)));
    }
    const auto status =
        accel::verify_checkpoint_proof(leaves_[*count - 1], *count - 1, siblings, *root);
    report.compare(
        subject_, "proof of the last of " + blocks, "a path to the root",
        status.ok() ? "a path to the root" : std::string(accel::proof_error_text(status.error())));
    return true;
  }

  /// The root of a subtree of zero leaves is what pads a larger tree.
  bool read_zero(const std::vector<std::string_view>& words) {
    constexpr std::uint64_t kMaxHeight = 15;
    const auto height = number(words[1]);
    const auto node = hash(words[2]);
    if (!height || *height > kMaxHeight || !node) return false;
    const std::vector<Hash256> zeros(std::size_t{1} << *height);
    report.compare(subject_, "zero subtree of height " + std::to_string(*height), prefixed(*node),
                   prefixed(crypto_.checkpoint_root(zeros, accel::Assurance::kExact)));
    return true;
  }

  accel::Engine& crypto_;
  std::string subject_;
  std::vector<bridge::CheckpointHeader> headers_;
  std::vector<Hash256> leaves_;
};

}  // namespace

Result<Report, JsonError> check_checkpoint_vectors(accel::Engine& crypto,
                                                   const std::string& subject,
                                                   std::string_view text) {
  VectorReader reader(crypto, subject);
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view content = text.substr(0, end);
    if (end == std::string_view::npos || !reader.read(content)) {
      return Failure{JsonError{"line " + std::to_string(line),
                               "a leaf, root or zero line as bundled, with its line end",
                               "\"" + std::string(content.substr(0, 80)) + "\""}};
    }
    text.remove_prefix(end + 1);
  }
  return std::move(reader.report);
}

}  // namespace buri::cli
