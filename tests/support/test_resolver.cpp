// SPDX-License-Identifier: LGPL-2.1-or-later
// A GResolver whose one interesting part is what it does not answer.
#include "support/test_resolver.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace test_support {
namespace {

std::mutex mutex;
std::condition_variable changed;
int questions = 0;
std::vector<ObjectPtr<GTask>> unanswered;
ResolverAnswer given = ResolverAnswer::not_found;

struct TestResolver {
  GResolver parent;
};
struct TestResolverClass {
  GResolverClass parent;
};

G_DEFINE_TYPE(TestResolver, test_resolver, G_TYPE_RESOLVER)

gboolean on_cancelled(GCancellable*, gpointer task) {
  g_task_return_error_if_cancelled(G_TASK(task));
  return G_SOURCE_REMOVE;
}

void be_silent(GTask* task, GCancellable* cancellable) {
  GSource* source = g_cancellable_source_new(cancellable);
  g_source_set_callback(source, G_SOURCE_FUNC(on_cancelled), g_object_ref(task), g_object_unref);
  g_source_attach(source, g_main_context_get_thread_default());
  g_source_unref(source);
}

void free_addresses(gpointer addresses) {
  g_resolver_free_addresses(static_cast<GList*>(addresses));
}

void lookup(GResolver* resolver, const gchar* name, GResolverNameLookupFlags,
            GCancellable* cancellable, GAsyncReadyCallback callback, gpointer data) {
  const auto task = ObjectPtr<GTask>::adopt(g_task_new(resolver, cancellable, callback, data));
  if (given == ResolverAnswer::silence)
    be_silent(task.get(), cancellable);
  else if (given == ResolverAnswer::deaf)
    unanswered.push_back(task);
  else if (given == ResolverAnswer::loopback)
    g_task_return_pointer(
        task.get(), g_list_prepend(nullptr, g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4)),
        free_addresses);
  else
    g_task_return_new_error(task.get(), G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
                            "Error resolving “%s”: Name or service not known", name);
  const std::lock_guard lock(mutex);
  ++questions;
  changed.notify_all();
}

void lookup_plain(GResolver* resolver, const gchar* name, GCancellable* cancellable,
                  GAsyncReadyCallback callback, gpointer data) {
  lookup(resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback, data);
}

GList* finish(GResolver*, GAsyncResult* result, GError** error) {
  return static_cast<GList*>(g_task_propagate_pointer(G_TASK(result), error));
}

void test_resolver_init(TestResolver*) {}

void test_resolver_class_init(TestResolverClass* klass) {
  GResolverClass* resolver = G_RESOLVER_CLASS(klass);
  resolver->lookup_by_name_async = lookup_plain;
  resolver->lookup_by_name_finish = finish;
  resolver->lookup_by_name_with_flags_async = lookup;
  resolver->lookup_by_name_with_flags_finish = finish;
}

}  // namespace

ResolverScope::ResolverScope(ResolverAnswer answer)
    : system_(ObjectPtr<GResolver>::adopt(g_resolver_get_default())),
      ours_(ObjectPtr<GResolver>::adopt(
          static_cast<GResolver*>(g_object_new(test_resolver_get_type(), nullptr)))) {
  given = answer;
  questions = 0;
  g_resolver_set_default(ours_.get());
}

ResolverScope::~ResolverScope() {
  g_resolver_set_default(system_.get());
  for (const auto& task : unanswered)
    g_task_return_new_error(task.get(), G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "nothing");
  unanswered.clear();
}

bool ResolverScope::wait_asked() const {
  std::unique_lock lock(mutex);
  return changed.wait_for(lock, std::chrono::seconds(60), [] { return questions > 0; });
}

}  // namespace test_support
