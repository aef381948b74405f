// SPDX-License-Identifier: LGPL-2.1-or-later
// Sora and Wan, from api_doc/video_api/OpenAI-Sora2-*.md and Wan-AI-*.md of the vendor's
// repository UCloudDoc-Team/modelverse at c4b8951 (15 April 2026); the pages of the Pro models as
// they were before 1d50a94 removed them.
#include "emulator/json.h"
#include "emulator/model_row.h"

namespace emulator {
namespace {

constexpr const char* first_frame = "input.first_frame_url";

FieldRow sora_duration() {
  return integer("parameters.duration").one_of_numbers({4, 8, 12});
}

ModelRow sora(const char* name) {
  ModelRow row = {.name = name, .fields = {}};
  row.resolution_path = "parameters.size";
  row.default_resolution = "720x1280";
  row.default_duration = 4;
  return row;
}

ModelRow sora_of_picture(const char* name, const FieldRow& resolution) {
  ModelRow row = sora(name);
  row.fields = {picture(first_frame, url_or_base64_of_any_kind).required(), text("input.prompt"),
                resolution, sora_duration()};
  row.picture_path = first_frame;
  row.is_size_exact = true;
  return row;
}

ModelRow sora_of_text(const char* name, std::initializer_list<const char*> sizes) {
  ModelRow row = sora(name);
  row.fields = {text("input.prompt").required(), text("parameters.size").one_of(sizes),
                sora_duration()};
  return row;
}

// "1280x720" belongs to 720P, "832x480" to 480P.
std::string check_wan22_size(JsonObject* body) {
  const std::string size = text_at(body, "parameters.size");
  const std::string resolution = text_at(body, "parameters.resolution");
  const bool is_small = size == "832x480" || size == "480x832";
  if (!size.empty() && !resolution.empty() && is_small != (resolution == "480P"))
    return "parameters.size: " + size + " is not of " + resolution;
  return {};
}

std::vector<ModelRow> wan22() {
  ModelRow of_picture = {.name = "Wan-AI/Wan2.2-I2V", .fields = {}};
  const FieldRow resolution = text("parameters.resolution").one_of({"720P", "480P"});
  const FieldRow duration = integer("parameters.duration").one_of_numbers({5, 8});
  const FieldRow seed = integer("parameters.seed").between(0, int32_max);
  of_picture.fields = {picture(first_frame, url_or_base64_of_any_kind).required(),
                       picture("input.last_frame_url", url_or_base64_of_any_kind),
                       text("input.prompt").required(),
                       text("input.negative_prompt"),
                       resolution,
                       duration,
                       seed};
  of_picture.picture_path = first_frame;
  of_picture.default_resolution = "720P";
  ModelRow of_text = {.name = "Wan-AI/Wan2.2-T2V", .fields = {}};
  of_text.fields = {text("input.prompt").required(),
                    text("input.negative_prompt"),
                    text("parameters.size").one_of({"832x480", "480x832", "1280x720", "720x1280"}),
                    resolution,
                    duration,
                    seed};
  of_text.default_resolution = "720P";
  of_text.rule = check_wan22_size;
  return {of_picture, of_text};
}

std::vector<ModelRow> wan25() {
  const FieldRow duration = integer("parameters.duration").one_of_numbers({5, 10});
  const FieldRow seed = integer("parameters.seed").between(-1, int32_max);
  ModelRow of_picture = {.name = "Wan-AI/Wan2.5-I2V", .fields = {}};
  // The page speaks of a URL only. That data URIs are refused is not said, bare Base64 would be.
  of_picture.fields = {picture(first_frame, url_or_data_uri).required(),
                       text("input.prompt").required(),
                       text("input.negative_prompt"),
                       text("input.audio_url"),
                       text("parameters.resolution").required().one_of({"480p", "720p", "1080p"}),
                       duration,
                       truth("parameters.enable_prompt_expansion"),
                       seed};
  of_picture.picture_path = first_frame;
  ModelRow of_text = {.name = "Wan-AI/Wan2.5-T2V", .fields = {}};
  of_text.fields = {
      text("input.prompt").required(),
      text("input.negative_prompt"),
      text("input.audio_url"),
      text("parameters.size")
          .required()
          .one_of({"832x480", "480x832", "1280x720", "720x1280", "1920x1080", "1080x1920"}),
      duration,
      truth("parameters.prompt_extend"),
      seed};
  of_text.resolution_path = "parameters.size";
  return {of_picture, of_text};
}

std::vector<ModelRow> wan26() {
  const FieldRow duration = integer("parameters.duration").one_of_numbers({5, 10, 15});
  const FieldRow extend = truth("parameters.prompt_extend");
  const FieldRow shot = text("parameters.shot_type").one_of({"single", "multi"});
  ModelRow of_picture = {.name = "Wan-AI/Wan2.6-I2V", .fields = {}};
  of_picture.fields = {picture("input.img_url", url_or_data_uri),
                       text("input.prompt").required(),
                       text("input.negative_prompt"),
                       text("input.audio_url"),
                       text("parameters.resolution").one_of({"720P", "1080P"}),
                       duration,
                       integer("parameters.seed").between(0, 4294967295),
                       extend,
                       shot};
  of_picture.picture_path = "input.img_url";
  of_picture.default_resolution = "1080P";
  ModelRow of_text = {.name = "Wan-AI/Wan2.6-T2V", .fields = {}};
  of_text.fields = {
      text("input.prompt").required(),
      text("input.negative_prompt"),
      text("input.audio_url"),
      text("parameters.size").required().one_of({"1280x720", "720x1280", "1920x1080", "1080x1920"}),
      duration,
      integer("parameters.seed").between(0, int32_max),
      extend,
      shot};
  of_text.resolution_path = "parameters.size";
  return {of_picture, of_text};
}

}  // namespace

std::vector<ModelRow> sora_models() {
  ModelRow pro = sora_of_picture("openai/sora-2/image-to-video-pro",
                                 text("parameters.resolution").one_of({"720p", "1080p"}));
  pro.resolution_path = "parameters.resolution";
  pro.default_resolution = "720p";
  // The sizes that this page and T2V-Pro's listed before f5cd0f0 (27 October 2025).
  pro.sizes = {{"720p", 1280, 720}, {"1080p", 1792, 1024}};
  // In the example of its page, not in its table.
  const ModelRow plain = sora_of_picture("openai/sora-2/image-to-video",
                                         text("parameters.size").one_of({"720x1280", "1280x720"}));
  return {pro, plain, sora_of_text("openai/sora-2/text-to-video", {"720x1280", "1280x720"}),
          sora_of_text("openai/sora-2/text-to-video-pro",
                       {"720x1280", "1280x720", "1024x1792", "1792x1024"})};
}

std::vector<ModelRow> wan_models() {
  std::vector<ModelRow> all;
  for (const auto& part : {wan22(), wan25(), wan26()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace emulator
