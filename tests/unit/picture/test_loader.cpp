// SPDX-License-Identifier: LGPL-2.1-or-later
// A loader of gdk-pixbuf that takes a GIF's text for what it is to do: "GIF89a", width, height, and
// then "abort", "spin", ...
#define GDK_PIXBUF_ENABLE_BACKEND
#include <fcntl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace {

struct Load {
  GdkPixbufModulePreparedFunc prepared = nullptr;
  gpointer data = nullptr;
  std::string bytes;
};

[[noreturn]] void spin() {
  while (getpid() > 0) {
  }
  std::abort();
}

[[noreturn]] void print_without_end() {
  const std::string text(4096, 'x');
  while (write(STDOUT_FILENO, text.data(), text.size()) > 0) {
  }
  std::abort();
}

[[noreturn]] void take_memory() {
  constexpr std::size_t part = 16 << 20;
  while (void* memory = std::malloc(part))
    std::memset(memory, 1, part);
  std::abort();
}

void write_file(const std::string& path) {
  const int fd = open(path.c_str(), O_CREAT | O_WRONLY, S_IRUSR | S_IWUSR);
  if (write(fd, "x", 1) != 1)
    g_warning("not written");
  close(fd);
}

void obey(const std::string& order) {
  if (order == "abort")
    std::abort();
  if (order == "spin")
    spin();
  if (order == "print")
    print_without_end();
  if (order == "memory")
    take_memory();
  if (order == "critical")
    g_critical("asked for");
  if (order == "warning")
    g_warning("asked for");
  if (order.starts_with("/"))
    write_file(order);
}

gpointer begin(GdkPixbufModuleSizeFunc, GdkPixbufModulePreparedFunc prepared,
               GdkPixbufModuleUpdatedFunc, gpointer data, GError**) {
  return new Load{.prepared = prepared, .data = data, .bytes = {}};
}

gboolean increment(gpointer context, const guchar* bytes, guint size, GError**) {
  static_cast<Load*>(context)->bytes.append(reinterpret_cast<const char*>(bytes), size);
  return TRUE;
}

gboolean stop(gpointer context, GError**) {
  constexpr std::size_t header = 10;
  auto* load = static_cast<Load*>(context);
  obey(load->bytes.substr(header));
  auto* pixels = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, 64, 48);
  gdk_pixbuf_fill(pixels, 0xff0000ff);
  load->prepared(pixels, nullptr, load->data);
  g_object_unref(pixels);
  delete load;
  return TRUE;
}

}  // namespace

extern "C" {
G_MODULE_EXPORT void fill_vtable(GdkPixbufModule* module);
G_MODULE_EXPORT void fill_info(GdkPixbufFormat* info);

void fill_vtable(GdkPixbufModule* module) {
  module->begin_load = begin;
  module->load_increment = increment;
  module->stop_load = stop;
}

void fill_info(GdkPixbufFormat*) {}
}
