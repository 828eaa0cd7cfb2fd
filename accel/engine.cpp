#include "accel/engine.hpp"

#include "accel/engine/core.hpp"

namespace buri::accel {

using engine::CheckpointRootCall;
using engine::Core;
using engine::Keccak256Call;
using engine::RecoverCall;
using engine::RecoverMessageCall;
using engine::Rfc6962RootCall;
using engine::Sha256Call;
using engine::VerifyCall;
using engine::VerifyKnownCall;
using engine::VerifyKnownMessageCall;

Ticket& Ticket::operator=(Ticket&& other) noexcept {
  if (this == &other) return *this;
  wait();
  core_ = std::exchange(other.core_, nullptr);
  batch_ = other.batch_;
  return *this;
}

void Ticket::wait() {
  if (core_ != nullptr) std::exchange(core_, nullptr)->wait(batch_);
}

Engine::Engine(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>, EngineError> Engine::start(const EngineOptions& options,
                                                           const EngineServices& services) {
  if (const auto valid = validate(options); !valid.ok()) {
    return Failure{
        EngineError{std::string(valid.error().field), std::string(valid.error().expected)}};
  }
  return start(options, services, engine::available_parts(options));
}

Result<std::unique_ptr<Engine>, EngineError> Engine::start(const EngineOptions& options,
                                                           const EngineServices& services,
                                                           engine::Parts parts) {
  if (const auto valid = validate(options); !valid.ok()) {
    return Failure{
        EngineError{std::string(valid.error().field), std::string(valid.error().expected)}};
  }
  ASSIGN_OR_RETURN(auto core, Core::start(options, services, std::move(parts)));
  return std::unique_ptr<Engine>(new Engine(std::move(core)));
}

EngineStatus Engine::status() const { return core_->status(); }

void Engine::recover(std::span<const RecoverRequest> requests, LowS low_s,
                     std::span<RecoverResult> results, Assurance assurance) {
  core_->run(RecoverCall{low_s}, requests, results, assurance);
}
void Engine::verify(std::span<const VerifyRequest> requests, LowS low_s,
                    std::span<SignatureStatus> results, Assurance assurance) {
  core_->run(VerifyCall{low_s}, requests, results, assurance);
}
void Engine::verify_known(const std::shared_ptr<const KeySet>& keys,
                          std::span<const KnownKeyRequest> requests, LowS low_s,
                          std::span<SignatureStatus> results, Assurance assurance) {
  CHECK(keys != nullptr, "verification against no key set");
  core_->run(VerifyKnownCall{keys, low_s}, requests, results, assurance);
}
void Engine::recover_messages(std::span<const RecoverMessage> requests, LowS low_s,
                              std::span<RecoverResult> results, Assurance assurance) {
  core_->run(RecoverMessageCall{{low_s}}, requests, results, assurance);
}
void Engine::verify_known_messages(const std::shared_ptr<const KeySet>& keys,
                                   std::span<const KnownKeyMessage> requests, LowS low_s,
                                   std::span<SignatureStatus> results, Assurance assurance) {
  CHECK(keys != nullptr, "verification against no key set");
  core_->run(VerifyKnownMessageCall{{keys, low_s}}, requests, results, assurance);
}
void Engine::keccak256(std::span<const ByteView> messages, std::span<Hash256> digests,
                       Assurance assurance) {
  core_->run(Keccak256Call{}, messages, digests, assurance);
}
void Engine::sha256(std::span<const ByteView> messages, std::span<Hash256> digests,
                    Assurance assurance) {
  core_->run(Sha256Call{}, messages, digests, assurance);
}
Hash256 Engine::checkpoint_root(std::span<const Hash256> leaves, Assurance assurance) {
  CHECK(!leaves.empty(), "a checkpoint tree without leaves");
  return core_->root<CheckpointRootCall>(leaves, assurance);
}
Hash256 Engine::rfc6962_root(std::span<const ByteView> leaves, Assurance assurance) {
  return core_->root<Rfc6962RootCall>(leaves, assurance);
}

Ticket Engine::ticket(std::optional<std::uint64_t> batch) {
  return batch ? Ticket(core_.get(), *batch) : Ticket(nullptr, 0);
}
Ticket Engine::submit_recover(std::span<const RecoverRequest> requests, LowS low_s,
                              std::span<RecoverResult> results, Assurance assurance) {
  return ticket(core_->submit(RecoverCall{low_s}, requests, results, assurance));
}
Ticket Engine::submit_verify(std::span<const VerifyRequest> requests, LowS low_s,
                             std::span<SignatureStatus> results, Assurance assurance) {
  return ticket(core_->submit(VerifyCall{low_s}, requests, results, assurance));
}
Ticket Engine::submit_verify_known(const std::shared_ptr<const KeySet>& keys,
                                   std::span<const KnownKeyRequest> requests, LowS low_s,
                                   std::span<SignatureStatus> results, Assurance assurance) {
  CHECK(keys != nullptr, "verification against no key set");
  return ticket(core_->submit(VerifyKnownCall{keys, low_s}, requests, results, assurance));
}
Ticket Engine::submit_keccak256(std::span<const ByteView> messages, std::span<Hash256> digests,
                                Assurance assurance) {
  return ticket(core_->submit(Keccak256Call{}, messages, digests, assurance));
}
Ticket Engine::submit_sha256(std::span<const ByteView> messages, std::span<Hash256> digests,
                             Assurance assurance) {
  return ticket(core_->submit(Sha256Call{}, messages, digests, assurance));
}

}  // namespace buri::accel
