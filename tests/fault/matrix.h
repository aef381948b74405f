// SPDX-License-Identifier: LGPL-2.1-or-later
// Plays one case through the real element and looks at everything that came of it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "element/element_test.h"
#include "fault/case.h"

namespace test_support {

class Matrix : public ElementTest, public testing::WithParamInterface<Case> {
 public:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  // For a case's `before`.
  void add_properties(const std::string& more) { properties_ += " " + more; }
  void set_environment(const std::string& name, const char* value);  // null: unset
  void write_file(const std::string& name, const std::string& content, int mode = 0600);
  std::string path_of(const std::string& name) const { return files_.path() + "/" + name; }
  const std::string& cache() const { return cache_dir(); }
  std::string sample() const { return picture(); }
  std::string base_url() const;
  // The element trusts the tests' authority.
  void trust() { is_trusting_ = true; }
  // The emulator's, before the case's own.
  std::string first_rules;
  // Lives as long as the case.
  std::shared_ptr<void> companion;
  // A whole run to its end, before the case's own.
  void run_once(const std::string& rules, const std::string& properties = {});
  // The one entry's directory.
  std::string entry_path(const std::string& name = {}) const;

 protected:
  void TearDown() override;
  void run_case();

 private:
  struct Ran {
    bool is_eos = false;
    std::optional<ErrorSeen> error;
    std::vector<ErrorSeen> warnings;
    std::string clip;  // what was streamed
    unsigned retries = 0;
    std::vector<std::string> said;  // every message
    std::vector<ProgressSeen> progress;
    std::size_t submits = 0;
  };

  void start_service();
  void play(const std::string& rules);
  std::size_t count_submits() const;
  std::string description() const;
  Ran run();
  void expect_end(const Ran& ran, const Expected& expected) const;
  void expect_error(const ErrorSeen& seen, const Expected& expected) const;
  void expect_clip(const Ran& ran) const;
  void expect_files(const Expected& expected) const;
  void expect_next_run(const Expected& expected);
  static void expect_no_secret(const Ran& ran);
  static void expect_whole_progress(const Ran& ran);

  static std::unique_ptr<EmulatorProcess> shared_;
  ScratchDirectory files_;
  std::unique_ptr<EmulatorProcess> own_;
  std::unique_ptr<RawService> raw_;
  std::string properties_;
  bool is_trusting_ = false;
  std::map<std::string, std::optional<std::string>> environment_before_;
};

inline constexpr const char* the_key = "test-key-3f9a-never-to-be-seen";
// The clip that every service of the matrix has.
const std::string& matrix_clip();
// The tests' certificate of that name.
std::string certificate_path(const std::string& name);
ObjectPtr<GTlsCertificate> certificate(const std::string& name);

}  // namespace test_support
