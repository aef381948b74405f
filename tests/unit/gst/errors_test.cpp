// SPDX-License-Identifier: LGPL-2.1-or-later
#include "errors.h"

#include <gtest/gtest.h>

#include "bus.h"
#include "core/result.h"

namespace modelverse {
namespace {

class Errors : public ::testing::Test {
 protected:
  struct Parsed {
    ErrorPtr error;
    CharPtr debug;
    MessagePtr message;
    const GstStructure* details = nullptr;
  };

  Parsed posted(const Error& error) {
    post_error(bus_.element(), error);
    return parse(GST_MESSAGE_ERROR);
  }
  Parsed warned(const Error& warning) {
    post_warning(bus_.element(), warning);
    return parse(GST_MESSAGE_WARNING);
  }

 private:
  Parsed parse(GstMessageType type) {
    Parsed parsed;
    auto all = bus_.messages();
    EXPECT_EQ(all.size(), 1u);
    if (all.empty())
      return parsed;
    parsed.message = std::move(all.front());
    EXPECT_EQ(GST_MESSAGE_TYPE(parsed.message.get()), type);
    GError* error = nullptr;
    gchar* debug = nullptr;
    if (type == GST_MESSAGE_ERROR) {
      gst_message_parse_error(parsed.message.get(), &error, &debug);
      gst_message_parse_error_details(parsed.message.get(), &parsed.details);
    } else {
      gst_message_parse_warning(parsed.message.get(), &error, &debug);
      gst_message_parse_warning_details(parsed.message.get(), &parsed.details);
    }
    parsed.error.reset(error);
    parsed.debug.reset(debug);
    return parsed;
  }

  ElementOnBus bus_;
};

TEST_F(Errors, each_code_has_its_domain_and_code) {
  struct Row {
    ErrorCode code;
    GQuark domain;
    gint number;
  };
  const Row rows[] = {
      {ErrorCode::settings, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS},
      {ErrorCode::not_found, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND},
      {ErrorCode::open_read, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ},
      {ErrorCode::not_authorized, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED},
      {ErrorCode::wrong_type, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE},
      {ErrorCode::read, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ},
      {ErrorCode::write, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE},
      {ErrorCode::open_write, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE},
      {ErrorCode::too_many_files, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE},
      {ErrorCode::failed, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED},
  };
  for (const auto& row : rows) {
    const auto parsed = posted({.code = row.code, .text = "It went wrong.", .debug = "call: no"});
    ASSERT_TRUE(parsed.error);
    EXPECT_EQ(parsed.error->domain, row.domain) << row.number;
    EXPECT_EQ(parsed.error->code, row.number);
    const auto warning = warned({.code = row.code, .text = "Mind this.", .debug = "call: so"});
    ASSERT_TRUE(warning.error);
    EXPECT_EQ(warning.error->domain, row.domain) << row.number;
    EXPECT_EQ(warning.error->code, row.number);
  }
}

TEST_F(Errors, both_texts_arrive_as_they_are) {
  const auto parsed =
      posted({.code = ErrorCode::read, .text = "100 %s of it: \xc3\xbc", .debug = "recv: 5 %d"});
  ASSERT_TRUE(parsed.error);
  EXPECT_STREQ(parsed.error->message, "100 %s of it: \xc3\xbc");
  ASSERT_TRUE(parsed.debug);
  EXPECT_NE(std::string(parsed.debug.get()).find("recv: 5 %d"), std::string::npos);
}

TEST_F(Errors, all_that_is_known_is_in_the_details) {
  Error error{.code = ErrorCode::read, .text = "t", .debug = "d"};
  error.details = {.phase = Phase::generate,
                   .http_status = 503,
                   .error_code = "rate_limit",
                   .request_id = "req-1",
                   .task_id = "task-1",
                   .attempts = 4,
                   .cost = Money{8'560'000, "CNY"},
                   .resume = "task-id=task-1"};
  const auto parsed = posted(error);
  const auto* details = parsed.details;
  ASSERT_TRUE(details);
  EXPECT_TRUE(gst_structure_has_name(details, "modelverse-error"));
  EXPECT_EQ(text_field(details, "phase"), "generate");
  EXPECT_EQ(text_field(details, "error-code"), "rate_limit");
  EXPECT_EQ(text_field(details, "request-id"), "req-1");
  EXPECT_EQ(text_field(details, "task-id"), "task-1");
  EXPECT_EQ(text_field(details, "resume"), "task-id=task-1");
  int number = 0;
  EXPECT_TRUE(gst_structure_get_int(details, "http-status", &number));
  EXPECT_EQ(number, 503);
  EXPECT_TRUE(gst_structure_get_int(details, "attempts", &number));
  EXPECT_EQ(number, 4);
  double cost = 0;
  EXPECT_TRUE(gst_structure_get_double(details, "cost", &cost));
  EXPECT_EQ(cost, 8.56);
  EXPECT_EQ(text_field(details, "currency"), "CNY");
}

// "file.cpp(12): function (): ..." is how GStreamer writes it.
TEST_F(Errors, name_the_line_that_made_them) {
  const auto parsed = posted({.code = ErrorCode::read, .text = "t", .debug = "d"});
  const std::string place = "errors_test.cpp(" + std::to_string(__LINE__ - 1) + "): TestBody ()";
  ASSERT_TRUE(parsed.debug);
  EXPECT_EQ(std::string(parsed.debug.get()).rfind(place, 0), 0u) << parsed.debug.get();
  const Error made{.code = ErrorCode::read, .text = "t", .debug = "d"};
  const auto line = std::to_string(__LINE__ - 1);
  const Result<int> passed_on = made;
  const auto warning = warned(passed_on.error());
  ASSERT_TRUE(warning.debug);
  EXPECT_NE(std::string(warning.debug.get()).find("(" + line + ")"), std::string::npos);
}

TEST_F(Errors, what_is_not_known_is_not_in_the_details) {
  const auto parsed = warned({.code = ErrorCode::open_write, .text = "t", .debug = ""});
  ASSERT_TRUE(parsed.details);
  EXPECT_EQ(text_field(parsed.details, "phase"), "prepare");
  for (const char* name : {"error-code", "request-id", "task-id", "resume", "cost"})
    EXPECT_FALSE(gst_structure_has_field(parsed.details, name)) << name;
}

TEST_F(Errors, each_phase_goes_by_the_name_of_its_progress) {
  const std::pair<Phase, const char*> rows[] = {{Phase::prepare, "prepare"},
                                                {Phase::submit, "submit"},
                                                {Phase::generate, "generate"},
                                                {Phase::download, "download"}};
  for (const auto& [phase, name] : rows) {
    Error error{.code = ErrorCode::read, .text = "t", .debug = "d"};
    error.details.phase = phase;
    const auto parsed = posted(error);
    EXPECT_EQ(text_field(parsed.details, "phase"), name);
  }
}

}  // namespace
}  // namespace modelverse
