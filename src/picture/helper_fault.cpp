// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture/helper_fault.h"

#include "glib/text.h"
#include "picture/facts.h"
#include "picture/formats.h"

namespace modelverse::picture {
namespace {

struct Explanation {
  ErrorCode code;
  std::string text;
};

std::string no_decoder_text(const std::string& type) {
  const auto* format = find_format(type);
  const std::string package((format ? *format : Format{}).loader_package);
  return format_text(_("No decoder for %s is installed: install %s, or convert the picture to JPEG "
                       "or PNG."),
                     type.c_str(), package.c_str());
}

Explanation explanation_of(HelperFault fault, const std::string& type, const PictureRules& rules) {
  switch (fault) {
    case HelperFault::undecodable:
      return {ErrorCode::wrong_type,
              format_text(_("The picture cannot be decoded as %s: it is damaged, or needs too much "
                            "memory. Try another file."),
                          type.c_str())};
    case HelperFault::no_decoder:
      return {ErrorCode::wrong_type, no_decoder_text(type)};
    case HelperFault::large_first_frame:
      return {ErrorCode::wrong_type, _("The picture is damaged: its first frame is larger than its "
                                       "canvas. Try another file.")};
    case HelperFault::not_convertible:
      return {ErrorCode::wrong_type, _("Frames of this format cannot be converted to a picture: "
                                       "put videoconvert before it.")};
    case HelperFault::no_memory:
      return {ErrorCode::settings,
              _("There is not enough memory to change the picture: make it smaller.")};
    case HelperFault::too_many_bytes:
      return {ErrorCode::settings,
              format_text(_("The picture cannot be reduced to %s bytes, the model's limit."),
                          std::to_string(rules.max_bytes).c_str())};
    case HelperFault::not_encodable:
      break;
  }
  return {ErrorCode::failed, _("The picture cannot be encoded.")};
}

}  // namespace

Error user_error(const HelperError& error, const PictureBytes& picture, const PictureRules& rules) {
  auto [code, text] = explanation_of(error.fault, type_name(picture), rules);
  return {.code = code, .text = std::move(text), .debug = error.debug};
}

}  // namespace modelverse::picture
