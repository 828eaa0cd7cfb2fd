#include "tests/ptx/interpreter/access.hpp"
#include "tests/ptx/interpreter/typed.hpp"

/// Branches, calls and block barriers: PTX ISA 9.7.12 and 9.7.13 (bar, barrier).

namespace buri::ptx {
namespace {

/// Sends lanes `who` to `pc`, each on its own.
void send(Warp& warp, std::uint32_t who, std::uint32_t pc) {
  each_lane(who, [&](unsigned lane) { warp.lane_pc[lane] = pc; });
}

/// A carry lives only in straight-line code.
void forget_carry(Warp& warp) { warp.carry_set &= ~warp.active; }

void branch(Warp& warp, const Instruction& i) {
  forget_carry(warp);
  const auto target = static_cast<std::uint32_t>(i.immediate);
  std::uint32_t taken = warp.active;
  if (i.guard != kNoSource) {
    warp.require_defined(i, i.guard, "a branch depends on a never-written value");
    const std::uint32_t holds = true_lanes(warp.words(i.guard), warp.active);
    taken = i.guard_negated ? warp.active & ~holds : holds;
  }
  if (taken == warp.active) {
    warp.pc = target;
  } else if (taken == 0) {
    ++warp.pc;
  } else {
    send(warp, taken, target);
    send(warp, warp.active & ~taken, warp.pc + 1);
    warp.regroup = true;
  }
}

void branch_indexed(Warp& warp, const Instruction& i) {
  forget_carry(warp);
  warp.require_defined(i, i.a, "an indexed branch depends on a never-written value");
  const auto& table =
      warp.block->launch.module.branch_tables[static_cast<std::size_t>(i.immediate)];
  each_lane(warp.active, [&](unsigned lane) {
    const std::uint32_t index = warp.words(i.a)[lane];
    if (index >= table.size()) {
      return warp.fail(FaultKind::kTrap, i, lane, "index outside the branch table", index);
    }
    warp.lane_pc[lane] = table[index];
  });
  warp.regroup = true;
}

void exit_lanes(Warp& warp, const Instruction&) {
  each_lane(warp.active, [&](unsigned lane) { warp.lane_state[lane] = LaneState::kExited; });
  warp.regroup = true;
}

void trap(Warp& warp, const Instruction& i) {
  warp.fail(FaultKind::kTrap, i, std::countr_zero(warp.active), "trap");
}

/// Copies a call buffer between caller and callee, both at word-aligned places.
void copy_private(Warp& warp, const Variable& to, const Variable& from) {
  for (std::uint32_t byte = 0; byte < from.bytes; ++byte) {
    std::uint32_t& mask = warp.private_defined[to.address + byte];
    mask = (mask & ~warp.active) | (warp.private_defined[from.address + byte] & warp.active);
  }
  const std::uint32_t* source = &warp.private_words[from.address / 4 * kLanes];
  std::uint32_t* target = &warp.private_words[to.address / 4 * kLanes];
  for (std::uint32_t word = 0; word < (from.bytes + 3) / 4; ++word) {
    for_lanes(warp.active,
              [=](unsigned lane) { target[word * kLanes + lane] = source[word * kLanes + lane]; });
  }
}

void call(Warp& warp, const Instruction& i) {
  forget_carry(warp);
  const Call& site = *warp.block->launch.module.calls[static_cast<std::size_t>(i.immediate)];
  for (std::size_t k = 0; k < site.arguments.size(); ++k) {
    copy_private(warp, site.callee->parameters[k], site.arguments[k]);
  }
  std::uint32_t* return_pc = warp.words(site.callee->return_pc);
  for_lanes(warp.active, [=, pc = warp.pc](unsigned lane) { return_pc[lane] = pc; });
  warp.pc = site.callee->entry;
}

/// ret in a function: the call's own instruction says where the result goes. Lanes that came from
/// different calls part here.
void return_lanes(Warp& warp, const Instruction& i) {
  forget_carry(warp);
  Module& module = warp.block->launch.module;
  const std::uint32_t everyone = warp.active;
  const std::uint32_t* return_pc = warp.words(i.a);
  for (std::uint32_t rest = everyone; rest != 0;) {
    const std::uint32_t pc = return_pc[std::countr_zero(rest)];
    std::uint32_t together = 0;
    each_lane(rest, [&](unsigned lane) {
      if (return_pc[lane] == pc) together |= 1u << lane;
    });
    const Call& site = *module.calls[static_cast<std::size_t>(module.code[pc].immediate)];
    warp.active = together;
    if (!site.results.empty()) {
      copy_private(warp, site.results.front(), site.callee->results.front());
    }
    send(warp, together, pc + 1);
    rest &= ~together;
    warp.pc = pc + 1;
  }
  warp.regroup = warp.active != everyone;
  warp.active = everyone;
}

void barrier(Warp& warp, const Instruction& i) {
  warp.require_defined(i, i.a, "a barrier's number was never written");
  each_lane(warp.active, [&](unsigned lane) {
    warp.lane_state[lane] = LaneState::kAtBarrier;
    warp.lane_pc[lane] = warp.pc;
    warp.barrier[lane] = warp.words(i.a)[lane];
  });
  warp.regroup = true;
}

void decode_branch(Decoding& decoding) {
  decoding.take("uni");
  if (!decoding.expect_operands(1, 1)) return;
  decoding.instruction.flow = Flow::kControl;
  decoding.instruction.run = branch;
  decoding.builder().label_uses.emplace_back(decoding.builder().next_pc(),
                                             decoding.operand(0).name);
}

void decode_branch_indexed(Decoding& decoding) {
  decoding.take("uni");
  if (!decoding.take("idx") || !decoding.expect_operands(2, 2)) return decoding.reject("bad form");
  if (decoding.instruction.guard != kNoSource) return decoding.reject("a guard is unsupported");
  decoding.instruction.flow = Flow::kControl;
  decoding.instruction.a = decoding.source(0, 4);
  decoding.instruction.run = branch_indexed;
  decoding.builder().table_uses.emplace_back(decoding.builder().next_pc(),
                                             decoding.operand(1).name);
}

/// The buffers named in a list such as (param0, param1).
std::vector<Variable> buffers(Decoding& decoding, const Operand& list) {
  std::vector<Variable> result;
  for (const Operand& item : list.items) {
    const Variable* variable = decoding.builder().find_variable(item.name);
    if (variable == nullptr || variable->space != Space::kPrivate) {
      decoding.reject("a call passes something that is no .param");
      return {};
    }
    result.push_back(*variable);
  }
  return result;
}

void decode_call(Decoding& decoding) {
  decoding.take("uni");
  auto site = std::make_unique<Call>();
  std::size_t next = 0;
  if (!decoding.expect_operands(1, 3)) return;
  if (decoding.operand(next).kind == Operand::Kind::kList) {
    site->results = buffers(decoding, decoding.operand(next++));
  }
  const std::string_view callee = decoding.operand(next++).name;
  if (next < decoding.statement().operands.size()) {
    site->arguments = buffers(decoding, decoding.operand(next++));
  }
  if (next != decoding.statement().operands.size()) return decoding.reject("indirect call");
  Builder& builder = decoding.builder();
  decoding.instruction.flow = Flow::kControl;
  decoding.instruction.run = call;
  decoding.instruction.immediate = static_cast<std::int64_t>(builder.module().calls.size());
  builder.call_uses.emplace_back(site.get(), callee);
  builder.callers.push_back(builder.function_name);
  builder.module().calls.push_back(std::move(site));
}

void decode_return(Decoding& decoding) {
  decoding.take("uni");
  decoding.expect_operands(0, 0);
  decoding.instruction = return_instruction(decoding.builder().return_pc, decoding.instruction);
}

void decode_exit(Decoding& decoding) {
  decoding.expect_operands(0, 0);
  decoding.instruction.flow = Flow::kControl;
  decoding.instruction.run = exit_lanes;
}

void decode_trap(Decoding& decoding) {
  decoding.expect_operands(0, 0);
  decoding.instruction.flow = Flow::kControl;
  decoding.instruction.run = trap;
}

}  // namespace

void decode_block_barrier(Decoding& decoding) {
  decoding.drop(std::array<std::string_view, 2>{"cta", "aligned"});
  // A thread count would make it a barrier of part of the block.
  if (!decoding.take("sync") || !decoding.expect_operands(1, 1)) {
    return decoding.reject("only sync of the whole block is supported");
  }
  decoding.instruction.flow = Flow::kControl;
  decoding.instruction.a = decoding.source(0, 4);
  decoding.instruction.run = barrier;
}

Instruction branch_instruction(std::uint32_t target) {
  Instruction instruction;
  instruction.run = branch;
  instruction.flow = Flow::kControl;
  instruction.immediate = target;
  return instruction;
}

Instruction return_instruction(Unit32 return_pc, Instruction base) {
  base.flow = Flow::kControl;
  base.a = return_pc;
  base.run = return_pc == kNoSource ? exit_lanes : return_lanes;
  return base;
}

namespace {

constexpr OpcodeDecoder kDecoders[] = {
    {"bra", decode_branch}, {"brx", decode_branch_indexed}, {"call", decode_call},
    {"ret", decode_return}, {"exit", decode_exit},          {"trap", decode_trap},
};

}  // namespace

std::span<const OpcodeDecoder> control_decoders() { return kDecoders; }

}  // namespace buri::ptx
