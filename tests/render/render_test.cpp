// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render_test.h"

#include <glib.h>
#include <gst/gst.h>

#include <csignal>
#include <filesystem>
#include <sstream>

#include "element_test.h"
#include "support/frames.h"

namespace test_support {

// For the decoding of clips and films.
void RenderTest::SetUpTestSuite() {
  gst_init(nullptr, nullptr);
}

void RenderTest::start_emulator(std::vector<std::string> options) {
  emulator_ = std::make_unique<EmulatorProcess>(options);
}

std::string RenderTest::list(std::string text) const {
  constexpr std::string_view mark = "PICTURE";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
    text.replace(at, mark.size(), from_environment("MODELVERSE_TEST_PICTURE"));
  g_file_set_contents(file("shots.json").c_str(), text.c_str(), -1, nullptr);
  return file("shots.json");
}

std::string RenderTest::list_of(int shots) const {
  std::string text = R"({"defaults": {"image": "PICTURE"}, "shots": [)";
  for (int i = 0; i < shots; ++i)
    text += std::string(i == 0 ? "" : ",") + "{\"id\": \"s" + std::to_string(i) +
            "\", \"prompt\": \"shot " + std::to_string(i) + "\"}";
  return list(text + "]}");
}

std::vector<std::string> RenderTest::command(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), from_environment("MODELVERSE_RENDER"));
  return arguments;
}

std::map<std::string, std::string> RenderTest::environment() const {
  return {{"MODELVERSE_BASE_URL", emulator_ ? emulator_->base_url() : "http://127.0.0.1:9"},
          {"MODELVERSE_API_KEY", "test-key-3f9a"},
          {"MODELVERSE_CACHE_DIR", file("cache")}};
}

ProcessEnd RenderTest::render(const std::vector<std::string>& arguments) const {
  Process process(command(arguments), environment());
  return process.wait();
}

namespace {

// The same frame, encoded twice; the next ones of a clip are further off.
constexpr double same_frame = 4;

constexpr const char* chain = R"({"defaults": {"resolution": "720p"}, "shots": [
  {"id": "storm", "start": "bay", "prompt": "it rains"},
  {"id": "bay", "image": "PICTURE", "prompt": "waves roll in"}]})";

TEST_F(RenderTest, makes_chained_shots_and_a_film_without_a_jump_and_pays_once) {
  start_emulator({"--generation-time", "0.1"});
  const auto shots = list(chain);
  const auto end = render({"-o", file("out"), "--film", file("film.mp4"), shots});
  ASSERT_EQ(end.exit_code, 0) << end.output;
  const auto first = thumbnails_of(file("out/bay.mp4"));
  const auto second = thumbnails_of(file("out/storm.mp4"));
  ASSERT_EQ(first.size(), 120u);
  EXPECT_LT(difference(first.back(), second.front()), same_frame);
  EXPECT_GT(difference(first.front(), first.back()), 2 * same_frame);
  // In the order of the list.
  const auto film = decode("filesrc location=" + file("film.mp4"));
  EXPECT_EQ(film.frames, 240);
  EXPECT_LT(difference(film.first, second.front()), same_frame);
  EXPECT_LT(difference(film.last, first.back()), same_frame);
  EXPECT_NE(end.output.find("Copying the clips"), std::string::npos) << end.output;

  const auto events = render({"--json", shots});
  EXPECT_NE(events.output.find("\"event\":\"done\""), std::string::npos) << events.output;
  EXPECT_EQ(events.output.find("\"event\":\"accepted\""), std::string::npos)
      << "nothing is submitted";
  const auto again = render({"-o", file("out"), shots});
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_NE(again.output.find("0 made, 2 kept"), std::string::npos) << again.output;
  const auto plan = render({"--dry-run", shots});
  EXPECT_NE(plan.output.find("2 shots: 2 kept"), std::string::npos) << plan.output;
  EXPECT_EQ(emulator().submits(), 2u);
}

TEST_F(RenderTest, plans_without_a_request) {
  start_emulator({});
  const auto shots = list(chain);
  const auto text = render({"--dry-run", shots});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_NE(text.output.find("2 to be made"), std::string::npos) << text.output;
  const auto json = render({"--dry-run", "--json", shots});
  EXPECT_EQ(json.output.rfind("{\"event\":\"plan\",\"id\":\"storm\",\"state\":\"to be made\",", 0),
            0u)
      << json.output;
  EXPECT_NE(json.output.find("{\"event\":\"total\",\"cost\":"), std::string::npos) << json.output;
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(RenderTest, plans_within_the_limits_of_costs) {
  start_emulator({});
  const auto shots = list_of(2);
  const auto plan = render({"--dry-run", "--max-cost", "8.5", "--daily-budget", "10", shots});
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_NE(plan.output.find("s1: costs 8.56 CNY, more than --max-cost"), std::string::npos)
      << plan.output;
  EXPECT_NE(plan.output.find("The plan costs 17.12 CNY, and 10.00 CNY are left of the daily"),
            std::string::npos)
      << plan.output;
  const auto within = render({"--dry-run", "--max-cost", "8.56", "--daily-budget", "17.12", shots});
  EXPECT_EQ(within.output.find("--max-cost"), std::string::npos) << within.output;
  EXPECT_EQ(within.output.find("budget"), std::string::npos) << within.output;
}

TEST_F(RenderTest, counts_what_is_spent_of_the_budget_in_its_plan) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  EXPECT_EQ(render({"--daily-budget", "9", list_of(1)}).exit_code, 0);
  const auto plan = render({"--dry-run", "--daily-budget", "9", list_of(2)});
  EXPECT_NE(plan.output.find("The plan costs 8.56 CNY, and 0.44 CNY are left"), std::string::npos)
      << plan.output;
}

TEST_F(RenderTest, refuses_a_limit_that_is_no_amount_before_it_submits) {
  start_emulator({});
  const auto shots = list_of(1);
  for (const char* option :
       {"--max-cost=5,5", "--max-cost=", "--daily-budget=five", "--max-cost=-1"})
    EXPECT_EQ(render({option, shots}).exit_code, 2) << option;
  auto variables = environment();
  variables["MODELVERSE_DAILY_BUDGET"] = "5,5";
  for (const char* option : {"--dry-run", "--jobs=1"}) {
    Process process(command({option, shots}), variables);
    const auto end = process.wait();
    EXPECT_EQ(end.exit_code, 2) << end.output;
    EXPECT_NE(end.output.find("MODELVERSE_DAILY_BUDGET"), std::string::npos) << end.output;
  }
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(RenderTest, warns_in_its_plan_as_the_element_does) {
  const auto plan = render({"--dry-run", list(R"({"defaults": {"image": "PICTURE", "prompt": "x"},
    "shots": [{"id": "a", "model": "openai/soar"}, {"id": "b", "model": "openai/soar", "take": 1}]})")});
  EXPECT_NE(plan.output.find("a and 1 more: warning: The model openai/soar is unknown"),
            std::string::npos)
      << plan.output;
}

struct Refused {
  const char* list;
  const char* words;
};

const Refused refused_lists[] = {
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"PICTURE\",\n\"url-index\": 1}]}",
     ":2: url-index: unknown key"},
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"PICTURE\",\n\"retries\": 1}]}",
     ":2: retries: unknown key"},
    {"{\"shots\": [{\"id\": \"a\",\n\"image\": \"none.jpg\", \"prompt\": \"x\"}]}", ":2: image: "},
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"PICTURE\", \"prompt\": \"x\",\n"
     "\"duration\": 5}]}",
     ":2: duration: "},
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"PICTURE\", \"prompt\": \"x\",\n"
     "\"image-fit\": \"stretch\"}]}",
     ":2: image-fit: must be one of crop, pad, none"},
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"PICTURE\", \"prompt\": \"x\",\n\"take\": -1}]}",
     ":2: take: must be a whole number from 0 "},
    {"{\"shots\": [{\"id\": \"a\",\n\"image\": \"PICTURE\", \"model\": \"Wan-AI/Wan2.2-I2V\"}]}",
     ":1: prompt: "},
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"PICTURE\", \"prompt\": \"x\", \"model\": "
     "\"kling-v3\",\n"
     "\"last-image\": \"none.jpg\"}]}",
     ":2: last-image: File not found"},
    {"{\"shots\": [{\"id\": \"a\", \"prompt\": \"x\", \"model\": \"viduq2\",\n"
     "\"reference-images\": [\"PICTURE\", \"none.jpg\"]}]}",
     ":2: reference-images[1]: File not found"},
    {"{\"shots\": [{\"id\": \"a\", \"prompt\": \"x\"}]}",
     ":1: image: the shot needs one: set image or start"},
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"PICTURE\"},\n{\"id\": \"b\", \"start\": \"a\",\n"
     "\"model\": \"openai/sora-2/text-to-video\", \"prompt\": \"x\"}]}",
     ":2: start: The model openai/sora-2/text-to-video has no image"},
    // One shot for the reader, and one for the element.
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"none.jpg\"},\n{\"id\": \"b\", \"colour\": "
     "\"red\"}]}",
     ":1: image: File not found"},
    // Of a shot whose picture is not there yet.
    {"{\"shots\": [{\"id\": \"a\", \"image\": \"PICTURE\", \"prompt\": \"x\"},\n"
     "{\"id\": \"b\", \"start\": \"a\", \"prompt\": \"y\",\n\"resolution\": \"7p\"}]}",
     ":3: resolution: "},
};

// "shots.json:2: image" of each error.
std::string places_in(const std::string& output) {
  std::istringstream lines(output);
  std::string places;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("/"))
      places += line.substr(0, line.find(": ", line.find(": ") + 1)) + "\n";
  return places;
}

TEST_F(RenderTest, finds_the_errors_of_a_list_before_it_submits) {
  start_emulator({});
  for (const auto& [text, words] : refused_lists) {
    const auto path = list(text);
    const auto end = render({path});
    EXPECT_EQ(end.exit_code, 2) << end.output;
    EXPECT_NE(end.output.find(words), std::string::npos) << end.output;
    auto in_chinese = environment();
    in_chinese["LC_ALL"] = "zh_CN.UTF-8";
    const auto chinese = Process(command({path}), in_chinese).wait();
    EXPECT_EQ(places_in(chinese.output), places_in(end.output)) << chinese.output;
  }
  EXPECT_EQ(render({file("missing.json")}).exit_code, 2);
  EXPECT_EQ(render({"--jobs", "0", list_of(1)}).exit_code, 2);
  EXPECT_EQ(render({"--shard", "4/3", list_of(1)}).exit_code, 2);
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(RenderTest, goes_on_when_a_shot_fails_and_makes_it_when_run_again) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  emulator().play(R"({"rules": [{"route": "submit", "status": 403}]})");
  const auto shots = list(R"({"defaults": {"image": "PICTURE"}, "shots": [
    {"id": "a", "prompt": "one"}, {"id": "b", "start": "a", "prompt": "two"},
    {"id": "c", "prompt": "three"}]})");
  const auto end = render({"-o", file("out"), "--jobs", "1", shots});
  EXPECT_EQ(end.exit_code, 1) << end.output;
  EXPECT_NE(end.output.find("a: failed: "), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("run again"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("\nfailed: a: "), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("API key"), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("\nskipped: b (starts from a)\n3 shots: 1 made, 0 kept, 1 failed, 1 "
                            "skipped"),
            std::string::npos)
      << end.output;
  EXPECT_TRUE(std::filesystem::exists(file("out/c.mp4")));
  EXPECT_EQ(accepted(), 1u);
  const auto again = render({"-o", file("out"), shots});
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_TRUE(std::filesystem::exists(file("out/b.mp4")));
  EXPECT_EQ(accepted(), 3u);
}

struct Remedied {
  const char* rule;  // of the status route
  const char* remedy;
};

TEST_F(RenderTest, tells_what_the_next_run_does_about_a_failed_task) {
  const Remedied table[] = {
      {R"("task_status": "Failure")", "The next run submits the shot anew, for about 8.56 CNY."},
      {R"("status": 404, "times": 0)", "set another `take`. The next run submits the shot anew"},
  };
  for (const auto& [rule, remedy] : table) {
    start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
    emulator().play(R"({"rules": [{"route": "status", )" + std::string(rule) + "}]}");
    const auto end = render({list_of(1)});
    EXPECT_EQ(end.exit_code, 1);
    EXPECT_NE(end.output.find(remedy), std::string::npos) << end.output;
    EXPECT_EQ(end.output.find("Run again to fetch"), std::string::npos) << end.output;
    EXPECT_EQ(end.output.find("Correct the cause"), std::string::npos) << end.output;
  }
}

class Interrupted : public RenderTest, public ::testing::WithParamInterface<int> {};

TEST_P(Interrupted, run_continues_and_pays_nothing_twice) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  emulator().play(R"({"rules": [{"route": "status", "task_status": "Running", "times": 0}]})");
  const auto shots = list_of(3);
  {
    Process process(command({"-o", file("out"), "--json", shots}), environment());
    // A submit that is killed in flight would rightly be unknown.
    for (const std::string id : {"s0", "s1", "s2"})
      ASSERT_TRUE(process.wait_for_output("\"" + id + "\",\"phase\":\"generate\""));
    process.send_signal(GetParam());
    const auto end = process.wait();
    if (GetParam() != SIGKILL) {
      EXPECT_EQ(end.exit_code, 1) << end.output;
    }
  }
  const auto plan = render({"--dry-run", shots});
  EXPECT_NE(plan.output.find("3 resumable"), std::string::npos) << plan.output;
  emulator().play(R"({"rules": []})");
  const auto again = render({"-o", file("out"), shots});
  EXPECT_EQ(again.exit_code, 0) << again.output;
  EXPECT_EQ(accepted(), 3u);
}

INSTANTIATE_TEST_SUITE_P(By, Interrupted, ::testing::Values(SIGHUP, SIGTERM, SIGKILL),
                         [](const auto& one) {
                           return std::string("signal_") + std::to_string(one.param);
                         });

TEST_F(RenderTest, waits_for_a_submit_until_a_second_interruption) {
  start_emulator({});
  emulator().play(R"({"rules": [{"route": "submit", "delay": 60}]})");
  const auto shots = list_of(1);
  const auto state = [&] { return render({"--dry-run", shots}).output; };
  Process process(command({"--json", shots}), environment());
  ASSERT_TRUE(wait_until([&] { return accepted() == 1; }));
  EXPECT_NE(state().find("resumable"), std::string::npos) << "its response is waited for";
  process.send_signal(SIGINT);
  ASSERT_TRUE(process.wait_for_output("1 of them being submitted"));
  EXPECT_TRUE(process.outlives(std::chrono::seconds(1)));
  process.send_signal(SIGINT);
  EXPECT_EQ(process.wait().signal, SIGINT);
  EXPECT_NE(state().find("unknown"), std::string::npos) << "nobody waits for it any more";
  // Not paid again unasked.
  const auto again = render({shots});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_NE(again.output.find("take"), std::string::npos) << again.output;
  EXPECT_EQ(accepted(), 1u);
}

constexpr const char* lose_a_response = R"({"rules": [{"route": "submit", "answer_lost": true}]})";

TEST_F(RenderTest, adopts_the_task_of_an_unknown_shot) {
  start_emulator({"--generation-time", "0.1"});
  std::string bay, storm;
  const auto shots = [&] {
    return list(R"({"defaults": {"image": "PICTURE", "resolution": "720p"}, "shots": [
      {"id": "bay", "prompt": "waves roll in")" +
                bay + R"(},
      {"id": "storm", "start": "bay", "prompt": "it rains")" +
                storm + "}]}");
  };
  emulator().play(lose_a_response);
  const auto lost = render({shots()});
  EXPECT_EQ(lost.exit_code, 1);
  EXPECT_NE(lost.output.find("`task-id`"), std::string::npos) << lost.output;
  EXPECT_NE(lost.output.find("submitted for about 8.56 CNY"), std::string::npos) << lost.output;
  const auto plan = render({"--dry-run", shots()});
  EXPECT_NE(plan.output.find("bay: if your account has its task, set `task-id`"), std::string::npos)
      << plan.output;

  bay = R"(, "task-id": ")" + emulator().tasks()[0].id + "\"";
  EXPECT_NE(render({"--dry-run", shots()}).output.find("1 resumable"), std::string::npos);
  emulator().play(lose_a_response);
  EXPECT_EQ(render({shots()}).exit_code, 1) << "of storm, which goes on from the adopted clip";
  ASSERT_EQ(accepted(), 2u);
  storm = R"(, "task-id": ")" + emulator().tasks()[1].id + "\"";
  const auto made = render({"-o", file("out"), shots()});
  EXPECT_EQ(made.exit_code, 0) << made.output;
  EXPECT_LT(difference(thumbnails_of(file("out/bay.mp4")).back(),
                       thumbnails_of(file("out/storm.mp4")).front()),
            same_frame);
  bay = storm = "";
  EXPECT_NE(render({"--dry-run", shots()}).output.find("2 kept"), std::string::npos);
  EXPECT_EQ(emulator().submits(), 2u);
  bay = R"(, "task-id": "another")";
  const auto other = render({shots()}).output;
  EXPECT_NE(other.find(": task-id: The shot has the task"), std::string::npos) << other;
}

TEST_F(RenderTest, adopts_the_task_of_a_shot_without_a_picture) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  const std::string begin =
      R"({"shots": [{"id": "a", "model": "happyhorse-1.0-t2v", "prompt": "waves")";
  emulator().play(lose_a_response);
  EXPECT_EQ(render({list(begin + "}]}")}).exit_code, 1);
  ASSERT_EQ(accepted(), 1u);
  const auto shots = list(begin + R"(, "task-id": ")" + emulator().tasks()[0].id + "\"}]}");
  EXPECT_NE(render({"--dry-run", shots}).output.find("1 resumable"), std::string::npos);
  const auto made = render({shots});
  EXPECT_EQ(made.exit_code, 0) << made.output;
  EXPECT_NE(render({"--dry-run", shots}).output.find("1 kept"), std::string::npos);
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(RenderTest, stops_when_nobody_reads_its_output) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  Process process({"bash", "-c", "\"$@\" | head -n 1; exit ${PIPESTATUS[0]}", "bash",
                   from_environment("MODELVERSE_RENDER"), "--json", "--jobs", "1", list_of(9)},
                  environment());
  EXPECT_EQ(process.wait().exit_code, 1);
  EXPECT_LT(accepted(), 9u);
}

TEST_F(RenderTest, refuses_what_it_could_not_write_before_it_submits) {
  start_emulator({});
  const auto shots = list_of(1);
  const std::vector<std::string> table[] = {
      {"-o", shots, shots},
      {"--film", "/proc/self/film.mp4", shots},
      {"-o", file("out"), "--film", file("out/s0.mp4"), shots},
      {"--film", "", shots},
      {"--film", file("film"), shots},
      {"--film", file("film.avi"), shots},
  };
  for (const auto& arguments : table)
    EXPECT_EQ(render(arguments).exit_code, 2) << arguments[1];
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(RenderTest, makes_the_film_when_the_disk_has_room_again) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  const auto shots = list_of(2);
  std::filesystem::create_symlink("/dev/full", file(".film.mp4.part"));
  const auto full = render({"--film", file("film.mp4"), shots});
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_NE(full.output.find("disk full"), std::string::npos) << full.output;
  EXPECT_NE(full.output.find("run again to make the film"), std::string::npos) << full.output;
  EXPECT_FALSE(std::filesystem::exists(file("film.mp4")));
  // It unlinks what it could not finish.
  EXPECT_EQ(render({"--film", file("film.mp4"), shots}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::is_regular_file(file("film.mp4")));
  EXPECT_EQ(accepted(), 2u);
}

TEST_F(RenderTest, takes_relative_paths) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  list_of(2);
  Process process({"bash", "-c", "cd \"$0\" && \"$1\" -o out --film film.mp4 shots.json", file(""),
                   from_environment("MODELVERSE_RENDER")},
                  environment());
  const auto end = process.wait();
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_TRUE(std::filesystem::exists(file("out/s1.mp4")));
  EXPECT_TRUE(std::filesystem::exists(file("film.mp4")));
}

TEST_F(RenderTest, counts_the_same_request_once) {
  start_emulator({"--generation-time", "1", "--clip", ElementTest::clip_path()});
  const auto shots = list(R"({"defaults": {"image": "PICTURE", "prompt": "waves"},
    "shots": [{"id": "a"}, {"id": "b"}]})");
  const auto plan = render({"--dry-run", shots});
  EXPECT_NE(plan.output.find("the same request as a"), std::string::npos) << plan.output;
  EXPECT_NE(plan.output.find("cost: 8.56 CNY"), std::string::npos) << plan.output;
  const auto end = render({shots});
  EXPECT_NE(end.output.find("submitted for about 8.56 CNY"), std::string::npos) << end.output;
  EXPECT_EQ(accepted(), 1u);
}

TEST_F(RenderTest, counts_the_submit_of_a_shot_that_was_set_aside) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  // One has to be repeated, so others are set aside while their responses are on the way.
  emulator().play(R"({"rules": [
      {"route": "submit", "status": 429, "headers": {"Retry-After": "1"}},
      {"route": "submit", "delay": 3, "times": 4}]})");
  const auto end = render({"--jobs", "4", "--json", list_of(4)});
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_NE(end.output.find("\"event\":\"waiting\""), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("submitted for about 34.24 CNY"), std::string::npos) << end.output;
  EXPECT_EQ(accepted(), 4u);
}

TEST_F(RenderTest, plans_to_fetch_a_clip_whose_file_is_gone) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  const auto shots = list_of(1);
  EXPECT_EQ(render({shots}).exit_code, 0);
  for (const auto& file : std::filesystem::recursive_directory_iterator(this->file("cache")))
    if (file.path().filename() == "clip.mp4")
      std::filesystem::remove(file.path());
  EXPECT_NE(render({"--dry-run", shots}).output.find("1 resumable; cost: nothing"),
            std::string::npos);
  EXPECT_EQ(render({shots}).output.find("submitted"), std::string::npos);
  EXPECT_EQ(accepted(), 1u);
}

TEST_F(RenderTest, plans_what_an_unknown_submit_may_cost) {
  start_emulator({});
  const auto plan_of = [&](const std::string& model) {
    emulator().play(R"({"rules": [{"route": "submit", "answer_lost": true},
                                  {"route": "status", "status": 403, "times": 0}]})");
    const auto shots =
        list(R"({"shots": [{"id": "a", "image": "PICTURE", "prompt": "waves", "model": ")" + model +
             R"("}]})");
    EXPECT_EQ(render({shots}).exit_code, 1);
    return render({"--dry-run", shots}).output;
  };
  EXPECT_NE(plan_of("Wan-AI/Wan2.2-I2V").find("1 unknown; cost: nothing"), std::string::npos)
      << "nothing is submitted again";
  EXPECT_NE(plan_of("kling-v3-omni").find("1 unknown; cost: 4.00 CNY"), std::string::npos)
      << "it is submitted again if the service does not know it";
}

TEST_F(RenderTest, submits_less_at_once_while_the_service_asks_to_wait) {
  start_emulator(
      {"--generation-time", "1", "--max-tasks", "2", "--clip", ElementTest::clip_path()});
  const auto end = render({"--jobs", "6", "--json", list_of(6)});
  EXPECT_EQ(end.exit_code, 0) << end.output;
  EXPECT_NE(end.output.find("\"event\":\"limit\""), std::string::npos) << end.output;
  EXPECT_NE(end.output.find("\"event\":\"waiting\""), std::string::npos) << end.output;
  EXPECT_EQ(accepted(), 6u);
  EXPECT_LE(emulator().submits(), 16u);
}

TEST_F(RenderTest, makes_the_shots_of_a_shard) {
  start_emulator({"--generation-time", "0.1", "--clip", ElementTest::clip_path()});
  EXPECT_EQ(render({"--shard", "2/2", "-o", file("out"), list_of(3)}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(file("out/s1.mp4")));
  EXPECT_EQ(accepted(), 1u);
}

}  // namespace
}  // namespace test_support
