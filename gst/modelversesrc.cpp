// SPDX-License-Identifier: LGPL-2.1-or-later
// The GObject part of modelversesrc: clipsrc.cpp plus GstURIHandler.
/**
 * SECTION:element-modelversesrc
 * @title: modelversesrc
 *
 * Animates a picture with the ModelVerse service, and streams the MP4. A request is paid for once:
 * a later, equal request, in this process or another, uses the same task or the cached clip.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 modelversesrc image-path=photo.jpg prompt="waves" ! filesink location=clip.mp4
 * ]| Makes a clip and saves it unchanged. The key is in MODELVERSE_API_KEY.
 * |[
 * gst-launch-1.0 playbin3 uri="modelverse:///home/me/photo.jpg?prompt=waves%20roll%20in"
 * ]| Plays it.
 *
 * doc/modelversesrc.md has more.
 *
 * Since: 0.2
 */
#include "modelversesrc.h"

#include "glib/text.h"
#include "guard.h"
#include "uri.h"

struct _ModelverseSrc {
  ModelverseClipSrc parent;
};

static void modelverse_src_uri_handler_init(gpointer iface, gpointer data);

G_DEFINE_TYPE_WITH_CODE(ModelverseSrc, modelverse_src, MODELVERSE_TYPE_CLIP_SRC,
                        G_IMPLEMENT_INTERFACE(GST_TYPE_URI_HANDLER,
                                              modelverse_src_uri_handler_init))
GST_ELEMENT_REGISTER_DEFINE(modelversesrc, "modelversesrc", GST_RANK_PRIMARY, MODELVERSE_TYPE_SRC)

namespace {

GstURIType uri_type(GType) {
  return GST_URI_SRC;
}

const gchar* const* uri_protocols(GType) {
  static const gchar* const protocols[] = {modelverse::uri_protocol, nullptr};
  return protocols;
}

gchar* get_uri(GstURIHandler* handler) {
  return modelverse::guarded(handler, static_cast<gchar*>(nullptr), [&] {
    const auto uri = modelverse::make_uri(modelverse::all_properties(),
                                          modelverse::source_of(handler).settings());
    return uri.empty() ? nullptr : g_strdup(uri.c_str());
  });
}

gboolean set_uri(GstURIHandler* handler, const gchar* uri, GError** error) {
  if (GST_STATE(handler) > GST_STATE_READY) {
    g_set_error_literal(error, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE,
                        _("The URI can be changed in states NULL and READY only."));
    return FALSE;
  }
  return modelverse::guarded(handler, false,
                             [&] { return modelverse::source_of(handler).set_uri(uri, error); });
}

}  // namespace

static void modelverse_src_uri_handler_init(gpointer iface, gpointer) {
  auto* handler = static_cast<GstURIHandlerInterface*>(iface);
  handler->get_type = uri_type;
  handler->get_protocols = uri_protocols;
  handler->get_uri = get_uri;
  handler->set_uri = set_uri;
}

static void modelverse_src_class_init(ModelverseSrcClass* klass) {
  modelverse::install_element_properties(G_OBJECT_CLASS(klass), modelverse::Role::source);
  // Not translated: the registry would keep it in the language of whoever writes it.
  gst_element_class_set_static_metadata(
      GST_ELEMENT_CLASS(klass), "ModelVerse source", "Source/Network",
      "Animates a picture with the ModelVerse service and streams the MP4",
      "The gst-modelverse authors");
  modelverse::add_documentation(klass, "modelversesrc");
}

static void modelverse_src_init(ModelverseSrc* self) {
  self->parent.source = new modelverse::Source(GST_BASE_SRC(self));
}
