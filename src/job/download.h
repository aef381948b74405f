// SPDX-License-Identifier: LGPL-2.1-or-later
// Downloads a clip from its result link.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "job/context.h"
#include "store/clip.h"

namespace modelverse::job {

// Resumes `clip` and completes it; readers can read it meanwhile. Renews an expired link. The value
// is the complete clip, checked to be an MP4: `clip` itself, or an unnamed file when the disk
// failed. task-timeout does not apply here.
Result<std::shared_ptr<store::Clip>> download(Context& context, const std::string& link,
                                              std::shared_ptr<store::Clip> clip);

}  // namespace modelverse::job
