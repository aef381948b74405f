// SPDX-License-Identifier: LGPL-2.1-or-later
// Kling, Veo and Seedance, from api_doc/video_api/Kling-*.md, Veo-3.1.md and doubao-seedance-*.md
// of the vendor's repository UCloudDoc-Team/modelverse at c4b8951 (15 April 2026).
#include "emulator/json.h"
#include "emulator/model_row.h"

namespace emulator {
namespace {

FieldRow kling_aspect() {
  return text("parameters.aspect_ratio").one_of({"16:9", "9:16", "1:1"});
}

// The last frame needs the first, says Kling-v3.md.
std::string check_tail(JsonObject* body) {
  if (find_path(body, "parameters.image_tail") && !find_path(body, "parameters.image"))
    return "parameters.image_tail needs parameters.image";
  return {};
}

ModelRow kling(const char* name) {
  ModelRow row = {.name = name, .fields = {}};
  row.picture_path = "parameters.image";
  row.resolution_path = "parameters.mode";
  row.default_resolution = "pro";
  row.limits = {{"image/jpeg", "image/png"}, 10'000'000, 300, 250};
  return row;
}

// std is in the list of the page and, by the same line, not supported at present; the price list
// does not have it either.
ModelRow kling26() {
  ModelRow row = kling("kling-v2-6");
  row.fields = {text("input.prompt").required(),
                text("input.negative_prompt"),
                text("parameters.mode").one_of({"pro"}),
                kling_aspect(),
                integer("parameters.duration").one_of_numbers({5, 10}),
                picture("parameters.image", url_or_bare_base64),
                picture("parameters.image_tail", url_or_bare_base64)};
  return row;
}

ModelRow kling3() {
  ModelRow row = kling("kling-v3");
  row.fields = {text("input.prompt").required().up_to(2500),
                text("input.negative_prompt").up_to(2500),
                picture("parameters.image", url_or_bare_base64),
                picture("parameters.image_tail", url_or_bare_base64),
                text("parameters.mode").one_of({"std", "pro"}),
                kling_aspect(),
                integer("parameters.duration").between(3, 15),
                text("parameters.sound").one_of({"on", "off"}),
                truth("parameters.multi_shot"),
                text("parameters.shot_type").one_of({"customize"}),
                anything("parameters.multi_prompt"),
                truth("parameters.watermark_enabled"),
                text("parameters.external_task_id")};
  row.default_resolution = "std";
  row.rule = check_tail;
  return row;
}

// Its pictures stand in a list, which no field of another model's does.
ModelRow kling_o1() {
  ModelRow row = kling("kling-video-o1");
  row.fields = {text("input.prompt").required(),
                text("parameters.mode").one_of({"pro"}),
                kling_aspect(),
                integer("parameters.duration").between(3, 10),
                picture("parameters.image_list[].image_url", url_or_bare_base64).required(),
                text("parameters.image_list[].type").one_of({"first_frame", "end_frame"}),
                text("parameters.video_list[].video_url").required(),
                text("parameters.video_list[].refer_type").one_of({"feature", "base"}),
                text("parameters.video_list[].keep_original_sound").one_of({"yes", "no"}),
                integer("parameters.element_list[].element_id").required()};
  row.picture_path = "parameters.image_list[].image_url";
  return row;
}

ModelRow veo(const char* name) {
  ModelRow row = {.name = name, .fields = {}};
  const auto types = {"image/jpeg", "image/png", "image/webp"};
  row.fields = {text("input.prompt").required(),
                text("input.negative_prompt"),
                picture("input.image.bytesBase64Encoded", bare_base64_only).required(),
                text("input.image.mimeType").required().one_of(types),
                picture("input.last_frame.bytesBase64Encoded", bare_base64_only).required(),
                text("input.last_frame.mimeType").required().one_of(types),
                text("parameters.resolution").one_of({"720p", "1080p"}),
                integer("parameters.duration").one_of_numbers({4, 6, 8}),
                text("parameters.aspect_ratio").one_of({"16:9", "9:16"}),
                truth("parameters.generate_audio").required(),
                text("parameters.person_generation").one_of({"allow_adult", "dont_allow"})};
  row.picture_path = "input.image.bytesBase64Encoded";
  row.default_duration = 8;
  row.aspect_path = "parameters.aspect_ratio";
  row.default_aspect = "16:9";
  row.limits.types = types;
  return row;
}

// An item has the member that its type names, and no other's.
std::string check_item(JsonObject* item, const std::string& type) {
  for (const char* member : {"text", "image_url", "draft_task"}) {
    if ((type == member) != static_cast<bool>(json_object_has_member(item, member)))
      return "input.content[]: " + type + " must have the member " + type + " alone";
  }
  if (type != "image_url" && json_object_has_member(item, "role"))
    return "input.content[].role is for image_url only";
  return {};
}

// One picture is the first frame, two are first and last; a draft stands alone.
std::string check_roles(const std::vector<std::string>& roles, int texts, int drafts) {
  if (drafts > 0 && (drafts > 1 || texts > 0 || !roles.empty()))
    return "input.content: draft_task cannot be mixed with text or image_url";
  if (roles.size() == 1 && !roles[0].empty() && roles[0] != "first_frame")
    return "input.content[].role of a single picture must be first_frame";
  const bool are_first_and_last =
      roles.size() == 2 && ((roles[0] == "first_frame" && roles[1] == "last_frame") ||
                            (roles[0] == "last_frame" && roles[1] == "first_frame"));
  if (roles.size() > 1 && !are_first_and_last)
    return "input.content: two pictures need the roles first_frame and last_frame";
  return {};
}

std::string check_content(JsonObject* body) {
  JsonArray* items = json_node_get_array(find_path(body, "input.content"));
  if (json_array_get_length(items) == 0)
    return "input.content is empty";
  std::vector<std::string> roles;
  int texts = 0;
  int drafts = 0;
  for (guint i = 0; i < json_array_get_length(items); ++i) {
    JsonObject* item = json_array_get_object_element(items, i);
    const std::string type = text_at(item, "type");
    if (std::string problem = check_item(item, type); !problem.empty())
      return problem;
    texts += type == "text";
    drafts += type == "draft_task";
    if (type == "image_url")
      roles.push_back(text_at(item, "role"));
  }
  JsonNode* draft = find_path(body, "parameters.draft");
  const std::string resolution = text_at(body, "parameters.resolution");
  if (draft && json_node_get_boolean(draft) && resolution != "480p")
    return "parameters.draft needs the resolution 480p";
  return check_roles(roles, texts, drafts);
}

}  // namespace

std::vector<ModelRow> kling_models() {
  return {kling26(), kling3(), kling_o1()};
}

std::vector<ModelRow> veo_models() {
  return {veo("veo-3.1-generate-001"), veo("veo-3.1-fast-generate-001")};
}

std::vector<ModelRow> seedance_models() {
  ModelRow row = {.name = "doubao-seedance-1-5-pro-251215", .fields = {}};
  row.fields = {
      text("input.content[].type").required().one_of({"text", "image_url", "draft_task"}),
      text("input.content[].text"),
      picture("input.content[].image_url.url", url_or_lower_case_uri).required(),
      text("input.content[].role").one_of({"first_frame", "last_frame"}),
      text("input.content[].draft_task.id").required(),
      integer("parameters.execution_expires_after").between(3600, 259200),
      truth("parameters.generate_audio"),
      truth("parameters.draft"),
      text("parameters.resolution").one_of({"480p", "720p", "1080p"}),
      text("parameters.ratio").one_of({"16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "adaptive"}),
      integer("parameters.duration").between(4, 12),
      integer("parameters.seed").between(0, int32_max),
      truth("parameters.camera_fixed"),
      truth("parameters.watermark"),
      text("parameters.service_tier").one_of({"default", "flex"})};
  row.picture_path = "input.content[].image_url.url";
  row.prompt_path = "input.content[].text";
  row.aspect_path = "parameters.ratio";
  row.rule = check_content;
  return {row};
}

}  // namespace emulator
