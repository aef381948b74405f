// SPDX-License-Identifier: LGPL-2.1-or-later
// The streams of clips, one clip after the other, without decoding.
#pragma once

#include <vector>

#include "core/result.h"
#include "render/audio_joint.h"
#include "render/film_facts.h"

namespace modelverse::render {

// Bins in front of the elements `videos` and `audios` (concat) of a pipeline. Video and sound of a
// clip begin together, where the video of the clip before ends. Only the clips that are read, and
// the next one, have files and threads. The pipeline must outlive this.
class ClipChain {
 public:
  // Errors: settings (a missing plugin).
  Status attach(const Pipeline& pipeline, const std::vector<ClipFacts>& clips);
  // Call when the bus has a message that a property changed.
  void advance();

 private:
  Status add(const Pipeline& pipeline, const ClipFacts& clip, GstClockTime start);
  std::size_t current(const ElementPtr& concat) const;
  void run_until(std::size_t end);

  ElementPtr videos_, audios_;
  std::vector<GstElement*> clips_;  // the pipeline owns them
  std::size_t running_ = 0;         // those before this one were started
  std::size_t stopped_ = 0;         // those before this one are stopped
  AudioJoint joint_;
};

}  // namespace modelverse::render
