// SPDX-License-Identifier: LGPL-2.1-or-later
// Stands in for the system's resolver, so that no name leaves the machine.
#pragma once

#include <gio/gio.h>

#include "glib/handles.h"

namespace test_support {

using modelverse::ObjectPtr;

enum class ResolverAnswer {
  not_found,
  silence,
  deaf,  // silence that heeds no cancellation, until the scope ends
  loopback,
};

// Every name gets this answer while the object lives. Addresses are not names.
class ResolverScope {
 public:
  explicit ResolverScope(ResolverAnswer answer);
  ResolverScope(const ResolverScope&) = delete;
  ResolverScope& operator=(const ResolverScope&) = delete;
  ~ResolverScope();
  // Until somebody has asked; false after a long wait.
  bool wait_asked() const;

 private:
  ObjectPtr<GResolver> system_;
  ObjectPtr<GResolver> ours_;
};

}  // namespace test_support
