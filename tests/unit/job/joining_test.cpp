// SPDX-License-Identifier: LGPL-2.1-or-later
// Which elements share a job, and what the others come to.
#include <gio/gio.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "bench.h"
#include "job/registry.h"
#include "store/cache.h"

namespace modelverse::job::test {
namespace {

void wait_for_no_jobs() {
  while (running_jobs() > 0)
    std::this_thread::yield();
}

// A job that is held in its POST until the scope ends, and how it ends: refused.
struct Held {
  explicit Held(Bench& bench) : bench_(bench) {
    auto scene = answer(400);
    scene.meanwhile = [this] {
      is_posting_.set_value();
      go_on_.get_future().wait();
    };
    bench.script->add(scene);
    bench.script->otherwise(answer(400));
    job_state = join_job(bench.plan, bench.environment())->job_state;
    is_posting_.get_future().wait();
  }
  ~Held() {
    go_on_.set_value();
    job_state->leave();
    wait_for_no_jobs();
  }
  // Is the job of the other plan this one?
  bool is_joined_by(const Plan& other) {
    const auto joined = join_job(other, bench_.environment())->job_state;
    joined->leave();
    return joined == job_state;
  }

  std::shared_ptr<JobState> job_state;

 private:
  Bench& bench_;
  std::promise<void> is_posting_, go_on_;
};

struct Difference {
  const char* name;
  std::function<void(Plan&)> make;
};

class Joining : public Bench, public testing::WithParamInterface<Difference> {};

class JoiningNot : public Joining {};

TEST_P(Joining, is_done_where_the_job_is_the_same_all_the_same) {
  Held held(*this);
  auto other = plan;
  GetParam().make(other);
  other.api_key = find_api_key(other.settings);
  EXPECT_TRUE(held.is_joined_by(other));
}

TEST_P(JoiningNot, is_done_where_a_job_of_its_own_would_do_something_else) {
  Held held(*this);
  auto other = plan;
  GetParam().make(other);
  other.api_key = find_api_key(other.settings);
  EXPECT_FALSE(held.is_joined_by(other));
  EXPECT_TRUE(held.is_joined_by(plan));
}

template <auto member, typename T>
Difference with(const char* name, T value) {
  return {name, [value](Plan& plan) { plan.settings.*member = value; }};
}

const Difference harmless[] = {
    with<&Settings::cache_mode>("cache_mode_off", CacheMode::off),
    with<&Settings::cache_max_size>("cache_max_size", std::uint64_t{1}),
    {"a_slash_behind_cache_dir", [](Plan& plan) { plan.cache_dir += "/"; }},
    {"a_link_to_cache_dir",
     [](Plan& plan) {
       const auto link = plan.cache_dir + "-link";
       std::filesystem::create_directory_symlink(plan.cache_dir, link);
       plan.cache_dir = link;
     }},
    {"the_same_key_from_a_file",
     [](Plan& plan) {
       const auto path = plan.cache_dir + "-key";
       std::ofstream(path) << "the-key\n";
       plan.settings.api_key.clear();
       plan.settings.api_key_file = path;
     }},
};
INSTANTIATE_TEST_SUITE_P(Same, Joining, testing::ValuesIn(harmless),
                         [](const auto& row) { return std::string(row.param.name); });

const Difference decisive[] = {
    {"cache_dir", [](Plan& plan) { plan.cache_dir += "-b"; }},
    with<&Settings::url_index>("url_index", 1u),
    with<&Settings::api_key>("api_key", "another-key"),
    with<&Settings::api_key>("no_api_key", ""),
    with<&Settings::auth_scheme>("auth_scheme", AuthScheme::bearer),
    with<&Settings::cache_mode>("refresh", CacheMode::refresh),
    with<&Settings::resubmit>("resubmit", true),
    with<&Settings::proxy>("proxy", "http://proxy.example"),
    {"tls_database",
     [](Plan& plan) {
       auto* backend = g_tls_backend_get_default();
       plan.settings.tls_database.reset(g_tls_backend_get_default_database(backend),
                                        g_object_unref);
     }},
    with<&Settings::allow_http>("allow_http", true),
    with<&Settings::poll_interval>("poll_interval", 7u),
    with<&Settings::task_timeout>("task_timeout", 7u),
    with<&Settings::submit_timeout>("submit_timeout", 7u),
    with<&Settings::timeout>("timeout", 7u),
    with<&Settings::retries>("retries", 7),
    with<&Settings::retry_backoff_factor>("retry_backoff_factor", 7.0),
    with<&Settings::retry_backoff_max>("retry_backoff_max", 7.0),
    with<&Settings::max_cost>("max_cost", 7.0),
    with<&Settings::daily_budget>("daily_budget", 7.0),
};
INSTANTIATE_TEST_SUITE_P(Other, JoiningNot, testing::ValuesIn(decisive),
                         [](const auto& row) { return std::string(row.param.name); });

// Two elements that start together and may not share a job.
struct Apart : Bench {
  Apart() { settings().task_timeout = 0; }

  // The service makes a clip for all keys but this one.
  void serve_all_but(const std::string& key) {
    script->otherwise([this, key](const http::HttpRequest& request) {
      if (header_of(request, "Authorization").ends_with(key))
        return answer(401);
      if (request.method == http::Method::post)
        return accepted();
      return request.url == link ? whole(clip) : success({link});
    });
  }
  std::size_t requests_with(const std::string& key) const {
    const auto all = script->requests();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& request) {
      return header_of(request, "Authorization").ends_with(key);
    }));
  }
  // Holds the next exchange of whoever comes first.
  void hold(Scene scene) {
    scene.meanwhile = [this] {
      is_held.set_value();
      go_on.get_future().wait();
    };
    script->add(scene);
  }
  Plan with_key(const std::string& key) const {
    auto other = plan;
    other.api_key = ApiKey{.value = key, .warning = {}};
    return other;
  }

  std::promise<void> is_held, go_on;
  const std::string clip = mp4(3000);
};

TEST_F(Apart, a_good_key_succeeds_where_a_bad_one_came_first) {
  serve_all_but("bad-key");
  hold(answer(401));
  const auto bad = join_job(with_key("bad-key"), environment())->job_state;
  is_held.get_future().wait();
  const auto good = join_job(with_key("good-key"), environment())->job_state;
  go_on.set_value();
  ASSERT_TRUE(ended(*bad) && ended(*good));
  EXPECT_EQ(bad->lock()->error->code, ErrorCode::not_authorized);
  EXPECT_FALSE(good->lock()->error) << good->lock()->error->text;
  EXPECT_EQ(clip_on_disk(), clip);
  EXPECT_EQ(requests_with("bad-key"), 2u) << "both schemes";
  bad->leave();
  good->leave();
}

TEST_F(Apart, a_clip_that_another_key_pays_for_is_paid_for_once) {
  serve_all_but("bad-key");
  hold(accepted());
  const auto first = join_job(with_key("first-key"), environment())->job_state;
  is_held.get_future().wait();
  const auto second = join_job(with_key("second-key"), environment())->job_state;
  go_on.set_value();
  ASSERT_TRUE(ended(*first) && ended(*second));
  EXPECT_TRUE(second->lock()->is_complete);
  EXPECT_TRUE(second->lock()->stats.cache_hit);
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(requests_with("second-key"), 0u);
  wait_for_no_jobs();
  const auto third = join_job(with_key("third-key"), environment());
  EXPECT_EQ(third->job_state, first) << "a job that has ended is a clip and no more";
  EXPECT_TRUE(third->is_complete);
  third->job_state->leave();
  first->leave();
  second->leave();
}

// Each gets the error that names its own file, in whatever language.
TEST_F(Apart, elements_without_a_key_share_a_job_where_they_looked_for_it_in_one_place) {
  settings().api_key.clear();
  const auto without_key = [this](const std::string& file) {
    auto other = plan;
    other.settings.api_key_file = file;
    other.api_key = find_api_key(other.settings);
    EXPECT_FALSE(other.api_key.ok());
    return other;
  };
  const auto entry = store::Cache(plan.cache_dir).entry(plan.key);
  ASSERT_TRUE(*entry->try_lock()) << "the jobs wait for it";
  const auto first = join_job(without_key("/none/a"), environment())->job_state;
  auto translated = without_key("/none/a");
  translated.api_key.error().text = "Kein Schluessel";
  const auto same = join_job(translated, environment())->job_state;
  const auto other = join_job(without_key("/none/b"), environment())->job_state;
  EXPECT_EQ(same, first);
  EXPECT_NE(other, first);
  for (const auto& job_state : {first, same, other})
    job_state->leave();
  wait_for_no_jobs();
}

TEST_F(Apart, a_shorter_task_timeout_ends_on_time_while_the_job_goes_on) {
  serve_all_but("bad-key");
  hold(accepted());
  const auto first = join_job(plan, environment())->job_state;
  is_held.get_future().wait();
  auto hasty = plan;
  hasty.settings.task_timeout = 5;
  const auto begun = clock->now();
  const auto second = join_job(hasty, environment())->job_state;
  ASSERT_TRUE(ended(*second));
  EXPECT_EQ(second->lock()->error->code, ErrorCode::read);
  EXPECT_NE(second->lock()->error->text.find("task-timeout"), std::string::npos);
  EXPECT_LT(clock->now() - begun, std::chrono::seconds(6));
  go_on.set_value();
  ASSERT_TRUE(ended(*first));
  EXPECT_TRUE(first->lock()->is_complete);
  EXPECT_EQ(script->posts(), 1u);
  first->leave();
  second->leave();
}

TEST_F(Apart, a_refresh_makes_a_clip_while_another_element_opens_the_old_one) {
  complete_with(mp4(2000));
  serve_all_but("bad-key");
  // Held where it looks at the time, before it has the lock.
  class HeldClock final : public Clock {
   public:
    explicit HeldClock(Apart& test) : test_(test) {}
    TimePoint now() const override {
      std::call_once(once_, [&] {
        test_.is_held.set_value();
        test_.go_on.get_future().wait();
      });
      return {};
    }
    std::int64_t unix_time() const override { return FakeClock::start; }
    bool sleep_until(TimePoint, std::stop_token stop) override { return !stop.stop_requested(); }

   private:
    Apart& test_;
    mutable std::once_flag once_;
  };
  auto slow = environment();
  slow.clock = std::make_shared<HeldClock>(*this);
  const auto reuse = join_job(plan, slow)->job_state;
  is_held.get_future().wait();
  auto fresh = plan;
  fresh.settings.cache_mode = CacheMode::refresh;
  const auto refresh = join_job(fresh, environment())->job_state;
  go_on.set_value();
  ASSERT_TRUE(ended(*reuse) && ended(*refresh));
  EXPECT_FALSE(refresh->lock()->error);
  EXPECT_FALSE(refresh->lock()->stats.cache_hit);
  EXPECT_EQ(script->posts(), 1u);
  EXPECT_EQ(clip_on_disk(), clip);
  reuse->leave();
  refresh->leave();
}

}  // namespace
}  // namespace modelverse::job::test
