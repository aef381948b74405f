// SPDX-License-Identifier: LGPL-2.1-or-later
// The two listeners on loopback: the libsoup part of the emulator.
#pragma once

#include <libsoup/soup.h>

#include <list>
#include <memory>
#include <string>

#include "emulator/raw_response.h"
#include "emulator/service.h"

namespace emulator {

class Server {
 public:
  Server(const Options& options, Service& service) : options_(options), service_(service) {}
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Returns the error, or nothing. Requests are handled on the default main context.
  std::string listen();
  const std::string& base_url() const { return base_url_; }

 private:
  struct Listener {
    Server* server = nullptr;
    bool is_for_results = false;
    ObjectPtr<SoupServer> soup;
  };
  // A response sent after the handler has returned.
  struct DelayedResponse {
    Server* server;
    ObjectPtr<SoupServerMessage> message;
    ResponsePlan plan;
    guint source = 0;
  };

  std::string open(Listener& listener, guint port, std::string& url);
  static void on_request(SoupServer* soup, SoupServerMessage* message, const char* path,
                         GHashTable* query, gpointer listener);
  static gboolean on_delay_over(gpointer delayed);
  void respond_later(SoupServerMessage* message, ResponsePlan plan);
  void respond_now(DelayedResponse& delayed);

  const Options& options_;
  Service& service_;
  std::string base_url_;
  RawResponses raw_responses_;
  std::list<DelayedResponse> delayed_;
  Listener api_;
  Listener results_;
};

}  // namespace emulator
