#include "tests/sim/accel/world.hpp"

#include <cmath>

#include "tests/sim/accel/jobs.hpp"

namespace buri::accel::sim {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

constexpr std::uint64_t kNever = UINT64_MAX;

LatencyCurve curve(std::uint64_t one_ns, std::uint64_t thousand_ns) {
  return *LatencyCurve::from_points({{1, one_ns}, {1000, thousand_ns}});
}

/// A device, its lane, and the fate that the seed gave it.
struct SimulatedDevice {
  std::unique_ptr<ToyDevice> backend;
  std::uint64_t away_from_ns = kNever;
  std::uint64_t back_at_ns = kNever;
  std::uint64_t memory_items = kNever;
  double stall_chance = 0;
  double launch_failure_chance = 0;
};

class World {
 public:
  explicit World(const WorldOptions& options)
      : options_(options), random_(options.seed), scheduler_(setup()) {
    for (std::size_t i = 0; i < device_count_; ++i) devices_.push_back(make_device());
    const std::uint64_t jobs = 1 + random_.below(20);
    std::uint64_t arrival_ns = 0;
    for (std::uint64_t i = 0; i < jobs; ++i) {
      at(arrival_ns, [this] { arrive(); });
      arrival_ns += random_.below(400'000);
      ++waiting_;
    }
  }

  Report play() {
    while (waiting_ > 0 || !jobs_.empty()) {
      hand_out();
      retire();
      if (waiting_ == 0 && jobs_.empty()) break;
      if (!step()) {
        report_.stuck = true;
        break;
      }
    }
    return report_;
  }

 private:
  struct Event {
    std::uint64_t at_ns;
    std::uint64_t order;
    std::function<void()> happen;
    bool operator>(const Event& other) const {
      return std::pair(at_ns, order) > std::pair(other.at_ns, other.order);
    }
  };

  SchedulerSetup setup() {
    SchedulerSetup setup;
    setup.cpu_workers = static_cast<unsigned>(1 + random_.below(4));
    setup.hand_over_ns = random_.below(10'000);
    setup.health.sampling = {options_.sample_rate, 1 + random_.below(8)};
    setup.health.probation_items = 1 + random_.below(150);
    setup.health.probation_share = 16 + random_.below(200);
    setup.health.smallest_retry = 8 + random_.below(64);
    setup.health.deadline = microseconds(300 + random_.below(700));
    setup.health.first_pause = microseconds(100 + random_.below(300));
    setup.health.longest_pause = setup.health.first_pause * 8;
    setup.cpu.assign(kOperationCount, curve(1000, 500'000));
    device_count_ = 1 + random_.below(2);
    for (std::size_t i = 0; i < device_count_; ++i) {
      const LatencyCurve fast = curve(5'000 + random_.below(20'000), 60'000);
      setup.devices.emplace_back(kOperationCount, fast);
    }
    sampling_ = setup.health.sampling;
    deadline_ns_ = static_cast<std::uint64_t>(setup.health.deadline.count());
    workers_ = setup.cpu_workers;
    idle_workers_ = workers_;
    return setup;
  }

  SimulatedDevice make_device() {
    SimulatedDevice device;
    device.backend = std::make_unique<ToyDevice>(random_.next());
    const Vices& vices = options_.vices;
    if (vices.vanish && random_.chance(0.7)) {
      device.away_from_ns = random_.below(1'500'000);
      device.back_at_ns = device.away_from_ns + random_.below(1'500'000);
    }
    if (vices.exhaust) {
      device.memory_items = 8 + random_.below(300);
      device.launch_failure_chance = random_.chance(0.5) ? 0.3 : 0;
    }
    if (vices.stall) device.stall_chance = random_.chance(0.5) ? 0.4 : 0.1;
    if (!vices.lie_only_when_trusted) device.backend->lie(vices.lie, vices.lie_probability);
    return device;
  }

  void at(std::uint64_t time_ns, std::function<void()> happen) {
    events_.push({time_ns, next_order_++, std::move(happen)});
  }
  void after(std::uint64_t delay_ns, std::function<void()> happen) {
    at(now_ns_ + delay_ns, std::move(happen));
  }
  [[nodiscard]] MonotonicTime now() const { return MonotonicTime(nanoseconds(now_ns_)); }

  /// Moves time to the next thing that happens. False if nothing ever will.
  bool step() {
    const auto decision = scheduler_.next_event();
    std::uint64_t next_ns = events_.empty() ? kNever : events_.top().at_ns;
    if (decision) {
      const auto at_ns = static_cast<std::uint64_t>(decision->time_since_epoch().count());
      next_ns = std::min(next_ns, std::max(now_ns_, at_ns));
    }
    if (next_ns == kNever) return false;
    now_ns_ = next_ns;
    scheduler_.tick(now());
    if (!events_.empty() && events_.top().at_ns <= now_ns_) {
      const auto happen = events_.top().happen;
      events_.pop();
      happen();
    }
    count_events();
    return true;
  }

  void arrive() {
    --waiting_;
    auto job = make_job(random_);
    job->caller_helps = random_.chance(0.7);
    const Work& work = job->work();
    const BatchShape shape{work.operation(), work.items(),      work.items(),
                           work.divisible(), job->caller_helps, true};
    job->id = scheduler_.submit(shape, scheduler_.place(shape));
    report_.items += work.items();
    const BatchId id = job->id;
    if (job->caller_helps) idle_callers_.push_back(id);
    jobs_.emplace(id, std::move(job));
  }

  /// Lets idle runners and lanes take what the scheduler has for them, in an order of the seed's
  /// choosing.
  void hand_out() {
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      if (const auto task = scheduler_.next_device(i, now())) run_lane(*task);
    }
    bool callers_first = random_.chance(0.5);
    for (int side = 0; side < 2; ++side, callers_first = !callers_first) {
      callers_first ? hand_out_to_callers() : hand_out_to_workers();
    }
  }
  void hand_out_to_workers() {
    while (idle_workers_ > 0) {
      const auto task = scheduler_.next_cpu();
      if (!task) return;
      --idle_workers_;
      after(cpu_time(*task), [this, task] {
        ++idle_workers_;
        finish_cpu(*task);
      });
    }
  }
  void hand_out_to_callers() {
    for (std::size_t i = 0; i < idle_callers_.size();) {
      const auto task = scheduler_.next_cpu_of(idle_callers_[i]);
      if (!task) {
        ++i;
        continue;
      }
      idle_callers_.erase(idle_callers_.begin() + static_cast<std::ptrdiff_t>(i));
      after(cpu_time(*task), [this, task] {
        idle_callers_.push_back(task->batch);
        finish_cpu(*task);
      });
    }
  }
  std::uint64_t cpu_time(const Task& task) {
    return 1 + task.expected_ns / 2 + random_.below(task.expected_ns + 1000);
  }

  void finish_cpu(const Task& task) {
    Job& job = *jobs_.at(task.batch);
    const Staged* staged = task.chunk == 0 ? nullptr : job.staged.at(task.chunk).get();
    const Outcome outcome = perform_cpu(task, job.work(), staged, cpu_, random_, sampling_);
    if (task.kind == Task::Kind::kSample) record_sample(job, task, *staged, outcome);
    scheduler_.finish(task, outcome, now());
  }

  void record_sample(Job& job, const Task& task, const Staged& staged, Outcome outcome) {
    const std::uint64_t lies = job.lies_in(staged, task.chunk_range);
    const bool accepted = outcome == Outcome::kDone;
    if (accepted) report_.device_items += task.chunk_range.size();
    if (lies == 0) return;
    ++report_.sampled_lying_calls;
    const double unseen = std::pow(1 - sampling_.rate, static_cast<double>(lies));
    report_.expected_unseen_calls += unseen;
    report_.unseen_variance += unseen * (1 - unseen);
    if (accepted) {
      job.accepted_lies[task.device] += lies;
    } else {
      ++report_.caught_by_sample;
    }
  }

  void run_lane(const Task& task) {
    if (task.kind == Task::Kind::kTest) {
      if (scheduler_.started(task, now())) run_test(task);
      return;
    }
    after(random_.below(20'000), [this, task] {
      // Copying from the caller's memory must find it alive.
      const std::shared_ptr<Staged> staged =
          jobs_.at(task.batch)->work().stage(task.range, random_);
      if (!scheduler_.started(task, now())) return;
      call_device(task, staged);
    });
  }

  void run_test(const Task& task) {
    const SimulatedDevice& device = devices_[task.device];
    const bool away = now_ns_ >= device.away_from_ns && now_ns_ < device.back_at_ns;
    const bool lies =
        options_.vices.lie == Lie::kAcceptAll && !options_.vices.lie_only_when_trusted;
    const Outcome outcome = away ? Outcome::kFault : lies ? Outcome::kMismatch : Outcome::kDone;
    std::uint64_t duration_ns = 1000 + random_.below(50'000);
    if (random_.chance(device.stall_chance)) duration_ns += 2 * deadline_ns_;
    after(duration_ns, [this, task, outcome] {
      scheduler_.finish(task, outcome, now(), BackendFault::kDeviceLost);
    });
  }

  void call_device(const Task& task, const std::shared_ptr<Staged>& staged) {
    SimulatedDevice& device = devices_[task.device];
    std::uint64_t duration_ns = task.expected_ns / 2 + random_.below(task.expected_ns + 1);
    if (random_.chance(device.stall_chance)) {
      if (random_.chance(0.1)) return;  // never comes back
      duration_ns += deadline_ns_ / 2 + random_.below(2 * deadline_ns_);
    }
    after(duration_ns, [this, task, staged] { answer(task, staged); });
  }

  void answer(const Task& task, const std::shared_ptr<Staged>& staged) {
    SimulatedDevice& device = devices_[task.device];
    DeviceResult result = outcome_of(device, task, *staged);
    if (!scheduler_.finish(task, result.outcome, now(), result.fault)) return;
    Job& job = *jobs_.at(task.batch);
    job.staged.emplace(task.chunk, staged);
    job.saw_failure = job.saw_failure || result.outcome == Outcome::kSawFailure;
  }

  DeviceResult outcome_of(SimulatedDevice& device, const Task& task, Staged& staged) {
    if (now_ns_ >= device.away_from_ns && now_ns_ < device.back_at_ns) {
      return {Outcome::kFault, BackendFault::kDeviceLost};
    }
    if (task.range.size() > device.memory_items) {
      ++report_.out_of_memory;
      return {Outcome::kFault, BackendFault::kOutOfMemory};
    }
    if (random_.chance(device.launch_failure_chance)) {
      return {Outcome::kFault, BackendFault::kLaunchFailed};
    }
    if (random_.chance(0.01)) return {Outcome::kFault, BackendFault::kUnsupported};
    const auto job = jobs_.find(task.batch);
    if (options_.vices.lie_only_when_trusted && job != jobs_.end() &&
        scheduler_.health(task.device).trusted(job->second->work().operation())) {
      device.backend->lie(options_.vices.lie, options_.vices.lie_probability);
    }
    return perform_device(staged, *device.backend);
  }

  /// Ends the batches that are done, as their callers would: their memory is gone afterwards.
  void retire() {
    for (auto it = jobs_.begin(); it != jobs_.end();) {
      Job& job = *it->second;
      if (!scheduler_.done(job.id)) {
        ++it;
        continue;
      }
      const Verdict verdict = job.judge();
      report_.wrong += verdict.wrong;
      report_.false_rejections += verdict.false_rejections;
      report_.inexcusable += verdict.wrong - std::min(verdict.wrong, excused_lies(job));
      scheduler_.forget(job.id);
      std::erase(idle_callers_, job.id);
      it = jobs_.erase(it);
    }
  }

  /// Wrong answers that sampling could miss, by what the engine promises.
  [[nodiscard]] std::uint64_t excused_lies(const Job& job) const {
    std::uint64_t excused = 0;
    for (const auto& [device, lies] : job.accepted_lies) {
      if (scheduler_.health(device).state() != DeviceState::kQuarantined) excused += lies;
    }
    return job.saw_failure ? 0 : excused;
  }

  void count_events() {
    for (const SchedulerEvent& event : scheduler_.take_events()) {
      report_.quarantines += event.kind == SchedulerEvent::Kind::kQuarantined ? 1 : 0;
      report_.hangs += event.kind == SchedulerEvent::Kind::kHang ? 1 : 0;
      report_.losses += event.kind == SchedulerEvent::Kind::kLost ? 1 : 0;
      report_.returns += event.kind == SchedulerEvent::Kind::kReturned ? 1 : 0;
    }
  }

  WorldOptions options_;
  SeededRandom random_;
  Sampling sampling_;
  std::uint64_t deadline_ns_ = 0;
  std::size_t device_count_ = 0;
  unsigned workers_ = 1;
  unsigned idle_workers_ = 1;
  Scheduler scheduler_;
  ToyCpu cpu_;
  std::vector<SimulatedDevice> devices_;
  std::map<BatchId, std::unique_ptr<Job>> jobs_;
  std::vector<BatchId> idle_callers_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::uint64_t now_ns_ = 0;
  std::uint64_t next_order_ = 0;
  std::uint64_t waiting_ = 0;
  Report report_;
};

}  // namespace

Report play(const WorldOptions& options) { return World(options).play(); }

}  // namespace buri::accel::sim
