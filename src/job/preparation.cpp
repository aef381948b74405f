// SPDX-License-Identifier: LGPL-2.1-or-later
// Changes the pictures where needed.
#include "job/preparation.h"

#include <utility>
#include <vector>

#include "api/check.h"
#include "picture/change.h"

namespace modelverse::job {

Result<Request> prepare_request(Job& job) {
  auto& plan = job.plan;
  auto request = plan.take_request();
  const auto pictures = pictures_of(request);
  std::vector<Error> warnings;
  bool is_changed = false;
  for (std::size_t i = 0; i < plan.changes.size() && i < pictures.size(); ++i) {
    const auto& change = plan.changes[i];
    if (!change)
      continue;
    is_changed = true;
    const auto rules = api::picture_rules(*plan.profile, request, i);
    const auto before = std::move(std::get<PictureBytes>(*pictures[i]));
    auto after = picture::apply_change(before, *change, rules, job.stop);
    if (!after)
      return about_picture(std::move(after).error(), picture_name(i));
    if (auto warning = picture::change_warning(before, *change, *after))
      warnings.push_back(about_picture(*std::move(warning), picture_name(i)));
    *pictures[i] = std::move(after).value();
  }
  if (is_changed)
    if (const auto checked = api::check_pictures(*plan.profile, request); !checked)
      return checked.error();
  for (auto& warning : warnings)
    job.warn(std::move(warning));
  return request;
}

}  // namespace modelverse::job
