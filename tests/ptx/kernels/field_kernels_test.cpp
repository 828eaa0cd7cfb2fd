#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <random>
#include <regex>
#include <set>

#include "tests/ptx/interpreter/launch.hpp"
#include "tests/unit/accel/slow_curve.hpp"

/// The device's field multiplication and squaring alone, as PTX, on numbers whose carries are rare:
/// a signature meets some of them once in 2^32 times. Every carry of them is dropped in turn, which
/// must be noticed.

namespace buri::ptx {
namespace {

using accel::slow::field_prime;
using accel::slow::Integer;

constexpr std::size_t kThreads = 128;
constexpr std::size_t kRounds = 256;
constexpr std::uint64_t kSeed = 71;

/// A field element as the device holds it: eight limbs, the lowest first.
using Limbs = std::array<std::uint32_t, 8>;
/// What a probe kernel reads: kThreads values to change, then kThreads second factors.
using Arena = std::vector<Limbs>;

Integer to_integer(const Limbs& limbs) {
  Integer value = 0;
  for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) value = (value << 32) + *limb;
  return value;
}

Limbs to_limbs(Integer value) {
  Limbs limbs;
  for (std::uint32_t& limb : limbs) {
    limb = static_cast<std::uint32_t>(value & 0xffffffff);
    value >>= 32;
  }
  return limbs;
}

/// A number of up to three limbs, each an edge, a power of two or random.
Integer draw_small(std::mt19937_64& random) {
  constexpr std::array<std::uint32_t, 6> kEdges = {0, 1, 0xffffffff, 0xfffffc2f, 0xfffffc2e, 977};
  Integer value = 0;
  for (std::uint64_t limbs = 1 + random() % 3; limbs != 0; --limbs) {
    const std::uint64_t style = random() % 4;
    const auto limb = style < 2    ? kEdges[random() % kEdges.size()]
                      : style == 2 ? std::uint32_t{1} << random() % 32
                                   : static_cast<std::uint32_t>(random());
    value = (value << 32) + limb;
  }
  return value;
}

/// All ones but for two neighbours whose product ends in 32 ones, so that a carry into its low half
/// runs on into the high one.
Limbs draw_full_product(std::mt19937_64& random) {
  Limbs limbs;
  limbs.fill(0xffffffff);
  const std::size_t at = random() % (limbs.size() - 1);
  const auto odd = static_cast<std::uint32_t>(random()) | 1;
  std::uint32_t inverse = odd;  // of odd mod 2^32, by Newton's iteration
  for (int k = 0; k < 5; ++k) inverse *= 2 - odd * inverse;
  limbs[at] = odd;
  limbs[at + 1] = 0 - inverse;
  return limbs;
}

/// The least number whose square s is folded to 2^288: (s mod 2^256) + (2^32 + 977) * (s / 2^256).
Integer first_fold_at_288_bits() {
  const Integer high = (Integer(1) << 288) / ((Integer(1) << 32) + 977);
  return sqrt(Integer(high << 256)) + 1;
}

/// Limbs out of 0, 1, 2^32 - 1 and the like, random ones, or a number just below p: the product of
/// two of those leaves the last folds with the longest carries (p - 1 times p - x is x).
Limbs draw(std::mt19937_64& random) {
  constexpr std::array<std::uint32_t, 8> kEdges = {0,          1,          0xffffffff, 0xfffffffe,
                                                   0x80000000, 0xfffffc2f, 0xfffffc2e, 977};
  const std::uint64_t style = random() % 8;
  if (style == 0) return to_limbs(field_prime() - 1);
  if (style < 3) return to_limbs(field_prime() - draw_small(random));
  if (style == 6) return draw_full_product(random);
  if (style == 7) return to_limbs(first_fold_at_288_bits() + random() % 64);
  Limbs limbs;
  for (std::uint32_t& limb : limbs) {
    const bool edge = style == 3 || (style == 4 && random() % 4 != 0);
    limb = edge ? kEdges[random() % kEdges.size()] : static_cast<std::uint32_t>(random());
  }
  return limbs;
}

/// The same inputs for every mutant, with the products they should give.
struct Expectations {
  std::vector<Arena> inputs;
  std::vector<std::vector<Integer>> products;
  std::vector<std::vector<Integer>> squares;
};

const Expectations& expectations() {
  static const Expectations result = [] {
    std::mt19937_64 random(kSeed);
    Expectations all;
    for (std::size_t round = 0; round < kRounds; ++round) {
      Arena arena(2 * kThreads);
      for (Limbs& limbs : arena) limbs = draw(random);
      std::vector<Integer> products;
      std::vector<Integer> squares;
      for (std::size_t i = 0; i < kThreads; ++i) {
        const Integer a = to_integer(arena[i]);
        products.push_back(a * to_integer(arena[i + kThreads]) % field_prime());
        squares.push_back(a * a % field_prime());
      }
      all.inputs.push_back(std::move(arena));
      all.products.push_back(std::move(products));
      all.squares.push_back(std::move(squares));
    }
    return all;
  }();
  return result;
}

std::string probe_source() {
  std::ifstream file(BURI_PROBES_PTX);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The text of one kernel of the probes, and its name.
struct Probe {
  std::string name;
  std::string text;
};

Probe find_probe(const std::string& short_name) {
  const std::string source = probe_source();
  constexpr std::string_view kEntry = ".visible .entry ";
  for (std::size_t at = source.find(kEntry); at != std::string::npos;
       at = source.find(kEntry, at + 1)) {
    const std::size_t name_at = at + kEntry.size();
    const std::string name = source.substr(name_at, source.find('(', name_at) - name_at);
    if (name.find(short_name) == std::string::npos) continue;
    return {name, source.substr(at, source.find("\n}", at) + 2 - at)};
  }
  CHECK(false, "the probes lack a kernel");
}

/// The first wrong answer or fault of a probe; empty when all is right.
std::string what_is_wrong(const Probe& probe, const std::vector<std::vector<Integer>>& expected) {
  const auto module = Module::parse(probe.text);
  if (!module.ok()) return "refused: " + module.error().text;
  for (std::size_t round = 0; round < kRounds; ++round) {
    Arena arena = expectations().inputs[round];
    GlobalMemory memory;
    memory.add(arena.data(), arena.size() * sizeof(Limbs));
    const auto* address = arena.data();
    const std::array<ByteView, 1> arguments = {
        ByteView(reinterpret_cast<const std::uint8_t*>(&address), sizeof address)};
    const auto run = launch(**module, memory, {probe.name, {}, {kThreads}, 0, arguments}, {});
    if (!run.ok()) return run.error().text;
    for (std::size_t i = 0; i < kThreads; ++i) {
      if (to_integer(arena[i]) % field_prime() != expected[round][i]) return "wrong answer";
    }
  }
  return {};
}

TEST(FieldKernels, MultiplyAndSquareEdgeNumbers) {
  EXPECT_EQ(what_is_wrong(find_probe("probe_mul_1"), expectations().products), "");
  EXPECT_EQ(what_is_wrong(find_probe("probe_sqr_1"), expectations().squares), "");
}

/// Every place where the probe's text reads the carry flag.
std::vector<std::size_t> carry_readers(const std::string& text) {
  const std::regex pattern("(addc|subc|madc)\\.");
  std::vector<std::size_t> places;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    places.push_back(static_cast<std::size_t>(match->position()));
  }
  return places;
}

/// Drops each carry in turn; returns the lines of those that nobody missed.
std::set<std::string> unnoticed_drops(const std::string& short_name,
                                      const std::vector<std::vector<Integer>>& expected) {
  const Probe probe = find_probe(short_name);
  EXPECT_EQ(what_is_wrong(probe, expected), "");
  const auto places = carry_readers(probe.text);
  EXPECT_GT(places.size(), 50u);
  std::set<std::string> unnoticed;
  for (const std::size_t place : places) {
    Probe mutant = probe;
    // "addc.cc.u32" -> "add.cc.u32": sets the flag as before, but does not read it.
    mutant.text.erase(mutant.text.find('.', place) - 1, 1);
    if (what_is_wrong(mutant, expected).empty()) {
      unnoticed.insert(probe.text.substr(place, probe.text.find(';', place) - place));
    }
  }
  return unnoticed;
}

TEST(FieldKernels, EveryDroppedCarryOfAMultiplicationIsNoticed) {
  EXPECT_EQ(unnoticed_drops("probe_mul_1", expectations().products), std::set<std::string>{});
}

/// Three carries of a squaring are always zero, so nothing can notice that they are dropped: twice
/// something is added to a limb that holds 0, and the cross products stay below 2^511.
TEST(FieldKernels, EveryDroppedCarryOfASquaringButThreeIsNoticed) {
  const auto unnoticed = unnoticed_drops("probe_sqr_1", expectations().squares);
  EXPECT_LE(unnoticed.size(), 3u) << testing::PrintToString(unnoticed);
}

}  // namespace
}  // namespace buri::ptx
