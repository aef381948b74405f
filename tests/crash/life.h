// SPDX-License-Identifier: LGPL-2.1-or-later
// One wanted clip, and all the processes that it takes until it is here.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/process.h"
#include "support/scratch_directory.h"

namespace test_support {

// What the kill came into, judged by what is on disk and by what the service has seen.
enum class Hit { before, posting, accepted, polling, downloading, completing, delivering };
const char* hit_name(Hit hit);

// How long each step of an undisturbed life takes, by the line that begins it.
using Durations = std::map<std::string, std::chrono::microseconds>;

struct Tally {
  std::map<Hit, unsigned> kills;
  unsigned clips = 0;        // wanted, and arrived byte by byte
  unsigned submits = 0;      // that the service accepted, and wants to be paid for
  unsigned adopted = 0;      // unknown outcomes that were resolved with task-id
  unsigned resubmitted = 0;  // the same with resubmit
  unsigned paid_again = 0;   // of these, where the first submit had been accepted after all
  unsigned all_kills() const;
  unsigned unknown() const { return adopted + resubmitted; }
  void add(const Tally& other);
};

class Life {
 public:
  Life(const EmulatorProcess& emulator, std::string name, unsigned seed);

  // Lets the first process run to its end, undisturbed.
  Durations time_steps();
  // Kills up to `kills` processes at random instants, then lets one end; checks everything.
  Tally live_through(unsigned kills, const Durations& durations);

 private:
  std::vector<std::string> command(const std::string& more) const;
  bool kill_one(const Durations& durations);
  // False: the process came to its end before.
  bool kill_after(Process& victim, const std::string& line, const Durations& durations);
  Hit judge(ino_t record_before) const;
  void expect_refusal() const;
  void resolve_unknown();
  void expect_arrival();
  std::vector<EmulatorTask> tasks() const;
  std::string record_state() const;
  ino_t record_file() const;  // 0: there is none
  std::string file(const std::string& name) const;
  unsigned random(unsigned below);

  const EmulatorProcess& emulator_;
  std::string name_;
  std::mt19937 random_;
  ScratchDirectory directory_;
  std::string resolution_;  // the property that the user sets after an unknown outcome
  bool has_arrived_ = false;
  Tally tally_;
};

}  // namespace test_support
