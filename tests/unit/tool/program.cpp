// SPDX-License-Identifier: LGPL-2.1-or-later
// Calling the program; entries as the elements leave them.
#include "program.h"

#include <glib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "store/cache.h"

namespace modelverse::tool::test {

test_support::ProcessEnd Program::run(std::vector<std::string> arguments,
                                      std::map<std::string, std::string> environment) const {
  arguments.insert(arguments.begin(), g_getenv("MODELVERSE_TASKS"));
  environment.insert({"MODELVERSE_CACHE_DIR", directory_.path()});
  test_support::Process process(arguments, std::move(environment));
  return process.wait();
}

void Program::leave(char digit, RecordState state, const std::string& prompt) const {
  const auto entry = store::Cache(directory_.path()).entry(key(digit));
  ASSERT_TRUE(*entry->try_lock());
  Record record;
  record.state = state;
  record.key = key(digit);
  record.model = "acme/x";
  record.task_id = state == RecordState::submitting ? "" : std::string("task-") + digit;
  record.prompt = prompt;
  ASSERT_TRUE(entry->load());
  ASSERT_TRUE(entry->save(record));
}

void Program::leave_clip(char digit, std::size_t bytes, int seconds_ago) const {
  leave(digit, RecordState::submitted);
  const auto entry = store::Cache(directory_.path()).entry(key(digit));
  ASSERT_TRUE(*entry->try_lock());
  const auto clip = entry->open_partial();
  ASSERT_TRUE(clip);
  std::ranges::fill((*clip)->space().first(bytes), std::byte{7});
  ASSERT_TRUE((*clip)->commit(bytes));
  ASSERT_TRUE(entry->complete(**clip, **entry->peek()));
  const auto then =
      std::filesystem::file_time_type::clock::now() - std::chrono::seconds(seconds_ago);
  for (const char* name : {"clip.mp4", "record.json"})
    std::filesystem::last_write_time(in_entry(digit, name), then);
}

std::string Program::in_entry(char digit, const std::string& name) const {
  return directory_.path() + "/" + key(digit) + "/" + name;
}

bool Program::has(char digit) const {
  return std::filesystem::exists(directory_.path() + "/" + key(digit));
}

}  // namespace modelverse::tool::test
