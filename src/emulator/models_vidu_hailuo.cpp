// SPDX-License-Identifier: LGPL-2.1-or-later
// Vidu and Hailuo, from api_doc/video_api/vidu/*.md and MiniMax-Hailuo-*.md of the vendor's
// repository UCloudDoc-Team/modelverse at c4b8951 (15 April 2026).
#include "emulator/json.h"
#include "emulator/model_row.h"

namespace emulator {
namespace {

constexpr const char* vidu_picture = "input.first_frame_url";
constexpr const char* hailuo_picture = "input.first_frame_image";

// Base64 without its type in front is not what Vidu-Img2Video.md shows. 10 MB decoded is from
// Vidu-Extend.md, 20 MB a request from the maker's own pages (platform.vidu.com).
ModelRow vidu_of_picture(const char* name, std::initializer_list<const char*> resolutions,
                         std::int64_t longest) {
  ModelRow row = {.name = name, .fields = {}};
  row.fields = {picture(vidu_picture, url_or_data_uri).required(),
                text("input.prompt").up_to(2000),
                text("parameters.vidu_type").required().one_of({"img2video"}),
                integer("parameters.duration").between(1, longest),
                integer("parameters.seed"),
                text("parameters.resolution").one_of(resolutions),
                text("parameters.movement_amplitude").one_of({"auto", "small", "medium", "large"}),
                truth("parameters.bgm"),
                truth("parameters.audio"),
                text("parameters.voice_id")};
  row.picture_path = vidu_picture;
  row.limits.types = {"image/png", "image/jpeg", "image/webp"};
  row.limits.max_bytes = 10'000'000;
  row.limits.max_aspect_percent = 400;
  row.max_body_bytes = 20'000'000;
  return row;
}

ModelRow vidu_of_text() {
  ModelRow row = {.name = "viduq2", .fields = {}};
  row.fields = {text("input.prompt").required().up_to(2000),
                text("parameters.vidu_type").required().one_of({"text2video"}),
                integer("parameters.duration").between(1, 10),
                integer("parameters.seed"),
                text("parameters.aspect_ratio").one_of({"16:9", "9:16", "3:4", "4:3", "1:1"}),
                text("parameters.resolution").one_of({"540p", "720p", "1080p"}),
                number("parameters.guidance_scale"),
                truth("parameters.bgm")};
  row.aspect_path = "parameters.aspect_ratio";
  row.default_aspect = "16:9";
  return row;
}

// 10 s are made at 768P only.
std::string check_hailuo_length(JsonObject* body) {
  JsonNode* duration = find_path(body, "parameters.duration");
  const bool is_long = duration && is_integer(duration) && json_node_get_int(duration) == 10;
  if (is_long && text_at(body, "parameters.resolution") == "1080P")
    return "parameters.duration: 10 is not supported at 1080P";
  return {};
}

ModelRow hailuo(const char* name, const FieldRow& first_frame) {
  ModelRow row = {.name = name, .fields = {}};
  row.fields = {text("input.prompt").required().up_to(2000),
                first_frame,
                integer("parameters.duration").one_of_numbers({6, 10}),
                text("parameters.resolution").one_of({"768P", "1080P"}),
                truth("parameters.prompt_optimizer"),
                truth("parameters.fast_pretreatment"),
                truth("parameters.aigc_watermark")};
  row.picture_path = hailuo_picture;
  row.default_resolution = "768P";
  row.default_duration = 6;
  row.limits = {{"image/jpeg", "image/png", "image/webp"}, 20'000'000, 301, 250};
  row.rule = check_hailuo_length;
  return row;
}

}  // namespace

std::vector<ModelRow> vidu_models() {
  return {
      vidu_of_picture("viduq3-pro", {"360p", "540p", "720p", "1080p", "2K"}, 16),
      vidu_of_picture("viduq2-pro", {"360p", "540p", "720p", "1080p"}, 10),
      vidu_of_picture("viduq2-turbo", {"360p", "540p", "720p", "1080p"}, 10),
      vidu_of_picture("viduq2-pro-fast", {"720p", "1080p"}, 10),
      vidu_of_text(),
  };
}

std::vector<ModelRow> hailuo_models() {
  const FieldRow frame = picture(hailuo_picture, url_or_data_uri);
  ModelRow two = hailuo("MiniMax-Hailuo-02", frame);
  two.fields.push_back(picture("input.last_frame_image", url_or_data_uri));
  // A page of its own has the first one without a picture.
  return {hailuo("MiniMax-Hailuo-2.3", frame), hailuo("MiniMax-Hailuo-2.3-Fast", frame.required()),
          two};
}

}  // namespace emulator
