// SPDX-License-Identifier: LGPL-2.1-or-later
// The jobs that live in this process, and who may join which.
//
// Two elements share a live job where it does for both what a job of their own would do. Any
// difference below makes a job of its own, which waits for the entry's lock and then finds the clip
// or the task of the other: still one submit.
//
//   what the other element sets     | joins? | why
//   the request, base-url           | no     | another key, so another entry
//   url-index                       | no     | another clip of the same task
//   cache-dir                       | no     | another entry; two submits are what was asked for.
//                                   |        | Compared as resolved paths
//   api-key, auth-scheme            | no     | another account, or another refusal. From wherever
//                                   |        | it comes; only a digest is kept to compare
//   task-id                         | no     | unless it names the task that the job works on
//   cache-mode=refresh              | no     | a clip of before must not be served; only a refresh
//                                   |        | joins a refresh, and not one that has its clip
//   cache-mode=reuse or off         | yes    | the job is the same; the clip is kept if one of
//                                   |        | them wants it kept
//   resubmit                        | no     | it decides whether the job pays again
//   task-timeout                    | no     | the shorter one ends on time, waiting for the lock;
//                                   |        | the longer one takes the task up
//   submit-timeout, timeout,        | no     | a job runs with one element's limits
//   retries, retry-backoff-factor,  |        |
//   retry-backoff-max,              |        |
//   poll-interval                   |        |
//   proxy, tls-database, allow-http | no     | no request goes where the element does not allow.
//                                   |        | A tls-database is compared as an object
//   cache-max-size                  | yes    | who makes a clip makes room for it; who finds one
//                                   |        | in the cache never does
//
// A job that has ended with its clip does nothing any more: then only the entry, url-index, task-id
// and cache-mode count.
#pragma once

#include <memory>

#include "core/result.h"
#include "job/job_state.h"
#include "job/plan.h"
#include "job/story.h"

namespace modelverse::job {

struct Joined {
  std::shared_ptr<JobState> job_state;
  bool is_complete = false;  // the clip was there when the reader came
};

// The job_state of a live job that does what the plan wants, or of a new one on its own thread. The
// caller has joined it as a reader and owes a leave(). Reads the API key.
Result<Joined> join_job(Plan plan, JobEnvironment environment = system_environment());

// How many jobs' threads are running; for tests that nothing is left behind.
unsigned running_jobs();

}  // namespace modelverse::job
