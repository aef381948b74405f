// SPDX-License-Identifier: LGPL-2.1-or-later
// Who has the claim of an entry, and what is known of somebody else's.
#include "store/claim.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <functional>
#include <thread>
#include <utility>

#include "api/record_json.h"
#include "store_support.h"

namespace {
int link_error = 0;  // what link(2) fails with
std::function<void()> after_next_link;
}  // namespace

// The module's linkat() in this program.
extern "C" int linkat(int from_directory, const char* from, int to_directory, const char* to,
                      int flags) noexcept {
  if (link_error != 0) {
    errno = link_error;
    return -1;
  }
  const auto done =
      static_cast<int>(::syscall(SYS_linkat, from_directory, from, to_directory, to, flags));
  if (const auto action = std::exchange(after_next_link, nullptr))
    action();
  return done;
}

namespace modelverse::store {
namespace {

using namespace test;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto submit_lease = minutes(13);

struct Claims : testing::Test {
  Claims() {
    EXPECT_TRUE(make_directories(directory));
    link_error = 0;
  }
  ~Claims() override { link_error = 0; }
  std::unique_ptr<Claim> take() {
    auto claim = Claim::try_make(path, submit_lease);
    EXPECT_TRUE(claim) << claim.error().debug;
    return claim ? std::move(claim).value() : nullptr;
  }
  // The claim of an owner, as it was written `age` ago.
  ClaimOwner leave(ClaimOwner owner, seconds age = seconds(0)) const {
    write_file(path, encode_owner(owner));
    set_time(path, ::time(nullptr) - age.count());
    return owner;
  }
  static ClaimOwner elsewhere() {
    auto owner = this_process(submit_lease);
    owner.machine = "another";
    owner.host = "render-07";
    return owner;
  }
  std::string owner_on_disk() const { return decode_owner(file_content(path)).id; }

  TemporaryDirectory cache;
  const std::string directory = cache.in("cache/entry");
  const std::string path = directory + "/" + claim_name;
};

TEST_F(Claims, are_of_one_owner_at_a_time_and_leave_no_file) {
  auto first = take();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->is_current());
  EXPECT_FALSE(take());
  first.reset();
  EXPECT_TRUE(names_in(directory).empty());
  EXPECT_TRUE(take());
}

TEST_F(Claims, are_alive_from_the_moment_on_that_they_can_be_seen) {
  std::optional<ClaimState> seen;
  after_next_link = [&] { seen = find_claim(path); };
  const auto claim = take();
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->is_dead);
}

TEST_F(Claims, are_of_one_thread_of_many) {
  std::atomic<int> inside = 0, most = 0, turns = 0;
  const auto work = [&] {
    while (turns < 200) {
      const auto claim = take();
      if (!claim)
        continue;
      most = std::max<int>(most, ++inside);
      ++turns;
      --inside;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work);
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(most, 1);
  EXPECT_TRUE(names_in(directory).empty());
}

TEST_F(Claims, name_their_owner_by_a_random_id_and_for_people) {
  const auto claim = take();
  const auto found = find_claim(path);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->owner.pid, ::getpid());
  EXPECT_EQ(found->owner.lease, submit_lease);
  EXPECT_FALSE(found->is_dead);
  EXPECT_LT(found->age, seconds(60));
  EXPECT_NE(shown_owner(found->owner).find(std::to_string(::getpid())), std::string::npos);
  const auto id = found->owner.id;
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(id.find(found->owner.host), std::string::npos);
}

TEST_F(Claims, survive_on_a_file_system_without_hard_links) {
  for (const int error : {EPERM, EOPNOTSUPP}) {
    link_error = error;
    auto first = take();
    ASSERT_TRUE(first);
    EXPECT_FALSE(take());
    first.reset();
    EXPECT_TRUE(names_in(directory).empty());
  }
}

TEST_F(Claims, report_a_disk_that_takes_none) {
  link_error = EIO;
  const auto claim = Claim::try_make(path, submit_lease);
  ASSERT_FALSE(claim);
  EXPECT_EQ(claim.error().code, ErrorCode::open_write);
  EXPECT_TRUE(names_in(directory).empty());
}

struct OwnerCase {
  const char* name;
  void (*change)(ClaimOwner&);
  seconds age;
  bool is_dead;
};

class Owners : public Claims, public testing::WithParamInterface<OwnerCase> {};

TEST_P(Owners, are_judged) {
  auto owner = this_process(submit_lease);
  GetParam().change(owner);
  leave(owner, GetParam().age);
  const auto found = find_claim(path);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->is_dead, GetParam().is_dead);
  EXPECT_EQ(take() != nullptr, GetParam().is_dead);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Owners,
    testing::Values(
        OwnerCase{"another_process_of_this_pid", [](ClaimOwner& owner) { owner.start = "1"; },
                  seconds(0), true},
        OwnerCase{"before_the_boot", [](ClaimOwner& owner) { owner.boot = "1"; }, seconds(0), true},
        OwnerCase{"container", [](ClaimOwner& owner) { owner.pid_namespace = "1"; }, minutes(12),
                  false},
        OwnerCase{"silent_container", [](ClaimOwner& owner) { owner.pid_namespace = "1"; },
                  minutes(14), true},
        OwnerCase{"elsewhere", [](ClaimOwner& owner) { owner.machine = "1"; }, minutes(12), false},
        OwnerCase{"silent_elsewhere", [](ClaimOwner& owner) { owner.machine = "1"; }, minutes(14),
                  true},
        OwnerCase{"clock_ahead", [](ClaimOwner& owner) { owner.machine = "1"; }, minutes(-60),
                  false},
        OwnerCase{"unreadable", [](ClaimOwner& owner) { owner = {.lease = minutes(1)}; },
                  minutes(5), true}),
    [](const auto& shown) { return shown.param.name; });

TEST_F(Claims, of_a_process_live_until_it_is_killed) {
  const pid_t child = ::fork();
  if (child == 0) {
    write_file(path, encode_owner(this_process(submit_lease)));
    for (;;)
      ::pause();
  }
  while (decode_owner(file_content(path)).id.empty())
    std::this_thread::yield();
  EXPECT_FALSE(find_claim(path)->is_dead);
  EXPECT_FALSE(take());
  ::kill(child, SIGKILL);
  siginfo_t info;
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_TRUE(find_claim(path)->is_dead) << "a process that is not waited for yet";
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(find_claim(path)->is_dead);
  EXPECT_TRUE(take());
}

TEST_F(Claims, of_this_process_that_could_not_be_removed_are_dead) {
  leave(this_process(submit_lease));
  EXPECT_TRUE(find_claim(path)->is_dead);
}

TEST_F(Claims, are_broken_once_and_never_by_mistake) {
  const auto dead = leave(elsewhere(), minutes(14));
  EXPECT_FALSE(break_claim(path, elsewhere())) << "another id";
  EXPECT_TRUE(break_claim(path, dead));
  EXPECT_FALSE(break_claim(path, dead));
  const auto alive = leave(elsewhere());
  EXPECT_FALSE(break_claim(path, alive));
  EXPECT_EQ(owner_on_disk(), alive.id);
}

// Another one broke it and claimed, between the look at it and its rename.
TEST_F(Claims, are_put_back_where_another_was_faster) {
  const auto dead = leave(elsewhere(), minutes(14));
  auto fresh = elsewhere();
  after_next_rename = [&] {
    for (const auto& name : names_in(directory)) {
      if (name.find(".dead-") != std::string::npos)
        write_file(directory + "/" + name, encode_owner(fresh));
    }
  };
  EXPECT_FALSE(break_claim(path, dead));
  EXPECT_EQ(owner_on_disk(), fresh.id);
  EXPECT_EQ(names_in(directory), std::vector<std::string>{claim_name});
}

// Each of them has judged the dead one before it breaks it: who is late must not take away the
// claim of who was quick.
TEST_F(Claims, are_of_one_thread_of_many_that_break_a_dead_one) {
  std::atomic<int> inside = 0, most = 0, turns = 0;
  const auto work = [&] {
    while (turns < 60) {
      const std::unique_ptr<Claim> claim = take();
      if (!claim)
        continue;
      most = std::max<int>(most, ++inside);
      std::this_thread::yield();
      ++turns;
      --inside;
      if (claim->is_current())
        leave(elsewhere(), minutes(14));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back(work);
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(most, 1);
}

TEST_F(Claims, that_were_broken_are_not_current_and_remove_nothing) {
  auto claim = take();
  const auto other = leave(elsewhere());
  EXPECT_FALSE(claim->is_current());
  claim.reset();
  EXPECT_EQ(owner_on_disk(), other.id);
}

// What the record may be created over.
struct Announcements : EntryBench {
  Announcements() { EXPECT_TRUE(*entry_.try_lock()); }
  Result<bool> announce() { return entry_.announce(submitting_record(key_)); }
};

TEST_F(Announcements, needs_the_claim) {
  EXPECT_FALSE(*announce());
  ASSERT_TRUE(*entry_.try_claim(submit_lease));
  EXPECT_TRUE(*announce());
}

TEST_F(Announcements, stops_where_a_task_was_recorded_meanwhile) {
  ASSERT_TRUE(entry_.save(submitted_record(key_, "task-1")));
  ASSERT_TRUE(*entry_.try_claim(submit_lease));
  EXPECT_FALSE(*announce());
  EXPECT_EQ(entry_.load()->record->task_id, "task-1");
}

// The names that another machine made may be seen late: a killed one's record between the look-up
// and the announcement.
TEST_F(Announcements, stops_where_a_record_is_there_that_the_look_up_did_not_see) {
  ASSERT_FALSE(entry_.load()->record);
  ASSERT_TRUE(*entry_.try_claim(submit_lease));
  for (const auto state : {RecordState::submitting, RecordState::complete}) {
    const bool is_complete = state == RecordState::complete;
    Record other = submitted_record(key_, is_complete ? "task-1" : "");
    other.state = state;
    other.size = is_complete ? 1 : 0;
    write_file(directory_ + "/record.json", api::encode_record(other));
    EXPECT_FALSE(*announce());
    ASSERT_TRUE(entry_.load()->record);
    EXPECT_TRUE(*announce()) << "it was looked at";
    ASSERT_TRUE(entry_.remove());
    ASSERT_FALSE(entry_.load()->record);
  }
}

TEST_F(Announcements, stops_where_its_claim_was_broken) {
  ASSERT_TRUE(*entry_.try_claim(submit_lease));
  ASSERT_EQ(::unlink((directory_ + "/" + claim_name).c_str()), 0);
  EXPECT_FALSE(*announce());
  EXPECT_FALSE(entry_.load()->record);
}

// Another process may be about to replace it.
TEST_F(Announcements, are_not_preceded_by_a_removal_without_the_claim) {
  ASSERT_TRUE(entry_.save(submitted_record(key_)));
  write_file(path_of(claim_name), encode_owner(Claims::elsewhere()));
  EXPECT_EQ(entry_.remove().error().code, ErrorCode::open_write);
  EXPECT_FALSE(entry_.give_up());
  EXPECT_FALSE(entry_.save(submitting_record(key_)));
  EXPECT_EQ(entry_.load()->record->task_id, "task-1");
  ASSERT_EQ(::unlink(path_of(claim_name).c_str()), 0);
  EXPECT_TRUE(entry_.remove());
  EXPECT_EQ(names_in(directory_), std::vector<std::string>{"lock"});
}

TEST_F(Announcements, removes_what_was_left_long_ago) {
  const char* const leftovers[] = {"record.json.new-1", "record.json.next-1",
                                   "record.previous.json.new-1", "submit.claim.dead-1",
                                   "clip.part-1"};
  for (const char* name : leftovers) {
    write_file(path_of(name), "torn");
    set_time(path_of(name), ::time(nullptr) - 2 * 3600);
  }
  write_file(path_of("record.json.new-2"), "torn");
  ASSERT_TRUE(*entry_.try_claim(submit_lease));
  ASSERT_TRUE(*announce());
  for (const char* name : leftovers)
    EXPECT_FALSE(is_there(path_of(name))) << name;
  EXPECT_TRUE(is_there(path_of("record.json.new-2"))) << "of a write that may be under way";
}

}  // namespace
}  // namespace modelverse::store
