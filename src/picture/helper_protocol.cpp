// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/helper_protocol.h"

#include <glib.h>

#include <cstring>
#include <memory>
#include <utility>

#include "glib/handles.h"
#include "picture/picture.h"

namespace modelverse::picture {
namespace {

constexpr std::string_view mark = "mvpict2\n";
constexpr const char* request_type = "(s(ii)ba(ii)astid)";
constexpr const char* response_type = "(is)";

using VariantPtr = std::unique_ptr<GVariant, Freer<g_variant_unref>>;

template <typename Number>
std::string bytes_of(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::string start_of_message(const VariantPtr& head, std::uint64_t body_bytes) {
  const std::string_view bytes(static_cast<const char*>(g_variant_get_data(head.get())),
                               g_variant_get_size(head.get()));
  return std::string(mark) + bytes_of(static_cast<std::uint32_t>(bytes.size())) +
         bytes_of(body_bytes) + std::string(bytes);
}

// GVariant replaces data that is not in normal form by defaults; here it is an error.
VariantPtr parsed(std::string_view head, const char* type) {
  // Aligned for GVariant.
  const BytesPtr bytes(g_bytes_new(head.data(), head.size()));
  VariantPtr value(g_variant_ref_sink(
      g_variant_new_from_bytes(reinterpret_cast<const GVariantType*>(type), bytes.get(), FALSE)));
  return g_variant_is_normal_form(value.get()) ? std::move(value) : nullptr;
}

std::string text_at(GVariant* tuple, gsize place) {
  const VariantPtr child(g_variant_get_child_value(tuple, place));
  return g_variant_get_string(child.get(), nullptr);
}

GVariant* sizes_variant(const std::vector<FrameSize>& sizes) {
  GVariantBuilder builder;
  g_variant_builder_init(&builder, G_VARIANT_TYPE("a(ii)"));
  for (const auto size : sizes)
    g_variant_builder_add(&builder, "(ii)", size.width, size.height);
  return g_variant_builder_end(&builder);
}

GVariant* texts_variant(const std::vector<std::string>& texts) {
  GVariantBuilder builder;
  g_variant_builder_init(&builder, G_VARIANT_TYPE("as"));
  for (const auto& text : texts)
    g_variant_builder_add(&builder, "s", text.c_str());
  return g_variant_builder_end(&builder);
}

// Printable UTF-8, as a GVariant requires.
std::string valid_text(const std::string& text) {
  const CharPtr valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  return valid.get();
}

// Nothing: not a number of a fault.
std::optional<HelperFault> fault_of(int number) {
  const bool is_known = number >= 0 && number < helper_fault_count;
  return is_known ? std::optional(static_cast<HelperFault>(number)) : std::nullopt;
}

}  // namespace

std::optional<HelperPrefix> read_helper_prefix(std::string_view bytes) {
  HelperPrefix prefix;
  if (bytes.size() < helper_prefix_bytes || !bytes.starts_with(mark))
    return {};
  std::memcpy(&prefix.head_bytes, bytes.data() + mark.size(), sizeof prefix.head_bytes);
  std::memcpy(&prefix.body_bytes, bytes.data() + mark.size() + sizeof prefix.head_bytes,
              sizeof prefix.body_bytes);
  return prefix.head_bytes <= max_helper_head_bytes ? std::optional(prefix) : std::nullopt;
}

std::string helper_request_start(const PictureBytes& picture, const Change& change,
                                 const PictureRules& rules) {
  const VariantPtr head(g_variant_ref_sink(
      g_variant_new("(s(ii)b@a(ii)@astid)", picture.media_type.c_str(), change.after.width,
                    change.after.height, static_cast<gboolean>(change.fit == ImageFit::pad),
                    sizes_variant(rules.frame_sizes), texts_variant(rules.media_types),
                    static_cast<guint64>(rules.max_bytes), rules.min_side, rules.max_aspect)));
  return start_of_message(head, picture.bytes.size());
}

std::optional<HelperRequest> read_helper_request(std::string_view head, std::string body) {
  const auto value = parsed(head, request_type);
  if (!value)
    return {};
  HelperRequest request{.picture = {text_at(value.get(), 0), std::move(body)}};
  gboolean is_padded = FALSE;
  GVariantIter* sizes = nullptr;
  GVariantIter* types = nullptr;
  guint64 max_bytes = 0;
  g_variant_get(value.get(), "(&s(ii)ba(ii)astid)", nullptr, &request.change.after.width,
                &request.change.after.height, &is_padded, &sizes, &types, &max_bytes,
                &request.rules.min_side, &request.rules.max_aspect);
  request.change.fit = is_padded ? ImageFit::pad : ImageFit::crop;
  request.rules.max_bytes = max_bytes;
  FrameSize size;
  while (g_variant_iter_next(sizes, "(ii)", &size.width, &size.height))
    request.rules.frame_sizes.push_back(size);
  const char* type = nullptr;
  while (g_variant_iter_next(types, "&s", &type))
    request.rules.media_types.emplace_back(type);
  g_variant_iter_free(sizes);
  g_variant_iter_free(types);
  const auto& after = request.change.after;
  return after.width > 0 && after.height > 0 ? std::optional(std::move(request)) : std::nullopt;
}

std::string helper_response_start(const HelperResult<PictureBytes>& made) {
  const auto error = made ? HelperError{} : made.error();
  const VariantPtr head(
      g_variant_ref_sink(g_variant_new(response_type, made ? 0 : static_cast<int>(error.fault) + 1,
                                       valid_text(error.debug).c_str())));
  return start_of_message(head, made ? made->bytes.size() : 0);
}

std::optional<HelperResult<PictureBytes>> read_helper_response(std::string_view message) {
  const auto prefix = read_helper_prefix(message);
  if (!prefix || message.size() != helper_prefix_bytes + prefix->head_bytes + prefix->body_bytes)
    return {};
  const auto value = parsed(message.substr(helper_prefix_bytes, prefix->head_bytes), response_type);
  if (!value)
    return {};
  int code = 0;
  g_variant_get_child(value.get(), 0, "i", &code);
  if (const auto fault = fault_of(code - 1))
    return HelperError{*fault, text_at(value.get(), 1)};
  if (code != 0)
    return {};
  const auto body = message.substr(helper_prefix_bytes + prefix->head_bytes);
  auto type = recognise(body);
  if (type != "image/jpeg" && type != "image/png")
    return {};
  return PictureBytes{.media_type = *std::move(type), .bytes = std::string(body)};
}

}  // namespace modelverse::picture
