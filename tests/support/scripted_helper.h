// SPDX-License-Identifier: LGPL-2.1-or-later
// Another program in the place of modelverse-picture-helper.
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "support/files.h"
#include "support/scratch_directory.h"

namespace test_support {

inline constexpr const char* helper_variable = "MODELVERSE_PICTURE_HELPER";

// As long as it lives, a shell script is the helper.
class ScriptedHelper {
 public:
  explicit ScriptedHelper(const std::string& script) : before_(g_getenv(helper_variable)) {
    std::ofstream(path()) << "#!/bin/sh\n" << script << "\n";
    chmod(path().c_str(), S_IRWXU);
    g_setenv(helper_variable, path().c_str(), TRUE);
  }
  ScriptedHelper(const ScriptedHelper&) = delete;
  ScriptedHelper& operator=(const ScriptedHelper&) = delete;
  ~ScriptedHelper() { g_setenv(helper_variable, before_.c_str(), TRUE); }

  // What the script wrote to "$0.NAME".
  std::string written(const std::string& name) const { return file_content(path() + "." + name); }

 private:
  std::string path() const { return directory_.path() + "/helper"; }

  ScratchDirectory directory_;
  std::string before_;
};

}  // namespace test_support
