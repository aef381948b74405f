// SPDX-License-Identifier: LGPL-2.1-or-later
// The film that is re-encoded, as GStreamer Editing Services read it.
#pragma once

#include <string>
#include <vector>

#include "render/film_facts.h"

namespace modelverse::render {

// The clips one after the other, as GStreamer Editing Services store a timeline (XGES). `overlap`
// seconds of each clip are shown together with the next one, cross-fading.
std::string timeline_of(const std::vector<ClipFacts>& clips, const FilmFormat& format,
                        double overlap);
// Of that timeline.
GstClockTime length_of(const std::vector<ClipFacts>& clips, const FilmFormat& format,
                       double overlap);

}  // namespace modelverse::render
