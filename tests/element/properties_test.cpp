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
                        {"last-image-path", "gchararray", "NULL"},
                        {"last-image-uri", "gchararray", "NULL"},
                        {"last-image-sample", "GstSample", nullptr},
                        {"reference-images", "GstValueArray", nullptr},
                        {"prompt", "gchararray", "NULL"},
                        {"negative-prompt", "gchararray", "NULL"},
                        {"model", "gchararray", "NULL"},
                        {"resolution", "gchararray", "NULL"},
                        {"aspect-ratio", "gchararray", "NULL"},
                        {"seed", "gint64", "-1"},
                        {"audio", "ModelverseAudio", "auto"},
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
                        {"poll-interval", "guint", "0"},
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

TEST_F(Properties, an_image_uri_is_handed_over_as_it_is) {
  start_emulator({"--generation-time", "0.1"});
  Pipeline pipeline(bare_source("image-uri=https://pictures.example/boat.jpg") + " ! fakesink");
  EXPECT_TRUE(pipeline.run());
  EXPECT_NE(submitted_text(emulator()).find("https://pictures.example/boat.jpg"),
            std::string::npos);
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

}  // namespace
}  // namespace test_support
