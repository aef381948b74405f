// SPDX-License-Identifier: LGPL-2.1-or-later
// Pollable (always readable), with a synchronous close: otherwise GIO reads and closes the stream
// on other threads.
#include "http/soup_upload.h"

#include <utility>

namespace {

struct Upload {
  std::shared_ptr<const modelverse::ByteSource> body;
  std::uint64_t offset = 0;
};

struct ModelverseUploadStream {
  GInputStream parent;
  Upload* upload;
};

struct ModelverseUploadStreamClass {
  GInputStreamClass parent;
};

void modelverse_upload_stream_pollable_init(GPollableInputStreamInterface* pollable);

G_DEFINE_FINAL_TYPE_WITH_CODE(ModelverseUploadStream, modelverse_upload_stream, G_TYPE_INPUT_STREAM,
                              G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM,
                                                    modelverse_upload_stream_pollable_init))

Upload& upload_of(gpointer stream) {
  return *static_cast<ModelverseUploadStream*>(stream)->upload;
}

void modelverse_upload_stream_init(ModelverseUploadStream* stream) {
  stream->upload = new Upload;
}

void upload_stream_finalize(GObject* object) {
  delete &upload_of(object);
  G_OBJECT_CLASS(modelverse_upload_stream_parent_class)->finalize(object);
}

gssize upload_stream_read(GInputStream* stream, void* buffer, gsize count, GCancellable*,
                          GError**) {
  Upload& upload = upload_of(stream);
  const std::size_t size =
      upload.body->read(upload.offset, std::span(static_cast<std::byte*>(buffer), count));
  upload.offset += size;
  return static_cast<gssize>(size);
}

void upload_stream_close_async(GInputStream* stream, int, GCancellable* cancellable,
                               GAsyncReadyCallback callback, gpointer data) {
  GTask* task = g_task_new(stream, cancellable, callback, data);
  g_task_return_boolean(task, TRUE);
  g_object_unref(task);
}

gboolean upload_stream_close_finish(GInputStream*, GAsyncResult* result, GError** error) {
  return g_task_propagate_boolean(G_TASK(result), error);
}

void modelverse_upload_stream_class_init(ModelverseUploadStreamClass* klass) {
  G_OBJECT_CLASS(klass)->finalize = upload_stream_finalize;
  GInputStreamClass* stream_class = G_INPUT_STREAM_CLASS(klass);
  stream_class->read_fn = upload_stream_read;
  stream_class->close_async = upload_stream_close_async;
  stream_class->close_finish = upload_stream_close_finish;
}

gboolean upload_stream_is_readable(GPollableInputStream*) {
  return TRUE;
}

GSource* upload_stream_create_source(GPollableInputStream* stream, GCancellable* cancellable) {
  GSource* always = g_timeout_source_new(0);
  GSource* source = g_pollable_source_new_full(stream, always, cancellable);
  g_source_unref(always);
  return source;
}

void modelverse_upload_stream_pollable_init(GPollableInputStreamInterface* pollable) {
  pollable->is_readable = upload_stream_is_readable;
  pollable->create_source = upload_stream_create_source;
}

}  // namespace

namespace modelverse::http {

ObjectPtr<GInputStream> make_upload_stream(std::shared_ptr<const ByteSource> body) {
  auto stream = ObjectPtr<GInputStream>::adopt(
      G_INPUT_STREAM(g_object_new(modelverse_upload_stream_get_type(), nullptr)));
  upload_of(stream.get()).body = std::move(body);
  return stream;
}

}  // namespace modelverse::http
