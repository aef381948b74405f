// SPDX-License-Identifier: LGPL-2.1-or-later
// Killing, looking, and going on as a user would.
#include "life.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "element/element_test.h"

namespace test_support {

namespace {

using std::chrono::steady_clock;

// Lines of the victim after which a kill may come.
const std::vector<std::string> steps = {"", "submit START", "generate START", "download START",
                                        "first buffer"};
constexpr unsigned calls_of_a_life = 50;  // that change the disk, about

// The registry was brought up to date by the first run.
std::map<std::string, std::string> environment() {
  return {{"MODELVERSE_API_KEY", "k"}, {"GST_REGISTRY_UPDATE", "no"}};
}

constexpr const char* a_call = "call";  // one that changes the disk, in place of a step

// What there is to hit from here on, the short and dear ones more often.
std::vector<std::string> targets(const std::string& state) {
  if (state == "complete")
    return {"", "first buffer", a_call};
  if (state == "submitted")
    return {"", "generate START", "generate START", "download START", "first buffer", a_call};
  return {"",
          "submit START",
          "submit START",
          "submit START",
          "submit START",
          "generate START",
          "download START",
          a_call};
}

}  // namespace

const char* hit_name(Hit hit) {
  switch (hit) {
    case Hit::before:
      return "before the submit";
    case Hit::posting:
      return "in the POST, not accepted";
    case Hit::accepted:
      return "accepted, no id written";
    case Hit::polling:
      return "polling";
    case Hit::downloading:
      return "downloading";
    case Hit::completing:
      return "completing";
    case Hit::delivering:
      return "delivering";
  }
  return "";
}

unsigned Tally::all_kills() const {
  unsigned all = 0;
  for (const auto& [hit, count] : kills)
    all += count;
  return all;
}

void Tally::add(const Tally& other) {
  for (const auto& [hit, count] : other.kills)
    kills[hit] += count;
  clips += other.clips;
  submits += other.submits;
  adopted += other.adopted;
  resubmitted += other.resubmitted;
  paid_again += other.paid_again;
}

Life::Life(const EmulatorProcess& emulator, std::string name, unsigned seed)
    : emulator_(emulator), name_(std::move(name)), random_(seed) {}

unsigned Life::random(unsigned below) {
  return std::uniform_int_distribution<unsigned>(0, below - 1)(random_);
}

std::vector<std::string> Life::command(const std::string& more) const {
  const std::string pipeline =
      "modelversesrc name=src poll-interval=40 base-url=" + emulator_.base_url() +
      " cache-dir=" + directory_.path() + "/cache image-path=" + ElementTest::picture() +
      " prompt=\"" + name_ + "\" " + more + " ! filesink location=" + directory_.path() +
      "/out.mp4";
  return {from_environment("MODELVERSE_VICTIM"), pipeline};
}

std::vector<EmulatorTask> Life::tasks() const {
  auto all = emulator_.tasks();
  std::erase_if(all, [&](const EmulatorTask& task) { return task.prompt != name_; });
  return all;
}

// Of the only entry; empty where there is none.
std::string Life::file(const std::string& name) const {
  for (const auto& entry : entries_in(directory_.path() + "/cache"))
    return entry / name;
  return {};
}

std::string Life::record_state() const {
  const auto text = file_content(file("record.json"));
  for (const std::string state : {"submitting", "submitted", "complete"}) {
    if (text.find("\"" + state + "\"") != std::string::npos)
      return state;
  }
  EXPECT_EQ(text, "") << "a record that cannot be read";
  return {};
}

Durations Life::time_steps() {
  Process victim(command(""), {{"MODELVERSE_API_KEY", "k"}});
  Durations durations;
  auto before = steady_clock::now();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool is_last = i + 1 == steps.size();
    victim.wait_for_output(is_last ? "end of main" : steps[i + 1]);
    const auto now = steady_clock::now();
    durations[steps[i]] = std::chrono::duration_cast<std::chrono::microseconds>(now - before);
    before = now;
  }
  EXPECT_EQ(victim.wait().exit_code, 0);
  return durations;
}

bool Life::kill_after(Process& victim, const std::string& line, const Durations& durations) {
  if (!victim.comes_to(line))
    return false;
  const auto most = static_cast<unsigned>(durations.at(line).count()) + 1000;
  if (!victim.outlives(std::chrono::microseconds(random(most))))
    return false;
  victim.send_signal(SIGKILL);
  return true;
}

// At a random instant within a random step, or before a random call that changes the disk: some
// steps are over in no time.
bool Life::kill_one(const Durations& durations) {
  auto words = command(resolution_);
  const auto choices = targets(record_state());
  const auto target = choices[random(static_cast<unsigned>(choices.size()))];
  if (target == a_call)
    words.insert(words.begin() + 1, {"--die-at", std::to_string(random(calls_of_a_life)),
                                     directory_.path() + "/cache"});
  Process victim(words, environment());
  if (target != a_call)
    kill_after(victim, target, durations);
  const auto end = victim.wait();
  EXPECT_TRUE(end.signal == SIGKILL || end.exit_code == 0) << end.output;
  has_arrived_ = end.signal == 0;
  return end.signal == SIGKILL;
}

Hit Life::judge(ino_t record_before) const {
  const auto state = record_state();
  if (state.empty() || (state == "submitting" && record_file() == record_before))
    return Hit::before;
  if (state == "submitting")
    return tasks().size() > tally_.paid_again ? Hit::accepted : Hit::posting;
  if (state == "complete")
    return Hit::delivering;
  std::error_code none;
  const auto part = std::filesystem::file_size(file("clip.part"), none);
  if (none)
    return std::filesystem::exists(file("clip.mp4")) ? Hit::completing : Hit::polling;
  return part < std::filesystem::file_size(ElementTest::clip_path()) ? Hit::downloading
                                                                     : Hit::completing;
}

ino_t Life::record_file() const {
  struct stat info = {};
  return stat(file("record.json").c_str(), &info) == 0 ? info.st_ino : 0;
}

// The next run says what is the matter, and submits nothing.
void Life::expect_refusal() const {
  const auto before = tasks().size();
  Process again(command(""), environment());
  const auto end = again.wait();
  EXPECT_EQ(end.exit_code, 2) << end.output;
  for (const auto* word : {"ERROR", "may have been accepted", "resubmit", "task-id"})
    EXPECT_NE(end.output.find(word), std::string::npos) << word << " in:\n" << end.output;
  EXPECT_EQ(tasks().size(), before);
}

// As a user would who looks at the list of his tasks: he takes the clip that is there, or does not
// find it or not care, and pays (perhaps again).
void Life::resolve_unknown() {
  const auto known = tasks();
  const bool was_accepted = known.size() > tally_.paid_again;
  if (was_accepted && random(2) == 0) {
    resolution_ = "task-id=" + known.back().id;
    ++tally_.adopted;
    return;
  }
  resolution_ = "resubmit=true";
  ++tally_.resubmitted;
  tally_.paid_again += was_accepted;
}

void Life::expect_arrival() {
  if (!has_arrived_) {
    Process last(command(resolution_), environment());
    const auto end = last.wait();
    EXPECT_EQ(end.exit_code, 0) << end.output;
  }
  EXPECT_EQ(record_state(), "complete");
  tally_.submits = static_cast<unsigned>(tasks().size());
  EXPECT_EQ(tally_.submits, 1 + tally_.paid_again) << name_;
  const bool is_whole =
      file_content(directory_.path() + "/out.mp4") == file_content(ElementTest::clip_path());
  EXPECT_TRUE(is_whole) << name_;
  tally_.clips += is_whole;
}

Tally Life::live_through(unsigned kills, const Durations& durations) {
  for (unsigned kill = 0; kill < kills; ++kill) {
    const auto record_before = record_file();
    if (!kill_one(durations))
      break;
    ++tally_.kills[judge(record_before)];
    EXPECT_LE(tasks().size(), 1 + tally_.paid_again) << name_ << ": a second submit by itself";
    resolution_.clear();
    if (record_state() == "submitting") {
      expect_refusal();
      resolve_unknown();
    }
  }
  expect_arrival();
  return tally_;
}

}  // namespace test_support
