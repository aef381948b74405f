// SPDX-License-Identifier: LGPL-2.1-or-later
// GStreamer has to be there before the first test makes a type.
#include <gst/gst.h>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
