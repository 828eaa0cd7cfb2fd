#include "node/execution/evm/precompiles/contracts.hpp"
#include "node/execution/evm/precompiles/pairings/pairings.h"

/// 0x0b to 0x11: the curve BLS12-381. Source: EIP-2537; PIP-88.

namespace buri::execution::evm::precompiles {
namespace {

using Discounts = std::array<std::uint16_t, 128>;

/// What a sum of so many products costs per product, in thousandths of a single one.
constexpr Discounts kG1Discounts{
    1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665,
    661,  658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615,
    613,  611, 609, 608, 606, 604, 603, 601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585,
    584,  582, 581, 580, 579, 577, 576, 575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563,
    562,  561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545,
    544,  543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531, 530, 529,
    528,  528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519};
constexpr Discounts kG2Discounts{
    1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699,
    693,  688,  683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629,
    627,  624,  622, 620, 618, 615, 613, 611, 609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592,
    590,  589,  587, 586, 584, 583, 582, 580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567,
    566,  565,  563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548,
    547,  546,  545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535, 534, 533,
    532,  532,  531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524};

/// A price before and from PIP-88 on.
struct Price {
  std::uint64_t plain;
  std::uint64_t pip88;

  [[nodiscard]] std::uint64_t under(const Rules& rules) const {
    return rules.has(Proposal::kPip88) ? pip88 : plain;
  }
};

template <Price kPrice>
std::uint64_t fixed_gas(ByteView, const Rules& rules) {
  return kPrice.under(rules);
}

template <std::size_t kItemBytes, const Discounts& kDiscounts, Price kPrice>
std::uint64_t sum_gas(ByteView input, const Rules& rules) {
  const std::uint64_t count = input.size() / kItemBytes;
  if (count == 0) return 0;
  const std::uint64_t discount = kDiscounts[std::min<std::uint64_t>(count, 128) - 1];
  return count * kPrice.under(rules) * discount / 1000;
}

constexpr std::size_t kPairBytes = 384;

std::uint64_t pairing_gas(ByteView input, const Rules& rules) {
  const std::uint64_t pairs = input.size() / kPairBytes;
  return rules.has(Proposal::kPip88) ? 109330 + 94540 * pairs : 37700 + 32600 * pairs;
}

/// An operation on an input of exactly so many bytes.
template <auto kFunction, std::size_t kInputBytes, std::size_t kOutputBytes>
bool fixed(ByteView input, const Rules&, Bytes& output) {
  if (input.size() != kInputBytes) return false;
  output.resize(kOutputBytes);
  return kFunction(input.data(), output.data()) == 1;
}

/// An operation on one item or more.
template <auto kFunction, std::size_t kItemBytes, std::size_t kOutputBytes>
bool sum(ByteView input, const Rules&, Bytes& output) {
  if (input.empty() || input.size() % kItemBytes != 0) return false;
  output.resize(kOutputBytes);
  return kFunction(input.data(), input.size() / kItemBytes, output.data()) == 1;
}

bool pairing(ByteView input, const Rules&, Bytes& output) {
  if (input.empty() || input.size() % kPairBytes != 0) return false;
  const std::int32_t verdict = buri_bls12_pairing(input.data(), input.size() / kPairBytes);
  output.resize(32);
  output.back() = verdict == 1 ? 1 : 0;
  return verdict >= 0;
}

}  // namespace

const Precompile kBlsG1Add{fixed_gas<Price{375, 1050}>, fixed<buri_bls12_g1_add, 256, 128>};
const Precompile kBlsG1Sum{sum_gas<160, kG1Discounts, Price{12000, 73200}>,
                           sum<buri_bls12_g1_sum, 160, 128>};
const Precompile kBlsG2Add{fixed_gas<Price{600, 1620}>, fixed<buri_bls12_g2_add, 512, 256>};
const Precompile kBlsG2Sum{sum_gas<288, kG2Discounts, Price{22500, 144000}>,
                           sum<buri_bls12_g2_sum, 288, 256>};
const Precompile kBlsPairing{pairing_gas, pairing};
const Precompile kBlsMapToG1{fixed_gas<Price{5500, 15400}>, fixed<buri_bls12_map_to_g1, 64, 128>};
const Precompile kBlsMapToG2{fixed_gas<Price{23800, 66640}>, fixed<buri_bls12_map_to_g2, 128, 256>};

}  // namespace buri::execution::evm::precompiles
