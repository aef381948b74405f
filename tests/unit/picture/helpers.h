// SPDX-License-Identifier: LGPL-2.1-or-later
// Other programs in the place of modelverse-picture-helper, and what it costs.
#pragma once

#include <glib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <string>

#include "picture/change.h"
#include "unit/picture/pictures.h"

namespace modelverse::picture {

inline constexpr const char* helper_variable = "MODELVERSE_PICTURE_HELPER";

// As long as it lives, a shell script is the helper.
class ScriptedHelper {
 public:
  explicit ScriptedHelper(const std::string& script) : before_(g_getenv(helper_variable)) {
    const auto path = folder_.write("helper", "#!/bin/sh\n" + script + "\n");
    chmod(path.c_str(), S_IRWXU);
    g_setenv(helper_variable, path.c_str(), TRUE);
  }
  ScriptedHelper(const ScriptedHelper&) = delete;
  ScriptedHelper& operator=(const ScriptedHelper&) = delete;
  ~ScriptedHelper() { g_setenv(helper_variable, before_.c_str(), TRUE); }

  // What the script wrote to "$0.NAME".
  std::string written(const std::string& name) const {
    std::ifstream file(folder_.path("helper." + name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  Folder folder_;
  std::string before_;
};

// The most that any child of this process has had.
inline long helpers_peak_kib() {
  rusage usage = {};
  getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

inline const Change& hd_change() {
  static const Change change = {{64, 48}, {1280, 720}, ImageFit::crop};
  return change;
}

inline Result<PictureBytes> changed_by_helper(const PictureBytes& picture,
                                              std::stop_token stop = {}) {
  return apply_change(picture, hd_change(), hd_frames(), std::move(stop));
}

inline Error helper_error_of(const PictureBytes& picture) {
  const auto sent = changed_by_helper(picture);
  EXPECT_FALSE(sent.ok());
  return sent ? Error{} : sent.error();
}

}  // namespace modelverse::picture
