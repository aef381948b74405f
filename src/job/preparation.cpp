// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/preparation.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "api/check.h"
#include "glib/text.h"
#include "job/budget.h"
#include "job/gate.h"
#include "picture/change.h"

namespace modelverse::job {

namespace {

// A decoder takes a core, and up to PICTURE_HELPER_MEBIBYTES of memory. Never freed: see
// job_gate().
Gate& decoder_gate() {
  static const auto most = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
  static auto* gate = new Gate([](std::size_t inside) { return inside < most; });
  return *gate;
}

Result<PictureBytes> change_in_turn(Job& job, const PictureBytes& picture,
                                    const picture::Change& change, const PictureRules& rules) {
  const auto pass = decoder_gate().enter(job.stop, [&] {
    job.state.inform(
        _("Waiting to change the picture: other pictures of this process are changed."));
  });
  if (!pass)
    return cancelled_error();
  return picture::apply_change(picture, change, rules, job.stop);
}

// Returns the warnings of the changes.
Result<std::vector<Error>> change_pictures(Job& job) {
  const auto& plan = job.plan;
  const auto pictures = pictures_of(job.plan.settings);
  std::vector<Error> warnings;
  for (std::size_t i = 0; i < plan.changes.size(); ++i) {
    const auto& change = plan.changes[i];
    if (!change)
      continue;
    const auto rules = api::picture_rules(*plan.profile, plan.settings, i);
    const auto before = std::move(std::get<PictureBytes>(*pictures[i]));
    auto after = change_in_turn(job, before, *change, rules);
    if (!after)
      return about_picture(std::move(after).error(), picture_name(i));
    if (auto warning = picture::change_warning(before, *change, *after))
      warnings.push_back(about_picture(*std::move(warning), picture_name(i)));
    *pictures[i] = std::move(after).value();
  }
  return warnings;
}

}  // namespace

Status prepare(Job& job) {
  if (job.record.state != RecordState::submitting)
    return Done{};
  if (auto checked = check_cost(job); !checked)
    return checked;
  auto warnings = change_pictures(job);
  if (!warnings)
    return std::move(warnings).error();
  if (auto checked = api::check_pictures(*job.plan.profile, job.plan.settings); !checked)
    return checked;
  for (auto& warning : *warnings)
    job.warn(std::move(warning));
  return Done{};
}

}  // namespace modelverse::job
