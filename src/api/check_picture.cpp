// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks a picture against the model's row.
#include <cstdint>
#include <string>

#include "api/body_template.h"
#include "api/check.h"
#include "api/printable.h"
#include "api/submit_body.h"
#include "api/wire.h"
#include "glib/sentences.h"

namespace modelverse::api {
namespace {

std::string megabytes(std::uint64_t bytes) {
  const auto tenths = (bytes + 50'000) / 100'000;
  const auto rest = tenths % 10;
  return std::to_string(tenths / 10) + (rest > 0 ? "." + std::to_string(rest) : "") + " MB";
}

Status check_bytes(const Profile& profile, const Request& request, const PictureBytes& picture) {
  const auto& types = profile.limits.media_types;
  if (!types.empty() && !holds(types, picture.media_type)) {
    std::string names;
    for (const auto& type : types)
      names += (names.empty() ? "" : _(", ")) + type;
    return Error{
        ErrorCode::wrong_type,
        format_text(_("The model %s accepts pictures of the types %s, and this one is %s: "
                      "convert it."),
                    printable(request.model).c_str(), names.c_str(), picture.media_type.c_str()),
        "media type"};
  }
  const std::uint64_t size = picture.bytes.size();
  if (const auto most = profile.limits.max_bytes; most > 0 && size > most)
    return settings_error(
        format_text(_("The model %s accepts pictures of up to %s, and this one has %s: make it "
                      "smaller."),
                    printable(request.model).c_str(), megabytes(most).c_str(),
                    megabytes(size).c_str()),
        std::to_string(size) + " bytes");
  return Done{};
}

Status check_body(const Profile& profile, const Request& request) {
  if (profile.max_body_bytes == 0)
    return Done{};
  const std::uint64_t whole = submit_size(profile, request);
  if (whole > profile.max_body_bytes)
    return settings_error(
        format_text(_("The model %s accepts requests of up to %s, and this one would have %s: make "
                      "the pictures smaller."),
                    printable(request.model).c_str(), megabytes(profile.max_body_bytes).c_str(),
                    megabytes(whole).c_str()),
        std::to_string(whole) + " bytes");
  return Done{};
}

Error link_error(const Request& request) {
  return settings_error(format_text(_("The model %s does not accept a link to a picture: download "
                                      "it, and set a path, or a file: or data: URI."),
                                    printable(request.model).c_str()),
                        "a picture is a link");
}

bool is_documented(const PictureForms& forms, ImageEncoding encoding) {
  return encoding == ImageEncoding::base64 ? forms.base64 : forms.data_uri;
}

}  // namespace

Status check_pictures(const Profile& profile, const Request& request) {
  const auto pictures = pictures_of(request);
  for (std::size_t i = 0; i < pictures.size(); ++i)
    if (std::holds_alternative<PictureLink>(*pictures[i]) && !profile.picture_forms.link &&
        !is_replaced(profile, request, placeholder_of(role_of_picture(i))))
      return about_picture(link_error(request), picture_name(i));
  for (const auto& sent : sent_pictures(profile, request))
    if (auto checked = check_bytes(profile, request, *sent.bytes); !checked)
      return about_picture(checked.error(), picture_name(sent.index));
  return check_body(profile, request);
}

std::string withdrawal_text(const Profile& profile) {
  if (!profile.withdrawn)
    return {};
  const auto& [date, successor] = *profile.withdrawn;
  const auto model = printable(profile.model);
  if (successor.empty())
    return format_text(_("The model %s is withdrawn as of %s."), model.c_str(), date.c_str());
  return format_text(_("The model %s is withdrawn as of %s; its successor is %s (set model)."),
                     model.c_str(), date.c_str(), successor.c_str());
}

std::vector<Error> warnings_of(const Profile& profile, const Request& request) {
  const auto model = printable(request.model);
  std::vector<Error> found;
  if (!profile.is_known)
    found.push_back(settings_error(
        format_text(_("The model %s is unknown: its request is sent with the field names of the "
                      "default model, and no value is checked."),
                    model.c_str()),
        "no row for the model"));
  if (profile.withdrawn)
    found.push_back(
        settings_error(two_sentences(withdrawal_text(profile), _("The service may refuse it.")),
                       "the model is withdrawn"));
  if (!sent_pictures(profile, request).empty() &&
      !is_documented(profile.picture_forms, sent_encoding(profile, request)))
    found.push_back(settings_error(
        format_text(_("The model %s is not documented to accept a picture's bytes in this form. If "
                      "it refuses them, set image-uri to a link, or change image-encoding."),
                    model.c_str()),
        "undocumented form of the picture"));
  return found;
}

}  // namespace modelverse::api
