// SPDX-License-Identifier: LGPL-2.1-or-later
// Faults in a fifth of a service's answers, and what must come of each clip among them.
#pragma once

#include <gst/gst.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/emulator_process.h"

namespace soak {

// What a clip's pipeline comes to.
enum class End { clip, refused, unknown, failed, expired, wrong_type, something_else };
const char* end_name(End end);
End end_of(GQuark domain, int code);

// A script in which each answer is faulty with a chance of one in five.
class Faults {
 public:
  // So many answers of each route are planned for; later ones are good.
  Faults(std::mt19937& random, std::size_t clips);

  std::string script() const;
  // By the prompts of the requests that the emulator has received, what must have come of each.
  std::map<std::string, End> expected(const std::vector<test_support::ReceivedRequest>& all) const;

 private:
  struct Fault;
  static const Fault submit_faults[];
  static const Fault poll_faults[];
  static const Fault result_faults[];

  template <std::size_t count>
  void plan(std::mt19937& random, const char* route, const Fault (&faults)[count],
            std::size_t answers);
  const Fault* fault_of(const test_support::ReceivedRequest& request) const;

  struct Rule {
    const char* route;
    std::size_t skip;
    const Fault* fault;
  };
  std::vector<Rule> rules_;
};

}  // namespace soak
