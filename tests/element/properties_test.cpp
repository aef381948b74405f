// SPDX-License-Identifier: LGPL-2.1-or-later
// Each property is there as documented and has its effect on the wire.
#include <fstream>
#include <set>

#include "element_test.h"

namespace test_support {
namespace {

struct Row {
  const char* name;
  const char* type;
  const char* initial;  // null: none to check
};
constexpr Row rows[] = {{"image-path", "gchararray", "NULL"},
                        {"image-uri", "gchararray", "NULL"},
                        {"image-sample", "GstSample", nullptr},
                        {"prompt", "gchararray", "NULL"},
                        {"model", "gchararray", "openai/sora-2/image-to-video-pro"},
                        {"resolution", "gchararray", "NULL"},
                        {"duration", "gint", "0"},
                        {"image-fit", "ModelverseImageFit", "crop"},
                        {"image-encoding", "ModelverseImageEncoding", "auto"},
                        {"extra-input", "GstStructure", nullptr},
                        {"extra-parameters", "GstStructure", nullptr},
                        {"take", "guint", "0"},
                        {"base-url", "gchararray", "NULL"},
                        {"api-key", "gchararray", nullptr},
                        {"api-key-file", "gchararray", "NULL"},
                        {"auth-scheme", "ModelverseAuthScheme", "auto"},
                        {"proxy", "gchararray", "NULL"},
                        {"tls-database", "GTlsDatabase", nullptr},
                        {"allow-http", "gboolean", "false"},
                        {"task-id", "gchararray", "NULL"},
                        {"task-status", "ModelverseTaskStatus", "none"},
                        {"stats", "GstStructure", nullptr},
                        {"cache-mode", "ModelverseCacheMode", "reuse"},
                        {"cache-dir", "gchararray", "NULL"},
                        {"cache-max-size", "guint64", "8589934592"},
                        {"resubmit", "gboolean", "false"},
                        {"url-index", "guint", "0"},
                        {"poll-interval", "guint", "5000"},
                        {"task-timeout", "guint", "3600"},
                        {"submit-timeout", "guint", "300"},
                        {"timeout", "guint", "30"},
                        {"retries", "gint", "10"},
                        {"retry-backoff-factor", "gdouble", "0.5"},
                        {"retry-backoff-max", "gdouble", "60"}};

class Properties : public ElementTest {
 protected:
  // The body of the only submit, as compact JSON for searching.
  std::string submitted(const std::string& more) {
    start_emulator({"--generation-time", "0.1", "--any-model"});
    Pipeline pipeline(source(more) + " ! fakesink");
    EXPECT_TRUE(pipeline.run());
    return submitted_text(emulator());
  }
};

TEST_F(Properties, have_the_documented_types_and_defaults) {
  Pipeline pipeline("modelversesrc name=src");
  auto* klass = G_OBJECT_GET_CLASS(pipeline.source());
  for (const auto& row : rows) {
    auto* spec = g_object_class_find_property(klass, row.name);
    ASSERT_NE(spec, nullptr) << row.name;
    EXPECT_STREQ(g_type_name(spec->value_type), row.type) << row.name;
    EXPECT_GT(std::string(g_param_spec_get_blurb(spec)).size(), 10u) << row.name;
    if (!row.initial)
      continue;
    GValue value = G_VALUE_INIT;
    g_value_init(&value, spec->value_type);
    g_object_get_property(G_OBJECT(pipeline.source()), row.name, &value);
    gchar* text = gst_value_serialize(&value);
    EXPECT_STREQ(text ? text : "NULL", row.initial) << row.name;
    g_free(text);
    g_value_unset(&value);
  }
}

TEST_F(Properties, are_changeable_up_to_ready_only) {
  Pipeline pipeline("modelversesrc name=src");
  guint count = 0;
  auto** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(pipeline.source()), &count);
  for (guint i = 0; i < count; ++i) {
    if (specs[i]->owner_type == G_OBJECT_TYPE(pipeline.source()) &&
        (specs[i]->flags & G_PARAM_WRITABLE)) {
      EXPECT_TRUE(specs[i]->flags & GST_PARAM_MUTABLE_READY) << specs[i]->name;
    }
  }
  g_free(specs);
}

TEST_F(Properties, the_key_can_be_written_and_never_read) {
  Pipeline pipeline("modelversesrc name=src");
  auto* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(pipeline.source()), "api-key");
  EXPECT_TRUE(spec->flags & G_PARAM_WRITABLE);
  EXPECT_FALSE(spec->flags & G_PARAM_READABLE);
}

TEST_F(Properties, prompt_resolution_and_duration_are_sent) {
  const auto body = submitted("");
  EXPECT_NE(body.find("\"resolution\":\"720p\""), std::string::npos) << body;
  EXPECT_NE(body.find("\"duration\":4"), std::string::npos) << body;
  EXPECT_EQ(body.find("\"prompt\""), std::string::npos) << body;
  Pipeline pipeline(source("prompt=\"a wave\" resolution=1080p duration=12") + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  const auto second = submitted_text(emulator());
  EXPECT_NE(second.find("\"prompt\":\"a wave\""), std::string::npos) << second;
  EXPECT_NE(second.find("\"resolution\":\"1080p\""), std::string::npos) << second;
  EXPECT_NE(second.find("\"duration\":12"), std::string::npos) << second;
}

TEST_F(Properties, extras_win_over_the_elements_own_values) {
  start_emulator({"--generation-time", "0.1", "--any-model"});
  Pipeline pipeline(source("model=some/other prompt=mine resolution=720p "
                           "extra-input=\"x,prompt=theirs,style=(structure)[s,mood=(string)calm]\" "
                           "extra-parameters=\"x,seed=(int)7,sound=(boolean)true\"") +
                    " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  const auto body = submitted_text(emulator());
  EXPECT_NE(body.find("\"prompt\":\"theirs\""), std::string::npos) << body;
  EXPECT_NE(body.find("\"mood\":\"calm\""), std::string::npos) << body;
  EXPECT_NE(body.find("\"seed\":7"), std::string::npos) << body;
  EXPECT_NE(body.find("\"sound\":true"), std::string::npos) << body;
  EXPECT_NE(body.find("\"model\":\"some/other\""), std::string::npos) << body;
}

TEST_F(Properties, a_value_that_the_model_does_not_have_is_refused_before_any_network) {
  start_emulator();
  for (const std::string wrong : {"duration=5", "resolution=4k"}) {
    Pipeline pipeline(source(wrong) + " ! fakesink");
    EXPECT_EQ(pipeline.set_state(GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE) << wrong;
    pipeline.drain();
    ASSERT_TRUE(pipeline.error());
    EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_SETTINGS);
  }
  EXPECT_TRUE(emulator().requests().empty());
}

TEST_F(Properties, an_image_uri_is_handed_over_as_it_is) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(bare_source("image-uri=https://pictures.example/boat.jpg") + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  EXPECT_NE(submitted_text(emulator()).find("https://pictures.example/boat.jpg"),
            std::string::npos);
}

TEST_F(Properties, another_take_is_another_clip) {
  start_emulator({"--generation-time", "0.1"});
  for (const std::string take : {"take=0", "take=1", "take=1"}) {
    Pipeline pipeline(source(take) + " ! fakesink");
    EXPECT_TRUE(pipeline.run());
  }
  EXPECT_EQ(emulator().submits(), 2u);
}

TEST_F(Properties, cache_mode_refresh_makes_a_new_clip) {
  start_emulator({"--generation-time", "0.1"});
  for (int i = 0; i < 2; ++i) {
    Pipeline pipeline(source("cache-mode=refresh") + " ! fakesink");
    EXPECT_TRUE(pipeline.run());
  }
  EXPECT_EQ(emulator().submits(), 2u);
}

TEST_F(Properties, cache_mode_off_keeps_nothing_once_the_clip_was_delivered) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(source("cache-mode=off") + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  Pipeline again(source() + " ! fakesink");
  EXPECT_TRUE(again.run());
  EXPECT_EQ(emulator().submits(), 2u);
}

TEST_F(Properties, a_task_id_alone_fetches_that_tasks_clip) {
  start_emulator({"--generation-time", "0.1"});
  gchar* task_id = nullptr;
  {
    Pipeline pipeline(source("cache-mode=off") + " ! fakesink");
    ASSERT_TRUE(pipeline.run());
    g_object_get(pipeline.source(), "task-id", &task_id, nullptr);
  }
  const auto path = cache_dir() + "/adopted.mp4";
  Pipeline pipeline(bare_source(std::string("task-id=") + task_id) +
                    " ! filesink location=" + path);
  EXPECT_TRUE(pipeline.run());
  pipeline.set_state(GST_STATE_NULL);
  g_free(task_id);
  EXPECT_EQ(file_content(path), file_content(clip_path()));
  EXPECT_EQ(emulator().submits(), 1u);
}

TEST_F(Properties, the_key_comes_from_the_property_the_environment_or_a_file) {
  start_emulator({"--generation-time", "0.1", "--api-key", "the-one"});
  g_unsetenv("MODELVERSE_API_KEY");
  {
    Pipeline pipeline(source() + " ! fakesink");
    EXPECT_FALSE(pipeline.run());
    ASSERT_TRUE(pipeline.error());
    EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
    EXPECT_NE(pipeline.error()->text.find("MODELVERSE_API_KEY"), std::string::npos);
  }
  const auto file = cache_dir() + "/key";
  std::ofstream(file) << "the-one\nanything else\n";
  {
    Pipeline pipeline(source("take=1 api-key-file=" + file) + " ! fakesink");
    EXPECT_TRUE(pipeline.run());
    ASSERT_EQ(pipeline.warnings().size(), 1u) << "a file that others can read";
  }
  {
    Pipeline pipeline(source("take=2 api-key=the-one") + " ! fakesink");
    EXPECT_TRUE(pipeline.run());
  }
  g_setenv("MODELVERSE_API_KEY", "the-one", TRUE);
  Pipeline pipeline(source("take=3") + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
}

TEST_F(Properties, auth_scheme_auto_tries_bearer_once_after_a_401) {
  start_emulator({"--generation-time", "0.1", "--auth", "bearer"});
  Pipeline pipeline(source() + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  EXPECT_EQ(emulator().submits(), 2u) << "the first was refused";
  EXPECT_EQ(emulator().tasks().size(), 1u);
  for (const auto& poll : emulator().requests("status"))
    EXPECT_EQ(poll.status, 200) << "the winner is remembered";
}

TEST_F(Properties, auth_scheme_raw_does_not_try_another) {
  start_emulator({"--generation-time", "0.1", "--auth", "bearer"});
  Pipeline pipeline(source("auth-scheme=raw") + " ! fakesink");
  EXPECT_FALSE(pipeline.run());
  EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
}

TEST_F(Properties, plain_http_to_another_host_is_refused) {
  Pipeline pipeline(bare_source("image-path=" + picture() + " base-url=http://api.example") +
                    " ! fakesink");
  EXPECT_EQ(pipeline.set_state(GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE);
  pipeline.drain();
  EXPECT_NE(pipeline.error()->text.find("allow-http"), std::string::npos);
}

TEST_F(Properties, base_url_of_a_uri_takes_the_key_nowhere_else_unless_it_is_set_too) {
  Pipeline pipeline(bare_source("") + " ! fakesink");
  auto* source = pipeline.element("src");
  ASSERT_TRUE(gst_uri_handler_set_uri(GST_URI_HANDLER(source),
                                      "modelverse:?task-id=t&base-url=https%3A%2F%2Fnowhere.test",
                                      nullptr));
  EXPECT_EQ(pipeline.set_state(GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE);
  pipeline.drain();
  ASSERT_TRUE(pipeline.error());
  EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_NE(pipeline.error()->text.find("another service"), std::string::npos);
  pipeline.set_state(GST_STATE_NULL);
  g_object_set(source, "base-url", "https://nowhere.test", nullptr);
  EXPECT_NE(pipeline.set_state(GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
}

TEST_F(Properties, task_timeout_ends_the_wait_and_says_how_to_go_on) {
  start_emulator({"--generation-time", "1000"});
  Pipeline pipeline(source("task-timeout=1") + " ! fakesink");
  EXPECT_FALSE(pipeline.run());
  ASSERT_TRUE(pipeline.error());
  EXPECT_EQ(pipeline.error()->domain, GST_RESOURCE_ERROR);
  EXPECT_EQ(pipeline.error()->code, GST_RESOURCE_ERROR_READ);
  EXPECT_EQ(pipeline.error()->resume, "task-id=" + pipeline.error()->task_id);
}

TEST_F(Properties, retries_bounds_the_polls_that_fail) {
  start_emulator({"--generation-time", "0.1"});
  emulator().play(R"({"rules":[{"route":"status","times":0,"status":503}]})");
  Pipeline pipeline(source("retries=2 retry-backoff-factor=0.01") + " ! fakesink");
  EXPECT_FALSE(pipeline.run());
  EXPECT_EQ(emulator().polls(), 3u);
}

TEST_F(Properties, url_index_chooses_and_one_too_large_is_an_error) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(source("url-index=1") + " ! fakesink");
  EXPECT_FALSE(pipeline.run());
  EXPECT_NE(pipeline.error()->text.find("url-index"), std::string::npos);
}

TEST_F(Properties, a_proxy_that_is_not_there_is_said) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(source("proxy=http://127.0.0.1:9 retries=0") + " ! fakesink");
  EXPECT_FALSE(pipeline.run());
  EXPECT_EQ(emulator().submits(), 0u);
}

}  // namespace
}  // namespace test_support
