// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells ThreadSanitizer what GLib's locks order. Loaded before everything else, in its build only.
//
// Debian's GLib is not instrumented and its GMutex is a futex with inline atomics: the sanitizer
// sees neither and would report every value that such a lock protects. Here each call from outside
// GLib goes through and leaves the edge that it stands for; our code is then judged by the real
// order, with no suppression over it. Without the sanitizer's functions it does nothing.
#include <dlfcn.h>
#include <gst/gst.h>
#include <poll.h>

extern "C" {
// The sanitizer's run-time; absent in the helpers that a test starts (gst-plugin-scanner).
__attribute__((weak)) void __tsan_acquire(void* address);
__attribute__((weak)) void __tsan_release(void* address);
}

namespace {

void acquire(const void* address) {
  if (__tsan_acquire && address)
    __tsan_acquire(const_cast<void*>(address));
}

void release(const void* address) {
  if (__tsan_release && address)
    __tsan_release(const_cast<void*>(address));
}

// Stands for all main contexts: what came before attaching a source comes before its dispatch.
char main_contexts;

}  // namespace

// What our function of the same name stands in front of.
#define REAL(name) \
  static const auto real = reinterpret_cast<decltype(&(name))>(dlsym(RTLD_NEXT, #name))

// lock(x): what the last unlock(x) left is known.
#define LOCKS(name, Type) \
  void name(Type* lock) { \
    REAL(name);           \
    real(lock);           \
    acquire(lock);        \
  }
#define TRIES(name, Type)             \
  gboolean name(Type* lock) {         \
    REAL(name);                       \
    const gboolean done = real(lock); \
    if (done)                         \
      acquire(lock);                  \
    return done;                      \
  }
#define UNLOCKS(name, Type) \
  void name(Type* lock) {   \
    REAL(name);             \
    release(lock);          \
    real(lock);             \
  }

extern "C" {

LOCKS(g_mutex_lock, GMutex)
TRIES(g_mutex_trylock, GMutex)
UNLOCKS(g_mutex_unlock, GMutex)
LOCKS(g_rec_mutex_lock, GRecMutex)
TRIES(g_rec_mutex_trylock, GRecMutex)
UNLOCKS(g_rec_mutex_unlock, GRecMutex)
LOCKS(g_rw_lock_writer_lock, GRWLock)
TRIES(g_rw_lock_writer_trylock, GRWLock)
UNLOCKS(g_rw_lock_writer_unlock, GRWLock)
LOCKS(g_rw_lock_reader_lock, GRWLock)
TRIES(g_rw_lock_reader_trylock, GRWLock)
UNLOCKS(g_rw_lock_reader_unlock, GRWLock)

// Waiting gives the mutex away and takes it back.
void g_cond_wait(GCond* cond, GMutex* mutex) {
  REAL(g_cond_wait);
  release(mutex);
  real(cond, mutex);
  acquire(mutex);
}

gboolean g_cond_wait_until(GCond* cond, GMutex* mutex, gint64 end_time) {
  REAL(g_cond_wait_until);
  release(mutex);
  const gboolean done = real(cond, mutex, end_time);
  acquire(mutex);
  return done;
}

// g_once_init_enter() is inlined: its atomic read of the location finds this edge.
void(g_once_init_leave)(volatile void* location, gsize result) {
  REAL(g_once_init_leave);
  release(const_cast<const void*>(location));
  real(location, result);
}

void g_async_queue_push(GAsyncQueue* queue, gpointer data) {
  REAL(g_async_queue_push);
  release(queue);
  real(queue, data);
}

gpointer g_async_queue_pop(GAsyncQueue* queue) {
  REAL(g_async_queue_pop);
  gpointer data = real(queue);
  acquire(queue);
  return data;
}

gpointer g_async_queue_try_pop(GAsyncQueue* queue) {
  REAL(g_async_queue_try_pop);
  gpointer data = real(queue);
  acquire(queue);
  return data;
}

gpointer g_async_queue_timeout_pop(GAsyncQueue* queue, guint64 timeout) {
  REAL(g_async_queue_timeout_pop);
  gpointer data = real(queue, timeout);
  acquire(queue);
  return data;
}

// Whoever frees an object knows what every former holder did to it.
void g_object_unref(gpointer object) {
  REAL(g_object_unref);
  release(object);
  acquire(object);
  real(object);
}

void gst_mini_object_unref(GstMiniObject* object) {
  REAL(gst_mini_object_unref);
  release(object);
  acquire(object);
  real(object);
}

gboolean gst_element_post_message(GstElement* element, GstMessage* message) {
  REAL(gst_element_post_message);
  release(message);
  return real(element, message);
}

GstMessage* gst_bus_timed_pop_filtered(GstBus* bus, GstClockTime timeout, GstMessageType types) {
  REAL(gst_bus_timed_pop_filtered);
  GstMessage* message = real(bus, timeout, types);
  acquire(message);
  return message;
}

guint g_source_attach(GSource* source, GMainContext* context) {
  REAL(g_source_attach);
  release(&main_contexts);
  return real(source, context);
}

// Every turn of a main context polls before it dispatches.
int poll(struct pollfd* fds, nfds_t count, int timeout) {
  REAL(poll);
  const int ready = real(fds, count, timeout);
  acquire(&main_contexts);
  return ready;
}

}  // extern "C"
