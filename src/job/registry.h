// SPDX-License-Identifier: LGPL-2.1-or-later
// The live jobs of this process, and the rules for joining a job.
//
// Two elements share a live job if it does the same for both as a job of their own. A difference
// below creates a separate job, which waits for the entry's lock and then finds the clip or the
// task of the first job: still one submit.
//
//   setting that differs            | joins? | why
//   the request, base-url           | no     | another key, so another entry
//   url-index                       | no     | another clip of the same task
//   cache-dir                       | no     | another entry; the user asked for two submits.
//                                   |        | Compared as resolved paths
//   api-key, auth-scheme            | no     | another account, or another refusal. Whatever the
//                                   |        | source of the key; only a digest is compared, and
//                                   |        | without a key where it was looked for
//   task-id                         | no     | unless it names the task of the job
//   cache-mode=refresh              | no     | an older clip must not be served; only a refresh
//                                   |        | joins a refresh whose clip is not complete yet
//   cache-mode=reuse or off         | yes    | the job is the same; the clip is kept if one of the
//                                   |        | elements uses `reuse`
//   resubmit                        | no     | it decides whether the job submits (and pays) again
//   task-timeout                    | no     | the shorter one ends on time, waiting for the lock;
//                                   |        | the longer one resumes the task
//   max-cost, daily-budget,         | no     | a job runs with one element's limits
//   submit-timeout, timeout,        |        |
//   retries, retry-backoff-factor,  |        |
//   retry-backoff-max,              |        |
//   poll-interval                   |        |
//   proxy, tls-database, allow-http | no     | no request violates an element's own setting.
//                                   |        | A tls-database is compared as an object
//   cache-max-size                  | yes    | a job that makes a clip evicts other clips; a cache
//                                   |        | hit evicts nothing
//
// After a job has ended with a clip, only the entry, url-index, task-id and cache-mode are
// compared.
#pragma once

#include <memory>

#include "core/result.h"
#include "job/job.h"
#include "job/job_state.h"
#include "job/plan.h"

namespace modelverse::job {

struct Joined {
  std::shared_ptr<JobState> job_state;
  bool is_complete = false;  // the clip was complete when the reader joined
};

// The job state of a live job that matches the plan, or of a new job. The caller is counted as a
// reader and must call leave().
Result<Joined> join_job(Plan plan, JobEnvironment environment = system_environment());

// Number of jobs that have not ended; for tests of clean-up.
unsigned running_jobs();

}  // namespace modelverse::job
