// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes a clip from a picture and a prompt: modelversesrc with only the C API of GObject and
// GStreamer.
//
// Usage: animate-c PICTURE "PROMPT" CLIP.mp4
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <locale.h>

typedef struct {
  GMainLoop* loop;
  gboolean has_failed;
} Animation;

static void on_error(GstBus* bus, GstMessage* message, gpointer data) {
  Animation* animation = data;
  g_autoptr(GError) error = NULL;
  const GstStructure* details = NULL;
  const gchar* resume = NULL;

  gst_message_parse_error(message, &error, NULL);
  g_printerr("%s\n", error->message);
  // `resume` is the property to set in order to download the paid clip later.
  gst_message_parse_error_details(message, &details);
  if (details != NULL)
    resume = gst_structure_get_string(details, "resume");
  if (resume != NULL)
    g_printerr("To resume it, set %s\n", resume);
  animation->has_failed = TRUE;
  g_main_loop_quit(animation->loop);
}

static void on_eos(GstBus* bus, GstMessage* message, gpointer data) {
  Animation* animation = data;

  g_main_loop_quit(animation->loop);
}

static void on_progress(GstBus* bus, GstMessage* message, gpointer data) {
  g_autofree gchar* text = NULL;
  gint percent = 0;

  gst_message_parse_progress(message, NULL, NULL, &text);
  gst_structure_get_int(gst_message_get_structure(message), "percent", &percent);
  g_print("%3d %%  %s\n", percent, text);
}

// "modelverse/task" is posted at each change of the task's status.
static void on_element_message(GstBus* bus, GstMessage* message, gpointer data) {
  const GstStructure* task = gst_message_get_structure(message);

  if (gst_structure_has_name(task, "modelverse/task"))
    g_print("task %s: %s\n", gst_structure_get_string(task, "task-id"),
            gst_structure_get_string(task, "status"));
}

static void watch(GstElement* pipeline, Animation* animation) {
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);

  gst_bus_add_signal_watch(bus);
  g_signal_connect(bus, "message::error", G_CALLBACK(on_error), animation);
  g_signal_connect(bus, "message::eos", G_CALLBACK(on_eos), animation);
  g_signal_connect(bus, "message::progress", G_CALLBACK(on_progress), animation);
  g_signal_connect(bus, "message::element", G_CALLBACK(on_element_message), animation);
}

static void unwatch(GstElement* pipeline) {
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);

  gst_bus_remove_signal_watch(bus);
}

static int give_up(const gchar* part) {
  g_remove(part);
  return 1;
}

static int keep(const gchar* part, const gchar* clip, const GstStructure* stats) {
  gboolean cache_hit = FALSE;

  if (g_rename(part, clip) != 0) {
    g_printerr("%s cannot be renamed to %s.\n", part, clip);
    return 1;
  }
  gst_structure_get_boolean(stats, "cache-hit", &cache_hit);
  g_print("%s (%s)\n", clip, cache_hit ? "from the cache" : "new");
  return 0;
}

int main(int argc, char** argv) {
  g_autoptr(GstElement) pipeline = NULL;
  GstElement* source = NULL;
  GstElement* sink = NULL;
  g_autoptr(GstStructure) stats = NULL;
  g_autofree gchar* part = NULL;
  Animation animation = {0};

  setlocale(LC_ALL, "");  // for messages in the user's language
  gst_init(&argc, &argv);
  if (argc != 4) {
    g_printerr("Usage: %s PICTURE \"PROMPT\" CLIP.mp4\n", argv[0]);
    return 2;
  }
  source = gst_element_factory_make("modelversesrc", NULL);
  sink = gst_element_factory_make("filesink", NULL);
  if (source == NULL || sink == NULL) {
    g_printerr("GStreamer does not find modelversesrc: see GST_PLUGIN_PATH.\n");
    return 2;
  }
  g_object_set(source, "image-path", argv[1], "prompt", argv[2], NULL);
  // An earlier clip is kept until the new one is complete.
  part = g_strconcat(argv[3], ".part", NULL);
  g_object_set(sink, "location", part, NULL);
  pipeline = gst_object_ref_sink(gst_pipeline_new(NULL));
  gst_bin_add_many(GST_BIN(pipeline), source, sink, NULL);
  if (!gst_element_link(source, sink))
    return 2;

  animation.loop = g_main_loop_new(NULL, FALSE);
  watch(pipeline, &animation);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  g_main_loop_run(animation.loop);
  g_object_get(source, "stats", &stats, NULL);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  unwatch(pipeline);
  g_main_loop_unref(animation.loop);

  return animation.has_failed ? give_up(part) : keep(part, argv[3], stats);
}
