// SPDX-License-Identifier: LGPL-2.1-or-later
// From a link to a whole clip, through whatever the line does.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "job/context.h"
#include "store/clip.h"

namespace modelverse::job {

// Fills `clip` from what it holds already to the end, and lets readers see it on the way. Renews an
// expired link by itself. The value is the whole clip, known to be an MP4: `clip` itself, or
// another that has no name where the disk took no more. task-timeout does not count here.
Result<std::shared_ptr<store::Clip>> download(Context& context, const std::string& link,
                                              std::shared_ptr<store::Clip> clip);

}  // namespace modelverse::job
