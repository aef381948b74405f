// SPDX-License-Identifier: LGPL-2.1-or-later
// Changes the picture if needed.
#include "job/preparation.h"

#include <utility>

#include "api/check.h"
#include "picture/change.h"

namespace modelverse::job {

Result<Request> prepare_request(Job& job) {
  auto& plan = job.plan;
  auto request = plan.take_request();
  if (!plan.change)
    return request;
  const auto rules = api::picture_rules(*plan.profile, request);
  const auto before = std::move(std::get<PictureBytes>(request.picture));
  auto after = picture::apply_change(before, *plan.change, rules, job.stop);
  if (!after)
    return std::move(after).error();
  request.picture = std::move(after).value();
  if (const auto checked = api::check_picture(*plan.profile, request); !checked)
    return checked.error();
  if (auto warning =
          picture::change_warning(before, *plan.change, std::get<PictureBytes>(request.picture)))
    job.warn(*std::move(warning));
  return request;
}

}  // namespace modelverse::job
