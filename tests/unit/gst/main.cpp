// SPDX-License-Identifier: LGPL-2.1-or-later
// GStreamer has to be there before the first test makes a type.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <string>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define HAS_LEAK_CHECK 1
#endif
#endif

namespace {

#ifdef HAS_LEAK_CHECK
// GLib leaves its table of quarks behind when it grows, on purpose: readers take no lock. The first
// one is made by GLib's constructor, before main().
[[gnu::section(".preinit_array"),
  gnu::used]] void (*const before_all_constructors)() = __lsan_disable;

// The table grows here, where nobody looks, and has room then for what GStreamer and the tests add.
// So the leak check need not walk stacks far enough to see whose it is.
void make_room_for_quarks() {
  constexpr GQuark table_step = 2048;  // QUARK_BLOCK_SIZE in gquark.c
  for (GQuark last = 0; last <= table_step;)
    last = g_quark_from_string(("modelverse-test-" + std::to_string(last)).c_str());
  __lsan_enable();
}
#else
void make_room_for_quarks() {}
#endif

}  // namespace

int main(int argc, char** argv) {
  make_room_for_quarks();
  gst_init(&argc, &argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
