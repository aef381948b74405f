// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of the application, whatever becomes of the helper.
#include "picture/helper_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "helpers.h"

namespace modelverse::picture {
namespace {

using std::chrono::steady_clock;

bool has_word(const Error& error, const std::string& word) {
  return (error.text + error.debug).find(word) != std::string::npos;
}

bool has_no_child() {
  return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD;
}

// Not gone, and not only waiting for whoever reaps orphans.
bool is_running(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/stat");
  std::string pid;
  std::string name;
  std::string state = "X";
  status >> pid >> name >> state;
  return state != "X" && state != "Z";
}

TEST(HelperProcess, that_is_missing_is_named_with_its_variable_and_its_place) {
  const std::string before = g_getenv(helper_variable);
  g_setenv(helper_variable, "/nowhere/helper", TRUE);
  const auto error = helper_error_of(fixture("plain.png"));
  g_setenv(helper_variable, before.c_str(), TRUE);
  EXPECT_EQ(error.code, ErrorCode::not_found);
  for (const char* word : {"/nowhere/helper", helper_variable, "gst-modelverse/modelverse-picture"})
    EXPECT_TRUE(has_word(error, word)) << word << ": " << error.text;
}

TEST(HelperProcess, that_ends_without_a_response_is_an_error) {
  struct Case {
    const char* script;
    ErrorCode code;
    const char* word;
  };
  for (const auto& row :
       {Case{"exit 0", ErrorCode::failed, "exit status 0"},
        Case{"echo no such library >&2; exit 127", ErrorCode::failed, "no such library"},
        Case{"kill -SEGV $$", ErrorCode::wrong_type, "damaged"},
        Case{"kill -XCPU $$", ErrorCode::wrong_type, "too long"},
        Case{"exec <&- >&-; sleep 1000", ErrorCode::wrong_type, "damaged"},
        Case{"exec yes", ErrorCode::wrong_type, "no picture"},
        Case{"exec yes >&2", ErrorCode::wrong_type, "no picture"}}) {
    const ScriptedHelper helper(row.script);
    const auto error = helper_error_of(fixture("plain.png"));
    EXPECT_EQ(error.code, row.code) << row.script;
    EXPECT_TRUE(has_word(error, row.word)) << row.script << ": " << error.text << error.debug;
    EXPECT_TRUE(has_no_child()) << row.script;
  }
}

// The kernel's default for a socket that nobody reads is SIGPIPE.
TEST(HelperProcess, that_does_not_read_the_picture_does_not_end_the_application) {
  const ScriptedHelper helper("exit 3");
  const PictureBytes large = {"image/png", std::string(16 << 20, 'x')};
  EXPECT_TRUE(has_word(helper_error_of(large), "exit status 3"));
}

TEST(HelperProcess, is_given_three_descriptors_and_no_secrets) {
  g_setenv("MODELVERSE_API_KEY", "sk-secret", TRUE);
  // As a library would open it that knows nothing of O_CLOEXEC.
  const int inherited = fcntl(0, F_DUPFD, 7);
  const ScriptedHelper helper("env > $0.env; exec ls /proc/self/fd > $0.fds");
  (void)changed_by_helper(fixture("plain.png"));
  close(inherited);
  g_unsetenv("MODELVERSE_API_KEY");
  EXPECT_EQ(helper.written("env").find("MODELVERSE"), std::string::npos) << helper.written("env");
  EXPECT_NE(helper.written("env").find("PATH="), std::string::npos);
  // The last one is the directory that is listed.
  EXPECT_EQ(helper.written("fds"), "0\n1\n2\n3\n");
}

TEST(HelperProcess, is_killed_with_its_children_when_it_is_cancelled) {
  const ScriptedHelper helper("sleep 1000 & echo $! > $0.child; echo ready > $0.ready; wait");
  std::stop_source stop;
  steady_clock::time_point asked;
  const std::jthread canceller([&] {
    while (helper.written("ready").empty())
      std::this_thread::yield();
    asked = steady_clock::now();
    stop.request_stop();
  });
  const auto sent = changed_by_helper(fixture("plain.png"), stop.get_token());
  const auto taken = steady_clock::now() - asked;
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().code, ErrorCode::cancelled);
  EXPECT_LT(taken, std::chrono::milliseconds(100));
  EXPECT_TRUE(has_no_child());
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  while (is_running(std::stoi(helper.written("child"))) && steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_FALSE(is_running(std::stoi(helper.written("child"))));
}

TEST(HelperProcess, is_not_started_when_it_is_cancelled_already) {
  std::stop_source stop;
  stop.request_stop();
  const ScriptedHelper helper("echo started > $0.started");
  EXPECT_EQ(changed_by_helper(fixture("plain.png"), stop.get_token()).error().code,
            ErrorCode::cancelled);
  EXPECT_EQ(helper.written("started"), "");
}

TEST(HelperProcess, is_no_matter_to_how_the_application_treats_its_children) {
  struct sigaction before = {};
  struct sigaction ignored = {};
  ignored.sa_handler = SIG_IGN;
  sigaction(SIGCHLD, &ignored, &before);
  EXPECT_TRUE(changed_by_helper(fixture("plain.png")).ok());
  {
    const ScriptedHelper helper("exit 3");
    EXPECT_FALSE(changed_by_helper(fixture("plain.png")).ok());
  }
  sigaction(SIGCHLD, &before, nullptr);
  const pid_t child = fork();
  if (child == 0)
    _exit(7);
  EXPECT_TRUE(changed_by_helper(fixture("plain.png")).ok());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST(HelperProcess, works_where_the_application_has_closed_its_standard_descriptors) {
  const auto picture = fixture("plain.png");
  const int in = fcntl(0, F_DUPFD_CLOEXEC, 10);
  const int out = fcntl(1, F_DUPFD_CLOEXEC, 10);
  const int err = fcntl(2, F_DUPFD_CLOEXEC, 10);
  for (const int fd : {0, 1, 2})
    close(fd);
  const auto sent = changed_by_helper(picture);
  dup2(in, 0);
  dup2(out, 1);
  dup2(err, 2);
  for (const int fd : {in, out, err})
    close(fd);
  EXPECT_TRUE(sent.ok()) << sent.error().text;
}

TEST(HelperProcess, starts_with_no_signal_blocked_or_ignored) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const ScriptedHelper helper("grep -E 'Sig(Blk|Ign)' /proc/self/status | cut -f2 > $0.signals");
  (void)changed_by_helper(fixture("plain.png"));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  std::istringstream signals(helper.written("signals"));
  std::uint64_t blocked = 1;
  std::uint64_t ignored = 1;
  signals >> std::hex >> blocked >> ignored;
  EXPECT_EQ(blocked, 0u);
  // Two above are glibc's own.
  constexpr std::uint64_t with_names = 0x7fffffff;
  EXPECT_EQ(ignored & with_names, 0u);
}

}  // namespace
}  // namespace modelverse::picture
