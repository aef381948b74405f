// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the stream share: clips of every kind, each served fresh, and how to play them.
#pragma once

#include "element_test.h"
#include "support/frame_sums.h"

namespace test_support {

class StreamTest : public ElementTest {
 protected:
  // One of tests/element/clips.
  static std::string stream_clip(const std::string& name);
  // The emulator serves this file, at once.
  void serve(const std::string& path);
  // A task of its own, so that the clip is downloaded anew.
  std::string fresh_source(const std::string& more = {});
  // What the file sink of "<source> ! <between> filesink" has written at the end.
  std::string streamed(const std::string& source, const std::string& between = {});
  std::string scratch(const std::string& name) const { return directory_.path() + "/" + name; }
  // How the source's pad is driven at this moment.
  static GstPadMode mode_of(GstElement* source);

 private:
  ScratchDirectory directory_;
  unsigned take_ = 0;
};

}  // namespace test_support
